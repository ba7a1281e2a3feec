"""Running promises, their pauses and escalation steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType

from apps.service_levels.models import Clock, EscalationStep, Pause, Sweep, Target

from .base import NOW, project_of, serial
from .promises import make_policy, make_target
from .tickets import make_ticket

#: What a clock copies from its target.
COPIED = ("metric", "audience", "amount", "unit")


def _target(**fields: Any) -> Target:
    """Return a target of a policy that serves no project: to arrive within four hours."""
    values = {"metric": Target.Metric.ARRIVE, "amount": 240, "start_events": ["tickets.ticket.opened"]}
    stops = {"stop_events": ["tickets.workorder.arrive"]}
    return make_target(version=make_policy().current, **values | stops | fields)


def make_clock(*, subject: Any = None, target: Target | None = None, **fields: Any) -> Clock:
    """Return a clock as its target says; a running one is due four hours after it began, unless said."""
    subject = subject or make_ticket()
    target = target or _target(**{key: fields[key] for key in COPIED if key in fields})
    started = fields.get("started_at", NOW - timedelta(hours=1))
    values: dict[str, Any] = {
        "project": project_of(subject),
        "number": getattr(subject, "number", ""),
        "title": getattr(subject, "title", ""),
        "kind": getattr(subject, "kind", ""),
        "level": getattr(subject, "level", None),
        "metric": target.metric,
        "amount": target.amount,
        "unit": target.unit,
        "hours": target.hours,
        "audience": target.audience,
        "start_event": "tickets.ticket.opened",
        "started_at": started,
        "due_at": started + timedelta(hours=4),
    }
    return Clock.objects.create(subject=subject, target=target, **values | fields)


def make_pause(*, subject: Any = None, **fields: Any) -> Pause:
    """Return a pause of everything promised about a row; it goes on unless ``ended_at`` is given."""
    subject = subject or make_ticket()
    values = {"reason": Pause.Reason.WAITING_FOR_OWNER, "note": f"等业主开门{serial()}", "began_at": NOW}
    kind = ContentType.objects.get_for_model(subject)
    return Pause.objects.create(
        project=project_of(subject), subject_type=kind, subject_id=subject.pk, **values | fields
    )


def make_escalation_step(*, clock: Clock | None = None, **fields: Any) -> EscalationStep:
    values = {"percent": 75, "who": "responsible", "taken_at": NOW}
    return EscalationStep.objects.create(clock=clock or make_clock(), **values | fields)


def make_sweep(**fields: Any) -> Sweep:
    return Sweep.objects.create(**{"name": f"sweep-{serial()}", "ran_at": NOW} | fields)
