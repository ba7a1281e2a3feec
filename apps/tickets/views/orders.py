"""Pages of the work itself: the engineer's day, one work order, its record, its photos, its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.pages import ActionPage, DetailPage, FormPage, Page
from apps.documents.signing import has_sample
from apps.documents.signing_views import take_own_signature
from apps.service_levels.standing import Standing, measure, nearest

from .. import access, day, flow, order_lifecycle, services, usual
from ..documents import sheets_of
from ..forms import OrderPhotoForm, RecordForm
from ..models import CoverDecision, Ticket, WorkOrder, WorkOrderPhoto
from ..wording import cover_badge, cover_in_words, map_links

ORDER_RELATED = (
    "ticket__project__owner",
    "ticket__equipment__site__parent",
    "ticket__equipment__model",
    "engineer",
    "dispatched_by",
)
SHOWN_VISITS = 3


class Today(Page):
    """The engineer's jobs by appointment; the one in hand is framed, and its next step is one tap away."""

    template_name = "tickets/today.html"
    title = _("Today")
    section = "today"

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        jobs = day.all_jobs(user)
        today = timezone.localdate()
        views = {
            "today": [job for job in jobs if job.on <= today],
            "tomorrow": [job for job in jobs if job.on == today + timedelta(days=1)],
            "all": jobs,
        }
        wanted = self.request.GET.get("tab", "today")
        wanted = wanted if wanted in views else "today"
        labels = {"today": _("Today"), "tomorrow": _("Tomorrow"), "all": _("All")}
        shown = views[wanted]
        in_hand = day.job_in_hand(shown) if wanted != "tomorrow" else None
        return super().get_context_data(**kwargs) | {
            "tabs": [(name, labels[name], len(rows)) for name, rows in views.items()],
            "tab": wanted,
            "in_hand": in_hand,
            "jobs": [job for job in shown if job is not in_hand],
            "next_step": in_hand.next_step(user) if in_hand else {},
            "next_day": next((job for job in jobs if job.on > today), None),
        }


class OrderDetail(DetailPage):
    """One work order: on the engineer's phone the place of work, for everybody else what was done."""

    model = WorkOrder
    section = "dispatch"
    template_name = "tickets/order.html"
    related = ORDER_RELATED
    timeline_size = 0
    object: WorkOrder

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        user: Any = self.request.user
        context = super().get_context_data(**kwargs)
        ticket = order.ticket
        photos = list(order.photos.all())
        sheet = sheets_of([order.pk]).get(order.pk) if order.finished_at else None
        decision = CoverDecision._default_manager.visible_to(user).filter(ticket=ticket).first()
        next_one = flow.next_of(order, user, sheet=sheet)
        is_mine = access.is_assigned_engineer(order, user) and not user.is_auditor_only
        recording = is_mine and services.is_recordable(order)
        lacking = flow.lacking(order, [photo.slot for photo in photos])
        earlier = (
            WorkOrder._default_manager.visible_to(user)
            .ended_by_work()
            .filter(ticket__project=ticket.project_id)
            .exclude(pk=order.pk)
            .select_related("ticket", "engineer")
            .order_by("-finished_at", "-pk")
        )
        if ticket.equipment_id:
            earlier = earlier.filter(ticket__equipment=ticket.equipment_id)
        ahead = flow.ahead_of(order, user)
        upcoming = day.jobs_of(user, with_promises=False) if is_mine and order.ended_at else []
        return context | {
            "order": order,
            "ticket": ticket,
            "section": "today" if is_mine else "dispatch",
            "before": [photo for photo in photos if photo.slot == WorkOrderPhoto.Slot.BEFORE],
            "after": [photo for photo in photos if photo.slot == WorkOrderPhoto.Slot.AFTER],
            "sheet": sheet,
            "cover": cover_badge(decision) if decision else None,
            "cover_words": cover_in_words(decision) if decision else "",
            "is_mine": is_mine,
            "recording": recording,
            "may_set_complexity": is_mine and access.may_set_complexity(order, user),
            "promise": self._promise(order, context["now"]) if not order.ended_at else None,
            "form": record_form(order, user) if recording or ahead else None,
            "usual_work": usual.WORK.items() if recording or ahead else (),
            "asks_signature": bool(recording or ahead) and not has_sample(user),
            "ahead": ahead,
            "arriving_url": flow.step_url(order, "arrive"),
            "lacking_words": flow.lacking_words(lacking) if recording else "",
            "before_hidden": {"slot": "before"},
            "after_hidden": {"slot": "after"},
            "earlier": list(earlier[:SHOWN_VISITS]),
            "flow": flow.flow_of(order),
            "next": next_one,
            "more_steps": [edge for edge in context["steps"] if not (next_one and edge.label == next_one.label)],
            "map_links": map_links(ticket.project.address or str(ticket.project)) if user.is_staff_side else [],
            "next_job": next((job for job in upcoming if job.order.pk != order.pk), None),
        }

    def _promise(self, order: WorkOrder, now: Any) -> Standing | None:
        """The promise about the request that is nearest to breaking, with its ruler."""
        clocks = list(nearest(Ticket, [order.ticket_id], self.request.user).values())
        return measure(clocks, now)[clocks[0].pk] if clocks else None


def record_form(order: WorkOrder, user: Any, data: Any = None) -> RecordForm:
    """Return the form of the record, filled with what is there."""
    initial = {name: getattr(order, name) for name in services.RECORD_FIELDS}
    return RecordForm(data, user=user, initial=initial)


class RecordPage(FormPage):
    """Base of the pages to which the record's form is sent."""

    model = WorkOrder
    section = "today"
    related = ORDER_RELATED
    form_class: Any = RecordForm
    takes_device_time = True
    object: WorkOrder

    def permitted_on(self, row: WorkOrder, user: Any) -> bool:
        return access.is_assigned_engineer(row, user)

    @property
    def is_fetch(self) -> bool:
        return self.request.headers.get("X-Requested-With") == "fetch"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in services.RECORD_FIELDS}

    def keep(self, form: RecordForm) -> WorkOrder:
        values = form.sent_values()
        if not values:
            return self.object
        return services.record_work(order=self.object, values=values, actor=self.request.user, now=self.now)


class OrderRecord(RecordPage):
    """Keep what was typed so far; called at every pause in typing, so it needs no key."""

    title = _("Record of the work")
    success_message = _("Saved.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_fetch:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        if not form.is_valid():
            return plain_error(" ".join(str(error) for errors in form.errors.values() for error in errors))
        try:
            order = self.keep(form)
        except DomainError as error:
            return plain_error(str(error))
        slots = [photo.slot for photo in self.object.photos.all()]
        words = flow.lacking_words(flow.lacking(order, slots))
        return HttpResponse(words, content_type="text/plain; charset=utf-8")

    def perform(self, form: RecordForm) -> WorkOrder:
        return self.keep(form)


class OrderFinish(RecordPage):
    """The summary before the end: all that is missing, each line leading to its field; else on to signing."""

    title = _("Finish the work")
    template_name = "tickets/finish.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was typed since the last saving; finish if nothing is missing, else show what is."""
        if self.object.status == WorkOrder.Status.FINISHED:
            return HttpResponseRedirect(self._signing_url(self.object))
        form = self.get_form()
        if form.is_valid():
            try:
                self.object = self.keep(form)
                take_own_signature(request, now=self.now)
            except DomainError as error:
                form.add_error(None, str(error))
                return self.form_invalid(form)
            if lacking := self._lacking():
                self.refusal = flow.lacking_in_full(lacking)
                return HttpResponseRedirect(reverse("tickets:order_finish", args=[self.object.pk]))
        return super().post(request, *args, **kwargs)

    def perform(self, form: RecordForm) -> WorkOrder:
        return order_lifecycle.finish(self.object, actor=self.request.user, now=self.now)

    def get_success_url(self, row: WorkOrder) -> str:
        return self._signing_url(row)

    def _signing_url(self, order: WorkOrder) -> str:
        sheet = sheets_of([order.pk]).get(order.pk)
        if sheet is None:
            return order.get_absolute_url()
        return reverse("documents:sign", args=[sheet.pk])

    def _lacking(self) -> list[flow.Lack]:
        return flow.lacking(self.object, [photo.slot for photo in self.object.photos.all()])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        photos = list(order.photos.all())
        decision = CoverDecision._default_manager.visible_to(self.request.user).filter(ticket=order.ticket_id).first()
        return super().get_context_data(**kwargs) | {
            "order": order,
            "ticket": order.ticket,
            "lacking": flow.lacking(order, [photo.slot for photo in photos]),
            "before": [photo for photo in photos if photo.slot == WorkOrderPhoto.Slot.BEFORE],
            "after": [photo for photo in photos if photo.slot == WorkOrderPhoto.Slot.AFTER],
            "cover": cover_badge(decision) if decision else None,
            "cover_words": cover_in_words(decision) if decision else "",
            "is_open": order.status == WorkOrder.Status.WORKING,
            "asks_signature": not has_sample(self.request.user),
            "flow": flow.flow_of(order),
        }


class OrderPhotos(RecordPage):
    """Take photos in; the script is answered with the frames of the slot, a plain form with the page."""

    title = _("Add photos")
    submit_label = _("Upload")
    form_class = OrderPhotoForm

    def get_initial(self) -> dict[str, Any]:
        return {"slot": self.request.GET.get("slot", "before")}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_fetch:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        if not form.is_valid():
            return plain_error(" ".join(str(error) for errors in form.errors.values() for error in errors))
        try:
            self.perform(form)
        except DomainError as error:
            return plain_error(str(error))
        return HttpResponse(render_slot(self.object, form.cleaned_data["slot"], request))

    def perform(self, form: OrderPhotoForm) -> WorkOrder:
        data = form.cleaned_data
        services.add_order_photos(
            order=self.object, slot=data["slot"], photos=data["photos"], actor=self.request.user, now=self.now
        )
        return self.object

    def get_success_url(self, row: WorkOrder) -> str:
        return f"{row.get_absolute_url()}#photos-{self.request.POST.get('slot', 'before')}"


class RemoveOrderPhoto(ActionPage):
    """Take a photo back before the work is finished."""

    model = WorkOrderPhoto
    related = ("work_order__ticket",)

    def permitted_on(self, row: WorkOrderPhoto, user: Any) -> bool:
        return access.is_assigned_engineer(row.work_order, user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        photo = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        if not self.permitted_on(photo, request.user):
            raise PermissionDenied
        order = photo.work_order
        try:
            services.remove_order_photo(photo=photo, actor=request.user)
        except DomainError as error:
            return plain_error(str(error)) if self._is_fetch else self._refused(order, error)
        if self._is_fetch:
            return HttpResponse(render_slot(order, photo.slot, request))
        return HttpResponseRedirect(f"{order.get_absolute_url()}#photos-{photo.slot}")

    @property
    def _is_fetch(self) -> bool:
        return self.request.headers.get("X-Requested-With") == "fetch"

    def _refused(self, order: WorkOrder, error: DomainError) -> HttpResponse:
        messages.error(self.request, str(error))
        return HttpResponseRedirect(order.get_absolute_url())


def render_slot(order: WorkOrder, slot: str, request: HttpRequest) -> str:
    """Return the frames of one slot as the order's page shows them."""
    photos = list(order.photos.all())
    context = {
        "order": order,
        "slot": slot,
        "slot_hidden": {"slot": slot},
        "photos": [photo for photo in photos if photo.slot == slot],
        "recording": True,
        "lacking_now": flow.lacking_words(flow.lacking(order, [photo.slot for photo in photos])),
    }
    return render_to_string("tickets/_slot.html", context, request=request)


def plain_error(text: str) -> HttpResponse:
    """Answer a script with a sentence that says what to do."""
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
