"""Pages of notifications: what a person was told, opening one, and how they want to be told."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.events import kind_of
from apps.core.pages import ActionPage, FormPage, Page, ScopedPage

from . import services
from .access import may_read
from .forms import ChoicesForm
from .models import Channel, Choice, Notification, QuietHours
from .spreading import Wishes
from .topics import OWNER, Topic, all_topics, topic_named

PER_PAGE = 30


def topics_for(user: Any) -> list[Topic]:
    """Return the topics that concern a person's side and roles."""
    return all_topics(user.roles if user.is_staff_side else {OWNER})


class NotificationList(ScopedPage):
    model = Notification
    title = _("Notifications")
    template_name = "notifications/list.html"
    related = ("event__actor", "event__project")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.get_queryset().filter(is_shown=True)
        if "unread" in self.request.GET:
            rows = rows.filter(read_at__isnull=True)
        topics = topics_for(self.request.user)
        topic = next((one for one in topics if one.name == self.request.GET.get("topic")), None)
        if topic is not None:
            rows = rows.filter(topic=topic.name)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        lines = [(row, kind_of(row.event.name), topic_named(row.topic)) for row in page.object_list]
        days = [
            (day, list(found)) for day, found in groupby(lines, lambda line: timezone.localdate(line[0].created_at))
        ]
        return super().get_context_data(**kwargs) | {"page": page, "days": days, "topics": topics, "topic": topic}


class Bell(Page):
    """The bell alone, for the page that asks again every minute."""

    template_name = "notifications/_bell.html"


class Open(ActionPage):
    """Mark one as read and go to what it is about."""

    model = Notification
    related = ("event",)

    def perform(self, row: Notification) -> str:
        services.read(row, now=timezone.now())
        if url := row.event.data.get("url"):
            return str(url)  # what is about many rows says itself where they are
        subject: Any = row.event.subject
        if not may_read(row.event, self.request.user):
            messages.info(self.request, _now("Quality and management keep this file. Ask them how it stands."))
            return reverse("notifications:list")
        return subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else reverse("notifications:list")


class Read(ActionPage):
    """Mark one as read without going there."""

    model = Notification

    def perform(self, row: Notification) -> str:
        services.read(row, now=timezone.now())
        return reverse("notifications:list")


class ReadAll(ActionPage):
    model = Notification

    def perform(self, row: Any) -> str:
        services.read_all(user=self.request.user, now=timezone.now())
        return reverse("notifications:list")


class Choices(FormPage):
    """How one wants to be told about each topic, and when not."""

    model = Choice
    title = _("How I am told")
    form_class = ChoicesForm
    template_name = "notifications/choices.html"
    success_message = _("Your choices are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        self.wishes = Wishes.of([user])
        topics = topics_for(user)
        channels = [channel for channel in Channel if channel != Channel.SMS or self.wishes.has_sms]
        pairs = [(topic.name, channel.value) for topic in topics for channel in channels]
        quiet = self.wishes.quiet.get(user.pk) or QuietHours()
        initial = {"quiet": quiet.is_on, "starts_at": quiet.starts_at, "ends_at": quiet.ends_at}
        return super().get_form_kwargs() | {
            "initial": initial,
            "topics": topics,
            "channels": channels,
            "modes": {pair: self.wishes.choices.get((user.pk, *pair), "") for pair in pairs},
            "unset": {pair: self.wishes.default_of(user.pk, *pair) for pair in pairs},
        }

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        services.save_choices(
            user=self.request.user,
            modes=form.modes,
            quiet=data["quiet"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
        )

    def get_success_url(self, row: Any) -> str:
        return reverse("notifications:choices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": reverse("notifications:list")}
