"""From whom complaint files are kept: people complained of see no event, promise or paper about them, either."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from apps.core.scoping import keep_from
from apps.documents.models import Document
from apps.notifications.models import Notification
from apps.service_levels.models import Clock

from .models import Action, Complaint


def declare() -> None:
    """Have every page leave out what is about a complaint, its promises and its papers (model, "Audience")."""
    keep_from("complaints.complaint", _files)
    keep_from("complaints.action", lambda user: Action.objects.filter(complaint__in=_files(user)).values("pk"))
    keep_from("service_levels.clock", lambda user: _about(Clock, user))
    keep_from("documents.document", lambda user: _about(Document, user))


def _files(user: Any) -> Any:
    """The complaints a person is complained of in."""
    return Complaint.objects.filter(accused=user).values("pk")


def _about(model: Any, user: Any) -> Any:
    kind = ContentType.objects.get_for_model(Complaint)
    return model.objects.filter(subject_type=kind, subject_id__in=_files(user)).values("pk")


def forget_events(row: Any) -> None:
    """Take back what everybody was told of a row that is to go."""
    Notification.objects.filter(_events(type(row), [row.pk])).delete()


def forget_told(complaint: Complaint, person: Any) -> None:
    """Take back what a person was told of a complaint before they were named in it."""
    about = _events(Complaint, [complaint.pk]) | _events(Action, complaint.actions.values("pk"))
    Notification.objects.filter(about, user=person).delete()


def _events(model: Any, keys: Any) -> Q:
    return Q(event__subject_type=ContentType.objects.get_for_model(model), event__subject_id__in=keys)
