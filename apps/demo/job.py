"""One request and its work orders: each method is a step that somebody takes at a moment of the diary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from apps.projects.models import Equipment
from apps.tickets import lifecycle, milestones, order_lifecycle, promise_services, services
from apps.tickets.models import Ticket, WorkOrder, WorkOrderPhoto

from . import paper, pictures
from .content import read
from .diary import whole_hour
from .world import World

SHEET = order_lifecycle.SHEET
Slot = WorkOrderPhoto.Slot
QUESTIONS = {Ticket.Kind.CONSULTATION, Ticket.Kind.SUGGESTION}
#: Who of the owner reports and signs on a project: the first most of the time.
CONTACTS = {
    "lighting": ["xu", "lin", "xu"],
    "mep": ["tang", "tang", "shen"],
    "data_room": ["pan", "pan", "fang"],
    "decoration": ["luo", "luo", "fang"],
    "furniture": ["yu", "qian"],
    "planting": ["gao", "gao", "lin"],
}


@dataclass
class Job:
    """A request with its story's words, whoever it concerns, and what has become of it so far."""

    world: World
    project: str
    story: dict[str, Any]
    equipment: Equipment | None = None
    contact: str = ""
    channel: str = Ticket.Channel.PORTAL
    ticket: Any = None
    order: Any = None
    turn: int = field(init=False)

    def __post_init__(self) -> None:
        self.contact = self.contact or self.world.one_of(CONTACTS[self.project], f"contact {self.project}")
        self.turn = self.world.turn("photo")

    @property
    def _owner(self) -> Any:
        return self.world.people[self.contact]

    @property
    def _service(self) -> Any:
        return self.world.people["service"]

    @property
    def _engineer(self) -> Any:
        return self.order.engineer

    @property
    def _subject(self) -> tuple[str, str]:
        """What stands on a photo: the thing and its place."""
        if self.equipment is None:
            return self.ticket.project.name, self.ticket.place
        return self.equipment.name, self.equipment.where

    # --- The request -------------------------------------------------------------------------------------------

    def report(self, began: timedelta = timedelta(0), photos: int = 0, *, now: datetime) -> None:
        """Somebody of the owner reports it in the portal or at the label; by telephone customer service writes it."""
        if self.equipment is None and self.story.get("on"):
            self.equipment = self.world.piece(self.project, self.story["on"])
        equipment = self.equipment
        by_owner = self.channel in {Ticket.Channel.PORTAL, Ticket.Channel.QR_CODE, Ticket.Channel.MESSAGING}
        taken = [
            pictures.photo(equipment.name, equipment.where, now - timedelta(minutes=4 + n), good=False, turn=self.turn)
            for n in range(photos if equipment else 0)
            if equipment
        ]
        self.ticket = services.open_ticket(
            project=self.world.projects[self.project],
            equipment=equipment,
            kind=self.story.get("kind", Ticket.Kind.FAULT),
            level=self.story.get("level", Ticket.Level.MINOR),
            title=self.story["title"],
            description=self.story.get("symptom") or self.story["description"],
            channel=self.channel,
            contact_name=self._owner.name,
            contact_phone=self._owner.phone,
            began_at=now - began if began else None,
            photos=taken,
            actor=self._owner if by_owner else self._service,
            now=now,
        )

    def acknowledge(self, *, now: datetime) -> None:
        """Customer service reads it and says so."""
        kind = "acknowledge_question" if self.ticket.kind in QUESTIONS else "acknowledge"
        kind = "acknowledge_withdrawn" if "reason" in self.story else kind
        self.ticket = lifecycle.acknowledge(self.ticket, actor=self._service, now=now)
        words = self.world.one_of(read("phrases")[kind], kind)
        services.write_message(ticket=self.ticket, body=words, for_staff=False, actor=self._service, now=now)
        if self.ticket.kind == Ticket.Kind.EMERGENCY:
            self.reach("guided", now=now)
        if self.project == "decoration" and self.ticket.kind == Ticket.Kind.FAULT:
            self.world.diary.at(now + timedelta(minutes=35), self.reach, "solution_given")

    def reach(self, name: str, *, now: datetime) -> None:
        """Note what was reached, unless the request is over by then."""
        self.ticket.refresh_from_db()
        if self.ticket.is_open:
            milestones.note_milestone(ticket=self.ticket, name=name, note="", actor=self._service, now=now)

    def say(self, who: str, words: str, *, now: datetime) -> None:
        """Add a line to the conversation: the owner, customer service, the engineer, support, or a staff note."""
        actors = {"owner": self._owner, "support": self.world.people["support"]}
        if who == "engineer":
            actors["engineer"] = self._engineer
        actor = actors.get(who, self._service)
        services.write_message(ticket=self.ticket, body=words, for_staff=who == "note", actor=actor, now=now)

    def answer(self, *, now: datetime) -> None:
        """Technical support answers; nobody has to be sent."""
        support = self.world.people["support"]
        self.ticket = lifecycle.answer(self.ticket, actor=support, now=now, answer=self.story["answer"])

    def confirm(self, *, now: datetime) -> None:
        self.ticket = lifecycle.confirm(self.ticket, actor=self._owner, now=now)

    def confirm_by_telephone(self, *, now: datetime) -> None:
        words = self.world.one_of(read("phrases")["telephone"], "telephone")
        who = f"{self._owner.name}，{words}"
        self.ticket = lifecycle.confirm_by_telephone(self.ticket, actor=self._service, now=now, who=who)

    def not_fixed(self, reason: str, *, now: datetime) -> None:
        self.ticket = lifecycle.not_fixed(self.ticket, actor=self._owner, now=now, reason=reason)

    def cancel(self, reason: str, *, now: datetime) -> None:
        self.ticket = lifecycle.cancel(self.ticket, actor=self._service, now=now, reason=reason)

    # --- The order ---------------------------------------------------------------------------------------------

    def dispatch(self, engineer: str, begins: datetime | None = None, hours: int = 2, *, now: datetime) -> None:
        """Send somebody, with an appointment (the next full hour unless given) and the briefing."""
        begins = begins or whole_hour(now)
        self.order = services.dispatch(
            ticket=self.ticket,
            mode=self.story.get("mode", WorkOrder.Mode.FIELD),
            engineer=self.world.people[engineer],
            appointment_from=begins,
            appointment_to=begins + timedelta(hours=hours),
            briefing=self.story.get("brief", ""),
            actor=self._service,
            now=now,
        )
        self.world.diary.at(now + timedelta(minutes=75), self.check)

    def check(self, *, now: datetime) -> None:
        """See that somebody goes, unless the request is over by then."""
        self.ticket.refresh_from_db()
        if self.ticket.status == Ticket.Status.IN_PROGRESS and self.ticket.work_orders.going_on().exists():
            promise_services.check_arrangement(ticket=self.ticket, actor=self._service, now=now)

    def accept(self, *, now: datetime) -> None:
        self.order = order_lifecycle.accept(self.order, actor=self._engineer, now=now)

    def decline(self, reason: str, *, now: datetime) -> None:
        self.order = order_lifecycle.decline(self.order, actor=self._engineer, now=now, reason=reason)

    def reassign(self, engineer: str, reason: str, *, now: datetime) -> None:
        self.order = order_lifecycle.reassign(
            self.order,
            actor=self._service,
            now=now,
            engineer=self.world.people[engineer],
            appointment_from=self.order.appointment_from,
            appointment_to=self.order.appointment_to,
            reason=reason,
        )

    def cancel_order(self, reason: str, *, now: datetime) -> None:
        self.order = order_lifecycle.cancel(self.order, actor=self._service, now=now, reason=reason)

    def depart(self, *, now: datetime) -> None:
        self.order = order_lifecycle.depart(self.order, actor=self._engineer, now=now)

    def arrive(self, *, now: datetime) -> None:
        self.order = order_lifecycle.arrive(self.order, actor=self._engineer, now=now)

    def photograph(self, slot: str, count: int = 1, *, now: datetime) -> None:
        """Take photos of the thing before or after the work."""
        taken = [
            pictures.photo(
                *self._subject, now - timedelta(minutes=2 * n), good=slot != Slot.BEFORE, turn=self.turn + 2 * n
            )
            for n in range(count)
        ]
        services.add_order_photos(order=self.order, slot=slot, photos=taken, actor=self._engineer, now=now)

    def start(self, *, now: datetime) -> None:
        self.order = order_lifecycle.start(self.order, actor=self._engineer, now=now)

    def note(self, *, now: datetime, **values: str) -> None:
        """Record the work so far."""
        self.order = services.record_work(order=self.order, values=values, actor=self._engineer, now=now)

    def suspend(self, reason: str, *, now: datetime) -> None:
        self.order = order_lifecycle.suspend(self.order, actor=self._engineer, now=now, reason=reason)

    def resume(self, *, now: datetime) -> None:
        self.order = order_lifecycle.resume(self.order, actor=self._engineer, now=now)

    def finish(self, words: dict[str, str] | None = None, *, now: datetime) -> None:
        """Write the whole record, finish, and have the sheet ready to be read."""
        told = words or self.story
        self.note(
            now=now,
            cause=told.get("cause", WorkOrder.Cause.OTHER),
            cause_note=told.get("why", ""),
            work_done=told["done"],
            result=told.get("result", WorkOrder.Result.RESTORED),
            test_note=told.get("test", ""),
            prevention=told.get("prevent", ""),
        )
        self.order = order_lifecycle.finish(self.order, actor=self._engineer, now=now)
        paper.show(SHEET, self.order)

    def correct(self, *, now: datetime) -> None:
        self.order = order_lifecycle.correct(self.order, actor=self._engineer, now=now)

    def sign(self, *, now: datetime) -> None:
        """The owner's contact signs: on the engineer's phone, for remote orders on their own page."""
        role = self.world.positions[self.contact]
        sheet = paper.show(SHEET, self.order)
        if self.order.mode == WorkOrder.Mode.REMOTE or self.turn % 7 == 0:
            paper.sign_with_account(sheet, user=self._owner, role=role, now=now)
        else:
            paper.sign_on_site(
                sheet, name=self._owner.name, role=role, phone=self._owner.phone, engineer=self._engineer, now=now
            )
        self.order.refresh_from_db()

    def leave_unsigned(self, reason: str, *, now: datetime) -> None:
        sheet = paper.show(SHEET, self.order)
        paper.leave_unsigned(sheet, reason=reason, where=self._subject, engineer=self._engineer, now=now)
        self.order.refresh_from_db()
