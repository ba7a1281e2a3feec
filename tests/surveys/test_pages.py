"""Pages: the link and its refusals, the engineer's phone, paper, results, the sheet."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.core import outbox
from apps.documents.models import Document
from apps.surveys.links import WRONG_LINKS_AN_ADDRESS
from apps.surveys.models import Answer, AnswerScan, LowAnswer, Questionnaire, SurveyRequest
from tests import factories as make
from tests.factories.base import PDF


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def survey(world: Any) -> Any:
    """A request that anybody who holds its link may answer, about the engineer's work."""
    return make.make_survey(project=world.project, about_people=[world.engineer], asked_at=timezone.now())


def filled(survey: SurveyRequest, number: int = 5, text: str = "很好") -> dict[str, Any]:
    return {
        f"q{question.pk}": number if question.has_number else text if question.kind == "text" else question.choices[0]
        for question in survey.version.questions.all()
    }


def test_link_is_answered_once_without_an_account_and_then_closed(survey: Any, client_of: Any) -> None:
    browser, link = client_of(), survey.get_link()
    page = browser.get(link).content.decode()
    assert all(question.text in page for question in survey.version.questions.all())
    sent = browser.post(link, filled(survey))
    assert (sent.status_code, sent["Location"]) == (302, link)
    assert survey.version.questions.first().text not in browser.get(link).content.decode()
    again = browser.post(link, filled(survey, number=1))
    assert again.status_code == 302
    answer = Answer.objects.get(request=survey)
    assert (answer.way, answer.index, answer.entered_by) == ("link", 75, None)


def test_link_shows_what_is_missing_and_keeps_what_was_typed(survey: Any, client_of: Any) -> None:
    values = filled(survey, text="说一半")
    values.pop(f"q{survey.version.questions.first().pk}")
    refused = client_of().post(survey.get_link(), values)
    assert refused.status_code == 422
    assert "说一半" in refused.content.decode()
    assert not Answer.objects.filter(request=survey).exists()


def test_expired_link_shows_a_friendly_page_and_takes_nothing(survey: Any, client_of: Any) -> None:
    long_ago = timezone.now() - timedelta(days=20)
    SurveyRequest.objects.filter(pk=survey.pk).update(asked_at=long_ago, expires_at=long_ago + timedelta(days=14))
    browser = client_of()
    assert browser.get(survey.get_link()).status_code == 200
    assert browser.post(survey.get_link(), filled(survey)).status_code == 302
    assert not Answer.objects.filter(request=survey).exists()


def test_guessing_links_is_slowed_down_even_for_a_right_one(survey: Any, client_of: Any) -> None:
    browser = client_of()
    for n in range(WRONG_LINKS_AN_ADDRESS):
        assert browser.get(reverse("surveys:answer", args=[f"wrong-{n}"])).status_code == 404
    assert browser.get(survey.get_link()).status_code == 429
    assert browser.post(survey.get_link(), filled(survey)).status_code == 429
    assert client_of(REMOTE_ADDR="203.0.113.9").get(survey.get_link()).status_code == 200


def test_link_of_another_person_is_refused_while_signed_in(world: Any, client_of: Any) -> None:
    request = world.row(SurveyRequest)
    for name in ("owner_admin", "other_owner", "engineer", "manager"):
        browser = client_of(world.people[name])
        assert browser.get(request.get_link()).status_code == 403
        assert browser.post(request.get_link(), filled(request)).status_code == 403
    mine = client_of(world.owner_member)
    assert request.about in mine.get(reverse("core:home")).content.decode()
    assert mine.get(request.get_absolute_url())["Location"] == request.get_link()
    mine.post(request.get_link(), filled(request))
    assert Answer.objects.get(request=request).way == "portal"


def test_customer_answers_on_the_engineers_phone_and_the_engineer_sees_nothing(
    survey: Any, world: Any, client_of: Any
) -> None:
    phone, page = client_of(world.engineer), reverse("surveys:on_phone", args=[survey.pk])
    assert survey.about in phone.get(reverse("core:home"), {"part": "side"}).content.decode()
    assert phone.get(page).status_code == 200
    assert phone.post(page, filled(survey, number=1, text="师傅太慢了")).status_code == 302
    answer = Answer.objects.get(request=survey)
    assert (answer.way, answer.entered_by, answer.is_low) == ("phone", world.engineer, True)
    pages = [
        page,
        reverse("core:home"),
        world.project.get_absolute_url(),
        f"{world.project.get_absolute_url()}?part=side",
        f"{world.project.get_absolute_url()}?part=history",
        f"{reverse('core:search')}?q={survey.about}",
        reverse("notifications:list"),
    ]
    for url in pages:
        shown = phone.get(url)
        assert shown.status_code == 200, url
        assert "师傅太慢" not in shown.content.decode(), url
    for url in (survey.get_absolute_url(), answer.low_answer.get_absolute_url()):
        assert phone.get(url).status_code in {403, 404}
    assert client_of(world.project_manager).get(page).status_code == 404


def test_paper_is_entered_with_its_scan_but_not_by_those_it_is_about(survey: Any, world: Any, client_of: Any) -> None:
    page = reverse("surveys:enter", args=[survey.pk])
    desk = client_of(world.quality)
    assert desk.post(page, filled(survey)).status_code == 422  # without the scan
    scan = SimpleUploadedFile("survey.pdf", PDF)
    assert desk.post(page, filled(survey) | {"scans": scan})["Location"] == survey.get_absolute_url()
    answer = Answer.objects.get(request=survey)
    assert (answer.way, answer.entered_by) == ("paper", world.quality)
    kept = AnswerScan.objects.get(answer=answer).get_absolute_url()
    assert desk.get(kept).status_code == 200
    assert client_of(world.engineer).get(kept).status_code == 404
    survey.about_people.add(world.manager)
    assert client_of(world.manager).get(page).status_code == 404


def test_results_show_index_number_and_rate_and_leave_out_oneself(world: Any, client_of: Any) -> None:
    for number in (5, 4):
        request = make.make_survey(project=world.project, about_people=[world.manager], asked_at=timezone.now())
        make.make_answer(request=request, number=number)
    url = reverse("surveys:results")
    page = client_of(world.quality).get(f"{url}?project={world.project.pk}").content.decode()
    whole = client_of(world.quality).get(url).context["whole"]
    assert (whole.asked, whole.answered, whole.rate, str(whole.index)) == (4, 3, 75, "58.3")
    assert world.manager.name in page
    today = timezone.localdate()
    for since, until, asked in [
        (today, today, 3),
        (today + timedelta(days=1), "", 0),
        ("", today - timedelta(days=1), 1),
    ]:
        assert client_of(world.quality).get(f"{url}?since={since}&until={until}").context["whole"].asked == asked
    mine = client_of(world.manager).get(url).context["whole"]
    assert (mine.asked, mine.answered) == (2, 1)
    assert client_of(world.engineer).get(url).status_code == 403
    assert client_of(world.project_manager).get(url).status_code == 200


def test_low_answer_is_called_about_and_closed_with_a_note(world: Any, client_of: Any) -> None:
    low = world.row(LowAnswer)
    desk = client_of(world.customer_service)
    assert low.answer.request.about in desk.get(reverse("core:home")).content.decode()
    step = reverse("core:step", args=["surveys.lowanswer", low.pk, "finish"])
    assert desk.post(step, {"outcome": ""}).status_code == 422
    assert desk.post(step, {"outcome": "已致歉"}).status_code == 302
    assert "已致歉" in desk.get(low.get_absolute_url()).content.decode()


def test_asking_by_hand_says_who_was_asked_already(world: Any, client_of: Any) -> None:
    Questionnaire.objects.update(is_active=False)
    yearly = make.make_questionnaire(occasion="yearly")
    desk, page = client_of(world.quality), reverse("surveys:ask")
    form = {"questionnaire": yearly.pk, "project": world.project.pk, "person": world.owner_admin.pk}
    made = desk.post(page, form)
    request = SurveyRequest.objects.get(person=world.owner_admin)
    assert made["Location"] == request.get_absolute_url()
    assert request.get_link() in desk.get(made["Location"]).content.decode()
    assert desk.post(page, form).status_code == 422


@pytest.mark.parametrize("name", ["low_list", "list"])
def test_project_that_is_asked_about_as_a_whole_is_named_once(name: str, world: Any, client_of: Any) -> None:
    """The yearly survey is about the project; what stands beside it says so in other words, or not at all."""
    survey = make.make_survey(project=world.project, about=world.project.name, name="凌会计")
    make.make_low_answer(answer=make.make_answer(request=survey, number=1, is_low=True))
    page = client_of(world.quality).get(reverse(f"surveys:{name}"), {"tab": "all"}).text
    [row] = [row for row in page.split("<tr") if survey.name in row]
    assert row.count(world.project.name) == 1


def test_questionnaire_is_edited_in_rows(world: Any, client_of: Any) -> None:
    row = world.row(Questionnaire)
    boss, page = client_of(world.manager), reverse("surveys:questionnaire_edit", args=[row.pk])
    assert 'value="问题1"' in boss.get(page).content.decode()
    form = {
        "name": row.name,
        "occasion": "repair",
        "is_active": "on",
        "introduction": "",
        "low_index": 70,
        "low_scale": 2,
    }
    rows = {"questions-TOTAL_FORMS": 3, "questions-INITIAL_FORMS": 0, "questions-0-text": "是否及时"}
    rows |= {
        "questions-0-kind": "scale",
        "questions-0-weight": 3,
        "questions-1-text": "最想改进",
        "questions-1-kind": "choice",
    }
    refused = boss.post(page, form | rows | {"questions-1-choices": "只有一个"})
    assert refused.status_code == 422
    assert boss.post(page, form | rows | {"questions-1-choices": "速度，质量"}).status_code == 302
    version = row.versions.first()
    assert (version.number, version.low_index, version.made_by) == (2, 70, world.manager)
    assert [(q.text, q.weight, q.choices) for q in version.questions.all()] == [
        ("是否及时", 3, []),
        ("最想改进", 0, ["速度", "质量"]),
    ]
    assert client_of(world.engineer).get(row.get_absolute_url()).status_code == 200
    assert client_of(world.engineer).get(page).status_code == 403


def issue(survey: Any, desk: Any) -> tuple[Document, str]:
    """Have the sheet issued; return the document and its text."""
    desk.post(reverse("surveys:issue_sheet", args=[survey.pk]))
    outbox.deliver_due(now=timezone.now())
    document = Document.objects.latest("pk")
    with document.pdf.open() as file:
        return document, "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)


def test_sheet_is_printed_blank_and_as_answered(survey: Any, world: Any, client_of: Any) -> None:
    """The blank one is for our people, the answered one for quality and manager, and for nobody it is about."""
    desk = client_of(world.quality)
    blank, text = issue(survey, desk)
    assert blank.number.startswith("MD-")
    assert [word for word in ("满意度调查表", survey.project.name, "问题1", "很满意", "签字") if word not in text] == []
    make.make_answer(request=survey, number=2, text="下次请先打电话")
    again, text = issue(survey, desk)
    assert "下次请先打电话" in text
    assert "25" in text
    assert (blank.audience, again.audience) == ("staff", "restricted")
    assert client_of(world.engineer).get(again.get_absolute_url()).status_code == 404
    assert client_of(world.owner_admin).get(again.get_absolute_url()).status_code == 404
