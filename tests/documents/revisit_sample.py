"""Complete sample data of the revisit report."""

from typing import Any

from apps.documents import paper_data as paper

from .samples import COMPANY, OWNER, PROJECT, choices, issue, letterhead, rows, signature

GRADES = "满意 比较满意 一般 不太满意 不满意"


def _judged(key: str, lines: list[Any], *states: str) -> list[Any]:
    """Add a status to each line, from "tone text"."""
    for line, state in zip(lines, states, strict=True):
        tone, text = state.split()
        line[key] = {"tone": tone, "text": text}
    return lines


def _readings() -> list[paper.Reading]:
    lines = rows(
        "item point limit value",
        "机动车道照度|K0+400、K2+200、K4+000|≥ 20.0|27.4 lx",
        "照度均匀度|同上，60 点网格|≥ 0.40|0.52",
        "功率因数|6 只配电箱最低值|≥ 0.90|0.95",
        "末端电压|L2 回路末盏|198 至 235|221 V",
        "三相负载不平衡|1 至 6 号箱最大值|≤ 15|8.3 %",
        "绝缘电阻|电缆对地最低值|≥ 2.0|86 MΩ",
        "接地电阻|1 至 4、6 号箱最大值|≤ 4.0|2.6 Ω",
        "接地电阻|5 号箱|≤ 4.0|5.2 Ω",
        "满载端子温升|48 个端子最大值|≤ 50|23 K",
        "灯杆垂直度偏差|抽 24 杆最大值|≤ 3.0|1.7 ‰",
    )
    bars = [
        "50 50 68",
        "50 50 65",
        "50 50 75",
        "26 53 59",
        "0 50 28",
        "2 98 86",
        "0 50 32",
        "0 50 65",
        "0 62 29",
        "0 50 28",
    ]
    for line, bar in zip(lines, bars, strict=True):
        line["band_start"], line["band_width"], line["mark"] = (int(part) for part in bar.split())
    return _judged("verdict", lines, *["ok 合格"] * 7, "bad 超限", *["ok 合格"] * 2)


def revisit_report(company: str = COMPANY) -> paper.RevisitReportData:
    return {
        "title": "工程回访报告",
        "subtitle": "Revisit report",
        "letterhead": letterhead(company),
        "issue": issue("HF-2026-000086", "2026-11-21 18:05"),
        "status": {"tone": "warn", "text": "基本正常·1 项整改中"},
        "facts": rows(
            "label value note",
            "亮灯率|99.2 %|119 / 120 盏，合同 ≥ 98 %",
            "实测读数|9 项合格|共 10 项，1 项超限",
            "问题|4 项|已闭环 3，整改中 1",
            "满意度|96 分|6 项平均，1 人作答",
        ),
        "project": {
            "name": PROJECT,
            "owner": OWNER,
            "papers": "JZSZ-2025-LD-0417·BX-2026-000318",
            "scale": "4.32 km，路灯 120 盏，配电箱 6 只",
            "acceptance": "2026-06-28·最早一项 2028-06-28",
            "since_last": "首次回访（交付后 145 日，承诺半年内）。其间报修 3 次，均已修复；"
            "停灯合计 5 小时 10 分，系统可用率 99.85 %。",
        },
        "visit": {
            "kind": choices("例行 季节 技术 期满", 0),
            "way": choices("上门 电话 函件 座谈", 0),
            "time": "2026-11-20 17:30 至 20:40（含夜间测光）",
            "weather": "多云，9 ℃，相对湿度 62 %，路面干燥",
            "participants": rows(
                "name organisation position part",
                "丁山|我司·滨江服务站|定点工程师（DG-0478）|回访负责、测量",
                "王川|我司·滨江服务站|定点工程师（DG-0461）|配电箱检查、测温",
                "林平|业主·设施科|设施科科长|受访、见证",
            ),
        },
        "running": _judged(
            "verdict",
            rows(
                "item checked normal abnormal note",
                "灯具与光源|120|119|1|K3+120 西侧 1 盏驱动电源失效，当场更换",
                "灯杆与基础|120|120|0|垂直度、防腐、检修门锁完好",
                "配电箱与接地|6|5|1|5 号箱接地电阻超限；端子已全部复紧",
                "监控与单灯控制|126|126|0|30 日在线率 99.6 %，策略按季调整",
            ),
            "warn 有异常",
            "ok 正常",
            "warn 有异常",
            "ok 正常",
        ),
        "readings_note": "灰带为允许范围，竖标为实测；限值出自设计文件与合同附件二",
        "readings": _readings(),
        "instruments": "照度计 ZD-07（检定至 2027-03-11）、接地电阻仪 JD-02（至 2027-01-19）、"
        "热像仪 RX-04（至 2027-05-30）。",
        "findings": _judged(
            "result",
            rows(
                "kind text action responsible due_on verified_at",
                "质量|5 号箱接地电阻 5.2 Ω，超限值 4 Ω|加打接地极 2 根并复测；"
                "整改单 ZG-2026-0041，报修 WX-2026-001213|王川|2026-11-27|",
                "质量|K3+120 西侧 1 盏不亮，驱动电源失效|更换驱动电源（保内），点亮 2 小时复查|丁山|2026-11-20|11-20 20:30",
                "使用|12 号杆私挂广告灯箱，取电于检修门|书面告知风险，业主当日拆除|林平|2026-11-20|11-21 09:00",
                "建议|冬季希望早开灯 10 分钟|监控平台改用冬季策略，自 11-21 起执行|丁山|2026-11-21|11-21 17:05",
            ),
            "warn 整改中",
            *["ok 已验证"] * 3,
        ),
        "photos": [
            {"label": "问题 1", "taken_at": "18:25", "caption": "5 号箱接地 5.2 Ω", "file": "photos/1.jpg"},
            {
                "label": "问题 2 前",
                "taken_at": "17:52",
                "caption": "K3+120 西侧不亮",
                "file": "photos/2.jpg",
            },
            {"label": "问题 2 后", "taken_at": "20:30", "caption": "点亮 2 小时", "file": "photos/3.jpg"},
            {
                "label": "问题 3",
                "taken_at": "",
                "caption": "业主确认",
                "file": "",
                "missing_reason": "业主当日自行拆除",
            },
        ],
        "satisfaction": {
            "note": "受访人在本人手机作答；满意 90 至 100，比较满意 80 至 89，一般 60 至 79，不太满意 40 至 59，不满意 0 至 39",
            "grades": GRADES.split(),
            "lines": [
                {"item": item, "answers": choices(GRADES, 0), "score": score}
                for item, score in zip(
                    ["工程质量", "运行稳定", "响应及时", "人员态度", "技术能力", "资料与沟通"],
                    ["95", "92", "98", "100", "96", "95"],
                    strict=True,
                )
            ],
        },
        "conclusion": {
            "text": "工程运行基本正常，照明效果与可用率符合合同约定。除 5 号箱接地电阻一项限期整改外，"
            "其余问题均已处理并经业主验证。同批配电箱端子复紧与测温已全部完成，未再发现过热。"
            "整改复测合格后，由我司书面回报业主并归入工程档案。",
            "overall": choices("正常 基本正常 不正常", 1),
            "next_visit": "2027-03（季节回访，春季检修后）",
        },
    }


def revisit_signatures(company: str = COMPANY) -> list[paper.SignatureBlock]:
    return [
        signature("回访单位（盖章）", company, "丁山", "定点工程师·DG-0478", seal=True),
        signature("受访单位", OWNER, "林平", "设施科科长"),
        signature(
            "主管审批",
            "",
            "于文",
            "项目主管",
            decision=choices("同意 退回", 0),
            remark="整改按期复测，结果报我。",
        ),
    ]
