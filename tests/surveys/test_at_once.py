"""Two ends of work in one moment, and one link opened on two devices."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import DomainError
from apps.surveys.models import Answer, SurveyRequest
from apps.surveys.services import give_answer, request_answer
from tests import factories as make
from tests.factories import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def both(act: Callable[[], Any]) -> list[Any]:
    """Do it twice at once; return what came of each."""
    start = Barrier(2)

    def one(_: int) -> Any:
        start.wait()
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_person_is_asked_once_when_two_jobs_end_at_once() -> None:
    make.make_questionnaire()
    project = make.make_project()
    person = make.make_owner_admin(project.owner)
    for who in ({"person": person}, {"name": "门卫"}):
        SurveyRequest.objects.all().delete()
        both(
            lambda who=who: request_answer(  # type: ignore[misc]
                occasion="repair", subject=project, project=project, actor=None, now=NOW, **who
            )
        )
        assert SurveyRequest.objects.count() == 1


def test_request_sent_from_two_devices_at_once_is_answered_once() -> None:
    survey = make.make_survey()
    values = {question.pk: 5 if question.has_number else "" for question in survey.version.questions.all()}
    came = both(lambda: give_answer(survey=survey, way=Answer.Way.LINK, values=values, actor=None, now=NOW))
    assert sorted(type(one).__name__ for one in came) == ["Answer", "DomainError"]
    assert Answer.objects.count() == 1
