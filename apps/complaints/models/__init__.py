"""Complaints and their files, follow-ups, quality samples, requests for another engineer."""

from .cases import Action, CaseFile, Complaint, Contact, Progress
from .followups import Attempt, EngineerRequest, FollowUp
from .quality import Proposal, Sample, Sampling, Verdict

__all__ = [
    "Action",
    "Attempt",
    "CaseFile",
    "Complaint",
    "Contact",
    "EngineerRequest",
    "FollowUp",
    "Progress",
    "Proposal",
    "Sample",
    "Sampling",
    "Verdict",
]
