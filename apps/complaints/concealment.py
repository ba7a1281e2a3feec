"""From whom complaint files are kept: people complained of see no event, promise or paper about them, either."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from apps.core.scoping import keep_from
from apps.documents.models import Document
from apps.notifications.models import Notification
from apps.service_levels.models import Clock

from .models import Complaint


def declare() -> None:
    """Have every page leave out what is about a complaint, its promises and its papers (model, "Audience")."""
    keep_from("complaints.complaint", _files)
    keep_from("service_levels.clock", lambda user: _about(Clock, user))
    keep_from("documents.document", lambda user: _about(Document, user))


def _files(user: Any) -> Any:
    """The complaints a person is complained of in."""
    return Complaint.objects.filter(accused=user).values("pk")


def _about(model: Any, user: Any) -> Any:
    kind = ContentType.objects.get_for_model(Complaint)
    return model.objects.filter(subject_type=kind, subject_id__in=_files(user)).values("pk")


def forget_told(complaint: Complaint, person: Any) -> None:
    """Take back what a person was told of a complaint before they were named in it."""
    kind = ContentType.objects.get_for_model(Complaint)
    rows = Notification.objects.filter(user=person, event__subject_type=kind, event__subject_id=complaint.pk)
    rows.delete()
