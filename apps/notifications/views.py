"""Pages of notifications: what a person was told, and opening one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.events import kind_of
from apps.core.pages import ActionPage, ScopedPage

from . import services
from .models import Notification

PER_PAGE = 30


class NotificationList(ScopedPage):
    model = Notification
    title = _("Notifications")
    template_name = "notifications/list.html"
    related = ("event__actor", "event__project")
    prefetch = ("event__subject",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.get_queryset()
        if "unread" in self.request.GET:
            rows = rows.filter(read_at__isnull=True)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        lines = [(row, kind_of(row.event.name)) for row in page.object_list]
        return super().get_context_data(**kwargs) | {"page": page, "lines": lines}


class Open(ActionPage):
    """Mark one as read and go to what it is about."""

    model = Notification
    related = ("event",)

    def perform(self, row: Notification) -> str:
        services.read(row, now=timezone.now())
        subject: Any = row.event.subject
        return subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else reverse("notifications:list")


class ReadAll(ActionPage):
    model = Notification

    def perform(self, row: Any) -> str:
        services.read_all(user=self.request.user, now=timezone.now())
        return reverse("notifications:list")
