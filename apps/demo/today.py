"""What is going on at this very moment: one request in each state, and for every engineer something in hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.tickets.models import Ticket, WorkOrderPhoto

from .content import repairs
from .diary import SATURDAY, moment, whole_hour
from .job import Job
from .world import World

BEFORE, AFTER = WorkOrderPhoto.Slot.BEFORE, WorkOrderPhoto.Slot.AFTER

#: Repairs that are told today and so not during the year.
TOLD_TODAY = {
    "水泵异响、出水压力低",
    "路灯频闪",
    "喷灌不按时启动",
    "空调底部漏水，漏水绳报警",
    "支路电流显示异常",
    "电容补偿柜功率因数偏低",
    "箱门关不严",
    "取水井水泵不出水",
    "监控平台打不开",
    "病房空调滴水",
    "东风机房排风机振动大",
    "路灯整盏不亮",
    "冷却塔漏水、地面积水",
    "香樟三株叶片发黄枯死",
    "主入口门禁刷卡慢",
    "投光灯内有水汽",
}


class _Now:
    """Writes steps of one job into the diary: minutes ago, or at a time of an earlier working day."""

    def __init__(self, world: World, job: Job) -> None:
        self.world, self.job = world, job

    def ago(self, minutes: int, step: Any, *args: Any, **values: Any) -> _Now:
        self.world.diary.at(self.world.now - timedelta(minutes=minutes), step, *args, **values)
        return self

    def earlier(self, days: int, clock: str, step: Any, *args: Any, **values: Any) -> _Now:
        """At this time of the working day so many working days before today."""
        hour, minute = map(int, clock.split(":"))
        self.world.diary.at(moment(_working_day(self.world, days), hour, minute), step, *args, **values)
        return self


def _working_day(world: World, before: int) -> date:
    day = timezone.localdate(world.now)
    while before:
        day -= timedelta(days=1)
        before -= day.weekday() < SATURDAY
    return day


def plan_today(world: World) -> None:
    """Write into the diary what is under way now."""
    _engineers_in_hand(world)
    _waiting_for_dispatch(world)
    _waiting_for_the_owner(world)


def _job(world: World, project: str, title: str, channel: str = Ticket.Channel.PORTAL) -> tuple[Job, _Now]:
    story = repairs()[title]
    job = Job(world, project, story, channel=channel)
    return job, _Now(world, job)


def _ask(world: World, project: str, channel: str = Ticket.Channel.PORTAL, **words: Any) -> tuple[Job, _Now]:
    job = Job(world, project, words, channel=channel)
    return job, _Now(world, job)


def _tomorrow(world: World, hour: int) -> datetime:
    return moment(timezone.localdate(world.now) + timedelta(days=1), hour)


def _engineers_in_hand(world: World) -> None:
    soon = whole_hour(world.now + timedelta(minutes=50))

    # Zhou: one being worked on, one this afternoon, one to accept.
    job, then = _job(world, "mep", "水泵异响、出水压力低")
    begins = world.now - timedelta(minutes=70)
    then.ago(200, job.report, timedelta(minutes=35), 2).ago(194, job.acknowledge)
    for n, (who, words) in enumerate(job.story["talk"]):
        then.ago(190 - 5 * n, job.say, who, words)
    then.ago(172, job.dispatch, "zhou", whole_hour(begins - timedelta(hours=1)), 3).ago(166, job.accept)
    then.ago(104, job.depart).ago(71, job.arrive).ago(66, job.photograph, BEFORE, 2).ago(60, job.start)
    then.ago(58, job.say, "engineer", "已到现场，2# 泵停机拆检，1#、3# 泵供水正常，预计一个半小时。")
    then.ago(22, job.note, cause="ageing", cause_note=job.story["why"])
    job, then = _job(world, "lighting", "路灯频闪", Ticket.Channel.HOTLINE)
    then.earlier(1, "19:40", job.report).earlier(1, "19:52", job.acknowledge)
    then.ago(130, job.dispatch, "zhou", soon + timedelta(hours=2)).ago(96, job.accept)
    job, then = _job(world, "planting", "喷灌不按时启动")
    then.ago(85, job.report, timedelta(days=2), 1).ago(74, job.acknowledge)
    then.ago(31, job.dispatch, "zhou", _tomorrow(world, 9))

    # Chen: on the way, and one to accept.
    job, then = _job(world, "data_room", "空调底部漏水，漏水绳报警", Ticket.Channel.HOTLINE)
    then.ago(92, job.report, timedelta(minutes=15)).ago(88, job.acknowledge)
    then.ago(81, job.say, "support", "请先用吸水机吸干地板下积水，AC-3 切到手动停机，备机会自动投入。")
    then.ago(64, job.dispatch, "chen", whole_hour(world.now - timedelta(minutes=50))).ago(57, job.accept)
    then.ago(14, job.depart).ago(12, job.say, "engineer", "我已出发，带了卡箍和吸水机，大约半小时到。")
    job, then = _job(world, "data_room", "支路电流显示异常")
    then.earlier(1, "16:10", job.report, timedelta(hours=5), 1).earlier(1, "16:32", job.acknowledge)
    then.ago(26, job.dispatch, "chen", _tomorrow(world, 14))

    # Li: a patrol (see the visits), one that waits for a part, one that came back.
    job, then = _job(world, "mep", "电容补偿柜功率因数偏低")
    then.earlier(1, "08:35", job.report, timedelta(days=3)).earlier(1, "08:52", job.acknowledge)
    then.earlier(1, "09:15", job.dispatch, "li").earlier(1, "09:24", job.accept).earlier(1, "10:20", job.depart)
    then.earlier(1, "10:56", job.arrive).earlier(1, "11:03", job.photograph, BEFORE).earlier(1, "11:10", job.start)
    then.earlier(1, "11:48", job.note, cause="ageing", cause_note=job.story["why"])
    then.earlier(1, "11:56", job.suspend, "需 30 kvar 电容器两组，已从总库调拨，下一工作日到货")
    then.earlier(1, "13:20", job.say, "owner", "好的，到货前我们先手动投一组，功率因数维持在 0.9 以上。")
    _came_back(world)

    # Wang: finished, and nobody has signed yet.
    job, then = _job(world, "lighting", "箱门关不严")
    then.earlier(1, "14:20", job.report, timedelta(days=1), 1).earlier(1, "14:45", job.acknowledge)
    appointment = whole_hour(world.now - timedelta(hours=3))
    then.earlier(1, "16:40", job.dispatch, "wang", appointment).earlier(1, "16:58", job.accept)
    then.ago(128, job.depart).ago(101, job.arrive).ago(97, job.photograph, BEFORE).ago(93, job.start)
    then.ago(33, job.photograph, AFTER).ago(24, job.finish)

    # The project manager himself has just arrived; support works from the office.
    job, then = _job(world, "planting", "取水井水泵不出水")
    then.ago(150, job.report, timedelta(hours=6), 2).ago(141, job.acknowledge).ago(120, job.dispatch, "sun")
    then.ago(112, job.accept).ago(45, job.depart).ago(11, job.arrive)
    job, then = _job(world, "lighting", "监控平台打不开")
    then.ago(110, job.report, timedelta(hours=14)).ago(103, job.acknowledge)
    for n, (who, words) in enumerate(job.story["talk"][:1]):
        then.ago(99 - n, job.say, who, words)
    then.ago(70, job.dispatch, "support", whole_hour(world.now - timedelta(hours=1))).ago(61, job.accept)
    then.ago(35, job.start).ago(18, job.note, cause="software", cause_note=job.story["why"])


def _came_back(world: World) -> None:
    """A repair that the owner confirmed four days ago and found broken again yesterday: the second round."""
    job, then = _job(world, "mep", "东风机房排风机振动大")
    then.earlier(5, "08:20", job.report, timedelta(hours=10), 1).earlier(5, "08:41", job.acknowledge)
    then.earlier(5, "09:10", job.dispatch, "li").earlier(5, "09:22", job.accept).earlier(5, "10:05", job.depart)
    then.earlier(5, "10:40", job.arrive).earlier(5, "10:52", job.photograph, BEFORE).earlier(5, "10:58", job.start)
    then.earlier(5, "14:35", job.photograph, AFTER)
    words = {
        "cause": "installation",
        "why": "减振器一只压缩过量，软接扭曲。",
        "done": "更换减振器一只，校正软接头，紧固地脚。",
        "result": "temporary",
        "test": "振动由 7.1 mm/s 降到 3.4 mm/s，噪声明显减小。",
        "prevent": "一周后复测振动。",
    }
    then.earlier(5, "14:48", job.finish, words).earlier(5, "14:57", job.sign).earlier(4, "09:30", job.confirm)
    then.earlier(1, "08:10", job.not_fixed, "昨晚顶层病房又听到嗡嗡声，比修之前小一些，但病人还是投诉。")
    then.earlier(1, "08:26", job.say, "service", "非常抱歉，已重新安排，师傅带动平衡仪上门，一次处理到位。")
    then.earlier(1, "08:50", job.dispatch, "li", _tomorrow(world, 9), 3).earlier(1, "13:35", job.accept)


def _waiting_for_dispatch(world: World) -> None:
    job, then = _job(world, "lighting", "路灯整盏不亮", Ticket.Channel.QR_CODE)
    then.ago(9, job.report, timedelta(hours=11), 1)
    job, then = _ask(
        world, "data_room", kind="consultation", title="蓄电池什么时候该整组更换",
        description="第 1 组换过两节，其余的还能用多久？想列明年预算。", level=4,
    )  # fmt: skip
    then.ago(52, job.report)
    job, then = _ask(
        world, "furniture", kind="suggestion", title="实验台希望预留网络插座", level=4,
        description="物理老师提出每张实验台加一个网口，现在改来得及吗？",
    )  # fmt: skip
    then.ago(41, job.report)
    job, then = _job(world, "mep", "冷却塔漏水、地面积水")
    then.ago(47, job.report, timedelta(hours=2), 1).ago(28, job.acknowledge)
    # Began before the acceptance: not under warranty, which the portal says at once.
    job, then = _job(world, "planting", "香樟三株叶片发黄枯死", Ticket.Channel.HOTLINE)
    then.earlier(1, "15:05", job.report, timedelta(days=46)).earlier(1, "15:18", job.acknowledge)
    then.earlier(1, "15:40", job.say, "note", "起始时间在移交之前，是否按养护期处理请项目经理定。")
    job, then = _job(world, "mep", "病房空调滴水")
    then.ago(140, job.report, timedelta(hours=1), 2).ago(131, job.acknowledge)
    then.ago(110, job.dispatch, "zhou").ago(72, job.decline, "正在水泵房抢修，无法按约定时间到场，请改派")


def _waiting_for_the_owner(world: World) -> None:
    job, then = _job(world, "data_room", "主入口门禁刷卡慢")
    then.earlier(2, "09:10", job.report, timedelta(days=1)).earlier(2, "09:27", job.acknowledge)
    then.earlier(2, "10:05", job.dispatch, "chen").earlier(2, "10:16", job.accept).earlier(1, "13:40", job.depart)
    then.earlier(1, "14:15", job.arrive).earlier(1, "14:22", job.photograph, BEFORE).earlier(1, "14:28", job.start)
    then.earlier(1, "15:40", job.photograph, AFTER).earlier(1, "15:47", job.finish).earlier(1, "15:58", job.sign)
    job, then = _job(world, "lighting", "投光灯内有水汽")
    then.earlier(2, "10:30", job.report, timedelta(days=2), 1).earlier(2, "10:52", job.acknowledge)
    then.earlier(2, "11:20", job.dispatch, "wang").earlier(2, "11:34", job.accept).earlier(1, "17:05", job.depart)
    then.earlier(1, "17:35", job.arrive).earlier(1, "17:44", job.photograph, BEFORE).earlier(1, "17:50", job.start)
    then.earlier(1, "19:20", job.photograph, AFTER, 2).earlier(1, "19:28", job.finish)
    then.earlier(1, "19:36", job.leave_unsigned, "业主不在场，夜间完工，桥面无人值守")
    job, then = _ask(
        world, "mep", kind="consultation", title="消防泵房能否加装摄像头",
        description="院里想在消防泵房加摄像头，会不会影响机电质保？", level=4,
        answer="可以加装，不影响质保。请走线槽敷设，不在水泵基础和管道支架上打孔；取电接照明回路，不接消防电源。"
        "施工前把走向图发给我们，一天内回复。",
    )  # fmt: skip
    then.earlier(1, "10:12", job.report).earlier(1, "10:30", job.acknowledge).earlier(1, "16:05", job.answer)
