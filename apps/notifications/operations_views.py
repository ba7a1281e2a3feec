"""Pages for the administrator: defaults by role, senders, outgoing items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.core.models import OutboxItem
from apps.core.pages import ActionPage, FormPage, ListPage, ScopedPage, Tab

from . import services
from .access import may_operate
from .failures import PermanentFailure, TemporaryFailure
from .filters import OutgoingFilter, SenderFilter
from .forms import RobotForm, RulesForm, SmsForm
from .models import Channel, DefaultRule, Sender
from .spreading import Wishes
from .tables import OutgoingTable, SenderTable
from .topics import GROUPS, OWNER, all_topics

Status = OutboxItem.Status


class OperatorPage(ScopedPage):
    """What the administrator's pages share."""

    def permitted(self, user: Any) -> bool:
        return may_operate(user)


class Defaults(OperatorPage, FormPage):
    """How people of each role are told unless they choose otherwise: one role at a time."""

    model = DefaultRule
    title = _("Who is told what")
    form_class = RulesForm
    template_name = "notifications/defaults.html"
    success_message = _("The defaults are saved. People's own choices stay as they are.")

    @property
    def group(self) -> str:
        wanted = self.request.POST.get("group") or self.request.GET.get("group")
        return wanted if wanted in GROUPS else OWNER

    def get_form_kwargs(self) -> dict[str, Any]:
        wishes, topics = Wishes.of([]), all_topics({self.group})
        return super().get_form_kwargs() | {
            "topics": topics,
            "channels": list(Channel),
            "modes": {
                (topic.name, channel.value): wishes.default(self.group, topic.name, channel)
                for topic in topics
                for channel in Channel
            },
        }

    def perform(self, form: Any) -> None:
        services.save_rules(group=self.group, modes=form.modes, actor=self.request.user, now=self.now)

    def get_success_url(self, row: Any) -> str:
        return f"{reverse('notifications:defaults')}?group={self.group}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = {OWNER: _("Owners' people")} | {role.value: role.label for role in Role}
        return super().get_context_data(**kwargs) | {
            "group": self.group,
            "groups": [(group, names[group]) for group in GROUPS],
            "back_url": reverse("core:home"),
        }


class SenderList(OperatorPage, ListPage):
    """The SMS provider and the robots of groups."""

    model = Sender
    title = _("Senders")
    template_name = "notifications/senders.html"
    filterset_class = SenderFilter
    table_class = SenderTable
    create_url = "notifications:robot_create"
    create_label = _("Add a robot")
    empty_text = _("Nothing is connected yet. Add the robot of a group, or an SMS provider.")
    exportable = False

    def may_create(self, user: Any) -> bool:
        return not user.is_auditor_only


class SenderForm(OperatorPage, FormPage):
    """What adding and editing share."""

    model = Sender
    form_class: Any = RobotForm
    template_name = "notifications/sender.html"
    success_message = _("Saved. Send a test message to see whether it works.")
    back_url: Any = reverse_lazy("notifications:senders")

    def perform(self, form: Any) -> Sender:
        projects = form.cleaned_data.get("projects", ())
        return services.save_sender(form.filled(), projects=projects, actor=self.request.user, now=self.now)


class RobotCreate(SenderForm):
    """Connect the robot of a group."""

    title = _("Add a robot")


class SmsCreate(SenderForm):
    """Connect an SMS provider."""

    title = _("Add an SMS provider")
    form_class = SmsForm


class SenderEdit(SenderForm):
    """Change a sender; address and secret stay hidden."""

    def get_form(self) -> Any:
        self.title = self.object.name
        self.form_class = RobotForm if self.object.is_robot else SmsForm
        return super().get_form()


class TrialPage(OperatorPage, ActionPage):
    """Send a test message at once and show what the other side said."""

    def said(self, row: Any) -> str:
        raise NotImplementedError

    def perform(self, row: Any) -> str:
        try:
            said = self.said(row)
        except (TemporaryFailure, PermanentFailure) as error:
            raise DomainError(gettext("The test failed. %(error)s") % {"error": error}) from error
        messages.success(
            self.request, gettext("The test message is on its way. Answer: %(said)s") % {"said": said[:300]}
        )
        return row.get_absolute_url() if row is not None else self.get_back_url()

    def get_back_url(self) -> str:
        return reverse("notifications:senders")


class SenderTest(TrialPage):
    """Try a sender; an SMS goes to the administrator's own telephone."""

    model = Sender

    def said(self, row: Any) -> str:
        if not row.is_robot and not self.request.user.phone:
            raise DomainError(gettext("Enter your telephone number in your particulars first: the test goes there."))
        return services.try_sender(row, actor=self.request.user, now=timezone.now())


class MailTest(TrialPage):
    """Try the mail server; the mail goes to the administrator's own address."""

    model = Sender

    def said(self, row: Any) -> str:
        if not self.request.user.email:
            raise DomainError(gettext("Enter your e-mail address in your particulars first: the test goes there."))
        return services.try_mail(actor=self.request.user)


class Outgoing(OperatorPage, ListPage):
    """What leaves the portal, what waits, what was given up."""

    model = OutboxItem
    title = _("Outgoing items")
    template_name = "notifications/outgoing.html"
    filterset_class = OutgoingFilter
    table_class = OutgoingTable
    tabs = (
        Tab("dead", _("Given up"), lambda rows: rows.filter(status=Status.DEAD)),
        Tab("waiting", _("Waiting"), lambda rows: rows.filter(status__in=[Status.WAITING, Status.CLAIMED])),
        Tab("done", _("Done"), lambda rows: rows.filter(status=Status.DONE)),
        Tab("all", _("All"), lambda rows: rows),
    )
    bulk_actions = (("notifications:send_again", _("Send again"), "refresh"),)
    exportable = False
    empty_text = _("Nothing here. What could not be delivered after several attempts appears here.")

    def may_use_bulk(self, user: Any) -> bool:
        return self.tab is not None and self.tab.name in {"dead", "all"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_items = OutboxItem._default_manager.visible_to(self.request.user).exclude(status=Status.DONE)
        counts = open_items.aggregate(
            dead=Count("pk", filter=Q(status=Status.DEAD)),
            failing=Count("pk", filter=Q(status=Status.WAITING, attempts__gt=0)),
            waiting=Count("pk", filter=Q(status__in=[Status.WAITING, Status.CLAIMED])),
        )
        return super().get_context_data(**kwargs) | {"counts": counts}


class SendAgain(OperatorPage, ActionPage):
    """Give the chosen dead items another chance."""

    model = OutboxItem

    def perform(self, row: Any) -> str:
        keys = self.selected_keys()
        count = services.send_again(
            list(self.get_queryset().filter(pk__in=keys)), actor=self.request.user, now=timezone.now()
        )
        if not count:
            raise DomainError(gettext("Choose at least one item that was given up."))
        messages.success(self.request, gettext("On their way again: %(count)s") % {"count": count})
        return self.get_back_url()

    def get_back_url(self) -> str:
        return reverse("notifications:outbox")
