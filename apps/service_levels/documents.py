"""The service promise as a document (服务承诺书). Its text is Chinese, as it is printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.documents.company import profile
from apps.documents.promise_data import SERVICE_PROMISE
from apps.documents.registry import Content, document_type
from apps.projects.access import project_manager

from . import access
from .editions import Edition
from .models import ProjectPolicy, Target
from .reading import promises_of
from .sentences import grouped, in_short, terms_in_words

M = Target.Metric
#: How the paper calls what people look for first.
HEADLINES: dict[str, str] = {
    M.ACKNOWLEDGE: "响应",
    M.ARRIVE: "到达现场",
    M.RESTORE: "恢复运行",
    M.REPAIR: "修复",
    M.SOLUTION: "给出方案",
    M.REPLACE: "更换",
    M.FOLLOW_UP: "回访",
    M.COMPLAINT_RESPOND: "投诉响应",
}
SHOWN = 4
PREAMBLE = (
    "我司对下列工程郑重承诺：按本承诺书所列时限与标准提供售后服务，服务过程全程留痕，"
    "业主可随时在服务平台查询每项承诺的计时与结果。"
)
READING = [
    "以分钟、小时计的时限按 7×24 小时连续计算，另有注明的除外；以日计的，开始当日不计入，至最后一日 24 时止。",
    "工作日按国务院办公厅公布的节假日及调休安排计算。",
    "因等待业主、业主要求改期、无法进入现场或不可抗力，计时暂停，原因与经办人均告知业主。",
    "注明“按合同约定”的，以双方合同为准。",
]


@document_type(
    access.SERVICE_PROMISE,
    model=ProjectPolicy,
    title=_("Service promise"),
    template=SERVICE_PROMISE,
    may_issue=access.may_issue_promises,
    series="CN",
    related=("project__owner", "policy__current"),
)
def service_promise(chosen: ProjectPolicy, *, now: datetime) -> Content:
    """Freeze what the owner of a project is promised: times, terms, how they are counted, who answers for it."""
    project, policy = chosen.project, chosen.policy
    company, manager = profile(), project_manager(chosen.project)
    today = timezone.localtime(now)
    promised = promises_of(chosen)
    with override("zh-hans"):
        version = f"第 {policy.current.number} 版" if policy.current else ""
        data: dict[str, Any] = {
            "title": "服务承诺书",
            "subtitle": "Service promise",
            "facts": headlines(promised, SHOWN),
            "preamble": PREAMBLE,
            "project": {
                "name": project.name,
                "owner": project.owner.name,
                "contractor": company.name,
                "address": project.address,
                "contract_number": project.contract_number,
                "policy": " · ".join(part for part in (str(policy), version) if part),
                "since": f"{timezone.localtime(chosen.since):%Y-%m-%d}",
                "manager": f"{manager.name}　{manager.phone or ''}".strip() if manager else "",
                "hotline": company.hotline,
            },
            "promises": [
                {
                    "group": group.title if nth == 0 else "",
                    "case": one.case,
                    "text": one.text,
                    "note": one.note,
                    "time": one.time,
                }
                for group in grouped(promised)
                for nth, one in enumerate(group.sentences)
            ],
            "terms": [{"name": term.name, "value": term.value} for term in terms_in_words(promised.terms)],
            "reading": READING,
            "issuer": {"name": manager.name if manager else "", "signed_on": f"{today:%Y 年 %m 月 %d 日}"},
        }
    return Content(data=data)


def headlines(promised: Edition, most: int) -> list[dict[str, str]]:
    """Return the promises people look for first as facts of a paper, in Chinese."""
    with override("zh-hans"):
        return [
            {
                "label": HEADLINES[one.metric],
                "value": one.time,
                "note": " · ".join(part for part in (one.case, f"自{one.since}起") if part),
            }
            for one in in_short(promised, most)
        ]
