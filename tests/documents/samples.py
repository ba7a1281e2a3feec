"""Complete sample data of each printed document: a fictional city, company and project."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw

from apps.documents import paper_data as paper

COMPANY = "江州明衢照明工程有限公司"
OWNER = "江州市市政设施管理中心"
PROJECT = "江州市滨江大道（望江路至秀水桥段）道路照明提升工程"
LONG_COMPANY = "中国（江州）自由贸易试验区滨江片区明衢智慧城市照明与市政公用工程建设运营维护技术咨询服务集团股份有限公司江州市第一分公司"


def png(width: int, height: int, colour: str = "#41627c", *, strokes: bool = False) -> bytes:
    """Return a picture: a plain area with a bright disc, or the strokes of a signature on nothing."""
    picture = Image.new("RGBA", (width, height), "#ffffff00" if strokes else colour)
    draw = ImageDraw.Draw(picture)
    if strokes:
        points = [(x, height / 2 + (height / 3) * (-1) ** (x // 20)) for x in range(6, width - 6, 10)]
        draw.line(points, fill="#14234b", width=4, joint="curve")
    else:
        draw.ellipse((width * 0.4, height * 0.25, width * 0.6, height * 0.55), fill="#f2d98c")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def data_uri(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


STROKES = data_uri(png(240, 90, strokes=True))
IMAGES = {f"photos/{number}.jpg": data_uri(png(200, 150)) for number in range(1, 13)}


def letterhead(company: str = COMPANY) -> paper.Letterhead:
    return {
        "company": company,
        "address": "江州市滨江区示范路 88 号",
        "hotline": "400-000-1621",
        "website": "service.example.com",
        "logo": "",
    }


def issue(number: str, issued_at: str) -> paper.IssueFacts:
    return {
        "number": number,
        "version": 1,
        "issued_at": issued_at,
        "check_code": "7c41-9e0b-52da",
        "verify_url": f"https://service.example.com/v/{number}",
        "token": "",
    }


def choices(labels: str, *chosen: int) -> list[paper.Choice]:
    return [{"label": text, "chosen": place in chosen} for place, text in enumerate(labels.split())]


def rows(keys: str, *lines: str) -> list[Any]:
    """Return a dict for each line of values separated by |."""
    return [dict(zip(keys.split(), line.split("|"), strict=True)) for line in lines]


def photos(count: int) -> list[paper.Photo]:
    return [
        {
            "label": f"维修{'后' if number % 2 == 0 else '前'} {(number + 1) // 2}",
            "taken_at": "20:55",
            "caption": "东侧 14 盏不亮",
            "file": f"photos/{number}.jpg",
        }
        for number in range(1, count + 1)
    ]


def warranty_card(company: str = COMPANY, equipment_lines: int = 9) -> paper.WarrantyCardData:
    equipment = rows(
        "name model serial quantity location maker_cover_until",
        "LED 路灯|明衢 MQ-SL150，150 W|SL150-26-0001～0120|120|全线双侧|2029-06-30",
        "照明配电箱|明衢 MQ-LP400|MQLP400-26-0001～0006|6|PDX-01 至 PDX-06|2028-03-31",
        "单灯控制器|恒联 HL-NB20|HL20260314-0001～0120|120|各灯杆检修门内|2028-12-31",
        "监控终端 RTU|恒联 HL-RTU8|HLRTU8-26-11～16|6|各配电箱内|2028-12-31",
        "灯杆（12 m 单臂）|固林 GL-12D，热镀锌|GL12D-2603-001～120|120|全线双侧|2031-06-28",
        "箱式变压器|安元 AY-YB-160|AYYB160-2511-0047|1|K2+150 东侧|2027-11-20",
        "剩余电流断路器 63 A|正川 ZC-L63|ZCL63-26-0001～0048|48|各配电箱出线|2028-06-28",
        "浪涌保护器|正川 ZC-SPD40|ZCSPD40-26-01～12|12|各配电箱进线|2028-06-28",
        "照明监控软件|明衢 MQ-LightView 3.2|LV32-JZ-00417|1|业主监控中心|2028-06-28",
    )
    for place in (1, 5):
        equipment[place]["maker_ends_first"] = True
    return {
        "title": "工程质量保修卡",
        "subtitle": "Warranty card",
        "letterhead": letterhead(company),
        "issue": issue("BX-2026-000318", "2026-07-15 10:20"),
        "status": {"tone": "ok", "text": "保修有效"},
        "facts": rows(
            "label value note",
            "保修起算|2026-06-28|竣工验收合格之日",
            "最早一项到期|2028-06-28|电气管线、设备安装、绿化",
            "承保设备|434 台（套）|清单见附页",
            "报修值守·全天 24 小时|400-000-1621|扫右上二维码亦可报修",
        ),
        "project": {
            "name": PROJECT,
            "contractor": company,
            "address": "江州市滨江区滨江大道 K0+000 至 K4+320",
            "contract_number": "JZSZ-2025-LD-0417",
            "owner": OWNER,
            "owner_contact": "林平（设施科科长），139-0000-2208",
            "start_basis": "双方签署的竣工验收报告 JZ-YS-2026-017",
            "defect_liability": "24 个月，至 2028-06-28",
            "principle": "凡设计、材料或施工造成的缺陷，保修期内由我司无偿修复；先恢复使用，后分清责任，保障道路照明。",
        },
        "coverage_note": "按类别分别计算；起算日不计入，至末月对应日止",
        "coverage": rows(
            "category scope term starts_on ends_on statutory_minimum",
            "灯杆基础|混凝土基础、地脚螺栓|设计年限 30 年|2026-06-28|2056-06-28|设计使用年限",
            "防渗漏|手孔井、箱变基础与进线口|5 年|2026-06-28|2031-06-28|5 年",
            "电气管线|电缆、保护管、接地装置|2 年|2026-06-28|2028-06-28|2 年",
            "设备安装|配电箱、单灯控制器、监控终端|2 年|2026-06-28|2028-06-28|2 年",
            "灯具|LED 光源、驱动电源、灯体密封|3 年|2026-06-28|2029-06-28|合同约定",
            "灯杆|杆体防腐、焊缝、检修门|5 年|2026-06-28|2031-06-28|合同约定",
            "绿化恢复|施工带内草坪与行道树养护|24 个月|2026-06-28|2028-06-28|合同约定",
        ),
        "free_of_charge": [
            "修理、更换、调试及所需材料、人工、差旅",
            "换上的部件：保修至工程保修期满，且不少于 12 个月",
            "同一部件或整机修理超过 3 次的，予以更换",
            "期满后 24 个月内查明的隐蔽缺陷，免费更换",
        ],
        "not_covered": [
            "使用或管理不当、擅自改动、挪作他用",
            "人为破坏、交通事故、第三方施工损坏",
            "不可抗力；电源浪涌、强电磁场干扰",
            "计算机病毒、未经许可接入网络",
        ],
        "promises_note": "方案「滨江照明 2026」；自报修时起算；紧急情况不分昼夜与节假日",
        "promises": rows(
            "label value note",
            "受理|15 分钟|给出编号",
            "初步诊断|2 小时|可远程 4 小时解决",
            "到达现场|24 小时|紧急 8 小时",
            "修复（自到场）|8 小时|复杂 24 小时",
            "维修后回访|3 日|不满意即重开",
            "定期回访|每季|巡检每月",
        ),
        "promises_terms": "未按时派工的，建设单位可另行委托，费用由我司承担（从质量保证金列支）。"
        "本卡于竣工后一个月内签发；期满前 90、30、7 日书面提醒。",
        "responsible": rows(
            "duty department name phone",
            "售后负责人|工程售后服务部|周启明|138-0000-1601",
            "项目经理|市政照明事业部|于文|138-0000-1607",
            "定点工程师|滨江服务站|王川、丁山|138-0000-1612",
            "应急值班|调度中心（24 小时）|值班长|400-000-1621 转 1",
        ),
        "issuer": {"name": "周启明", "signed_on": "2026 年 07 月 15 日"},
        "equipment_note": "9 类 434 台（套）；序列号逐台见核对页",
        "equipment": [equipment[number % len(equipment)] for number in range(equipment_lines)],
        "agreement": "双方约定：本工程保修往来采用可靠的电子签名与印章，以核对页的验证结果为准。"
        "厂家质保早于工程保修期满的（以三角标示），差额期间由我司承担。",
        "versions": rows("on version reason by", "2026-07-15|第 1 版|首次签发|周启明"),
        "blank_repair_rows": 10,
        "instructions": [
            "检修门、配电箱应上锁，钥匙由专人保管；非持证人员不得开启。",
            "节日挂饰、通信设备上杆，请先与我司核算荷载与用电，并书面确认。",
            "发现漏电、倾斜、线缆外露，请先断电并设围挡，再拨打报修电话；紧急情况立即出动。",
        ],
    }


def repair_sheet(company: str = COMPANY, photo_count: int = 4) -> paper.RepairSheetData:
    promises = rows(
        "promise started target due actual elapsed",
        "受理并给出编号|报修 11-18 19:42|15 分|2026-11-18 19:57|2026-11-18 20:01|19 分",
        "到达现场|报修 11-18 19:42|24 小时|2026-11-19 19:42|2026-11-18 20:54|1 小时 12 分",
        "定位并提出方案|到场 11-18 20:54|2 小时|2026-11-18 22:54|2026-11-18 21:31|37 分",
        "一般修复|到场 11-18 20:54|8 小时|2026-11-19 04:54|2026-11-18 23:26|2 小时 32 分",
        "完工后回访|完工 11-18 23:26|3 日|2026-11-21 23:26|未到期|无暂停",
    )
    results = (("bad", "迟 4 分"), ("ok", "按时"), ("ok", "按时"), ("ok", "按时"), ("wait", "待回访"))
    for line, (tone, text) in zip(promises, results, strict=True):
        line["result"] = {"tone": tone, "text": text}
    return {
        "title": "故障维修单",
        "subtitle": "Repair sheet",
        "letterhead": letterhead(company),
        "issue": issue("WX-2026-001207", "2026-11-18 23:42"),
        "status": {"tone": "ok", "text": "已修复"},
        "facts": rows(
            "label value note",
            "保修判定|保内·免费|保修卡第 4 项，至 2028-06-28",
            "到场用时|1 小时 12 分|承诺 24 小时",
            "到场至修复|2 小时 32 分|承诺 8 小时",
            "业主应付|¥ 0.00|费用 ¥ 1,486.00 由我司承担",
        ),
        "request": {
            "project": PROJECT,
            "requested_by": f"{OWNER}·林平",
            "contact": "139-0000-2208·设备二维码",
            "reported_at": "2026-11-18 19:42（始于约 19:30）",
            "level": "三级·部分功能失效",
            "equipment": "3 号照明配电箱 PDX-03（MQ-LP400，序列号 MQLP400-26-0003），滨江大道 K2+160 东侧绿化带",
            "symptom": "K2+000 至 K2+480 东侧 14 盏路灯不亮，西侧正常；箱体有焦糊气味。行人摸黑通行，请尽快处理。",
        },
        "coverage": {
            "verdict": {"tone": "ok", "text": "保内，免费"},
            "liable": choices("承包人 发包人 第三方 不可抗力 供应商 待定", 0),
            "reason": "故障时点在保修卡 BX-2026-000318 第 4 项「设备安装」期内"
            "（2026-06-28 至 2028-06-28，2 年）；现场未见外力、浪涌或私接痕迹，不属除外原因。双方在场确认。",
        },
        "dispatch": {
            "dispatched": "2026-11-18 20:01 调度何静，就近且持证",
            "engineers": "王川（上岗证 DG-0461）、丁山（DG-0478）",
            "briefing": "先查 3 号箱东侧 L2 回路，疑端子过热；带 63 A 断路器、端子排、热像仪；箱内通信电源勿误断。",
            "safety": choices("停电、验电、挂牌 绝缘手套与垫 围挡与交通警示 登高 动火 有限空间", 0, 1, 2),
            "safety_note": "20:58 交底",
        },
        "promises_note": "方案「滨江照明 2026」，7 × 24 小时日历",
        "promises": promises,
        "work": {
            "cause": "L2 回路断路器下口端子压接不足，夜间满载长期过热，相间短路，断路器损坏。代码：松动、过热、安装。",
            "process": "20:58 断电验电；21:10 热像与开盖检查，L2 第 4、5 位烧蚀；21:31 提出方案，林平同意；"
            "拆除烧蚀断路器 2 只与端子排 1 组，清理炭化物，更换并按 4.5 Nm 复紧 48 个端子；"
            "22:50 逐相送电，观察 30 分钟。",
            "result": {"tone": "ok", "text": "已恢复"},
            "result_note": "14 盏全部点亮，单灯控制在线 14/14。无遗留问题。",
            "test": "绝缘电阻 86 MΩ（限值 ≥ 2）；满载端子温升 21 K（限值 ≤ 50）；"
            "末端电压 221 V（限值 198 至 235）；剩余电流动作 26 ms（限值 ≤ 100）。",
            "prevention": "同批 6 只配电箱于 2026-11-25 前全部复紧并测温；"
            "安装作业卡增加力矩值与双人复核；列入每季清扫必测项。",
        },
        "parts_note": "原厂件；新件保修至 2028-06-28",
        "parts": rows(
            "name old_serial new_serial old_part quantity unit_price amount",
            "断路器 ZC-L63，63 A，3P，带剩余电流保护|ZCL63-26-0019|ZCL63-26-0311|带回检测|1|268.00|268.00",
            "断路器 ZC-L63，63 A，3P，带剩余电流保护|ZCL63-26-0020|ZCL63-26-0312|带回检测|1|268.00|268.00",
            "接线端子排 UK-35，12 位，含端板与标记条|无序列号|UK35-2609-1187|带回报废|1|392.00|392.00",
            "铜编织软连接 35 mm²|无序列号|无序列号|业主留存|2|90.00|180.00",
        ),
        "parts_total": "1,108.00",
        "charges": rows(
            "item basis amount ours owners",
            "材料|见更换零部件|1,108.00|1,108.00|0.00",
            "人工|2 人 × 2.5 小时 × 60.00|300.00|300.00|0.00",
            "差旅|工程车 26 公里 × 3.00|78.00|78.00|0.00",
        ),
        "charges_total": {
            "item": "合计",
            "basis": "业主应付：零元整",
            "amount": "1,486.00",
            "ours": "1,486.00",
            "owners": "0.00",
        },
        "photos_note": "2026-11-18；时间取自照片，原图存档",
        "photos": photos(photo_count),
        "conduct": [
            {"statement": "出示有效上岗证", "choices": choices("是 否", 0)},
            {"statement": "照价目收费、开具收据", "choices": choices("是 否 无费用", 2)},
            {"statement": "事先说明故障与方案", "choices": choices("是 否", 0)},
            {"statement": "未索取、未收受礼品", "choices": choices("是 否", 0)},
            {"statement": "旧件当面出示并交代去向", "choices": choices("是 否", 0)},
            {"statement": "清理现场、恢复原状", "choices": choices("是 否", 0)},
        ],
        "opinion": {
            "satisfaction": choices("满意 比较满意 一般 不太满意 不满意", 0),
            "text": "来得快，讲得清楚。请尽快把其余配电箱也查一遍。",
        },
    }


def short_repair_sheet() -> paper.RepairSheetData:
    """Return a sheet without the sections that come from later work: nothing of them may be seen."""
    sheet = repair_sheet(photo_count=2)
    for key in ("promises", "parts", "parts_total", "charges", "charges_total", "conduct", "opinion"):
        sheet.pop(key)  # type: ignore[misc]
    return sheet


def signature(role: str, organisation: str, name: str, position: str, **more: Any) -> paper.SignatureBlock:
    block: dict[str, Any] = {
        "role": role,
        "organisation": organisation,
        "name": name,
        "position": position,
        "method": "于本人手机手写 23:41",
        "signed_on": "2026 年 11 月 18 日",
        "image": STROKES,
    }
    return block | more  # type: ignore[return-value]


def repair_signatures(company: str = COMPANY) -> list[paper.SignatureBlock]:
    return [
        signature("承修单位（盖章）", company, "王川", "维修工程师·DG-0461", seal=True),
        signature("业主", OWNER, "林平", "设施科科长·短信验证 139****2208"),
    ]


def absent_signatures() -> list[paper.SignatureBlock]:
    """Return our signature, and in the place of the owner's the reason why nobody signed, with a photo."""
    absent = signature("业主", OWNER, "", "", image="", method="", witness="门卫 赵工")
    absent["unsigned_reason"] = "现场无人，电话告知林平，约定次日补签"
    absent["unsigned_photo"] = {"caption": "现场恢复供电", "taken_at": "23:30", "file": "photos/1.jpg"}
    return [repair_signatures()[0], absent]
