"""What a column of a spreadsheet can be, by which names it is recognised, and what its cells may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.search import normalize

from ..models import Equipment, EquipmentModel, Owner, Project, Site


@dataclass(frozen=True)
class Column:
    """One thing a spreadsheet can say. ``words`` are the names people give it, in Chinese and English."""

    field: str
    label: str | Promise
    words: tuple[str, ...]
    max_length: int = 0
    choices: Mapping[str, tuple[str, ...]] | None = None
    is_date: bool = False
    is_multiline: bool = False


def _length(model: type, field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # type: ignore[attr-defined]


#: Words for the trades and sizes, besides their own names.
TRADE_WORDS: dict[str, tuple[str, ...]] = {
    Project.Trade.STREET_LIGHTING: ("路灯", "道路照明", "城市照明", "照明", "亮化", "street lighting", "lighting"),
    Project.Trade.MEP: ("机电", "机电安装", "机电工程", "mechanical and electrical", "m&e"),
    Project.Trade.DECORATION: ("装饰", "装修", "装饰装修", "decoration"),
    Project.Trade.DATA_ROOM: ("机房", "数据机房", "数据中心", "data room", "data centre", "data center"),
    Project.Trade.FURNITURE: ("家具", "办公家具", "furniture"),
    Project.Trade.PLANTING: ("绿化", "园林", "园林绿化", "景观绿化", "planting", "landscaping"),
    Project.Trade.INFORMATION_SYSTEM: ("信息系统", "信息化", "软件", "information system"),
    Project.Trade.OTHER: ("其他", "其它", "other"),
}
SIZE_WORDS: dict[str, tuple[str, ...]] = {
    EquipmentModel.SizeClass.SMALL: ("小", "小型", "small"),
    EquipmentModel.SizeClass.MEDIUM: ("中", "中型", "medium"),
    EquipmentModel.SizeClass.LARGE: ("大", "大型", "large"),
}

COLUMNS = (
    Column(
        "owner",
        _("Owner"),
        (
            "业主",
            "业主单位",
            "业主名称",
            "单位",
            "单位名称",
            "单位简称",
            "建设单位",
            "使用单位",
            "客户",
            "客户名称",
            "甲方",
            "owner",
            "owner name",
            "customer",
            "client",
        ),
        _length(Owner, "name"),
    ),
    Column(
        "project",
        _("Project"),
        ("项目", "项目名称", "工程", "工程名称", "project", "project name"),
        _length(Project, "name"),
    ),
    Column(
        "project_number",
        _("Project number"),
        ("项目编号", "项目号", "工程编号", "project number", "project no", "project no."),
        _length(Project, "number"),
    ),
    Column(
        "contract_number",
        _("Contract number"),
        ("合同编号", "合同号", "contract number", "contract no", "contract no."),
        _length(Project, "contract_number"),
    ),
    Column(
        "project_address",
        _("Project address"),
        ("项目地址", "工程地址", "工程地点", "project address"),
        _length(Project, "address"),
    ),
    Column("trade", _("Trade"), ("专业", "专业类别", "工程类别", "trade"), choices=TRADE_WORDS),
    Column(
        "department",
        _("Department"),
        ("部门", "责任部门", "负责部门", "department", "responsible department"),
        _length(Project, "department"),
    ),
    Column(
        "name",
        _("Equipment name"),
        ("设备", "设备名称", "名称", "equipment", "equipment name", "name"),
        _length(Equipment, "name"),
    ),
    Column(
        "affected",
        _("Affected equipment (one row per fault)"),
        ("影响对象", "受影响对象", "故障对象", "故障设备", "affected object", "affected equipment"),
        _length(Equipment, "name"),
    ),
    Column(
        "asset_code",
        _("Asset code"),
        (
            "资产编码",
            "资产编号",
            "资产号",
            "设备编码",
            "设备编号",
            "asset code",
            "asset number",
            "asset no",
            "asset no.",
        ),
        _length(Equipment, "asset_code"),
    ),
    Column(
        "maker",
        _("Maker"),
        ("厂家", "厂商", "生产厂家", "生产厂商", "制造商", "品牌", "maker", "manufacturer", "brand"),
        _length(EquipmentModel, "maker"),
    ),
    Column(
        "model",
        _("Model"),
        ("型号", "规格型号", "设备型号", "model", "equipment model"),
        _length(EquipmentModel, "name"),
    ),
    Column(
        "size_class",
        _("Size class"),
        ("规模", "设备规模", "规格等级", "大小", "size class", "size"),
        choices=SIZE_WORDS,
    ),
    Column(
        "serial_number",
        _("Serial number"),
        ("序列号", "出厂编号", "机身号", "sn", "s/n", "serial", "serial number", "serial no", "serial no."),
        _length(Equipment, "serial_number"),
    ),
    Column(
        "site",
        _("Site"),
        ("站点", "场所", "场地", "地点", "楼栋", "楼宇", "site", "building"),
        _length(Site, "name"),
    ),
    Column("area", _("Area"), ("区域", "分区", "楼层", "area", "zone", "floor"), _length(Site, "name")),
    Column(
        "place",
        _("Place"),
        ("位置", "具体位置", "安装位置", "安装地点", "所在位置", "place", "location", "position"),
        _length(Equipment, "place"),
    ),
    Column(
        "installed_on",
        _("Installed on"),
        ("安装日期", "安装时间", "投运日期", "投用日期", "installed on", "installation date", "install date"),
        is_date=True,
    ),
    Column(
        "parent",
        _("Part of (asset code or name)"),
        ("上级设备", "所属设备", "主设备", "父设备", "parent", "parent equipment", "part of"),
        _length(Equipment, "name"),
    ),
    Column(
        "commissioning_settings",
        _("Commissioning settings"),
        ("调试参数", "调试设定", "调试设定值", "投运参数", "commissioning settings", "settings"),
        max_length=5000,
        is_multiline=True,
    ),
)
BY_FIELD = {column.field: column for column in COLUMNS}

_DECORATION = re.compile(r"[\s_*:：]+")
_REMARK = re.compile(r"\([^()]*\)$")


def _bare(name: str) -> str:
    """Return a header without what people add to it: stars, colons, line breaks, a remark in brackets."""
    bare = _DECORATION.sub("", normalize(name))
    return _REMARK.sub("", bare) or bare


_BY_WORD = {_bare(word): column.field for column in COLUMNS for word in column.words}


def recognise(header: Sequence[str]) -> tuple[dict[int, str], list[str]]:
    """Return {position: field} of the recognised columns, and the names that were met a second time.

    Of two columns that mean the same the first counts; the other can be chosen on screen.
    """
    found: dict[int, str] = {}
    repeated: list[str] = []
    for position, name in enumerate(header):
        field = _BY_WORD.get(_bare(name))
        if field is None:
            continue
        if field in found.values():
            repeated.append(name)
        else:
            found[position] = field
    return found, repeated


def choice_of(column: Column, text: str) -> str | None:
    """Return the value that ``text`` names in a column of choices, or None."""
    wanted = normalize(text)
    for value, words in (column.choices or {}).items():
        if wanted == value or wanted in words:
            return str(value)
    return None
