"""The warranty card as a document (W-05). Its text is Chinese, as it is printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.documents.company import profile
from apps.documents.paper_data import WARRANTY_CARD
from apps.documents.registry import Content, document_type
from apps.projects.models import Acceptance, Equipment, OwnerPerson, Project, ProjectPerson
from apps.service_levels.documents import headlines
from apps.service_levels.reading import policy_of, promises_of
from apps.service_levels.sentences import terms_in_words

from . import access
from .models import WarrantyCard

#: W-03: free in warranty, and the causes that are chargeable even then.
FREE = ["修理、更换及所需材料、人工", "保修期内的维护保养", "维修往返差旅"]
NOT_COVERED = [
    "业主使用或管理不当、挪作他用",
    "人为故意损坏",
    "不可抗力",
    "计算机病毒、未经许可接入网络",
    "电源浪涌、强电磁场干扰",
]
PRINCIPLE = "凡属设计、材料或施工原因造成的缺陷，保修期内由我司负责修复；先恢复使用，后分清责任。"
INSTRUCTIONS = [
    "报修时请说明工程名称、设备名称与位置、故障现象；设备贴有标签的，扫码即可报修。",
    "发现漏电、漏水、倾斜等危险情形，请先切断电源或水源并设置警示，再拨打报修电话。",
    "未经我司书面同意，请勿自行拆改设备或改变用途。",
]
BLANK_REPAIR_ROWS = 8
#: As many as stand in one line of the card.
SHOWN_PROMISES = 5
SHOWN_TERMS = 5
#: Terms of this rule stand in the cover already.
COVER_RULE = "W-01"


@document_type(
    access.CARD,
    model=WarrantyCard,
    title=_("Warranty card"),
    template=WARRANTY_CARD,
    may_issue=access.may_issue,
    series="BX",
)
def warranty_card(card: WarrantyCard, *, now: datetime) -> Content:
    """Freeze what W-05 prescribes: works, principle, cover, what is not, promises in force, who is responsible."""
    warranty = card.warranty
    project = warranty.project
    equipment = _equipment(project)
    company = profile()
    today = timezone.localtime(now)
    with override("zh-hans"):
        basis = str(warranty.get_basis_display())
        department = project.department
        reference = Acceptance.objects.filter(project=project).values_list("reference", flat=True).first() or ""
        data: dict[str, Any] = {
            "title": "工程质量保修卡",
            "subtitle": "Warranty card",
            "status": {"tone": "ok", "text": "保修有效"}
            if warranty.starts_on <= today.date() <= warranty.ends_on
            else {"tone": "wait", "text": "已过保修期"},
            "facts": [
                {"label": "保修起算", "value": f"{warranty.starts_on}", "note": basis},
                {"label": "保修到期", "value": f"{warranty.ends_on}", "note": f"{warranty.months} 个月"},
                {"label": "承保设备", "value": f"{len(equipment)} 台（套）", "note": "清单见附页" if equipment else ""},
                {"label": "报修电话", "value": company.hotline or "—", "note": "扫设备标签亦可报修"},
            ],
            "project": {
                "name": project.name,
                "contractor": company.name,
                "address": project.address,
                "contract_number": project.contract_number,
                "owner": project.owner.name,
                "owner_contact": _owner_contact(project),
                "start_basis": f"{basis} {reference}".strip(),
                "principle": PRINCIPLE,
            },
            "coverage_note": "起算日不计入，至末月对应日止",
            "coverage": [
                {
                    "category": "整体工程",
                    "scope": warranty.scope_text or "合同范围内全部工程内容",
                    "term": f"{warranty.months} 个月",
                    "starts_on": f"{warranty.starts_on}",
                    "ends_on": f"{warranty.ends_on}",
                }
            ],
            "free_of_charge": FREE,
            "not_covered": NOT_COVERED,
            **_promises(project),
            "responsible": _responsible(project, department, company.hotline),
            "issuer": {"name": _issuer(project), "signed_on": f"{today:%Y 年 %m 月 %d 日}"},
            "equipment": equipment,
            "equipment_note": f"共 {len(equipment)} 台（套）",
            "blank_repair_rows": BLANK_REPAIR_ROWS,
            "instructions": INSTRUCTIONS,
        }
    return Content(data=data)


def _promises(project: Project) -> dict[str, Any]:
    """The service promises in force, in short; nothing for a project without a policy."""
    chosen = policy_of(project)
    if chosen is None:
        return {}
    promised = promises_of(chosen)
    terms = [term.plain for term in terms_in_words(promised.terms) if term.rule != COVER_RULE]
    return {
        "promises": headlines(promised, SHOWN_PROMISES),
        "promises_note": f"{chosen}，全文见服务承诺书",
        "promises_terms": "；".join(terms[:SHOWN_TERMS]),
    }


def _owner_contact(project: Project) -> str:
    person = (
        OwnerPerson.objects.filter(owner=project.owner_id, kind=OwnerPerson.Kind.ADMIN, user__is_active=True)
        .select_related("user")
        .first()
    )
    if person is None:
        return project.owner.phone
    position = f"（{person.position}）" if person.position else ""
    return "，".join(part for part in (f"{person.user.name}{position}", person.user.phone or "") if part)


def _responsible(project: Project, department: str, hotline: str) -> list[dict[str, str]]:
    people = ProjectPerson.objects.filter(
        project=project, role__in=[ProjectPerson.Role.MANAGER, ProjectPerson.Role.DESIGNATED_ENGINEER]
    ).select_related("user")
    lines = [
        {
            "duty": str(person.get_role_display()),
            "department": department,
            "name": person.user.name,
            "phone": person.user.phone or "",
        }
        for person in sorted(people, key=lambda person: person.role != ProjectPerson.Role.MANAGER)
    ]
    return [*lines, {"duty": "报修值守", "department": "客户服务中心", "name": "值班客服", "phone": hotline}]


def _issuer(project: Project) -> str:
    row = ProjectPerson.objects.filter(project=project, role=ProjectPerson.Role.MANAGER).select_related("user").first()
    return row.user.name if row else ""


def _equipment(project: Project) -> list[dict[str, Any]]:
    rows = Equipment.objects.filter(project=project).select_related("model", "site__parent").order_by("asset_code")
    return [
        {
            "name": row.name,
            "model": str(row.model) if row.model else "",
            "serial": row.serial_number or row.asset_code,
            "quantity": "1",
            "location": row.where,
        }
        for row in rows
    ]
