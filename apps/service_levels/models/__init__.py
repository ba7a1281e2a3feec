"""Policies and the clocks that run by them."""

from .clocks import Clock, EscalationStep, Pause, Sweep
from .policies import PolicyTerm, PolicyVersion, ProjectPolicy, ServicePolicy, Target

__all__ = [
    "Clock",
    "EscalationStep",
    "Pause",
    "PolicyTerm",
    "PolicyVersion",
    "ProjectPolicy",
    "ServicePolicy",
    "Sweep",
    "Target",
]
