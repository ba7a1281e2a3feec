"""Pages for learning: what waits for me, a material, what was seen of it."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.pages import ActionPage, DetailPage, Page, ScopedPage

from .. import access, learning, retraining
from ..models import Attempt, Certificate, Course, Licence, Material, Session

SHOWN = 8
#: Bytes answered at once: a player asks for the next ones itself.
CHUNK = 1024 * 1024
RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})$")


class Home(Page):
    """Training as it concerns the person: sessions, courses to learn online, exams, certificates."""

    template_name = "training/home.html"
    title = _("Training")
    section = "training"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = self.request.user, timezone.now()
        sessions = Session._default_manager.visible_to(user).select_related("course", "project")
        attempts = Attempt._default_manager.visible_to(user).filter(user=user).select_related("course")
        mine = list(sessions.of_person(user).distinct()[:SHOWN])
        return super().get_context_data(**kwargs) | {
            "mine": mine,
            "registering": sessions.registering(now).exclude(pk__in=[row.pk for row in mine])[:SHOWN],
            "courses": Course._default_manager.visible_to(user).taught().filter(is_online=True)[:SHOWN],
            "attempts": attempts[:SHOWN],
            "certificates": Certificate._default_manager.visible_to(user)
            .filter(user=user)
            .select_related("course")[:SHOWN],
            "may_edit": access.may_edit_courses(user),
            **_licences_of(user),
        }


def _licences_of(user: Any) -> dict[str, Any]:
    """One's own licences, the first to end first, and the retraining that is planned for them."""
    if not user.is_staff_side:
        return {}
    today = timezone.localdate()
    rows = Licence._default_manager.visible_to(user).newest().filter(user=user)
    return {
        "licences": rows.select_related("retraining__session")[:SHOWN],
        "today": today,
        "soon": today + retraining.AHEAD,
    }


class MaterialDetail(DetailPage):
    """One material: watched, read or opened here."""

    model = Material
    section = "training"
    related = ("course", "stored")
    template_name = "training/material.html"
    timeline_size = 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = learning.steps_of(self.object.course, self.request.user)
        place = next(index for index, step in enumerate(steps) if step.material.pk == self.object.pk)
        following = steps[place + 1] if place + 1 < len(steps) else None
        return super().get_context_data(**kwargs) | {
            "course": self.object.course,
            "step": steps[place],
            "place": place + 1,
            "total": len(steps),
            "following": following,
        }


class MaterialPlay(ScopedPage):
    """The bytes of a material, in ranges, so that a video can be gone on with where one stopped."""

    model = Material
    related = ("stored",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        material = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        kept = getattr(material, "stored", None)
        if kept is None:
            raise Http404
        asked = RANGE.match(request.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        last = min(int(asked[2]) if asked and asked[2] else start + CHUNK - 1, start + CHUNK - 1, kept.size - 1)
        if start >= kept.size or last < start:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{kept.size}"})
        response: HttpResponse | FileResponse
        try:
            if asked:
                with kept.file.open("rb") as file:
                    file.seek(start)
                    content = file.read(last - start + 1)
                response = HttpResponse(content, content_type=kept.content_type, status=206)
            else:
                response = FileResponse(kept.file.open("rb"), content_type=kept.content_type)
        except FileNotFoundError as error:
            raise Http404 from error
        response["Accept-Ranges"] = "bytes"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, max-age=3600"
        if asked:
            response["Content-Range"] = f"bytes {start}-{last}/{kept.size}"
        return response


class MaterialSeen(ActionPage):
    """What a player says was seen: intervals and where it stands."""

    model = Material
    related = ("course",)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        material = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        try:
            intervals = [(float(start), float(end)) for start, end in json.loads(request.POST.get("intervals", "[]"))]
            position = float(request.POST.get("position", "0"))
        except (ValueError, TypeError, OverflowError, RecursionError):
            return HttpResponse(status=400)
        try:
            row = learning.report_seen(
                material=material, intervals=intervals, position=position, actor=request.user, now=timezone.now()
            )
        except DomainError as error:
            return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
        done = row.done_at is not None
        return JsonResponse({"seconds": row.seconds_seen, "whole": material.seconds, "done": done})


class MaterialDone(ActionPage):
    """I have read it."""

    model = Material
    related = ("course",)

    def perform(self, row: Material) -> str:
        learning.finish_material(material=row, actor=self.request.user, now=timezone.now())
        return row.course.get_absolute_url()
