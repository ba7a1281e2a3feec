"""Analyses and reviews: made once, issued with frozen figures, naming nobody; the summary behind them (C-07, K-01)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.complaints import figures, review_lifecycle, reviews, summary
from apps.complaints.figures import Share, Span
from apps.complaints.models import Analysis, Complaint
from apps.complaints.rules import add_months, percent, span_of, without_names
from apps.core import outbox
from apps.core.errors import DomainError, IllegalTransition
from apps.documents import services as documents
from apps.documents.models import Document
from apps.notifications.models import Notification
from tests import factories as make

from .conftest import NOW, Scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONTH = date(2026, 10, 1)
ROLES = ["manager", "quality", "customer_service", "technical_support", "engineer", "owner"]


def at(day: int, hour: int = 10, month: int = 10) -> Any:
    return timezone.make_aware(timezone.datetime(2026, month, day, hour))


@pytest.fixture
def october(scene: Scene) -> Scene:
    """Four complaints of October about one project, three of them alike and about one product; one in September."""
    model = make.make_equipment_model(maker="恒亮", name="LD-200")
    lamp = make.make_equipment(project=scene.project, model=model)
    scene.ticket.equipment = lamp
    scene.ticket.reported_at = at(1, month=8)
    scene.ticket.save()
    base = {"project": scene.project, "kind": "quality", "department": "照明事业部", "cause": "material"}
    scene.people["complaints"] = [
        make.make_complaint(
            **base, equipment=lamp, subject=scene.ticket, opened_at=at(5), settled_at=at(5, 20), status="settled"
        ),
        make.make_complaint(**base, equipment=lamp, opened_at=at(8), settled_at=at(12), round=2, status="settled"),
        make.make_complaint(**base, equipment=lamp, opened_at=at(20), accused=[scene.engineer], contact_name="吴芳芳"),
        make.make_complaint(opened_at=at(31, 23), status="withdrawn", kind="conduct"),
        make.make_complaint(**base, opened_at=at(30, 23, month=9)),
    ]
    make.make_proposal(made_by=scene.quality, month=MONTH, text="请周启明所在班组提前电话", made_at=at(28))
    return scene


def test_spans_are_months_quarters_and_years() -> None:
    assert span_of("month", date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert span_of("quarter", date(2026, 11, 22)) == (date(2026, 10, 1), date(2027, 1, 1))
    assert span_of("year", date(2024, 2, 29)) == (date(2024, 1, 1), date(2025, 1, 1))
    with pytest.raises(KeyError):
        span_of("week", MONTH)


def test_shares_and_names_are_told_without_dividing_by_nothing() -> None:
    assert (percent(1, 3), percent(0, 0), Share(2, 4).percent) == (33, None, 50)
    assert without_names("王海涛与王海涛二号、王", ["王海涛", "王", "", "王海涛二号"]) == "某某与某某、王"


def test_figures_of_a_month_are_those_of_the_rows(october: Scene) -> None:
    """C-07: counted anew from the raw rows, the month's ends in Shanghai time included and excluded rightly."""
    core = figures.core_of(Span(*span_of("month", MONTH)))
    rows = [row for row in Complaint.objects.all() if timezone.localtime(row.opened_at).month == 10]
    assert core.complaints == len(rows) == 4
    assert core.settled == sum(row.settled_at is not None for row in rows) == 2
    assert core.at_once == 1
    assert (core.again, core.up, core.withdrawn) == (1, 0, 1)
    assert core.open == sum(row.is_open for row in rows)


def test_breakdowns_count_by_kind_cause_project_department_and_product(october: Scene) -> None:
    found = dict(figures.breakdowns_of(Span(*span_of("month", MONTH))))
    assert dict(list(found.values())[-1])["恒亮 LD-200"] == 3
    assert len(found) == 5
    assert all(sum(count for _words, count in lines) == 4 for lines in found.values())


def test_hot_spot_names_the_requests_behind_it_by_project_product_and_department(october: Scene) -> None:
    """C-07, K-04: three alike in 90 days, with the tickets behind them."""
    spots = figures.hot_of(Span(*span_of("month", MONTH)))
    sides = {next(iter(set(spot.query) & {"project", "model", "department"})): spot for spot in spots}
    assert set(sides) == {"project", "model", "department"}
    assert sides["model"].count == 3
    assert sides["project"].count == 4
    assert sides["model"].tickets == [october.ticket]


def test_every_number_of_the_summary_opens_its_list(october: Scene, client_of: Any) -> None:
    """C-07: each line of each breakdown leads to a register of just so many complaints."""
    browser = client_of(october.quality)
    found = summary.of_span("month", MONTH, october.quality)
    lines = [(line.url, line.count) for part in found["breakdowns"] for line in part.lines]
    lines += [(url, count) for _words, count, url in found["ways"]] + [(found["url"], found["count"])]
    lines += [(url, spot.count) for spot, url in found["hot"]]
    assert len(lines) > 12
    for url, count in lines:
        assert browser.get(url).context["table"].paginator.count == count, url


@pytest.mark.parametrize("span", ["month", "quarter", "year", "week", ""])
def test_summary_is_shown_for_every_span(october: Scene, client_of: Any, span: str) -> None:
    page = client_of(october.manager).get(reverse("complaints:summary"), {"span": span, "month": "2026-10"})
    assert page.status_code == 200
    assert october.ticket.number in page.content.decode()


def test_summary_leaves_out_files_about_the_reader(october: Scene) -> None:
    october.complaints[2].accused.add(october.manager)
    assert summary.of_span("month", MONTH, october.manager)["count"] == 3


def test_drafts_are_made_once_and_missed_ones_are_caught_up(october: Scene) -> None:
    """ISO 10002: the beat of a new month makes the draft; a beat after 40 days makes what was missed."""
    assert reviews.prepare_analyses(now=at(1, month=11)) == 3  # August to October: the first request is of August
    assert reviews.prepare_analyses(now=at(1, month=11)) == 0
    assert reviews.prepare_analyses(now=at(10, month=12)) == 1
    assert set(Analysis.objects.values_list("begins_on", flat=True)) == {date(2026, n, 1) for n in (8, 9, 10, 11)}
    told = Notification.objects.filter(event__name=reviews.PREPARED).values_list("user", flat=True)
    assert october.quality.pk in told


def test_nothing_is_analysed_before_anything_happened(db: None) -> None:
    assert reviews.prepare_analyses(now=NOW) == 0


def test_running_month_cannot_be_analysed(october: Scene) -> None:
    with pytest.raises(DomainError):
        reviews.prepare_by_hand(kind="month", begins_on=date(2026, 11, 1), actor=october.quality, now=NOW)
    assert not Analysis.objects.exists()


def _issued(scene: Scene, **values: Any) -> tuple[Analysis, Document, str]:
    analysis = make.make_analysis(**{"begins_on": MONTH, "conclusion": "周启明班组到场不及时，吴芳芳一案尤甚"} | values)
    analysis = review_lifecycle.issue(analysis, actor=scene.manager, now=NOW)
    document = Document.objects.get(number=analysis.number, status="issuing")
    outbox.deliver_due(now=NOW)
    document.refresh_from_db()
    with document.pdf.open() as file:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)
    return analysis, document, "".join(text.split())


def test_issued_analysis_is_numbered_restricted_of_no_project_and_names_nobody(october: Scene, client_of: Any) -> None:
    analysis, document, text = _issued(october)
    assert analysis.number.startswith("ZB-2026-")
    assert (document.project, document.audience, document.status) == (None, "restricted", "issued")
    for name in ("周启明", "吴芳芳"):
        assert name not in text
        assert name not in str(document.data)
    for words in ("恒亮LD-200", "上年同月", "回收率", "双人一致", "照明事业部", "2026年10月"):
        assert words in text
    verification = client_of().get(reverse("verify", args=[document.verification_token]))
    assert document.number in verification.content.decode()
    assert client_of(october.quality).get(document.get_absolute_url()).status_code == 200
    for person in (october.engineer, october.investigator, october.owner):
        assert client_of(person).get(document.get_absolute_url()).status_code == 404


def test_issued_figures_stay_when_the_rows_change(october: Scene) -> None:
    """D-05: what was issued is what is stored; corrected, it becomes the second version of the same number."""
    analysis, first, _text = _issued(october)
    october.complaints[0].delete()
    first.refresh_from_db()
    assert first.data["facts"][0]["value"] == "4 件"
    analysis = review_lifecycle.take_up(analysis, actor=october.manager, now=NOW, reason="更正")
    analysis = review_lifecycle.issue(analysis, actor=october.manager, now=NOW + DAY)
    outbox.deliver_due(now=NOW + DAY)
    second = documents.document_of("complaint_analysis", analysis)
    assert second is not None
    assert (second.number, second.version, second.data["facts"][0]["value"]) == (first.number, 2, "3 件")
    first.refresh_from_db()
    assert first.status == "replaced"


def test_analysis_corrected_before_it_is_rendered_takes_the_place_of_the_first(october: Scene, client_of: Any) -> None:
    """The worker is slow, the manager quick: what was on its way is never printed, the newer version is."""
    analysis = make.make_analysis(begins_on=MONTH, conclusion="夜班不足")
    analysis = review_lifecycle.issue(analysis, actor=october.manager, now=NOW)
    first = Document.objects.get(number=analysis.number)
    analysis = review_lifecycle.take_up(analysis, actor=october.manager, now=NOW, reason="更正")
    reviews.conclude(analysis=analysis, conclusion="夜班已补足", actor=october.manager, now=NOW)
    later = NOW + timedelta(minutes=1)
    analysis = review_lifecycle.issue(analysis, actor=october.manager, now=later)
    outbox.deliver_due(now=later)
    first.refresh_from_db()
    second = documents.document_of("complaint_analysis", analysis)
    assert second is not None
    assert (first.status, first.version, first.pdf.name) == ("replaced", 1, "")
    assert (second.status, second.version, second.number) == ("issued", 2, first.number)
    assert "夜班已补足" in str(second.data)
    assert client_of(october.manager).get(first.get_absolute_url()).status_code == 200
    assert client_of().get(reverse("verify", args=[first.verification_token])).status_code == 404


def test_yearly_review_has_a_trend_and_what_was_resolved(october: Scene) -> None:
    review = make.make_analysis(kind="year", begins_on=date(2025, 1, 1), conclusion="上年总体稳定")
    before = make.make_analysis(kind="year", begins_on=date(2024, 1, 1), number="ZB-1", issued_at=NOW, status="issued")
    make.make_resolution(analysis=before, text="上门前电话", outcome="全年执行")
    with pytest.raises(DomainError):
        review_lifecycle.issue(review, actor=october.manager, now=NOW)
    reviews.resolve(
        analysis=review,
        kind="goal",
        text="满意度九十五以上",
        responsible=october.quality,
        due_on=date(2026, 12, 31),
        actor=october.manager,
        now=NOW,
    )
    issued = review_lifecycle.issue(review, actor=october.manager, now=NOW)
    outbox.deliver_due(now=NOW)
    document = Document.objects.get(number=issued.number)
    assert len(document.data["trend"]) == 12
    assert document.data["resolutions"][0]["text"] == "满意度九十五以上"
    assert document.data["before"][0]["outcome"] == "全年执行"
    assert document.data["heads"] == ["上年"]


#: (role, kind, state, step, outcome) of every edge.
TABLE = [
    (role, kind, state, step, _outcome)
    for role in ROLES
    for kind in ("month", "year")
    for state, step in (("draft", "issue"), ("issued", "issue"), ("draft", "take_up"), ("issued", "take_up"))
    for _outcome in [
        "denied"
        if not (role == "manager" or (role == "quality" and kind == "month" and step == "issue"))
        else "allowed"
        if (state, step) in {("draft", "issue"), ("issued", "take_up")}
        else "illegal"
    ]
]


@pytest.mark.parametrize(("role", "kind", "state", "step", "outcome"), TABLE)
def test_analysis_table(scene: Scene, role: str, kind: str, state: str, step: str, outcome: str) -> None:
    issued = {"number": "ZB-2026-000009", "issued_at": NOW} if state == "issued" else {}
    begins_on = MONTH if kind == "month" else date(2025, 1, 1)
    analysis = make.make_analysis(kind=kind, begins_on=begins_on, status=state, conclusion="稳定", **issued)
    make.make_resolution(analysis=analysis)
    edge = getattr(review_lifecycle, step)
    data = {"reason": "更正"} if step == "take_up" else {}
    actor = scene.people[role.replace("_", " ")]
    if outcome == "allowed":
        assert edge(analysis, actor=actor, now=NOW, **data).status != state
        return
    with pytest.raises(PermissionDenied if outcome == "denied" else IllegalTransition):
        edge(analysis, actor=actor, now=NOW, **data)


def test_analysis_goes_through_the_pages(october: Scene, client_of: Any) -> None:
    """Prepare, conclude, resolve, drop, issue, and later note what came of it, without a script."""
    browser = client_of(october.manager)
    day = add_months(timezone.localdate().replace(day=1), -1)
    made = browser.post(reverse("complaints:make_analysis"), {"period": f"month:{day}", "submission_key": "a"})
    analysis = Analysis.objects.get()
    assert (made.status_code, made["Location"]) == (302, analysis.get_absolute_url())
    refused = browser.post(reverse("core:step", args=["complaints.analysis", analysis.pk, "issue"]), follow=True)
    analysis.refresh_from_db()
    assert (refused.status_code, analysis.status) == (200, "draft")
    browser.post(reverse("complaints:conclude", args=[analysis.pk]), {"conclusion": "总体平稳", "submission_key": "b"})
    add = reverse("complaints:resolve", args=[analysis.pk])
    for key, text in (("c", "派工前电话"), ("d", "误填")):
        browser.post(add, {"kind": "decision", "text": text, "submission_key": key})
    wrong = analysis.resolutions.get(text="误填")
    browser.post(reverse("complaints:drop_resolution", args=[wrong.pk]))
    assert browser.get(analysis.get_absolute_url()).status_code == 200
    browser.post(reverse("core:step", args=["complaints.analysis", analysis.pk, "issue"]))
    analysis.refresh_from_db()
    assert analysis.status == "issued"
    assert browser.post(add, {"kind": "goal", "text": "晚了", "submission_key": "e"}).status_code == 403
    line = analysis.resolutions.get()
    browser.post(reverse("complaints:resolution_outcome", args=[line.pk]), {"outcome": "已执行", "submission_key": "f"})
    line.refresh_from_db()
    assert line.outcome == "已执行"
    listed = browser.get(reverse("complaints:analyses")).content.decode()
    assert analysis.number in listed


def test_nobody_but_quality_and_management_opens_an_analysis(scene: Scene, client_of: Any) -> None:
    analysis = make.make_analysis()
    urls = [analysis.get_absolute_url(), reverse("complaints:analyses"), reverse("complaints:make_analysis")]
    for name, person in scene.people.items():
        allowed = name in {"manager", "quality", "second manager", "auditor"}
        for url in urls:
            status = client_of(person).get(url).status_code
            assert (status == 200) == allowed or name == "auditor", (name, url, status)


def test_who_is_to_carry_out_a_resolution_is_told_when_it_is_issued(october: Scene, client_of: Any) -> None:
    """ISO 10002: an engineer is told once, reads the line and never the review, and says what came of it."""
    analysis = make.make_analysis(begins_on=MONTH, conclusion="夜班不足")
    values = {"kind": "decision", "text": "夜班增加一人", "due_on": at(30, month=11).date(), "now": NOW}
    line = reviews.resolve(analysis=analysis, responsible=october.engineer, actor=october.quality, **values)
    told = Notification.objects.filter(user=october.engineer, event__name=reviews.GIVEN)
    page = client_of(october.engineer)
    assert not told.exists()
    assert page.get(line.get_absolute_url()).status_code == 404
    analysis = review_lifecycle.issue(analysis, actor=october.manager, now=NOW)
    assert told.count() == 1
    assert line.text in page.get(line.get_absolute_url()).text
    assert page.get(analysis.get_absolute_url()).status_code == 403
    assert client_of(october.other_engineer).get(line.get_absolute_url()).status_code == 404
    assert client_of(october.quality).get(line.get_absolute_url()).url == f"{analysis.get_absolute_url()}#resolutions"
    sent = {"outcome": "已到岗", "submission_key": "a"}
    url = reverse("complaints:resolution_outcome", args=[line.pk])
    assert client_of(october.other_engineer).post(url, sent).status_code == 404
    assert page.post(url, sent).status_code == 302
    line.refresh_from_db()
    assert line.outcome == "已到岗"
    outbox.deliver_due(now=NOW)
    analysis = review_lifecycle.take_up(analysis, actor=october.manager, now=NOW, reason="补充")
    review_lifecycle.issue(analysis, actor=october.manager, now=NOW)
    assert told.count() == 1


def test_dropped_resolution_is_told_nobody_any_more(october: Scene) -> None:
    analysis = make.make_analysis(begins_on=MONTH, conclusion="夜班不足")
    values = {"kind": "decision", "text": "夜班增加一人", "due_on": None, "actor": october.quality, "now": NOW}
    line = reviews.resolve(analysis=analysis, responsible=october.engineer, **values)
    analysis = review_lifecycle.issue(analysis, actor=october.manager, now=NOW)
    review_lifecycle.take_up(analysis, actor=october.manager, now=NOW, reason="补充")
    reviews.drop(line=line, actor=october.quality, now=NOW)
    assert not Notification.objects.filter(user=october.engineer).exists()
