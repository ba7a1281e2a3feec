"""Complaints and their files, follow-ups, quality samples, requests for another engineer, analyses."""

from .analyses import Analysis, Resolution
from .cases import CaseFile, Complaint, Contact
from .followups import Attempt, EngineerRequest, FollowUp
from .quality import Proposal, Sample, Sampling, Verdict
from .undertakings import Action, Progress

__all__ = [
    "Action",
    "Analysis",
    "Attempt",
    "CaseFile",
    "Complaint",
    "Contact",
    "EngineerRequest",
    "FollowUp",
    "Progress",
    "Proposal",
    "Resolution",
    "Sample",
    "Sampling",
    "Verdict",
]
