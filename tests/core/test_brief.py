"""Times of other years show their year, in lists, cards and timelines, by one filter."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.template import engines
from django.utils import timezone

from apps.core.columns import BriefColumn
from apps.core.timewords import brief
from tests.architecture.sources import short, templates

NAMED_ABOVE = ("templates/documents/", "templates/service_levels/board_month.html", "templates/calendars/year.html")
WITHOUT_YEAR = re.compile(r"""\|date:"m-d""")


def _here(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_day_of_this_year_has_no_year_and_one_of_another_has() -> None:
    today = _here()
    assert brief(today, "m-d") == f"{today:%m-%d}"
    assert brief(today.replace(year=today.year - 1, day=1), "m-d") == f"{today.year - 1}-{today:%m}-01"
    assert brief(today.replace(year=today.year + 1, day=1), "m-d") == f"{today.year + 1}-{today:%m}-01"


def test_the_year_is_the_one_here_and_not_in_greenwich() -> None:
    """New Year begins here at 16:00 UTC of the day before."""
    year = timezone.localdate().year
    at = timezone.make_aware(datetime.fromisoformat(f"{year}-01-01T00:30"))
    assert brief(at) == "01-01 00:30"
    assert brief(at - timedelta(hours=1)) == f"{year - 1}-12-31 23:30"


def test_a_form_that_names_the_year_names_it_once() -> None:
    assert brief(date(2019, 3, 4), "Y-m-d") == "2019-03-04"


def test_filter_says_nothing_of_what_is_no_day() -> None:
    """A form shows what was typed again, which need not be a moment."""
    template = engines["django"].from_string("{% load portal %}[{{ at|brief }}][{{ typed|brief }}][{{ naive|brief }}]")
    naive = datetime.fromisoformat("2019-03-04T05:06")
    assert template.render({"at": None, "typed": "2019-03-04T05:06", "naive": naive}) == "[][][2019-03-04 05:06]"


def test_column_shows_it_in_short_and_exports_the_value() -> None:
    column = BriefColumn(form="m-d")
    assert column.render(date(2019, 3, 4)) == "2019-03-04"
    assert column.value(date(2019, 3, 4)) == date(2019, 3, 4)


def test_no_template_leaves_the_year_out_by_itself() -> None:
    """``|brief`` shows it where it is not this one; papers and calendars name it anyhow."""
    ours = [path for path in templates() if not short(path).startswith(NAMED_ABOVE)]
    assert [short(path) for path in ours if WITHOUT_YEAR.search(path.read_text(encoding="utf-8"))] == []
