"""The year's requests: how each went from the call to the owner's word, with what went wrong on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.tickets.models import Ticket, WorkOrder, WorkOrderPhoto
from apps.tickets.services import close_silent

from .content import read, repairs
from .diary import CLOSES, moment, whole_hour, working
from .job import Job
from .world import World

#: The last week belongs to what is going on now.
QUIET = timedelta(days=8)
YEAR = timedelta(days=365)
ENGINEERS = {
    "lighting": ["zhou", "wang"],
    "mep": ["li", "zhou"],
    "data_room": ["chen", "li"],
    "decoration": ["wang", "chen"],
    "planting": ["wang", "zhou"],
}
TRADES = {"street_lighting": "lighting"}
CHANNELS = [Ticket.Channel.PORTAL, Ticket.Channel.HOTLINE, Ticket.Channel.QR_CODE, Ticket.Channel.PORTAL,
            Ticket.Channel.HOTLINE, Ticket.Channel.MESSAGING]  # fmt: skip
#: What did not go straight, by the request's title.
TURNS = {
    "灯杆被车撞倾斜": "declined",
    "机组低压保护停机": "suspended",
    "背景墙石材缝开裂": "suspended",
    "交换机一块电源告警": "corrected",
    "理财中心灯具亮度不一": "cancelled",
    "蓄电池内阻超标告警": "reassigned",
    "自动门关不严，来回弹": "reopened",
    "UPS 功率模块故障告警": "second_day",
    "灯杆检修门丢失，线缆外露": "absent",
    "冷凝器趋近温度偏高": "absent",
    "自助区门夜间自动打开": "absent",
    "夜间热水不热": "by_telephone",
    "终端离线，无法远程控制": "by_telephone",
    "告警短信收不到": "by_telephone",
}


def plan_requests(world: World, taken: set[str]) -> None:
    """Write the year's repairs, upkeep, questions and withdrawn requests into the diary."""
    for project in ENGINEERS:
        stories = [
            story
            for title, story in repairs().items()
            if TRADES.get(story["trade"], story["trade"]) == project and title not in taken
        ]
        world.rng.shuffle(stories)
        extra = [line | {"level": 4} for line in read("requests")["service"] if line["project"] == project]
        for story, when in zip(stories + extra, _days(world, project, stories + extra), strict=True):
            _plan_repair(world, project, story, when)
    for kind, plan in (("answered", _plan_answer), ("withdrawn", _plan_withdrawal)):
        lines = read("requests")[kind]
        for n, line in enumerate(lines):
            first, last = _span(world, line["project"])
            plan(world, line, working(first + (last - first) * (n + 0.5) / len(lines)))
    day = timezone.localdate(world.now - YEAR)
    while day <= timezone.localdate(world.now):
        world.diary.at(moment(day, 6, 17), close_silent)
        day += timedelta(days=1)


def _span(world: World, project: str) -> tuple[datetime, datetime]:
    """Return from when to when a project had requests within the year."""
    last = world.now - (timedelta(days=24) if project == "decoration" else QUIET)
    accepted = world.accepted_on.get(project)
    first = moment(accepted, 9) + timedelta(days=8) if accepted else world.now - timedelta(days=26)
    return max(first, world.now - YEAR), last


def _days(world: World, project: str, stories: list[dict[str, Any]]) -> list[datetime]:
    """Spread a project's requests over its span; what happens in a season only happens in it."""
    first, last = _span(world, project)
    found = []
    for n, story in enumerate(stories):
        when = first + (last - first) * (n + world.rng.uniform(0.1, 0.9)) / len(stories)
        months = story.get("months")
        if months and timezone.localtime(when).month not in months:
            days = [first + timedelta(days=day) for day in range((last - first).days)]
            seasonal = [day for day in days if timezone.localtime(day).month in months]
            when = world.rng.choice(seasonal) if seasonal else when
        day = timezone.localdate(when)
        hour, minute = world.minutes(8, 16), world.minutes(0, 59)
        if story.get("kind") == "emergency":
            found.append(moment(day, hour, minute))
        else:
            found.append(working(moment(day, hour, minute)))
    return found


class Script:
    """Steps of a job one after the other, each some minutes after the one before."""

    def __init__(self, world: World, job: Job, when: datetime, *, urgent: bool) -> None:
        self.world, self.job, self.when, self.urgent = world, job, when, urgent

    def then(self, shortest: int, longest: int, step: Any, *args: Any, **values: Any) -> None:
        """Write the next step into the diary, within working hours unless it is urgent."""
        self.when += timedelta(minutes=self.world.minutes(shortest, longest))
        if not self.urgent:
            self.when = working(self.when)
        self.world.diary.at(self.when, step, *args, **values)


def _plan_repair(world: World, project: str, story: dict[str, Any], when: datetime) -> None:
    urgent = story.get("kind") == "emergency"
    channel = Ticket.Channel.HOTLINE if urgent else world.one_of(CHANNELS, "channel")
    job = Job(world, project, story, channel=channel)
    script = Script(world, job, when, urgent=urgent)
    photos = 0 if channel == Ticket.Channel.HOTLINE else world.minutes(0, 2)
    script.then(0, 0, job.report, began=timedelta(minutes=world.minutes(10, 600)), photos=photos)
    script.then(2, 6 if urgent else 35, job.acknowledge)
    for who, words in story.get("talk", []):
        if who != "engineer":
            script.then(1, 6, job.say, who, words)
    if not story.get("talk") and world.turn("small talk") % 3 == 0:
        script.then(3, 20, job.say, "owner", world.one_of(read("phrases")["answer_time"], "answer time"))
    if world.turn("staff note") % 6 == 2:  # noqa: PLR2004  every sixth
        script.then(1, 5, job.say, "note", world.one_of(read("phrases")["staff_note"], "note"))
    carry_out(script, story, project)


def carry_out(script: Script, story: dict[str, Any], project: str) -> None:
    """Dispatch, work, sign and confirm, with the turn this request takes."""
    world, job = script.world, script.job
    turn = TURNS.get(story["title"], "")
    remote = story.get("mode") == WorkOrder.Mode.REMOTE
    engineer = "support" if remote else world.one_of(ENGINEERS[project], f"engineer {project}")
    phrases = read("phrases")
    if turn == "declined":
        script.then(4, 10, job.dispatch, "zhou")
        script.then(6, 15, job.decline, world.one_of(phrases["decline"], "decline"))
        engineer = "wang"
    if turn == "cancelled":
        script.then(8, 30, job.dispatch, engineer)
        script.then(20, 40, job.cancel_order, "业主要求改到周末客户少的时候更换")
        script.then(60 * 20, 60 * 30, job.say, "owner", "周六上午可以，保安会开门。")
    _dispatch(script, engineer)
    if turn == "reassigned":
        engineer = next(name for name in ENGINEERS[project] if name != engineer)
        script.then(4, 15, job.reassign, engineer, "需两人作业且持证，改派有高压证的工程师")
    script.then(3, 25, job.accept)
    if not remote:
        _travel(script)
        for who, words in story.get("talk", []):
            if who == "engineer":
                script.then(1, 4, job.say, who, words)
    first = story | {"result": WorkOrder.Result.NOT_FIXED, **SECOND_DAY} if turn == "second_day" else story
    _work(script, first, turn, remote=remote)
    _finish_off(script, story, turn, project)


def _dispatch(script: Script, engineer: str) -> None:
    """Send somebody: at once when it is urgent or early enough, else tomorrow morning."""
    script.when += timedelta(minutes=script.world.minutes(5, 12 if script.urgent else 60))
    if not script.urgent:
        script.when = working(script.when)
    begins = whole_hour(script.when + timedelta(minutes=30))
    if not script.urgent:
        begins = working(begins if begins.hour < CLOSES - 2 else begins.replace(hour=CLOSES, minute=30))
    script.then(0, 0, script.job.dispatch, engineer, begins)


def _travel(script: Script) -> None:
    world, job = script.world, script.job
    script.then(10, 50, job.depart)
    if world.turn("on the way") % 4 == 1:
        script.then(2, 5, job.say, "engineer", world.one_of(read("phrases")["on_the_way"], "way"))
    script.then(15, 45, job.arrive)
    script.then(3, 9, job.photograph, WorkOrderPhoto.Slot.BEFORE, 1 + world.turn("before") % 2)
    if world.turn("plan") % 5 == 1:
        script.then(2, 8, job.say, "engineer", world.one_of(read("phrases")["arrived_plan"], "plan words"))


SECOND_DAY = {
    "done": "确认三号功率模块故障并退出，检查其余模块与旁路正常；现场无同型号模块，已从总库调拨，次日上午更换。",
    "test": "四模块带载 37%，输出正常，暂无冗余。",
    "prevent": "更换前请勿安排旁路操作，值班每两小时看一次面板。",
}
REOPENED = {
    "why": "关门到位开关支架松动，行程学习后仍偶发不到位，与吊轮磨损并存。",
    "done": "更换到位开关与支架，重新学习行程，连续观察 200 次开合。",
    "test": "200 次开合无回弹，关门力 90 N。",
    "prevent": "一周后电话复核，月底上门复查一次。",
}


def _work(script: Script, words: dict[str, Any], turn: str, *, remote: bool) -> None:
    world, job = script.world, script.job
    script.then(2, 12, job.start)
    if turn == "suspended":
        script.then(30, 60, job.note, cause=words["cause"], cause_note=words["why"])
        script.then(5, 20, job.suspend, "所需配件现场不足，已从总库调拨，到货后继续")
        script.then(60 * 18, 60 * 24, job.resume)
    script.then(35, 150, job.note, cause=words.get("cause", "other"), cause_note=words.get("why", ""))
    if not remote:
        script.then(5, 20, job.photograph, WorkOrderPhoto.Slot.AFTER, 1 + world.turn("after") % 2)
    script.then(3, 10, job.finish, words)
    if turn == "corrected":
        script.then(3, 8, job.correct)
        script.then(4, 9, job.finish, words)


def _finish_off(script: Script, story: dict[str, Any], turn: str, project: str) -> None:
    world, job = script.world, script.job
    phrases = read("phrases")
    if turn == "absent":
        script.then(4, 12, job.leave_unsigned, "业主不在场，" + world.one_of(phrases["absent"], "absent"))
        return
    if turn == "by_telephone":
        script.then(4, 12, job.leave_unsigned, "已电话确认，" + phrases["unsigned_by_telephone"][0])
        script.then(60 * 3, 60 * 26, job.confirm_by_telephone)
        return
    script.then(4, 15, job.sign)
    if turn in {"second_day", "reopened"}:
        if turn == "reopened":
            script.then(120, 400, job.confirm)
            script.then(60 * 20, 60 * 40, job.not_fixed, "今天早上又弹了两次，营业时间不敢关。")
        _again(script, story | (REOPENED if turn == "reopened" else {}), project)
    if world.turn("thanks") % 2 == 0:
        script.then(60, 500, job.say, "owner", world.one_of(phrases["thanks"], "thanks"))
    script.then(10, 700, job.confirm)


def _again(script: Script, words: dict[str, Any], project: str) -> None:
    job = script.job
    _dispatch(script, script.world.one_of(ENGINEERS[project], f"engineer {project}"))
    script.then(3, 20, job.accept)
    _travel(script)
    _work(script, words, "", remote=False)
    script.then(4, 12, job.sign)


def _plan_answer(world: World, line: dict[str, Any], when: datetime) -> None:
    job = Job(world, line["project"], line, channel=world.one_of(CHANNELS, "channel"))
    script = Script(world, job, when, urgent=False)
    script.then(0, 0, job.report)
    script.then(5, 40, job.acknowledge)
    script.then(40, 240, job.answer)
    if line.get("thanks") and world.turn("silence") % 4 != 3:  # noqa: PLR2004  every fourth says nothing
        script.then(30, 600, job.say, "owner", line["thanks"])
        script.then(1, 9, job.confirm)


def _plan_withdrawal(world: World, line: dict[str, Any], when: datetime) -> None:
    job = Job(world, line["project"], line, channel=Ticket.Channel.PORTAL)
    script = Script(world, job, when, urgent=False)
    script.then(0, 0, job.report, photos=1)
    script.then(5, 25, job.acknowledge)
    script.then(10, 80, job.cancel, line["reason"])
