"""A small policy to try clocks with."""

from __future__ import annotations

from typing import Any

from apps.service_levels.models import Clock, PolicyVersion, ProjectPolicy, ServicePolicy, Target
from apps.service_levels.rules import Unit
from tests import factories as make

M = Target.Metric
OPENED = "tickets.ticket.opened"
ISSUED = "tickets.workorder.issued"
ARRIVED = "tickets.workorder.arrive"


def give_policy(project: Any, *targets: dict[str, Any], key: str = "tried") -> PolicyVersion:
    """Serve a project by a policy with these targets and nothing else."""
    policy = ServicePolicy.objects.create(key=key, name=key)
    version = PolicyVersion.objects.create(policy=policy, number=1, created_at=make.NOW)
    policy.current = version
    policy.save()
    for position, values in enumerate(targets):
        Target.objects.create(version=version, position=position, **({"start_events": [OPENED]} | values))
    ProjectPolicy.objects.update_or_create(project=project, defaults={"policy": policy, "since": make.NOW})
    return version


def minutes(metric: str, amount: int, stop: str, **values: Any) -> dict[str, Any]:
    """A target in minutes, round the clock unless hours are given."""
    return {"metric": metric, "amount": amount, "unit": Unit.MINUTES, "stop_events": [stop], **values}


def clock_of(subject: Any, metric: str, round_: int = 1) -> Clock:
    return Clock.objects.about(subject).get(metric=metric, round=round_)
