"""Pages about people: the administrator's list, one's own profile, and the invitation by which a person comes in."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab

from . import services
from .access import may_manage_people, may_see_people
from .filters import PersonFilter
from .forms import FirstPasswordForm, ParticularsForm, ProfileForm, StaffForm, SwitchForm
from .models import User
from .qr import qr_data_uri
from .tables import PersonTable


class PeopleList(ListPage):
    """Everybody who can, or once could, sign in."""

    model = User
    section = "people"
    title = gettext_lazy("People")
    filterset_class = PersonFilter
    table_class = PersonTable
    prefetch = ("staff_roles",)
    tabs = (
        Tab("staff", gettext_lazy("Staff"), lambda rows: rows.filter(kind=User.Kind.STAFF, is_active=True)),
        Tab("owners", gettext_lazy("Owners' people"), lambda rows: rows.filter(kind=User.Kind.OWNER, is_active=True)),
        Tab("off", gettext_lazy("Switched off"), lambda rows: rows.filter(is_active=False)),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    create_url = reverse_lazy("accounts:create")
    create_label = gettext_lazy("Invite a member of staff")
    empty_text = gettext_lazy("Nobody here yet. People come by invitation: add the first one.")

    def permitted(self, user: Any) -> bool:
        return may_see_people(user)

    def may_create(self, user: Any) -> bool:
        return may_manage_people(user)


class PersonDetail(DetailPage):
    """One person: particulars, roles, access, what happened."""

    model = User
    section = "people"
    template_name = "accounts/person.html"
    prefetch = ("staff_roles",)

    def permitted(self, user: Any) -> bool:
        return may_see_people(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["person"] = self.object
        context["may_manage"] = may_manage_people(self.request.user)
        context["invitation"] = services.open_invitation_of(self.object, context["now"])
        return context


class PersonForm(FormPage):
    """What adding and editing share."""

    model = User
    section = "people"
    prefetch = ("staff_roles",)
    form_class: Any = StaffForm

    def permitted(self, user: Any) -> bool:
        return may_manage_people(user)


class PersonCreate(PersonForm):
    """Add a member of staff and invite them."""

    title = gettext_lazy("Invite a member of staff")
    submit_label = gettext_lazy("Add and invite")
    back_url = reverse_lazy("accounts:list")

    def perform(self, form: Any) -> User:
        actor = self.request.user
        person = services.create_person(**form.cleaned_data, kind=User.Kind.STAFF, actor=actor, now=self.now)
        services.invite(person, actor=actor, now=self.now)
        return person

    def get_success_url(self, row: Any) -> str:
        return reverse("accounts:invitation", args=[row.pk])


class PersonEdit(PersonForm):
    """Change a person's particulars and, for staff, their roles."""

    title = gettext_lazy("Change particulars")

    def get_form(self) -> Any:
        self.form_class = StaffForm if self.object.is_staff_side else ParticularsForm
        return super().get_form()

    def perform(self, form: Any) -> User:
        particulars = dict(form.cleaned_data)
        roles = particulars.pop("roles", None)
        person = services.change_person(self.object, **particulars, actor=self.request.user, now=self.now)
        if roles is not None:
            services.set_roles(person, roles, actor=self.request.user, now=self.now)
        return person


class SwitchPerson(FormPage):
    """Take a person's access away, or give it back."""

    model = User
    section = "people"
    form_class = SwitchForm
    template_name = "accounts/switch.html"

    def permitted(self, user: Any) -> bool:
        return may_manage_people(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = _("Switch off") if self.object.is_active else _("Switch on")
        self.title, self.submit_label = f"{label} · {self.object}", label
        return super().get_context_data(**kwargs) | {"person": self.object, "wanted": not self.object.is_active}

    def perform(self, form: Any) -> User:
        # The form says what its reader wanted; a second person's click in between does not turn it round.
        if self.request.POST.get("wanted") == "on":
            return services.switch_on(self.object, actor=self.request.user, now=self.now)
        return services.switch_off(
            self.object, reason=form.cleaned_data["reason"], actor=self.request.user, now=self.now
        )


class InvitationPage(DetailPage):
    """The open invitation of a person as link and QR code, to show or to print."""

    model = User
    section = "people"
    template_name = "accounts/invitation.html"
    timeline_size = 0

    def permitted(self, user: Any) -> bool:
        return may_manage_people(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context |= invitation_context(self.object, context["now"])
        context |= {"title": _("Invitation for %(name)s") % {"name": self.object}, "person": self.object}
        return context


def invitation_context(person: User, now: Any) -> dict[str, Any]:
    """Return what the page of an invitation shows: the open one, its link, its QR code."""
    invitation = services.open_invitation_of(person, now)
    link = services.invitation_link(invitation) if invitation else ""
    return {"invitation": invitation, "link": link, "qr": qr_data_uri(link) if link else ""}


class InviteAgain(ActionPage):
    """Make a new invitation; the older one is withdrawn."""

    model = User

    def permitted(self, user: Any) -> bool:
        return may_manage_people(user)

    def perform(self, row: Any) -> str:
        services.invite(row, actor=self.request.user, now=timezone.now())
        return reverse("accounts:invitation", args=[row.pk])


class WithdrawInvitation(ActionPage):
    """Make the open invitation useless."""

    model = User

    def permitted(self, user: Any) -> bool:
        return may_manage_people(user)

    def perform(self, row: Any) -> str:
        services.withdraw_invitation(row, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()


class Profile(FormPage):
    """One's own particulars."""

    model = User
    form_class = ProfileForm
    title = gettext_lazy("My particulars")
    template_name = "accounts/profile.html"
    success_message = gettext_lazy("Your particulars are saved.")

    def get_object(self) -> Any:
        return copy.copy(self.request.user)

    def perform(self, form: Any) -> None:
        user = self.request.user
        services.change_person(user, **form.cleaned_data, username=user.username, actor=user, now=self.now)

    def get_success_url(self, row: Any) -> str:
        return reverse("accounts:profile")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": reverse("core:home")}


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Let an invited person set their password, once, and bring them in."""
    now = timezone.now()
    invitation = services.invitation_by(secret, now)
    if invitation is None:
        return render(
            request, "accounts/invitation_over.html", {"title": _("This invitation cannot be used")}, status=404
        )
    form = FirstPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.accept_invitation(secret, password=form.cleaned_data["password1"], now=now)
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            login(request, person, backend="apps.accounts.backends.IdentifierBackend")
            messages.success(request, _("Welcome. Your password is set; next time sign in with it."))
            return HttpResponseRedirect(reverse("core:home"))
    context = {"title": _("Set your password"), "form": form, "person": invitation.user, "invitation": invitation}
    return render(request, "accounts/accept.html", context, status=422 if form.errors else 200)
