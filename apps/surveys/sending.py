"""The link goes to who has no account: by e-mail, else by SMS, as long as there is something to answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.events import declare_event, record
from apps.core.outbox import enqueue, handles
from apps.core.scoping import Audience
from apps.documents.company import profile
from apps.notifications import strangers
from apps.notifications.wording import Message

from .models import SurveyRequest

LINK = "surveys.link"
#: Whoever reports by a label writes both as they like: no room for a message of their own in ours.
NAME_LENGTH, ABOUT_LENGTH = 20, 60
SENT = declare_event("surveys.surveyrequest.sent", gettext_lazy("Link sent"), icon="send", tone="info")


def may_send(survey: SurveyRequest) -> bool:
    """Say whether there is a way to reach whom was asked."""
    return strangers.may_reach(email=survey.email, phone=survey.phone)


def send_link(survey: SurveyRequest, *, now: datetime) -> None:
    """Have the link sent to whom was asked, if there is a way to reach them."""
    if may_send(survey):
        enqueue(LINK, f"{LINK}:{survey.pk}", {"survey": survey.pk}, now=now)


@handles(LINK, gettext_lazy("Link to a survey"))
def deliver_link(payload: dict[str, Any]) -> None:
    """Send one link; nothing when it was answered meanwhile or has expired."""
    survey = SurveyRequest.objects.select_related("project").get(pk=payload["survey"])
    now = timezone.now()
    if not survey.is_open(now):
        return
    channel = strangers.tell(message_of(survey), email=survey.email, phone=survey.phone)
    note = {"note": f"{channel} {strangers.masked(survey.email or survey.phone)}"}
    with transaction.atomic():
        record(survey, SENT, actor=None, now=now, audience=Audience.STAFF, data=note)


def message_of(survey: SurveyRequest) -> Message:
    """Return what is sent: who asks, about what, until when, and the link."""
    until = f"{timezone.localtime(survey.expires_at):%m-%d}"
    return Message(
        subject=_("%(company)s: how was our service?") % {"company": profile().short_name or profile().name},
        lines=(
            _("%(name)s, please take half a minute for “%(about)s”.")
            % {"name": _short(survey.name, NAME_LENGTH), "about": _short(survey.about, ABOUT_LENGTH)},
            _("One link, one answer, until %(day)s; no account is needed.") % {"day": until},
        ),
        url=settings.PUBLIC_URL + survey.get_link(),
        key=f"{LINK}:{survey.pk}",
    )


def _short(text: str, length: int) -> str:
    """Return a text on one line, cut where a name or a title would long be over."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
