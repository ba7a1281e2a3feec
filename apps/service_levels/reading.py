"""Policies as they are read: the edition of a version, the promises in force for a project, what cannot start yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver

from apps.core.events import declared_events
from apps.core.scoping import Audience

from .editions import Edition, TargetLine, TermLine
from .models import PolicyTerm, PolicyVersion, ProjectPolicy, Target
from .presets import PRESETS


def target_line(row: Target) -> TargetLine:
    """Return a stored target as a plain value."""
    return TargetLine(
        metric=row.metric,
        amount=row.amount,
        unit=row.unit,
        kinds=tuple(row.kinds),
        levels=tuple(row.levels),
        complexity=row.complexity,
        hours_id=row.hours_id,
        start_events=tuple(row.start_events),
        stop_events=tuple(row.stop_events),
        is_pausable=row.is_pausable,
        pauses_for_parts=row.pauses_for_parts,
        audience=row.audience,
        ladder=tuple((percent, who) for percent, who in row.ladder),
        note=row.note,
        source=row.source,
    )


def term_line(row: PolicyTerm) -> TermLine:
    """Return a stored term as a plain value."""
    return TermLine(row.name, row.value, row.unit, row.rule, row.audience)


def edition_of(version: PolicyVersion | None) -> Edition:
    """Return what a version says; a policy without any version says nothing. Two queries, none when prefetched."""
    if version is None:
        return Edition()
    return Edition(
        tuple(target_line(row) for row in version.targets.all()),
        tuple(term_line(row) for row in version.terms.all()),
    )


def preset_edition(key: str) -> Edition | None:
    """Return what the preset of this key says as the portal knows it; None for a policy of one's own."""
    found = PRESETS.get(key)
    return found.edition if found else None


def promises_of(chosen: ProjectPolicy, *, with_terms: bool = True) -> Edition:
    """Return what the owner of a project is promised now. House duties are never read."""
    targets = Target.objects.of_project(chosen.project_id).promises().order_by("position", "pk")
    if not with_terms:
        return Edition(tuple(target_line(row) for row in targets), ())
    terms = PolicyTerm.objects.filter(
        version__current_of__projects__project_id=chosen.project_id, audience=Audience.OWNER
    ).order_by("position", "pk")
    return Edition(tuple(target_line(row) for row in targets), tuple(term_line(row) for row in terms))


def policy_of(project: Any) -> ProjectPolicy | None:
    """Return the policy by which a project is served, with its name; None while nobody has chosen one."""
    return ProjectPolicy.objects.filter(project=project).select_related("policy").first()


@dataclass(frozen=True)
class Waiting:
    """A target that waits for work to come: no declared event can start it, or none can end it."""

    metric: str
    start_events: tuple[str, ...]
    stop_events: tuple[str, ...]
    policies: tuple[str, ...]
    can_start: bool
    can_stop: bool


def _load_every_page() -> None:
    """Events are declared beside what causes them; a command has not loaded the modules of the pages."""
    for pattern in get_resolver().url_patterns:
        getattr(pattern, "url_patterns", None)


def waiting_targets() -> list[Waiting]:
    """Return the targets of the current versions that no declared event can start or end, like ones together."""
    _load_every_page()
    known = declared_events().keys()
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    rows = Target.objects.filter(version__current_of__isnull=False).select_related("version__policy")
    for row in rows.order_by("version__policy__key", "position", "pk"):
        if known.isdisjoint(row.start_events) or known.isdisjoint(row.stop_events):
            keys = found.setdefault((row.metric, tuple(row.start_events), tuple(row.stop_events)), [])
            keys.append(row.version.policy.key)
    order = [str(metric) for metric in Target.Metric.values]
    return [
        Waiting(
            metric,
            starts,
            stops,
            tuple(dict.fromkeys(keys)),
            can_start=not known.isdisjoint(starts),
            can_stop=not known.isdisjoint(stops),
        )
        for (metric, starts, stops), keys in sorted(found.items(), key=lambda item: order.index(item[0][0]))
    ]
