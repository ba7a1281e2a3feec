"""What the clocks must know of complaints: respond, answer, settle, ask afterwards (C-02, C-04, C-05)."""

from __future__ import annotations

from apps.core.models import Event
from apps.core.scoping import Audience
from apps.service_levels.models import Target
from apps.service_levels.sources import Facts, Source, register

from .models import Complaint

M = Target.Metric
OPENED = "complaints.complaint.opened"
#: With a plan, its dates take the place of the day in which a complaint is settled at once.
PLANNED = frozenset({M.COMPLAINT_RESPOND, M.COMPLAINT_ANSWER, M.COMPLAINT_ASK})


def _of_complaint(complaint: Complaint, event: Event) -> Facts | None:
    if complaint.project_id is None:
        return None
    return Facts(
        subject=complaint,
        project_id=complaint.project_id,
        number=complaint.number,
        title=complaint.title,
        round=complaint.round,
        responsible_id=complaint.investigator_id,
        is_urgent=bool(complaint.danger),
        is_new=event.name == OPENED,
        audience=Audience.RESTRICTED,
    )


register(
    Source(
        model=Complaint,
        facts=_of_complaint,
        ends={
            "complaints.complaint.investigate": PLANNED,
            "complaints.complaint.end_unaccepted": frozenset(),
            "complaints.complaint.withdraw": frozenset(),
        },
        opening=OPENED,
    )
)
