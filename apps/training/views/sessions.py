"""Pages of sessions: plan, register, attendance, papers."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.qr import qr_data_uri
from apps.core.errors import DomainError
from apps.core.forms import as_key
from apps.core.lifecycle import available
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab
from apps.documents.models import Document
from apps.documents.services import document_of

from .. import access, attendance, figures, planning
from ..documents import OF_SESSION
from ..filters import SessionFilter
from ..forms import DrawnForm, HoursForm, NamePeopleForm, OwnerOfDoorForm, SessionForm, SheetForm
from ..models import Participant, Session
from ..tables import SessionTable

RELATED = ("course__responsible", "project__owner", "trainer")


class SessionList(ListPage):
    model = Session
    title = gettext_lazy("Training sessions")
    section = "training"
    related = ("course", "project", "trainer")
    template_name = "training/list.html"
    filterset_class = SessionFilter
    table_class = SessionTable
    create_url = "training:session_create"
    create_label = gettext_lazy("New session")
    empty_text = gettext_lazy("No sessions here. A session is one training of a course, for a project or open to all.")

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:  # type: ignore[override]
        user = cast(User, self.request.user)
        mine = Tab("mine", gettext_lazy("Mine"), lambda rows: rows.to_finish(user))
        rest = (
            Tab("coming", gettext_lazy("Coming"), lambda rows: rows.coming()),
            Tab("held", gettext_lazy("To close"), lambda rows: rows.filter(status=Session.Status.HELD)),
            Tab("all", gettext_lazy("All"), lambda rows: rows),
        )
        return (rest[0], mine, *rest[1:]) if user.is_staff_side else (rest[0], rest[2])

    def may_create(self, user: Any) -> bool:
        return access.may_plan(user)

    def hidden_columns(self) -> tuple[str, ...]:
        return () if self.request.user.is_staff_side else ("registered", "present")

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.counted()


class SessionDetail(DetailPage):
    """A session: for its trainer on the phone the attendance, for who takes part what to do next."""

    model = Session
    section = "training"
    related = RELATED
    prefetch = ("project__people",)
    template_name = "training/session_detail.html"
    timeline_size = 12

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, user, now = self.object, self.request.user, timezone.now()
        rows = session.participants.visible_to(user).exclude(status=Participant.Status.WITHDRAWN)
        people = list(rows.select_related("owner", "user").order_by("-status", "registered_at", "pk"))
        me = next((row for row in people if row.user_id == user.pk), None)
        runs = access.runs(session, user)
        attend = settings.PUBLIC_URL + reverse("training:attend", args=[session.attendance_token])
        context = super().get_context_data(**kwargs)
        return context | {
            "people": people,
            "present": sum(row.attended_at is not None for row in people),
            "me": me,
            "my_steps": available(me, user) if me is not None and session.is_open else [],
            "runs": runs,
            "takes": runs and session.status not in {Session.Status.CLOSED, Session.Status.CANCELLED},
            "may_register": me is None and not runs and access.may_register(session, user),
            "may_name": access.may_register_others(session, user) and session.is_open,
            "attend_url": attend if runs else "",
            "attend_qr": qr_data_uri(attend) if runs and session.takes_attendance(now) else "",
            "files": session.files.visible_to(user) if runs else [],
            "papers": _papers(session) if runs else [],
            "may_sign_in": me is not None
            and me.status == Participant.Status.REGISTERED
            and not me.attended_at
            and session.is_remote
            and session.takes_attendance(now),
            **_afterwards(session, user, runs=runs),
            "step": next((edge for edge in context["steps"] if edge.style == "primary"), None),
        }


def _papers(session: Session) -> list[tuple[str, Document]]:
    """The papers of a training that are issued, with the word of their address."""
    found = ((word, document_of(name, session)) for word, name in OF_SESSION.items())
    return [(word, document) for word, document in found if document is not None]


def _afterwards(session: Session, user: Any, *, runs: bool) -> dict[str, Any]:
    """What follows a training that is closed: who was asked how it was, and what is to be done better."""
    if not user.is_staff_side or session.status != Session.Status.CLOSED:
        return {}
    rows = session.improvements.visible_to(user).select_related("responsible")
    requests = figures.to_hand_over(session, user).select_related("answer").order_by("pk") if runs else []
    now = timezone.now()
    return {
        "improvements": rows,
        "asked": [(survey, survey.is_open(now)) for survey in requests],
        "evaluation": figures.of_session(session, user),
        "is_about_me": session.trainer_id == user.pk,
        "may_improve": access.may_make_improvements(user),
    }


class SessionCreate(FormPage):
    """Plan a training; ``?project=``, ``?course=`` and ``?visit=`` choose beforehand."""

    model = Session
    title = gettext_lazy("New session")
    section = "training"
    form_class = SessionForm
    submit_label = gettext_lazy("Plan the training")

    def permitted(self, user: Any) -> bool:
        return access.may_plan(user) or access.may_note_visits(user)

    def get_initial(self) -> dict[str, Any]:
        asked = {name: as_key(self.request.GET.get(name)) for name in ("project", "course")}
        initial: dict[str, Any] = {name: key for name, key in asked.items() if key is not None}
        day = timezone.localdate() + timedelta(days=7)
        begin = timezone.make_aware(datetime.combine(day, time(9)))
        return initial | {
            "visit_number": self.request.GET.get("visit", "")[:20],
            "trainer": self.request.user.pk,
            "starts_at": begin,
            "ends_at": begin + timedelta(hours=3),
        }

    def perform(self, form: Any) -> Session:
        project, user = form.cleaned_data.get("project"), self.request.user
        if project is None and not access.may_edit_courses(user):
            raise DomainError(_("Choose the project whose training this is."), field="project")
        is_on_visit = bool(form.cleaned_data["visit_number"])
        if project is not None and not (access.may_teach_on if is_on_visit else access.may_plan_on)(project, user):
            raise DomainError(_("Only its project manager or a trainer plans training of it."), field="project")
        return planning.save_session(session=self.object, values=form.cleaned_data, actor=user, now=self.now)


class SessionEdit(SessionCreate):
    title = gettext_lazy("Change the training")
    submit_label = gettext_lazy("Save")
    related = RELATED

    def permitted_on(self, row: Session, user: Any) -> bool:
        return access.runs(row, user)

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> Session:
        return planning.save_session(
            session=self.object, values=form.cleaned_data, actor=self.request.user, now=self.now
        )


class RegisterOneself(ActionPage):
    model = Session
    related = RELATED

    def permitted_on(self, row: Any, user: Any) -> bool:
        return not user.is_auditor_only

    def perform(self, row: Session) -> str:
        if row.status != Session.Status.OPEN:
            raise DomainError(_("Registration is not open."))
        user = self.request.user
        mine = planning.register(session=row, user=user, actor=user, now=timezone.now())
        if mine.status == Participant.Status.WAITING:
            messages.info(self.request, _("The training is full. You are on the waiting list."))
        else:
            messages.success(self.request, _("You are registered."))
        return row.get_absolute_url()


class NamePeople(FormPage):
    """Name the people who take part: an owner's admin their own, ours anybody."""

    model = Session
    related = RELATED
    title = gettext_lazy("Name people")
    section = "training"
    form_class = NamePeopleForm
    submit_label = gettext_lazy("Register them")

    def permitted_on(self, row: Session, user: Any) -> bool:
        return access.may_register_others(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"session": self.object}

    def perform(self, form: Any) -> Session:
        data, user = form.cleaned_data, self.request.user
        people = [row.user for row in data["owner_people"]] + list(data.get("staff") or [])
        for person in people:
            planning.register(session=self.object, user=person, actor=user, now=self.now)
        if data["name"]:
            project = self.object.project
            owner = project.owner if project else None if user.is_staff_side else user.owner_person.owner
            contact = {"phone": data["phone"], "email": data["email"]}
            planning.register(session=self.object, name=data["name"], **contact, owner=owner, actor=user, now=self.now)
        return self.object


class RunsSession(FormPage):
    """What only those do who run a session."""

    model = Session
    related = RELATED
    section = "training"

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def permitted_on(self, row: Session, user: Any) -> bool:
        return access.runs(row, user)


class SignIn(FormPage):
    """A person signs on the trainer's device that they are there."""

    model = Participant
    related = ("session__course", "session__project", "owner", "user")
    title = gettext_lazy("Sign for presence")
    section = "training"
    form_class = DrawnForm
    template_name = "training/sign_in.html"
    submit_label = gettext_lazy("I am here")

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def permitted_on(self, row: Participant, user: Any) -> bool:
        return access.runs(row.session, user)

    def perform(self, form: Any) -> Participant:
        return attendance.sign_in(
            participant=self.object,
            method=Participant.Method.SIGNATURE,
            drawing=form.cleaned_data["drawing"],
            actor=self.request.user,
            now=self.now,
        )

    def get_success_url(self, row: Participant) -> str:
        return row.session.get_absolute_url() + "#people"


class SignInAtTheDoor(RunsSession):
    """Somebody who was not registered signs in."""

    title = gettext_lazy("Somebody not registered")
    form_class = OwnerOfDoorForm
    template_name = "training/sign_in.html"
    submit_label = gettext_lazy("I am here")

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.object.project.owner_id} if self.object.project else {}

    def perform(self, form: Any) -> Session:
        data = form.cleaned_data
        attendance.sign_in_at_the_door(
            session=self.object,
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            owner=data["owner"],
            drawing=data["drawing"],
            actor=self.request.user,
            now=self.now,
        )
        return self.object


class KeepSheet(RunsSession):
    title = gettext_lazy("Signed sheet")
    form_class = SheetForm
    submit_label = gettext_lazy("Keep the sheet")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"session": self.object}

    def perform(self, form: Any) -> Session:
        data = form.cleaned_data
        return attendance.keep_sheet(
            session=self.object, present=data["present"], files=data["files"], actor=self.request.user, now=self.now
        )


class SetHours(RunsSession):
    title = gettext_lazy("Hours of each person")
    form_class = HoursForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"session": self.object}

    def perform(self, form: Any) -> Session:
        return attendance.set_hours(session=self.object, hours=form.hours, actor=self.request.user, now=self.now)


class SendMaterials(ActionPage):
    model = Session
    related = RELATED

    def permitted_on(self, row: Any, user: Any) -> bool:
        return access.runs(row, user)

    def perform(self, row: Session) -> str:
        planning.send_materials(session=row, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()


class ConfirmReceipt(ActionPage):
    """I have the materials; for who has no account, the trainer who handed them over says so."""

    model = Participant
    related = ("session__project",)

    def permitted_on(self, row: Any, user: Any) -> bool:
        return row.user_id == user.pk or (row.user_id is None and access.runs(row.session, user))

    def perform(self, row: Participant) -> str:
        planning.confirm_receipt(participant=row, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()
