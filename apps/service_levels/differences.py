"""How two editions of a policy differ, in words: what was added, left out, changed from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.scoping import Audience

from .editions import Difference, TargetLine, TermLine
from .models import Target
from .sentences import KINDS, LEVELS, STARTS, sentence, term_words
from .wording import amount_in_words

#: Who is told at a step of a ladder.
PEOPLE: dict[str, Any] = {
    "responsible": gettext_lazy("The person responsible"),
    "customer_service": gettext_lazy("Customer service"),
    "project_manager": gettext_lazy("Project manager"),
    "manager": gettext_lazy("Manager"),
}
KIND_LOOK = {
    "added": (gettext_lazy("Added"), "ok", "plus"),
    "removed": (gettext_lazy("Taken out"), "bad", "minus"),
    "changed": (gettext_lazy("Changed"), "warn", "pencil"),
}
TARGET_FIELDS: dict[str, LazyText] = {
    "amount": gettext_lazy("Time"),
    "unit": gettext_lazy("Time"),
    "kinds": gettext_lazy("Kinds"),
    "levels": gettext_lazy("Fault levels"),
    "complexity": gettext_lazy("Complexity"),
    "start_events": gettext_lazy("Starts with"),
    "stop_events": gettext_lazy("Ends with"),
    "hours_id": gettext_lazy("Service hours"),
    "is_pausable": gettext_lazy("May be paused"),
    "pauses_for_parts": gettext_lazy("Waiting for parts pauses it"),
    "audience": gettext_lazy("Who sees it"),
    "ladder": gettext_lazy("Escalation"),
    "note": gettext_lazy("In words"),
}
TERM_FIELDS: dict[str, LazyText] = {
    "name": gettext_lazy("Name of the term"),
    "value": gettext_lazy("Value"),
    "unit": gettext_lazy("Value"),
    "rule": gettext_lazy("Rule"),
    "audience": gettext_lazy("Who sees it"),
}


@dataclass(frozen=True)
class Change:
    """One field of a line, before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Shown:
    """One difference as a page shows it."""

    kind: str
    word: LazyText | str
    tone: str
    icon: str
    title: str
    old: str
    new: str
    changes: list[Change] = field(default_factory=list)


def shown(difference: Difference, hours: Mapping[int, str]) -> Shown:
    """Return a difference in words; ``hours`` names the service hours by key."""
    word, tone, icon = KIND_LOOK[difference.kind]
    one: Any = difference.new or difference.old
    title = str(Target.Metric(one.metric).label) if difference.is_target else term_words(one).name
    labels = TARGET_FIELDS if difference.is_target else TERM_FIELDS
    words = _target_words if difference.is_target else _term_words
    old, new = ({} if line is None else words(line, hours) for line in (difference.old, difference.new))
    changes = {
        str(labels[name]): Change(str(labels[name]), old[name], new[name])
        for name in labels
        if name in difference.changed
    }
    return Shown(
        difference.kind,
        word,
        tone,
        icon,
        title,
        _line(difference.old),
        _line(difference.new),
        list(changes.values()),
    )


def _line(line: Any) -> str:
    if line is None:
        return ""
    return sentence(line).plain if isinstance(line, TargetLine) else term_words(line).plain


def _target_words(line: TargetLine, hours: Mapping[int, str]) -> dict[str, str]:
    time = amount_in_words(line.amount, line.unit)
    return {
        "amount": time,
        "unit": time,
        "kinds": _(", ").join(str(KINDS.get(kind, kind)) for kind in line.kinds) or _("All"),
        "levels": _(", ").join(str(LEVELS.get(level, level)) for level in line.levels) or _("All"),
        "complexity": str(Target.Complexity(line.complexity).label),
        "start_events": _(" or ").join(str(STARTS.get(name, name)) for name in line.start_events),
        "stop_events": ", ".join(line.stop_events),
        "hours_id": hours.get(line.hours_id, "—") if line.hours_id else _("Round the clock"),
        "is_pausable": _yes_no(line.is_pausable),
        "pauses_for_parts": _yes_no(line.pauses_for_parts),
        "audience": str(Audience(line.audience).label),
        "ladder": ladder_in_words(line.ladder),
        "note": _(line.note) if line.note else "—",
    }


def _term_words(line: TermLine, hours: Mapping[int, str]) -> dict[str, str]:
    words = term_words(line)
    return {
        "name": words.name,
        "value": words.value,
        "unit": words.value,
        "rule": line.rule or "—",
        "audience": str(Audience(line.audience).label),
    }


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def ladder_in_words(ladder: tuple[tuple[int, str], ...]) -> str:
    """Return whom a promise escalates to, and at what share of its time."""
    steps = (f"{percent} % {PEOPLE.get(who, who)}" for percent, who in sorted(ladder))
    return _(", ").join(steps) if ladder else _("As usual")
