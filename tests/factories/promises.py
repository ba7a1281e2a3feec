"""Service policies, their versions, targets and terms, and the policy of a project."""

from __future__ import annotations

from typing import Any

from apps.service_levels.models import PolicyTerm, PolicyVersion, ProjectPolicy, ServicePolicy, Target
from apps.service_levels.rules import Unit

from .base import NOW, serial
from .projects import make_project


def make_policy(**fields: Any) -> ServicePolicy:
    """Return a policy with an empty version in force."""
    n = serial()
    policy = ServicePolicy.objects.create(**{"key": f"policy-{n}", "name": f"服务方案{n}"} | fields)
    make_version(policy=policy)
    return policy


def make_version(*, policy: ServicePolicy, **fields: Any) -> PolicyVersion:
    """Return the next version of a policy; it is in force."""
    number = policy.versions.count() + 1
    version = PolicyVersion.objects.create(**{"policy": policy, "number": number, "created_at": NOW} | fields)
    policy.current = version
    policy.save(update_fields=["current"])
    return version


def make_target(*, version: PolicyVersion, **fields: Any) -> Target:
    """Return a promise to respond to complaints within 15 minutes; nothing starts it yet."""
    values = {
        "version": version,
        "position": version.targets.count() + 1,
        "metric": Target.Metric.COMPLAINT_RESPOND,
        "amount": 15,
        "unit": Unit.MINUTES,
        "start_events": ["complaints.complaint.opened"],
        "stop_events": ["complaints.complaint.responded"],
    }
    return Target.objects.create(**values | fields)


def make_term(*, version: PolicyVersion, **fields: Any) -> PolicyTerm:
    n = serial()
    return PolicyTerm.objects.create(
        **{"version": version, "position": n % 1000, "name": f"约定{n}", "value": "每月"} | fields
    )


def make_project_policy(**fields: Any) -> ProjectPolicy:
    """Return the choice of a policy for a project; both are made when not given."""
    project = fields.pop("project", None) or make_project()
    policy = fields.pop("policy", None) or make_policy()
    return ProjectPolicy.objects.create(project=project, policy=policy, **{"since": NOW} | fields)
