"""The revisit report (工程回访报告): what was found, signed by the owner, passed to the supervisor (V-06, V-07)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.documents import paper_data as paper
from apps.documents.company import profile
from apps.documents.registry import Content, document_type
from apps.documents.services import issue
from apps.projects.models import Acceptance
from apps.tickets.models import Ticket
from apps.warranties.models import Warranty

from . import access, lifecycle
from .models import Finding, Visit, VisitCheck, VisitPlan
from .rules import due_occurrences, plain, scale

V = VisitCheck.Verdict
#: Paper is in Chinese whatever language the person who issues it reads.
KINDS = {VisitPlan.Kind.REVISIT: "回访", VisitPlan.Kind.PATROL: "巡检"}
TITLES = {kind: f"工程{word}报告" for kind, word in KINDS.items()}
WAYS = {Visit.Way.ON_SITE: "上门", Visit.Way.TELEPHONE: "电话", Visit.Way.EMAIL: "电子邮件"}
CATEGORIES = {
    Finding.Category.USE: "使用",
    Finding.Category.QUALITY: "质量",
    Finding.Category.SERVICE: "服务",
    Finding.Category.SUGGESTION: "建议",
}
VERDICTS: dict[str, paper.Status] = {
    V.OK: {"tone": "ok", "text": "合格"},
    V.ABNORMAL: {"tone": "bad", "text": "异常"},
    V.NOT_APPLICABLE: {"tone": "wait", "text": "不适用"},
}
NOT_JUDGED: paper.Status = {"tone": "wait", "text": "未判"}


@document_type(
    lifecycle.REPORT,
    model=Visit,
    title=_("Visit report"),
    template=paper.REVISIT_REPORT,
    may_issue=access.may_report,
    signed=True,
    contractor_role="回访单位（盖章）",
    owner_role="受访单位",
    contractor_position="回访工程师",
    titles={TITLES[VisitPlan.Kind.REVISIT]: _("Revisit report"), TITLES[VisitPlan.Kind.PATROL]: _("Patrol report")},
    contact=lambda visit: (visit.contact_name, visit.contact_phone),
)
def revisit_report(visit: Visit, *, now: datetime) -> Content:
    """Return the report as the visit stands (V-06)."""
    checks = list(visit.checks.all())
    findings = list(visit.findings.select_related("responsible", "ticket"))
    data: dict[str, Any] = {
        "title": TITLES[VisitPlan.Kind(visit.kind)],
        "subtitle": "Revisit report" if visit.kind == VisitPlan.Kind.REVISIT else "Patrol report",
        "status": _outcome(checks, findings),
        "facts": _facts(visit, checks, findings),
        "project": _project(visit),
        "visit": _visit(visit),
        "running": _running(visit, checks),
        "readings": [_reading(check) for check in checks if check.asks_reading],
        "findings": [_finding(finding) for finding in findings] + _suggestions(visit),
        "photos": _photos(visit),
        "conclusion": _conclusion(visit, checks, timezone.localdate(now)),
    }
    if visit.experience:
        data["experience"] = visit.experience
    return Content(number=visit.number, data=data)


@revisit_report.on_signed
def pass_on(visit: Visit, document: Any, *, actor: Any, now: datetime) -> None:
    """Issue what was signed, or what nobody could sign, and pass it to the supervisor (V-07)."""
    issue(document, actor=actor, now=now)
    lifecycle.report(visit, actor=actor, now=now)


def _outcome(checks: list[VisitCheck], findings: list[Finding]) -> paper.Status:
    abnormal = sum(check.verdict == V.ABNORMAL for check in checks)
    defects = sum(finding.category == Finding.Category.QUALITY for finding in findings)
    words = [f"{abnormal} 项异常"] * bool(abnormal) + [f"{defects} 项质量问题"] * bool(defects)
    return {"tone": "warn", "text": "·".join(words)} if words else {"tone": "ok", "text": "运行正常"}


def _facts(visit: Visit, checks: list[VisitCheck], findings: list[Finding]) -> list[paper.Fact]:
    count = {verdict: sum(check.verdict == verdict for check in checks) for verdict in V}
    facts: list[paper.Fact] = []
    if checks:
        note = f"异常 {count[V.ABNORMAL]}，不适用 {count[V.NOT_APPLICABLE]}"
        facts.append({"label": "检查", "value": f"{len(checks)} 项", "note": f"合格 {count[V.OK]}，{note}"})
    readings = [check for check in checks if check.value is not None]
    if readings:
        outside = sum(bool(check.excess) for check in readings)
        facts.append({"label": "实测读数", "value": f"{len(readings)} 项", "note": f"超限 {outside} 项"})
    defects = sum(finding.category == Finding.Category.QUALITY for finding in findings)
    facts.append(
        {
            "label": "问题与建议",
            "value": f"{len(findings) + bool(visit.suggestions)} 项",
            "note": f"其中质量问题 {defects} 项",
        }
    )
    facts.append({"label": "受访人", "value": visit.contact_name or "—", "note": visit.contact_phone})
    return facts


def _project(visit: Visit) -> dict[str, str]:
    project = visit.project
    facts = {"name": project.name, "owner": project.owner.name, "since_last": _since_last(visit)}
    if project.contract_number:
        facts["papers"] = project.contract_number
    accepted_on = Acceptance.objects.filter(project=project).values_list("accepted_on", flat=True).first()
    covered = Warranty.objects.filter(project=project, equipment=None).values_list("ends_on", flat=True).first()
    dates = [f"{accepted_on} 验收"] * bool(accepted_on) + [f"保修至 {covered}"] * bool(covered)
    if dates:
        facts["acceptance"] = "·".join(dates)
    return facts


def _since_last(visit: Visit) -> str:
    """Say when the project was last visited, and what was reported in between."""
    done = Visit.objects.filter(project=visit.project, done_at__isnull=False).exclude(pk=visit.pk)
    begun = visit.started_at or visit.done_at
    last = (done.filter(done_at__lt=begun) if begun else done).order_by("-done_at").first()
    if last is None or last.done_at is None:
        return "首次到访。"
    tickets = Ticket.objects.filter(project=visit.project, reported_at__gte=last.done_at)
    tickets = tickets.filter(reported_at__lte=visit.started_at) if visit.started_at else tickets
    statuses = list(tickets.exclude(status=Ticket.Status.CANCELLED).values_list("status", flat=True))
    words = f"上次到访 {timezone.localtime(last.done_at):%Y-%m-%d}（{last.number}）；其间"
    if not statuses:
        return f"{words}无报修。"
    still = sum(status != Ticket.Status.CLOSED for status in statuses)
    return f"{words}报修 {len(statuses)} 次，{f'{still} 次处理中' if still else '均已办结'}。"


def _choices(words: dict[Any, str], chosen: str | bool) -> list[paper.Choice]:
    return [{"label": word, "chosen": key == chosen} for key, word in words.items()]


def _visit(visit: Visit) -> dict[str, Any]:
    people = []
    if visit.assigned_to is not None:
        position = "回访工程师"
        if visit.assigned_to.licence_number:
            position = f"{position}（{visit.assigned_to.licence_number}）"
        people.append((visit.assigned_to.name, profile().short_name, position, "检查、记录"))
    if visit.contact_name:
        people.append((visit.contact_name, visit.project.owner.name, "业主代表", "受访"))
    columns = ("name", "organisation", "position", "part")
    return {
        "kind": _choices(KINDS, visit.kind),
        "way": _choices(WAYS, visit.way),
        "time": _time(visit),
        "participants": [dict(zip(columns, person, strict=True)) for person in people],
    }


def _time(visit: Visit) -> str:
    if visit.started_at is None:
        return str(visit.scheduled_on)
    start = timezone.localtime(visit.started_at)
    if visit.done_at is None:
        return f"{start:%Y-%m-%d %H:%M}"
    end = timezone.localtime(visit.done_at)
    return f"{start:%Y-%m-%d %H:%M} 至 {end:{'%H:%M' if end.date() == start.date() else '%Y-%m-%d %H:%M'}}"


def _running(visit: Visit, checks: list[VisitCheck]) -> list[dict[str, Any]]:
    """One line for the whole with the running state in words, and one for each point judged by eye."""
    judged = [check for check in checks if check.verdict in {V.OK, V.ABNORMAL}]
    abnormal = sum(check.verdict == V.ABNORMAL for check in judged)
    lines: list[dict[str, Any]] = [
        {
            "item": "总体",
            "checked": str(len(judged)) if judged else "—",
            "normal": str(len(judged) - abnormal) if judged else "—",
            "abnormal": str(abnormal) if judged else "—",
            "verdict": {"tone": "warn", "text": "有异常"} if abnormal else {"tone": "ok", "text": "正常"},
            "note": visit.running_state,
        }
    ]
    for check in checks:
        if check.asks_reading:
            continue
        counted = check.verdict != V.NOT_APPLICABLE
        lines.append(
            {
                "item": check.text,
                "checked": "1" if counted else "—",
                "normal": str(int(check.verdict == V.OK)) if counted else "—",
                "abnormal": str(int(check.verdict == V.ABNORMAL)) if counted else "—",
                "verdict": VERDICTS.get(check.verdict, NOT_JUDGED),
                "note": check.note,
            }
        )
    return lines


def _reading(check: VisitCheck) -> dict[str, Any]:
    value = f"{plain(check.value)} {check.unit}".strip() if check.value is not None else "—"
    verdict: paper.Status = VERDICTS.get(check.verdict, NOT_JUDGED)
    if check.excess:
        verdict = {"tone": "bad", "text": "超限"}
    line = {
        "item": f"{check.text}（{check.note}）" if check.note else check.text,
        "point": "—",
        "limit": check.limits or "—",
        "value": value,
        "verdict": verdict,
    }
    ruler = scale(check.lower, check.upper)
    if ruler is None or check.value is None:
        return line
    return line | {"band_start": ruler.band_start, "band_width": 50, "mark": ruler.mark(check.value)}


def _finding(finding: Finding) -> dict[str, Any]:
    action = finding.action
    if finding.ticket is not None:
        action = f"{action}；报修单 {finding.ticket.number}" if action else f"报修单 {finding.ticket.number}"
    if finding.effect:
        result: paper.Status = {"tone": "ok", "text": "已验证"}
    elif finding.answer:
        result = {"tone": "warn", "text": "已答复"}
    else:
        result = {"tone": "wait", "text": "处理中"}
    return {
        "kind": CATEGORIES[Finding.Category(finding.category)],
        "text": finding.text,
        "action": action or "转主管处理",
        "responsible": finding.responsible.name if finding.responsible else "—",
        "due_on": str(finding.due_on) if finding.due_on else "—",
        "result": result,
    }


def _suggestions(visit: Visit) -> list[dict[str, Any]]:
    """What the owner suggested in so many words is a point of its own class (V-06)."""
    if not visit.suggestions:
        return []
    return [
        {
            "kind": CATEGORIES[Finding.Category.SUGGESTION],
            "text": visit.suggestions,
            "action": "转主管答复",
            "responsible": "—",
            "due_on": "—",
            "result": {"tone": "wait", "text": "处理中"},
        }
    ]


def _photos(visit: Visit) -> list[paper.Photo]:
    photos: list[paper.Photo] = []
    for photo in visit.photos.select_related("check_point"):
        taken = timezone.localtime(photo.taken_at or photo.uploaded_at)
        caption = f"{photo.check_point.position} {photo.check_point.text}" if photo.check_point else "现场"
        photos.append({"caption": caption, "taken_at": f"{taken:%H:%M}", "file": photo.file.name})
    return photos


def _conclusion(visit: Visit, checks: list[VisitCheck], today: date) -> dict[str, Any]:
    abnormal = sum(check.verdict == V.ABNORMAL for check in checks)
    text = visit.conclusion or ("除上述异常项外，工程运行正常。" if abnormal else "经检查，工程运行正常。")
    overall = _choices({False: "正常", True: "有异常"}, bool(abnormal))
    facts: dict[str, Any] = {"text": text, "overall": overall}
    if following := _next_day(visit, today):
        facts["next_visit"] = following
    return facts


def _next_day(visit: Visit, today: date) -> str:
    """Return the next day after today on which the plan has a visit."""
    plan = visit.plan
    if plan is None or not plan.is_active:
        return ""
    after = max(visit.planned_on, today) + timedelta(days=1)
    after = max(after, plan.first_day)
    until = after + timedelta(days=31 * plan.months)
    due = due_occurrences(plan.anchor, plan.months, starts_on=after, ends_on=plan.ends_on, until=until)
    return next((f"{day}" for n, day in due), "")
