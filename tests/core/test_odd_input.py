"""What no browser of ours sends: keys, days and characters that a database does not hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.core.forms import ScopedForm, as_key, in_our_time
from apps.core.pages.list import inert
from apps.service_levels.models import Clock
from tests import factories as make
from tests.world import World

HUGE = "9" * 20


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("7", 7),
        ("9" * 18, int("9" * 18)),
        (HUGE, None),
        ("", None),
        (None, None),
        ("-1", None),
        ("²", None),
        ("٣", None),
    ],
)
def test_key_of_a_row_is_plain_digits_that_a_database_holds(sent: Any, key: int | None) -> None:
    assert as_key(sent) == key


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("tickets:create", "project={}"),
        ("tickets:create", "equipment={}"),
        ("projects:equipment_list", "project={}"),
        ("projects:equipment_create", "project={}"),
        ("inspections:plan_create", "project={}"),
        ("training:session_create", "project={}"),
        ("training:licence_create", "person={}"),
        ("complaints:create", "about=tickets.ticket:{}"),
        ("complaints:summary", "month={}-01"),
        ("complaints:summary", "month=9999-12"),
        ("complaints:summary", "month=0001-01"),
    ],
)
@pytest.mark.parametrize("odd", [HUGE, "²"])
def test_odd_key_in_an_address_is_no_row(world: World, client_of: Any, name: str, query: str, odd: str) -> None:
    address = f"{reverse(name)}?{query.format(odd)}"
    for person in ("administrator", "quality"):
        assert client_of(world.people[person]).get(address).status_code in {200, 302, 403, 404}


@pytest.mark.parametrize("row", ["projects:detail", "tickets:detail"])
def test_timeline_before_no_event_is_not_found(world: World, client_of: Any, row: str) -> None:
    subject = world.project if row == "projects:detail" else make.make_ticket(project=world.project)
    address = reverse(row, args=[subject.pk])
    for before in (HUGE, "999999999"):
        answer = client_of(world.people["manager"]).get(f"{address}?part=history&before={before}")
        assert answer.status_code in {200, 404}


@pytest.mark.parametrize(
    "address", ["/search/?q=a%00b", "/tickets/?q=%00", "/v/a%00b/", "/label/%00/", "/s/%00/", "/?%00=1"]
)
def test_nul_in_an_address_is_a_bad_request(world: World, client_of: Any, address: str) -> None:
    """PostgreSQL holds no NUL in a text: without this each of them would be an error of ours."""
    for person in (None, world.people["manager"]):
        assert client_of(person).get(address).status_code == 400


def test_nul_in_a_form_is_refused_with_a_word(world: World, client_of: Any) -> None:
    sent = {"title": "a\0b", "project": world.project.pk, "submission_key": "k\0"}
    assert client_of(world.people["customer_service"]).post(reverse("tickets:create"), sent).status_code == 422


class When(ScopedForm):
    day = forms.DateField(required=False)
    moment = forms.DateTimeField(required=False)


@pytest.mark.parametrize(
    ("year", "is_meant"),
    [(1, False), (1949, False), (1950, True), (2026, True), (2099, True), (2100, False), (9999, False)],
)
def test_days_lie_where_people_mean_them(year: int, is_meant: bool) -> None:
    """Near its ends no calendar can be reckoned with; every form says so instead."""
    form = When({"day": f"{year:04}-06-01", "moment": f"{year:04}-06-01T08:00"}, user=None)
    assert form.is_valid() is is_meant
    for value in (date(year, 6, 1), datetime(year, 6, 1, tzinfo=make.SHANGHAI)):
        if is_meant:
            in_our_time(value)
        else:
            with pytest.raises(ValidationError):
                in_our_time(value)


@pytest.mark.parametrize(
    ("typed", "cell"), [("a\x0bb", "ab"), ("\x00=1", "'=1"), ("-5", "'-5"), ("路灯", "路灯"), (5, 5)]
)
def test_cell_is_one_that_every_spreadsheet_takes(typed: Any, cell: Any) -> None:
    assert inert(typed) == cell


def test_blank_choices_have_names(world: World) -> None:
    class Chosen(ScopedForm):
        must = forms.ModelChoiceField(Clock.objects.all())
        may = forms.ModelChoiceField(Clock.objects.all(), required=False)
        kind = forms.TypedChoiceField(choices=[("", "---------"), ("a", "A")])
        own = forms.ModelChoiceField(Clock.objects.all(), empty_label="全部")

    fields = Chosen(user=world.people["manager"]).fields
    assert (fields["must"].empty_label, fields["may"].empty_label, fields["own"].empty_label) == ("请选择", "—", "全部")
    assert list(fields["kind"].choices) == [("", "请选择"), ("a", "A")]
