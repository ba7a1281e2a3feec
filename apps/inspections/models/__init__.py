"""Checklists, plans, the visits they make, and what was found."""

from .findings import Finding, VisitPhoto
from .plans import Checklist, ChecklistItem, VisitPlan
from .visits import Visit, VisitCheck

__all__ = ["Checklist", "ChecklistItem", "Finding", "Visit", "VisitCheck", "VisitPhoto", "VisitPlan"]
