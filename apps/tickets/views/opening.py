"""Opening a request: the owner's short page, customer service's full one, and what is shown before saving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.core.forms import as_key
from apps.core.pages import FormPage, Page
from apps.core.search import matching
from apps.projects.models import Equipment, Project
from apps.service_levels.explanation import Explanation
from apps.service_levels.foreseeing import foreseen
from apps.warranties.services import cover_on

from .. import access, services
from ..forms import CallForm, TicketForm
from ..models import CoverDecision, Ticket
from ..rules import initial_level
from ..wording import cover_badge, cover_in_words, level_meaning
from .waiting_photos import KeepsPhotos

#: A picker offers so many pieces at once; more are found by typing.
OFFERED = 100
POSSIBLE_DUPLICATES = 3


def equipment_offered(project: Any, user: Any, *, text: str = "", chosen: Any = None) -> list[Equipment]:
    """Return the equipment of a project to choose from, the chosen piece always among it."""
    if not project:
        return []
    rows = Equipment._default_manager.visible_to(user).filter(project=project).select_related("site__parent")
    found = list((matching(rows, text) if len(text.strip()) > 1 else rows).order_by("asset_code")[:OFFERED])
    if chosen and str(chosen) not in {str(row.pk) for row in found}:
        found += list(rows.filter(pk=chosen))
    return found


def promised_if_reported(project: Project, kind: str, level: int, now: datetime) -> list[Explanation]:
    """Return what the owner is promised if a request of this class is reported now (R-04)."""
    known = {"project": project, "kind": kind, "level": level, "reported_at": now}
    return foreseen(Ticket(**known), services.OPENED, now=now)


def class_asked(values: Any) -> tuple[str, int]:
    """Return kind and level as a form or an address has them; the usual ones for what is none."""
    kind = values.get("kind") if values.get("kind") in Ticket.Kind.values else Ticket.Kind.FAULT.value
    level = str(values.get("level") or "")
    return str(kind), int(level) if level in {str(one) for one in Ticket.Level.values} else initial_level(str(kind))


def hints(
    project: Project | None, equipment: Equipment | None, began_at: Any, user: Any, *, kind: str, level: int
) -> dict[str, Any]:
    """Return what is known before saving: cover, promised times, and open requests that may be the same."""
    if project is None:
        return {}
    now = timezone.now()
    fault_on = timezone.localdate(min(began_at or now, now))
    decision, warranty = cover_on(project, equipment, fault_on)
    foreseen = CoverDecision(
        is_covered=decision.is_covered,
        ground=decision.ground,
        fault_on=fault_on,
        covered_from=warranty.starts_on if warranty else None,
        covered_until=warranty.ends_on if warranty else None,
    )
    same = Ticket._default_manager.visible_to(user).open()
    same = same.filter(equipment=equipment) if equipment else same.filter(project=project)
    found = list(same.order_by("-reported_at", "-pk")[: POSSIBLE_DUPLICATES + 1])
    return {
        "cover": cover_badge(foreseen),
        "cover_words": cover_in_words(foreseen),
        "duplicates": found[:POSSIBLE_DUPLICATES],
        "more_duplicates": len(found) > POSSIBLE_DUPLICATES,
        "equipment": equipment,
        "promises": promised_if_reported(project, kind, level, now),
        "now": now,
    }


class OpenTicket(KeepsPhotos, FormPage):
    """Report a fault, or register a call: the same service, as much as each has to say."""

    model = Ticket
    section = "tickets"

    def permitted(self, user: Any) -> bool:
        return access.may_open(user)

    @property
    def is_call(self) -> bool:
        """Those who take calls say by which channel, and at which level."""
        return access.may_register_call(self.request.user)

    @property
    def title(self) -> Any:
        return _("Register a call") if self.is_call else _("Report a fault")

    @property
    def submit_label(self) -> Any:
        return _("Register") if self.is_call else _("Send the report")

    @property
    def form_class(self) -> Any:
        return CallForm if self.is_call else TicketForm

    def get_template_names(self) -> list[str]:
        return ["tickets/call_form.html" if self.is_call else "tickets/report_form.html"]

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        initial: dict[str, Any] = {}
        if not user.is_staff_side:
            initial |= {"contact_name": user.name, "contact_phone": user.phone or ""}
        equipment = self._asked(Equipment, "equipment")
        if equipment is not None:
            return initial | {"equipment": equipment.pk, "project": equipment.project_id}
        project = self._asked(Project, "project") or self._only_project()
        return initial | ({"project": project.pk} if project is not None else {})

    def _asked(self, model: Any, name: str) -> Any:
        key = as_key(self.request.GET.get(name))
        return model._default_manager.visible_to(self.request.user).filter(pk=key).first() if key is not None else None

    def _only_project(self) -> Project | None:
        if self.request.user.is_staff_side:
            return None
        few = Project._default_manager.visible_to(self.request.user)[:2]
        return few[0] if len(few) == 1 else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a script, “show its equipment” comes back with the form as it was typed, the picker narrowed."""
        if "narrow" not in request.POST:
            return super().post(request, *args, **kwargs)
        typed = self.get_form()
        typed.full_clean()
        self.keep_photos(typed)
        form = self.form_class(user=request.user, initial=request.POST.dict())
        return self.render_to_response(self.get_context_data(form=form))

    def perform(self, form: Any) -> Ticket:
        data = form.cleaned_data
        values = {
            name: data[name]
            for name in ("project", "equipment", "kind", "title", "description", "place", "began_at", "photos")
        }
        values |= {"contact_name": data["contact_name"], "contact_phone": data["contact_phone"]}
        values |= {"waiting": self.waiting, "actor": self.request.user, "now": self.now}
        if self.is_call:
            return services.register_call(channel=data["channel"], level=data["level"], **values)
        channel = Ticket.Channel.ON_SITE if self.request.user.is_staff_side else Ticket.Channel.PORTAL
        return services.open_ticket(channel=channel, level=initial_level(data["kind"]), **values)

    def get_success_url(self, row: Ticket) -> str:
        if self.request.POST.get("then") == "dispatch" and access.is_dispatcher(self.request.user):
            return reverse("tickets:dispatch", args=[row.pk])
        return row.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, user = kwargs["form"], self.request.user
        project = form.chosen_project
        chosen = form["equipment"].value()
        offered = equipment_offered(project, user, chosen=as_key(chosen))
        row = next((one for one in offered if str(one.pk) == str(chosen)), None)
        projects = list(form.fields["project"].queryset)
        of_project = next((one for one in projects if str(one.pk) == str(project)), None)
        began_at = form["began_at"].value()
        asked = {name: form[name].value() for name in ("kind", "level") if name in form.fields}
        kind, level = class_asked(asked)
        known = hints(of_project, row, _moment(began_at), user, kind=kind, level=level) if of_project else {}
        return super().get_context_data(**kwargs) | {
            "projects": projects,
            "offered": offered,
            "chosen_project": of_project,
            "chosen_equipment": row,
            "hints": known,
            "levels": [(value, label, level_meaning(value)) for value, label in Ticket.Level.choices],
            "may_dispatch": access.is_dispatcher(user),
        }


class Known(Page):
    """Base of the parts of a page that follow what was chosen in the form."""

    def permitted(self, user: Any) -> bool:
        return access.may_open(user)

    def chosen(self, model: Any, name: str, **limits: Any) -> Any:
        key = as_key(self.request.GET.get(name))
        if key is None:
            return None
        return model._default_manager.visible_to(self.request.user).filter(pk=key, **limits).first()


class EquipmentOptions(Known):
    """The options of the equipment picker for one project, narrowed by what was typed."""

    template_name = "tickets/_equipment_options.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = self.chosen(Project, "project")
        chosen = self.chosen(Equipment, "equipment", project=project) if project else None
        offered = equipment_offered(
            project, self.request.user, text=self.request.GET.get("text", "")[:60], chosen=chosen.pk if chosen else None
        )
        return {"offered": offered, "chosen_equipment": chosen}


class OpenHints(Known):
    """The cover decision and possible duplicates, beside the form."""

    template_name = "tickets/_hints.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = self.chosen(Project, "project")
        equipment = self.chosen(Equipment, "equipment", project=project) if project else None
        began_at, (kind, level) = _moment(self.request.GET.get("began_at")), class_asked(self.request.GET)
        return {"hints": hints(project, equipment, began_at, self.request.user, kind=kind, level=level)}


def _moment(value: Any) -> Any:
    """Read the value of a picker for a day and a time; None for what is none."""
    if isinstance(value, str):
        try:
            value = parse_datetime(value)
        except ValueError:
            return None
    if value is not None and timezone.is_naive(value):
        value = timezone.make_aware(value)
    return value
