"""A form sent twice acts once; a row that leaves its writer's sight is not written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from apps.core import submissions
from apps.core.errors import DomainError
from apps.core.forms import ScopedModelForm
from apps.core.models import SubmissionKey
from apps.core.pages import FormPage
from apps.core.pages.kept import LONGEST
from apps.projects.models import Project, Site
from tests import factories as make
from tests.world import World


class SiteForm(ScopedModelForm):
    """Name and project of a site."""

    class Meta:
        model = Site
        fields = ["project", "name"]


class NewSite(FormPage):
    """Makes a site."""

    model = Site
    form_class = SiteForm

    def perform(self, form: Any) -> Site:
        if form.cleaned_data["name"] == "no":
            Site.objects.create(project=form.cleaned_data["project"], name="half done")
            raise DomainError("Choose another name.", field="name")
        return Site.objects.create(**form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return f"/site/{row.pk}/"

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        response = HttpResponse(**options)
        response.context_shown = context  # type: ignore[attr-defined]
        return response


class EditSite(NewSite):
    """Changes a site."""

    def permitted_on(self, row: Any, user: Any) -> bool:
        return bool(user.has_role("manager", "engineer"))

    def perform(self, form: Any) -> Site:
        return form.save()


def send(user: Any, *, page: Any = NewSite, key: str = "k1", address: str = "/", **fields: Any) -> Any:
    """Send the form and return the answer."""
    pk = {"pk": fields.pop("pk")} if "pk" in fields else {}
    request = RequestFactory().post(address, {"submission_key": key, **fields})
    request.user = user
    return page.as_view()(request, **pk)


def test_form_sent_twice_makes_one_row_and_gives_the_same_answer(world: World) -> None:
    """Double submit, back button, sent again after reconnecting."""
    user, fields = world.people["manager"], {"project": world.project.pk, "name": "二号场地"}
    first, second = send(user, **fields), send(user, **fields)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Site.objects.filter(name="二号场地").count() == 1


class NewName(NewSite):
    """Makes a site whose name must be new, as a form of its model may ask."""

    class form_class(SiteForm):  # noqa: N801  the page's attribute
        def clean_name(self) -> str:
            name: str = self.cleaned_data["name"]
            if Site.objects.filter(name=name).exists():
                raise forms.ValidationError("There is one of this name.")
            return name


class CloseSite(EditSite):
    """Permitted as long as it was not done."""

    def permitted_on(self, row: Any, user: Any) -> bool:
        return bool(row.name != "closed")


def test_form_sent_twice_is_not_judged_by_what_it_did_itself(world: World) -> None:
    """The name is taken and the right is gone, both by its own first sending."""
    user, site = world.people["manager"], world.row(Site)
    first, second = (send(user, page=NewName, project=world.project.pk, name="二号场地") for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    close = {"page": CloseSite, "address": "/close/", "pk": site.pk, "project": site.project_id, "name": "closed"}
    first, second = (send(user, **close) for _ in range(2))
    assert first["Location"] == second["Location"] == f"/site/{site.pk}/"
    with pytest.raises(PermissionDenied):
        send(user, **close | {"key": "k2"})
    with pytest.raises(PermissionDenied):
        send(world.people["administrator"], **close)


def test_another_key_is_another_form(world: World) -> None:
    user = world.people["manager"]
    send(user, key="k1", project=world.project.pk, name="二号场地")
    send(user, key="k2", project=world.project.pk, name="三号场地")
    assert Site.objects.filter(name__in=["二号场地", "三号场地"]).count() == 2


def test_another_persons_key_answers_nothing(world: World) -> None:
    """A key guessed or copied shows nobody another's result."""
    one = send(world.people["manager"], project=world.project.pk, name="二号场地")
    other = send(world.people["administrator"], project=world.project.pk, name="三号场地")
    assert one["Location"] != other["Location"]
    assert SubmissionKey.objects.count() == 2


def test_key_of_another_address_answers_nothing(world: World) -> None:
    """A key that one form gave another by mistake does not swallow what the other sends."""
    user = world.people["manager"]
    first = send(user, address="/one/", project=world.project.pk, name="二号场地")
    second = send(user, address="/other/", project=world.project.pk, name="三号场地")
    assert first["Location"] != second["Location"]
    assert Site.objects.filter(name="三号场地").exists()


def test_form_that_failed_may_be_sent_again_with_its_key(world: World) -> None:
    user = world.people["manager"]
    refused = send(user, project=world.project.pk, name="no")
    assert refused.status_code == 422
    assert refused.context_shown["form"].errors == {"name": ["Choose another name."]}
    assert refused.context_shown["submission_key"] == "k1"
    assert not Site.objects.filter(name="half done").exists(), "what a refused service wrote is taken back"
    assert send(user, project=world.project.pk, name="二号场地").status_code == 302


def test_forms_are_forgotten_when_no_device_can_send_them_any_more(world: World) -> None:
    user, fields = world.people["manager"], {"project": world.project.pk, "name": "二号场地"}
    send(user, **fields)
    now = timezone.now()
    assert submissions.REMEMBERED > LONGEST
    assert submissions.forget_old(now=now + LONGEST) == 0
    assert submissions.forget_old(now=now + submissions.REMEMBERED + timedelta(days=1)) == 1
    assert not SubmissionKey.objects.exists()


def test_form_without_a_key_still_works(world: World) -> None:
    assert send(world.people["manager"], key="", project=world.project.pk, name="二号场地").status_code == 302


def test_picker_accepts_no_foreign_row(world: World) -> None:
    answer = send(world.people["engineer"], project=world.other_project.pk, name="二号场地")
    assert answer.status_code == 422
    assert list(answer.context_shown["form"].errors) == ["project"]


def test_foreign_row_cannot_be_edited(world: World) -> None:
    with pytest.raises(Http404):
        send(world.people["stranger"], page=EditSite, pk=world.rows[Site].pk, name="x", project=world.project.pk)


def test_visible_row_without_right_is_forbidden(world: World) -> None:
    with pytest.raises(PermissionDenied):
        send(world.people["owner_admin"], page=EditSite, pk=world.rows[Site].pk, name="x", project=world.project.pk)


def test_auditor_sends_nothing(world: World) -> None:
    with pytest.raises(PermissionDenied):
        send(world.people["auditor"], project=world.project.pk, name="二号场地")


def test_row_that_leaves_its_writers_sight_is_taken_back(world: World) -> None:
    """A move to a foreign parent, even if a form forgot to narrow its picker."""

    class Wide(SiteForm):
        project = forms.IntegerField()

        def clean_project(self) -> Project:
            return Project.objects.get(pk=self.cleaned_data["project"])

    class Move(EditSite):
        form_class = Wide

    site = world.row(Site)
    answer = send(world.people["engineer"], page=Move, pk=site.pk, name=site.name, project=world.other_project.pk)
    assert answer.status_code == 422
    assert world.row(Site).project == world.project


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_form_sent_four_times_at_once_makes_one_row(hands: ThreadPoolExecutor) -> None:
    user, project = make.make_staff("manager"), make.make_project()
    start = Barrier(4)

    def press(_: int) -> str:
        try:
            start.wait()
            return send(user, project=project.pk, name="二号场地")["Location"]
        finally:
            connections.close_all()

    assert len(set(hands.map(press, range(4)))) == 1
    assert Site.objects.count() == 1
