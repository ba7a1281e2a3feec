"""Complaints and their files, follow-ups, quality samples, requests for another engineer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.accounts.models import Role
from apps.complaints.models import (
    Action,
    Analysis,
    Attempt,
    CaseFile,
    Complaint,
    Contact,
    EngineerRequest,
    FollowUp,
    Progress,
    Proposal,
    Resolution,
    Sample,
    Sampling,
    Verdict,
)
from apps.complaints.rules import new_code
from apps.core.recurrence import add_months
from apps.tickets.models import Ticket

from .base import NOW, TODAY, accepted, serial
from .people import make_owner_admin, make_staff
from .tickets import make_ticket


def make_complaint(*, accused: Any = (), **fields: Any) -> Complaint:
    """Return a complaint in the wished state; a closed one has its time."""
    n = serial()
    values: dict[str, Any] = {
        "number": f"TS-2026-9{n:05d}",
        "code": new_code(),
        "title": f"保养迟到{n}",
        "description": "约好上午九点，下午三点才到。",
        "opened_at": NOW - timedelta(hours=3),
        "round_began_at": NOW - timedelta(hours=3),
        "expected_on": TODAY + timedelta(days=7),
        "contact_name": "周主任",
        "contact_phone": "13800001111",
    }
    if fields.get("status") == Complaint.Status.CLOSED:
        values["closed_at"] = NOW
    complaint = Complaint.objects.create(**values | fields)
    complaint.accused.set(accused)
    return complaint


def make_case_file(*, complaint: Complaint | None = None, **fields: Any) -> CaseFile:
    return CaseFile.keep(accepted(), actor=None, now=NOW, complaint=complaint or make_complaint(), **fields)


def make_contact(*, complaint: Complaint | None = None, **fields: Any) -> Contact:
    values = {"at": NOW, "whom": "周主任", "said": "已说明情况"}
    by = fields.pop("by", None) or make_staff(Role.QUALITY)
    return Contact.objects.create(complaint=complaint or make_complaint(), by=by, **values | fields)


def make_progress_note(*, complaint: Complaint | None = None, **fields: Any) -> Progress:
    values = {"promised_by": NOW + timedelta(days=1), "about": "调查进展"}
    return Progress.objects.create(complaint=complaint or make_complaint(), **values | fields)


def make_action(*, complaint: Complaint | None = None, **fields: Any) -> Action:
    values = {
        "text": "排程前一天电话确认",
        "due_on": TODAY + timedelta(days=7),
        "check_on": TODAY + timedelta(days=30),
    }
    who = fields.pop("responsible", None) or make_staff(Role.CUSTOMER_SERVICE)
    return Action.objects.create(complaint=complaint or make_complaint(), responsible=who, **values | fields)


def make_follow_up(*, subject: Any = None, **fields: Any) -> FollowUp:
    subject = subject or make_ticket(status=Ticket.Status.AWAITING_CONFIRMATION)
    values: dict[str, Any] = {
        "project": subject.project,
        "number": subject.number,
        "title": str(subject)[:160],
        "contact_name": "周主任",
        "contact_phone": "13800001111",
        "completed_at": NOW - timedelta(hours=5),
        "due_at": NOW + timedelta(days=2),
    }
    if fields.get("status") in {"satisfied", "unsatisfied"}:
        values["done_at"] = NOW
    return FollowUp.objects.create(subject=subject, **values | fields)


def make_call_attempt(*, follow_up: FollowUp | None = None, **fields: Any) -> Attempt:
    by = fields.pop("by", None) or make_staff(Role.CUSTOMER_SERVICE)
    return Attempt.objects.create(follow_up=follow_up or make_follow_up(), by=by, **{"at": NOW} | fields)


def make_engineer_request(*, ticket: Ticket | None = None, **fields: Any) -> EngineerRequest:
    asked_by = fields.pop("asked_by", None) or make_owner_admin()
    values = {"reason": "上次态度不好", "asked_at": NOW}
    return EngineerRequest.objects.create(ticket=ticket or make_ticket(), asked_by=asked_by, **values | fields)


def make_proposal(**fields: Any) -> Proposal:
    made_by = fields.pop("made_by", None) or make_staff(Role.QUALITY)
    values = {"month": TODAY.replace(day=1), "department": "工程部", "text": "排程前一天电话确认", "made_at": NOW}
    return Proposal.objects.create(made_by=made_by, **values | fields)


def make_sampling(**fields: Any) -> Sampling:
    values = {"week": TODAY - timedelta(weeks=serial()), "population": 12, "drawn_at": NOW}
    return Sampling.objects.create(**values | fields)


def make_sample(*, sampling: Sampling | None = None, ticket: Ticket | None = None, **fields: Any) -> Sample:
    ticket = ticket or make_ticket(status=Ticket.Status.CLOSED)
    return Sample.objects.create(sampling=sampling or make_sampling(), ticket=ticket, kind=ticket.kind, **fields)


def make_verdict(*, sample: Sample | None = None, **fields: Any) -> Verdict:
    checker = fields.pop("checker", None) or make_staff(Role.QUALITY)
    marks = {"response_time": "pass", "response_quality": "pass", "service_quality": "pass", "judged_at": NOW}
    return Verdict.objects.create(sample=sample or make_sample(), checker=checker, **marks | fields)


def make_analysis(**fields: Any) -> Analysis:
    """Return the draft for a month that is over."""
    values = {"kind": Analysis.Kind.MONTH, "begins_on": add_months(TODAY.replace(day=1), -1), "made_at": NOW}
    return Analysis.objects.create(**values | fields)


def make_resolution(*, analysis: Analysis | None = None, **fields: Any) -> Resolution:
    values = {"text": "派工前一天电话确认"}
    return Resolution.objects.create(analysis=analysis or make_analysis(), **values | fields)
