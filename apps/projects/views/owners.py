"""Pages about owners and their people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import services as accounts
from apps.accounts.forms import SwitchForm
from apps.accounts.views import invitation_context
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, ScopedPage

from .. import services
from ..access import may_change_owners, may_create_projects, may_list_owners, may_manage_owner_people
from ..filters import OwnerFilter
from ..forms import OwnerForm, OwnerPersonForm
from ..models import Owner, OwnerPerson
from ..tables import OwnerTable

SHOWN_PROJECTS = 50


class OwnerList(ListPage):
    """The organisations we serve."""

    model = Owner
    section = "owners"
    title = gettext_lazy("Owners")
    filterset_class = OwnerFilter
    table_class = OwnerTable
    create_url = reverse_lazy("projects:owner_create")
    create_label = gettext_lazy("New owner")
    empty_text = gettext_lazy("No owner yet. Add the organisation for which you work.")

    def permitted(self, user: Any) -> bool:
        return may_list_owners(user)

    def get_queryset(self) -> Any:
        counts = {"project_count": Count("projects", distinct=True), "people_count": Count("people", distinct=True)}
        return super().get_queryset().annotate(**counts)

    def may_create(self, user: Any) -> bool:
        return may_change_owners(user)


class OwnerDetail(DetailPage):
    """One organisation: its projects and its people."""

    model = Owner
    section = "owners"
    template_name = "projects/owner.html"
    timeline_size = 20

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        owner, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        people = owner.people.visible_to(user).select_related("user").prefetch_related("projects")
        manages = may_manage_owner_people(owner, user)
        return context | {
            "people": [person for person in people if manages or person.user.is_active],
            "projects": list(owner.projects.visible_to(user)[:SHOWN_PROJECTS]),
            "manages_people": manages,
            "may_change": may_change_owners(user),
            "may_create_projects": may_create_projects(user),
        }


class OwnOrganisation(ScopedPage):
    """Lead an owner's person to the page of their organisation."""

    model = Owner

    def permitted(self, user: Any) -> bool:
        return not user.is_staff_side

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(get_object_or_404(self.get_queryset()).get_absolute_url())


class OwnerCreate(FormPage):
    """Add an organisation."""

    template_name = "projects/form.html"
    model = Owner
    section = "owners"
    title = gettext_lazy("New owner")
    form_class = OwnerForm
    back_url = reverse_lazy("projects:owner_list")

    def permitted(self, user: Any) -> bool:
        return may_change_owners(user)

    def perform(self, form: Any) -> Owner:
        return services.create_owner(**form.cleaned_data, actor=self.request.user, now=self.now)


class OwnerEdit(OwnerCreate):
    """Change an organisation's name and address."""

    title = gettext_lazy("Change owner")

    def perform(self, form: Any) -> Owner:
        return services.change_owner(self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class OwnerPersonCreate(FormPage):
    """Invite a person of an owner."""

    template_name = "projects/form.html"
    model = OwnerPerson
    section = "owners"
    title = gettext_lazy("Invite a person")
    submit_label = gettext_lazy("Add and invite")
    form_class = OwnerPersonForm
    owner: Owner

    def get_object(self) -> None:
        owners = Owner._default_manager.visible_to(self.request.user)
        self.owner = get_object_or_404(owners, pk=self.kwargs["owner"])

    def permitted(self, user: Any) -> bool:
        return may_manage_owner_people(self.owner, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"owner": self.owner}

    def perform(self, form: Any) -> OwnerPerson:
        moment = {"actor": self.request.user, "now": self.now}
        person = services.add_owner_person(self.owner, **form.identity, **form.rights, **moment)
        services.invite_owner_person(person, **moment)
        return person

    def get_success_url(self, row: Any) -> str:
        return reverse("projects:owner_person_invitation", args=[row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.owner.get_absolute_url()}


class OwnerPersonPage:
    """What the pages about one person of an owner share."""

    model = OwnerPerson
    section = "owners"
    related: tuple[str, ...] = ("user", "owner")

    def permitted_on(self, row: Any, user: Any) -> bool:
        return may_manage_owner_people(row.owner, user)


class OwnerPersonEdit(OwnerPersonPage, FormPage):
    """Change what a person of an owner may do, and for which projects."""

    template_name = "projects/form.html"
    title = gettext_lazy("Change person")
    form_class = OwnerPersonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # Whoever has a password signs in by what they set themselves; only our administrator changes it for them.
        user, person = self.request.user, self.object
        with_identity = user.is_staff_side or user == person.user or not person.user.has_usable_password()
        kwargs = super().get_form_kwargs()
        return kwargs | {"owner": person.owner, "person": person, "with_identity": with_identity}

    def perform(self, form: Any) -> OwnerPerson:
        moment = {"actor": self.request.user, "now": self.now}
        if form.identity:
            accounts.change_person(self.object.user, **form.identity, **moment)
        return services.change_owner_person(self.object, **form.rights, **moment)


class OwnerPersonSwitch(OwnerPersonPage, FormPage):
    """Take the access of a person of an owner away, or give it back."""

    form_class = SwitchForm
    template_name = "accounts/switch.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object.user
        label = _("Switch off") if person.is_active else _("Switch on")
        self.title, self.submit_label = f"{label} · {person}", label
        return super().get_context_data(**kwargs) | {"person": person, "wanted": not person.is_active}

    def perform(self, form: Any) -> OwnerPerson:
        return services.switch_owner_person(
            self.object,
            on=self.request.POST.get("wanted") == "on",
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            now=self.now,
        )


class OwnerPersonInvitation(DetailPage):
    """The open invitation of a person of an owner, to show or to print."""

    model = OwnerPerson
    section = "owners"
    related = ("user", "owner")
    template_name = "accounts/invitation.html"
    timeline_size = 0

    def get_object(self) -> Any:
        person = super().get_object()
        if not may_manage_owner_people(person.owner, self.request.user):
            raise PermissionDenied
        return person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.object.user
        context |= invitation_context(user, context["now"])
        return context | {
            "title": _("Invitation for %(name)s") % {"name": user},
            "person": user,
            "organisation": self.object.owner,
            "again_url": reverse("projects:owner_person_invite", args=[self.object.pk]),
            "back": self.object.get_absolute_url(),
        }


class OwnerPersonInvite(OwnerPersonPage, ActionPage):
    """Make a new invitation; the older one is withdrawn."""

    def perform(self, row: Any) -> str:
        services.invite_owner_person(row, actor=self.request.user, now=timezone.now())
        return reverse("projects:owner_person_invitation", args=[row.pk])
