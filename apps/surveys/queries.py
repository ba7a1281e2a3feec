"""Requests and answers as querysets. Here is the one rule that nobody sees what was said about themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db.models import Prefetch, Q

from apps.core.scoping import ScopedQuerySet


class QuestionnaireQuerySet(ScopedQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)


class NotAboutOneselfQuerySet(ScopedQuerySet):
    """Of staff, nobody sees rows about themselves; of the owner's people, each only their own."""

    def _for_audience(self, user: Any) -> Self:
        rows, way = super()._for_audience(user), self.model.request_path
        if user.is_staff_side:
            return rows.exclude(**{f"{way}about_people": user})
        return rows.filter(**{f"{way}person": user})


class RequestQuerySet(NotAboutOneselfQuerySet):
    def answered(self) -> Self:
        return self.filter(answer__isnull=False)

    def open(self, now: datetime) -> Self:
        return self.filter(answer__isnull=True, expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        return self.filter(answer__isnull=True, expires_at__lte=now)

    def to_hand_over(self, user: Any) -> Self:
        """Requests about the work of ``user``, whose device a customer may take to answer them.

        A trainer of an open class has people of projects before them that they do not serve.
        """
        if not user.is_staff_side:
            return self.none()
        reached = Q(pk__in=self._in_scope(user).order_by().values("pk")) | Q(occasion="training")
        return self.filter(reached, about_people=user)


class LowAnswerQuerySet(NotAboutOneselfQuerySet):
    def open(self) -> Self:
        return self.filter(status="open")


def with_questions(rows: Any) -> Any:
    """Bring along version, questions and what was answered."""
    from .models import AnswerLine  # noqa: PLC0415  models import this module

    lines = AnswerLine.objects.select_related("question")
    return rows.select_related(
        "version__questionnaire", "project__owner", "person", "answer__entered_by"
    ).prefetch_related("version__questions", "about_people", Prefetch("answer__lines", lines), "answer__scans")


def handed_over_by(user: Any) -> Any:
    """Return the requests that a customer may answer on this person's device, with their questions."""
    from .models import SurveyRequest  # noqa: PLC0415

    return with_questions(SurveyRequest.objects.to_hand_over(user))
