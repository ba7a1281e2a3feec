"""Complaints, calls and samples from beginning to end, through the services and the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from apps.complaints import anonymous, call_lifecycle, followups, lifecycle, sampling, services
from apps.complaints.models import Complaint, FollowUp, Sample, Sampling, Verdict
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.notifications.models import Notification
from apps.service_levels.models import Clock, Target
from apps.tickets import lifecycle as ticket_lifecycle
from apps.tickets.models import Ticket
from tests import factories as make

from .conftest import NOW, Scene

pytestmark = pytest.mark.django_db
S = Complaint.Status
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def nobody_was_here() -> None:
    cache.clear()


def names_of(complaint: Complaint) -> list[str]:
    events = Event.objects.about(complaint).order_by("pk").values_list("name", flat=True)
    return [name.rpartition(".")[2] for name in events if name.startswith("complaints.complaint.")]


def test_complaint_settled_at_once(scene: Scene) -> None:
    """C-02, C-04, C-05: accepted at once, settled within the day, asked, closed."""
    complaint = scene.complain()
    assert complaint.status == S.ACKNOWLEDGED
    assert complaint.number.startswith("TS-2026-")
    settled = lifecycle.settle_at_once(
        complaint, actor=scene.customer_service, now=NOW + HOUR, decision="已致歉，当日补做保养"
    )
    assert settled.status == S.SETTLED
    closed = lifecycle.satisfied(settled, actor=scene.owner, now=NOW + 3 * HOUR, said="可以了")
    assert closed.status == S.CLOSED
    assert names_of(complaint) == [
        "opened", "acknowledge", "responded", "answered", "settled", "settle_at_once", "asked", "satisfied",
    ]  # fmt: skip


def test_after_a_day_nothing_is_settled_at_once(scene: Scene) -> None:
    with pytest.raises(DomainError):
        lifecycle.settle_at_once(scene.complain(), actor=scene.quality, now=NOW + 25 * HOUR, decision="补做")


def _investigated(scene: Scene, **values: Any) -> Complaint:
    return lifecycle.investigate(
        scene.complain(**values),
        actor=scene.quality,
        now=NOW + HOUR,
        investigator=scene.investigator,
        plan="核对排程与通知记录",
        expected_on=make.TODAY + timedelta(days=3),
        progress_by=NOW + DAY,
    )


def test_planned_complaint_with_a_missed_progress_note_escalates_once(scene: Scene) -> None:
    """C-04: each progress note is a promise; missed, investigator and management are told, once."""
    complaint = _investigated(scene)
    assert services.escalate_missed_progress(now=NOW + DAY - HOUR) == 0
    assert services.escalate_missed_progress(now=NOW + DAY + HOUR) == 1
    assert services.escalate_missed_progress(now=NOW + DAY + 2 * HOUR) == 0
    missed = Event.objects.about(complaint).get(name="complaints.complaint.progress_missed")
    told = set(Notification.objects.filter(event=missed).values_list("user", flat=True))
    assert {scene.investigator.pk, scene.manager.pk, scene.quality.pk} <= told
    assert scene.owner.pk not in told
    progress = complaint.progress.get()
    services.tell_progress(
        progress=progress, text="排程已核对，正在询问班组", actor=scene.investigator, now=NOW + 2 * DAY
    )
    with pytest.raises(DomainError):
        services.tell_progress(progress=progress, text="再说一次", actor=scene.investigator, now=NOW + 2 * DAY)


def _told(complaint: Complaint, scene: Scene, actor: Any) -> Complaint:
    return lifecycle.tell(complaint, actor=actor, now=NOW + 2 * DAY, how="电话告知")


def test_decision_rejected_goes_one_step_up_and_no_further(scene: Scene) -> None:
    complaint = _investigated(scene)
    services.find_cause(
        complaint=complaint, cause="method", whys=["没有通知", "排程改了", "", ""], actor=scene.investigator, now=NOW
    )
    decided = lifecycle.decide(complaint, actor=scene.manager, now=NOW + DAY, cause="method", decision="口头致歉")
    told = _told(decided, scene, scene.investigator)
    up = lifecycle.reject(told, actor=scene.owner, now=NOW + 2 * DAY, reason="没有改正措施")
    assert up.status == S.ESCALATED
    above = lifecycle.decide_above(up, actor=scene.second_manager, now=NOW + 3 * DAY, decision="书面致歉并免费保养一次")
    last = _told(above, scene, scene.second_manager)
    assert not lifecycle.reject.is_open_to(last, scene.owner)
    settled = lifecycle.accept(last, actor=scene.owner, now=NOW + 3 * DAY)
    again = lifecycle.not_satisfied(settled, actor=scene.owner, now=NOW + 4 * DAY, reason="致歉信没有收到")
    assert (again.status, again.round, again.instance) == (S.ACKNOWLEDGED, 2, 1)
    assert complaint.progress.count() == 1


def test_anonymous_complaint_is_followed_and_answered_by_its_code(scene: Scene, client_of: Any) -> None:
    browser = client_of(None)
    sent = browser.post(
        reverse("complaints:anonymous"), {"kind": "conduct", "title": "师傅收了小费", "submission_key": "k1"}
    )
    assert sent.status_code == 302
    complaint = Complaint.objects.get()
    assert sent["Location"] == reverse("complaints:follow", args=[complaint.code])
    again = browser.post(
        reverse("complaints:anonymous"), {"kind": "conduct", "title": "师傅收了小费", "submission_key": "k1"}
    )
    assert again["Location"] == sent["Location"]
    assert Complaint.objects.count() == 1
    assert (complaint.is_anonymous, complaint.contact_name, complaint.complainant) == (True, "", None)
    page = browser.get(sent["Location"]).content.decode()
    assert complaint.code in page
    typed = browser.post(reverse("complaints:enter_code"), {"code": complaint.code.lower().replace("-", "")})
    assert typed["Location"] == sent["Location"]
    lifecycle.settle_at_once(complaint, actor=scene.quality, now=complaint.opened_at + HOUR, decision="已退还")
    assert "已退还" in browser.get(sent["Location"]).content.decode()
    browser.post(sent["Location"], {"what": "not_satisfied", "words": ""})
    assert Complaint.objects.get().status == S.SETTLED
    browser.post(sent["Location"], {"what": "satisfied", "words": "谢谢"})
    assert Complaint.objects.get().status == S.CLOSED


def test_codes_cannot_be_guessed(scene: Scene, client_of: Any) -> None:
    complaint = scene.complain(complainant=None, actor=None, is_anonymous=True)
    for n in range(anonymous.GUESSES_AN_ADDRESS):
        assert anonymous.find(f"AAAA-BBBB-CCCC-{n:04d}", address="203.0.113.7") is None
    assert anonymous.find(complaint.code, address="203.0.113.7") is None
    assert anonymous.find(complaint.code, address="203.0.113.8") == complaint


def test_many_complaints_from_one_address_are_slowed_down(db: None) -> None:
    for _ in range(anonymous.COMPLAINTS_AN_ADDRESS):
        anonymous.complain(address="203.0.113.9", now=NOW, title="服务差", is_anonymous=True)
    with pytest.raises(DomainError):
        anonymous.complain(address="203.0.113.9", now=NOW, title="服务差", is_anonymous=True)


def test_code_does_not_answer_for_who_has_an_account(scene: Scene) -> None:
    complaint = scene.complain()
    with pytest.raises(DomainError):
        anonymous.answer(complaint, what="satisfied", words="", now=NOW)


def test_danger_becomes_an_emergency_whoever_says_so(scene: Scene) -> None:
    """ISO 10002, R-18: safety first; the crew reads what is dangerous, not the complaint."""
    complaint = scene.complain(
        description="师傅说谎", danger="三号灯杆漏电", complainant=None, actor=None, is_anonymous=True
    )
    ticket = complaint.emergency
    assert (ticket.kind, ticket.level) == (Ticket.Kind.EMERGENCY, 1)
    assert "说谎" not in ticket.title + ticket.description
    about = scene.complain(danger="箱门带电", subject=scene.ticket)
    assert about.emergency == scene.ticket
    assert Ticket.objects.get(pk=scene.ticket.pk).kind == Ticket.Kind.EMERGENCY


def test_clocks_of_a_complaint_run_and_are_restricted(scene: Scene) -> None:
    """C-02, C-04, C-05 as promises of the policy."""
    policy = make.make_project_policy(project=scene.project)
    version = policy.policy.current
    metrics = {
        Target.Metric.COMPLAINT_RESPOND: (15, "opened", "responded"),
        Target.Metric.COMPLAINT_SETTLE: (24 * 60, "opened", "settled"),
        Target.Metric.COMPLAINT_ASK: (24 * 60, "settled", "asked"),
    }
    for metric, (amount, start, stop) in metrics.items():
        make.make_target(
            version=version,
            metric=metric,
            amount=amount,
            unit="minutes",
            start_events=[f"complaints.complaint.{start}"],
            stop_events=[f"complaints.complaint.{stop}"],
        )
    complaint = scene.complain()
    clocks = {clock.metric: clock for clock in Clock.objects.about(complaint)}
    assert set(clocks) == {Target.Metric.COMPLAINT_RESPOND, Target.Metric.COMPLAINT_SETTLE}
    assert {clock.audience for clock in clocks.values()} == {"restricted"}
    assert not Clock.objects.visible_to(scene.engineer).about(complaint).exists()
    services.log_contact(
        complaint=complaint,
        way="telephone",
        whom="周主任",
        said="已致歉",
        with_complainant=True,
        is_answer=False,
        actor=scene.customer_service,
        now=NOW + timedelta(minutes=10),
    )
    assert Clock.objects.about(complaint).get(metric=Target.Metric.COMPLAINT_RESPOND).state == Clock.State.MET
    lifecycle.investigate(
        complaint,
        actor=scene.quality,
        now=NOW + HOUR,
        investigator=scene.investigator,
        plan="查",
        expected_on=make.TODAY,
    )
    settle = Clock.objects.about(complaint).get(metric=Target.Metric.COMPLAINT_SETTLE)
    assert settle.state == Clock.State.CANCELLED
    assert not Clock.objects.about(complaint).going_on().exists()


# Follow-ups


def _completed(scene: Scene) -> Ticket:
    ticket = make.make_ticket(project=scene.project, status=Ticket.Status.IN_PROGRESS)
    make.make_work_order(ticket=ticket, engineer=scene.engineer, status="signed")
    return ticket_lifecycle.ask_confirmation(ticket, actor=None, now=NOW, signed=True)


def test_follow_ups_are_planned_once_and_dropped_when_the_owner_has_spoken(scene: Scene) -> None:
    """R-13: within 3 days of completion; run twice, nothing more happens."""
    ticket = _completed(scene)
    assert followups.plan_followups(now=NOW + HOUR) == 1
    assert followups.plan_followups(now=NOW + HOUR) == 0
    call = FollowUp.objects.get()
    due = timezone.localtime(call.due_at)
    assert (call.subject, due.date()) == (ticket, timezone.localdate(NOW + 3 * DAY))
    assert f"{due:%H:%M:%S}" == "23:59:59"
    ticket_lifecycle.confirm(ticket, actor=scene.owner, now=NOW + 2 * HOUR)
    assert followups.plan_followups(now=NOW + 3 * HOUR) == 0
    assert FollowUp.objects.get().status == FollowUp.Status.DROPPED


def test_not_satisfied_reopens_the_request(scene: Scene) -> None:
    ticket = _completed(scene)
    followups.plan_followups(now=NOW)
    call = FollowUp.objects.get()
    followups.note_unsatisfied(
        call=call, said="又不亮了", what_next="reopen", actor=scene.customer_service, now=NOW + DAY
    )
    again = Ticket.objects.get(pk=ticket.pk)
    assert (again.status, again.round) == (Ticket.Status.IN_PROGRESS, 2)
    assert Event.objects.about(ticket).filter(name="complaints.followup.done", audience="staff").exists()


def test_not_satisfied_opens_a_complaint_with_its_channel(scene: Scene) -> None:
    _completed(scene)
    followups.plan_followups(now=NOW)
    call = FollowUp.objects.get()
    done = followups.note_unsatisfied(
        call=call, said="态度差", what_next="complaint", actor=scene.quality, now=NOW + DAY
    )
    assert done.complaint.channel == Complaint.Channel.FOLLOW_UP
    assert done.complaint.subject == call.subject


def test_third_attempt_that_reaches_nobody_ends_the_call(scene: Scene) -> None:
    call = make.make_follow_up(subject=scene.ticket)
    states = [
        followups.note_not_reached(call=call, note="无人接听", actor=scene.customer_service, now=NOW + n * HOUR).status
        for n in range(3)
    ]
    assert states == ["planned", "planned", "not_reached"]


def test_call_stops_the_follow_up_clock_of_the_request(scene: Scene) -> None:
    clock = make.make_clock(
        subject=scene.ticket,
        target=make.make_target(
            version=make.make_policy().current,
            metric=Target.Metric.FOLLOW_UP,
            amount=3,
            unit="days",
            start_events=["tickets.ticket.repaired"],
            stop_events=["complaints.followup.done"],
        ),
    )
    call_lifecycle.note_satisfied(make.make_follow_up(subject=scene.ticket), actor=scene.quality, now=NOW, said="好")
    assert Clock.objects.get(pk=clock.pk).is_over


def test_calls_follow_one_another_on_one_screen(scene: Scene, client_of: Any) -> None:
    first = make.make_follow_up(subject=scene.ticket, due_at=NOW)
    second = make.make_follow_up(due_at=NOW + DAY)
    browser = client_of(scene.customer_service)
    page = browser.get(first.get_absolute_url())
    assert first.contact_phone in page.content.decode()
    answer = browser.post(first.get_absolute_url(), {"result": "satisfied", "said": "很好"})
    assert answer["Location"] == second.get_absolute_url()
    last = browser.post(second.get_absolute_url(), {"result": "not_reached", "said": ""})
    assert last["Location"] == reverse("complaints:calls")


# Quality


def _closed(scene: Scene, count: int) -> list[Ticket]:
    return [
        make.make_ticket(project=scene.project, status=Ticket.Status.CLOSED, closed_at=NOW - 5 * DAY)
        for _ in range(count)
    ]


def test_sample_is_drawn_exactly_once(scene: Scene) -> None:
    """K-09, by week; weeks that were missed are caught up, and a second run changes nothing."""
    _closed(scene, 12)
    assert sampling.draw_samples(now=NOW) == 4
    assert sampling.draw_samples(now=NOW) == 0
    last = Sampling.objects.first()
    assert (last.population, last.samples.count()) == (12, 5)
    assert last.samples.filter(is_double=True).count() == 1


def test_two_checkers_judge_independently(scene: Scene, client_of: Any) -> None:
    sample = make.make_sample(ticket=_closed(scene, 1)[0], is_double=True)
    marks = {"response_time": "pass", "response_quality": "fail", "service_quality": "pass", "note": "未填原因"}
    sampling.judge(sample=sample, actor=scene.quality, now=NOW, **marks)
    with pytest.raises(DomainError):
        sampling.judge(sample=sample, actor=scene.quality, now=NOW, **marks)
    page = client_of(scene.manager).get(reverse("complaints:samples")).context
    [line] = page["lines"]
    assert (line["verdicts"], line["may_judge"]) == ([], True)
    sampling.judge(sample=sample, actor=scene.manager, now=NOW, **marks | {"response_quality": "pass"})
    page = client_of(scene.manager).get(reverse("complaints:samples")).context
    assert (page["agreed"], page["compared"]) == (2, 3)
    with pytest.raises(DomainError):
        sampling.judge(sample=sample, actor=scene.second_manager, now=NOW, **marks)


def test_failing_mark_needs_words_and_nobody_judges_their_own_work(scene: Scene) -> None:
    marks = {"response_time": "fail", "response_quality": "pass", "service_quality": "pass"}
    with pytest.raises(DomainError):
        sampling.judge(sample=make.make_sample(), note="", actor=scene.quality, now=NOW, **marks)
    own = make.make_sample(ticket=_closed(scene, 1)[0])
    make.make_work_order(ticket=own.ticket, engineer=scene.manager, status="signed")
    with pytest.raises(DomainError):
        sampling.judge(sample=own, note="x", actor=scene.manager, now=NOW, **marks)
    assert not Verdict.objects.exists()
    assert not Sample.objects.visible_to(scene.owner).exists()


def test_owner_asks_for_another_engineer_once(scene: Scene, client_of: Any) -> None:
    """R-14."""
    ticket = make.make_ticket(project=scene.project, status="in_progress")
    url = reverse("complaints:ask_engineer", args=[ticket.pk])
    assert client_of(scene.owner).post(url, {"reason": "上次没修好"}).status_code == 302
    assert client_of(scene.owner).post(url, {"reason": "再说一次"}).status_code == 422
    assert client_of(scene.engineer).post(url, {"reason": "x"}).status_code == 403
    side = f"{ticket.get_absolute_url()}?part=side"
    assert "上次没修好" not in client_of(scene.engineer).get(side).content.decode()
    assert "上次没修好" in client_of(scene.customer_service).get(side).content.decode()


def test_month_is_summed_up_with_the_files_behind(scene: Scene, client_of: Any) -> None:
    """C-07."""
    for _ in range(3):
        scene.complain(kind=Complaint.Kind.TIMELINESS)
    scene.complain(kind=Complaint.Kind.CONDUCT, accused=[scene.manager])
    page = client_of(scene.quality).get(reverse("complaints:summary"), {"month": f"{NOW:%Y-%m}"}).context
    assert page["count"] == 4
    assert [spot.count for spot, _url in page["hot"]] == [3]
    assert client_of(scene.manager).get(reverse("complaints:summary"), {"month": f"{NOW:%Y-%m}"}).context["count"] == 3
    proposal = client_of(scene.quality).post(
        f"{reverse('complaints:summary')}?month={NOW:%Y-%m}", {"department": "工程部", "text": "排程前一天电话确认"}
    )
    assert proposal.status_code == 302


def test_low_answer_becomes_a_complaint_about_whose_work_it_was(scene: Scene, client_of: Any) -> None:
    request = make.make_survey(project=scene.project, subject=scene.ticket, about_people=[scene.engineer])
    low = make.make_low_answer(answer=make.make_answer(request=request))
    url = f"{reverse('complaints:create')}?about=surveys.lowanswer:{low.pk}"
    browser = client_of(scene.customer_service)
    form = browser.get(url).context["form"]
    assert form.initial["channel"] == Complaint.Channel.LOW_RATING
    assert form.initial["people"] == [scene.engineer]
    sent = {"kind": "conduct", "title": "评价很低", "channel": "low_rating", "contact_name": "周主任"}
    assert browser.post(url, sent | {"people": [scene.engineer.pk]}).status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.subject, complaint.project) == (scene.ticket, scene.project)
    assert set(complaint.accused.all()) == {scene.engineer}
