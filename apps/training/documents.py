"""The papers of training: certificate, plan, attendance sheet, results, a project's record. Their text is Chinese."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.core.scoping import Audience
from apps.documents import lifecycle as document_states
from apps.documents import services as documents
from apps.documents.company import profile
from apps.documents.models import Document
from apps.documents.registry import Content, document_type
from apps.projects.models import Project

from . import access, planning
from .certificates import CERTIFICATE
from .models import Attempt, Certificate, Participant, Session, TrainingPlan
from .rules import DAY_HOURS

PLAN = "training_plan"
SHEET = "attendance_sheet"
RESULTS = "training_results"
RECORD = "training_record"
#: The papers of a session by the word of their address.
OF_SESSION = {"sheet": SHEET, "results": RESULTS}
BLANK_LINES = 4


def issue_paper(type_name: str, subject: Any, *, actor: Any, now: datetime) -> Document:
    """Issue a paper of training as it stands now; one issued before is replaced by a newer version."""
    with transaction.atomic():
        standing = documents.document_of(type_name, subject)
        if standing is not None and standing.status == Document.Status.ISSUING:
            return standing
        if standing is not None and standing.is_issued:
            document_states.replace(standing, actor=actor, now=now)
        document = documents.issue_now(type_name, subject, actor=actor, now=now)
        if document.project_id is None:
            # An open class is for people of many organisations: its papers name all of them.
            Document.objects.filter(pk=document.pk).update(audience=Audience.STAFF)
    return document


def check_address(certificate: Certificate) -> str:
    """Return the address that the certificate's code opens: anybody may check it there."""
    query = urlencode({"number": certificate.number, "code": certificate.code})
    return f"{settings.PUBLIC_URL}{reverse('training:check')}?{query}"


def _day(value: Any) -> str:
    return (
        f"{timezone.localtime(value):%Y-%m-%d}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}" if value else ""
    )


def _span(session: Session) -> str:
    start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M} 至 {until}"


def _plain(number: Any) -> str:
    return f"{float(number):g}"


def _of(project: Project | None) -> dict[str, str]:
    return {"name": project.name, "owner": project.owner.name} if project else {"name": "公开课", "owner": ""}


@document_type(
    CERTIFICATE,
    model=Certificate,
    title=_("Training certificate"),
    template="documents/training_certificate.html",
    may_issue=access.may_print_certificate,
    series="ZS",
    related=("course", "owner", "session", "attempt"),
    # The paper names a person: they and their admin open it from the certificate, not from the archive.
    audience=Audience.STAFF,
)
def certificate(row: Certificate, *, now: datetime) -> Content:
    """Freeze a certificate: who, which course, when, until when, and how anybody checks it (T-05)."""
    with override("zh-hans"):
        how = (
            f"考核成绩 {row.attempt.percent} 分（合格线 {row.course.pass_percent} 分）"
            if row.attempt
            else "全程参加培训"
        )
        data = {
            "title": "培训证书",
            "subtitle": "Training certificate",
            "status": {"tone": "ok", "text": "有效"} if row.state == "ok" else {"tone": "bad", "text": "已失效"},
            "facts": [
                {"label": "证书编号", "value": row.number},
                {"label": "发证日期", "value": _day(row.issued_on)},
                {"label": "有效期至", "value": _day(row.expires_on) or "长期"},
                {"label": "核验码", "value": row.code, "note": "扫码或凭编号与核验码查询"},
            ],
            "person": {"name": row.name, "organisation": row.owner.name if row.owner else profile().name},
            "course": {
                "name": row.course.name,
                "how": how,
                "hours": _plain(row.session.hours) if row.session else "",
                "period": _span(row.session) if row.session else "在线学习",
                "parts": [
                    f"{part.get_part_display()}：{part.content}" for part in row.course.parts.all() if part.content
                ],
            },
            "check": {"qr_text": check_address(row), "code": row.code},
            "issuer": {"name": "", "signed_on": f"{row.issued_on:%Y 年 %m 月 %d 日}"},
        }
    return Content(data=data, number=row.number)


@document_type(
    PLAN,
    model=TrainingPlan,
    title=_("Training plan"),
    template="documents/training_plan.html",
    may_issue=access.may_edit_plan,
    series="PX",
    related=("project__owner",),
)
def plan(row: TrainingPlan, *, now: datetime) -> Content:
    """Freeze a project's plan: the need, what the policy owes, and every session (T-01, T-02)."""
    project = row.project
    sessions = Session.objects.filter(project=project).exclude(status=Session.Status.CANCELLED)
    rows = list(sessions.select_related("course", "trainer").order_by("starts_at", "pk"))
    with override("zh-hans"):
        data = {
            "title": "培训计划",
            "subtitle": "Training plan",
            "status": {"tone": "ok", "text": "已与业主商定"} if row.agreed_on else {"tone": "wait", "text": "商定中"},
            "facts": [
                {"label": "计划编号", "value": row.number},
                {"label": "拟培训人数", "value": f"{row.people} 人"},
                {"label": "培训场次", "value": f"{len(rows)} 场"},
                {"label": "商定", "value": _day(row.agreed_on) or "—", "note": row.agreed_with},
            ],
            "project": _of(project),
            "need": row.need,
            "owed": _owed_lines(project),
            "sessions": [_session_line(session) for session in rows],
            "issuer": {"name": "", "signed_on": f"{timezone.localtime(now):%Y 年 %m 月 %d 日}"},
        }
    return Content(data=data, number=row.number)


def _owed_lines(project: Project) -> list[dict[str, Any]]:
    return [
        {
            "term": f"{line.words}（授课满 {DAY_HOURS} 小时计一天）" if line.counts_days else line.words,
            "planned": str(line.planned),
            "held": str(line.held),
            "verdict": {"ok": {"tone": "ok", "text": "已满足"}, "info": {"tone": "wait", "text": "已安排"}}.get(
                line.tone, {"tone": "warn", "text": "待安排"}
            ),
        }
        for line in planning.owed_to(project)
    ]


def _session_line(session: Session) -> dict[str, Any]:
    return {
        "number": session.number,
        "course": session.course.name,
        "time": _span(session),
        "way": str(session.get_way_display()),
        "place": session.place,
        "trainer": session.trainer.name if session.trainer else "待定",
        "hours": _plain(session.hours),
        "status": str(session.get_status_display()),
        "visit": session.visit_number,
    }


@document_type(
    SHEET,
    model=Session,
    title=_("Attendance sheet"),
    template="documents/attendance_sheet.html",
    may_issue=access.runs,
    series="PX",
    related=("course", "project__owner", "trainer"),
)
def attendance_sheet(session: Session, *, now: datetime) -> Content:
    """Freeze who was there, with signatures; before the training it is the sheet on which people sign."""
    rows = list(session.participants.taking_part().select_related("owner").order_by("registered_at", "pk"))
    present = [row for row in rows if row.attended_at]
    with override("zh-hans"):
        data = {
            "title": "培训签到表",
            "subtitle": "Attendance sheet",
            "facts": [
                {"label": "培训编号", "value": session.number},
                {"label": "时间", "value": _span(session)},
                {"label": "学时", "value": _plain(session.hours)},
                {"label": "到场", "value": f"{len(present)} / {len(rows)} 人"},
            ],
            "project": _of(session.project),
            "course": session.course.name,
            "place": session.place or str(session.get_way_display()),
            "trainer": session.trainer.name if session.trainer else "",
            "people": [_person_line(row) for row in rows],
            "blank_repair_rows": 0 if session.closed_at else BLANK_LINES,
        }
    return Content(data=data, number=session.number)


def _person_line(row: Participant) -> dict[str, Any]:
    return {
        "name": row.name,
        "organisation": row.organisation,
        "phone": row.phone,
        "signature": {"file": row.signature.name if row.signature else ""},
        "method": str(row.get_method_display()) if row.method else "",
        "at": f"{timezone.localtime(row.attended_at):%H:%M}" if row.attended_at else "",
        "hours": _plain(row.hours) if row.attended_at else "",
    }


@document_type(
    RESULTS,
    model=Session,
    title=_("Exam results"),
    template="documents/training_results.html",
    may_issue=access.runs,
    series="PX",
    related=("course", "project__owner", "trainer"),
    audience=Audience.STAFF,
)
def results(session: Session, *, now: datetime) -> Content:
    """Freeze what everybody of a session reached, attempt by attempt, with the coaching before a resit (T-05)."""
    attempts = session.attempts.exclude(status=Attempt.Status.RUNNING).select_related("user", "certificate")
    rows = list(attempts.order_by("user__name", "nth"))
    passed = {row.user_id for row in rows if row.status == Attempt.Status.PASSED}
    with override("zh-hans"):
        data = {
            "title": "培训成绩单",
            "subtitle": "Exam results",
            "facts": [
                {"label": "培训编号", "value": session.number},
                {"label": "课程", "value": session.course.name},
                {"label": "合格线", "value": f"{session.course.pass_percent} 分"},
                {"label": "合格", "value": f"{len(passed)} / {len({row.user_id for row in rows})} 人"},
            ],
            "project": _of(session.project),
            "lines": [
                {
                    "name": row.user.name,
                    "attempt": f"第 {row.nth} 次",
                    "on": _day(row.submitted_at),
                    "percent": "" if row.percent is None else str(row.percent),
                    "result": _result(row),
                    "certificate": row.certificate.number if hasattr(row, "certificate") else "",
                    "coaching": row.coaching,
                }
                for row in rows
            ],
            "issuer": {"name": "", "signed_on": f"{timezone.localtime(now):%Y 年 %m 月 %d 日}"},
        }
    return Content(data=data, number=session.number)


def _result(row: Attempt) -> dict[str, str]:
    if row.status == Attempt.Status.PASSED:
        return {"tone": "ok", "text": "合格"}
    return (
        {"tone": "wait", "text": "待阅卷"}
        if row.status == Attempt.Status.SUBMITTED
        else {"tone": "bad", "text": "不合格"}
    )


@document_type(
    RECORD,
    model=Project,
    title=_("Training record"),
    template="documents/training_record.html",
    may_issue=access.may_plan_on,
    series="PX",
    related=("owner",),
)
def record_of_project(project: Project, *, now: datetime) -> Content:
    """Freeze who was trained on what and when, with certificates: evidence for decisions on cover."""
    held = Session.objects.filter(project=project, status__in=[Session.Status.HELD, Session.Status.CLOSED])
    sessions = list(held.select_related("course", "trainer").order_by("starts_at", "pk"))
    present = Participant.objects.present().filter(session__in=sessions).select_related("owner")
    by_session = _grouped(present.order_by("attended_at", "pk"), "session_id")
    certified = Certificate.objects.filter(session__in=sessions).order_by("pk")
    numbers = {(row.session_id, row.name): row.number for row in certified}
    with override("zh-hans"):
        data = {
            "title": "工程培训记录",
            "subtitle": "Training record",
            "facts": [
                {"label": "培训场次", "value": f"{len(sessions)} 场"},
                {"label": "受训人次", "value": f"{sum(len(rows) for rows in by_session.values())} 人次"},
                {"label": "总学时", "value": _plain(sum(session.hours for session in sessions))},
                {"label": "发放证书", "value": f"{len(numbers)} 份"},
            ],
            "project": _of(project),
            "owed": _owed_lines(project),
            "sessions": [
                _session_line(session)
                | {
                    "people": [
                        _person_line(row) | {"certificate": numbers.get((session.pk, row.name), "")}
                        for row in by_session.get(session.pk, [])
                    ]
                }
                for session in sessions
            ],
            "issuer": {"name": "", "signed_on": f"{timezone.localtime(now):%Y 年 %m 月 %d 日}"},
        }
    return Content(data=data)


def _grouped(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
