"""Forms of notifications: how people are told, and the senders."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ScopedForm, ScopedModelForm

from .failures import PermanentFailure
from .models import MODES, Channel, Mode, Sender
from .outgoing import check_url
from .providers import read_fields, read_headers
from .topics import Topic, all_topics

#: Headers that belong to the connection.
OWN_HEADERS = {"host", "content-length", "transfer-encoding", "connection"}


class TimeInput(forms.TimeInput):
    """The browser's own picker for a time."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MatrixForm(ScopedForm):
    """One select for each topic and channel. ``unset`` gives the words of the empty choice, where there is one."""

    def __init__(
        self,
        *args: Any,
        topics: list[Topic],
        channels: Iterable[str],
        modes: dict[tuple[str, str], str],
        unset: dict[tuple[str, str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topics
        self.channels = [Channel(channel) for channel in channels]
        for topic in topics:
            for channel in self.channels:
                choices: list[Any] = [(mode.value, mode.label) for mode in MODES[channel]]
                if unset is not None:
                    default = Mode(unset[topic.name, channel]).label
                    choices.insert(0, ("", _("Default: %(mode)s") % {"mode": default}))
                field = forms.ChoiceField(
                    label=f"{topic.title} · {channel.label}",
                    choices=choices,
                    required=unset is None,
                    initial=modes.get((topic.name, channel), ""),
                )
                field.widget.attrs |= {"class": "form-select", "aria-label": field.label}
                self.fields[f"{topic.name}-{channel}"] = field

    @property
    def lines(self) -> list[tuple[Topic, list[tuple[Channel, Any]]]]:
        """The table: each topic with the field of each channel."""
        return [
            (topic, [(channel, self[f"{topic.name}-{channel}"]) for channel in self.channels]) for topic in self.topics
        ]

    @property
    def modes(self) -> dict[tuple[str, str], str]:
        """What was chosen, by topic and channel."""
        return {
            (topic.name, channel.value): self.cleaned_data[f"{topic.name}-{channel}"]
            for topic in self.topics
            for channel in self.channels
        }


class ChoicesForm(MatrixForm):
    """How a person wants to be told, and when not."""

    quiet = forms.BooleanField(label=_("Keep quiet hours"), required=False)
    starts_at = forms.TimeField(label=_("Quiet from"), widget=TimeInput)
    ends_at = forms.TimeField(label=_("Quiet until"), widget=TimeInput)


class RulesForm(MatrixForm):
    """How people of one role are told unless they choose otherwise."""


class SenderForm(ScopedModelForm):
    """What every sender has. Address and secret are written here and never shown again."""

    new_url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.URLInput(attrs={"autocomplete": "off", "data-no-draft": ""})
    )
    new_secret = forms.CharField(
        label=_("Secret"),
        max_length=300,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["new_url"].required = False
            self.fields["new_url"].help_text = _("Kept: %(url)s. Fill it in to replace it.") % {
                "url": self.instance.shown_url
            }
            if self.instance.secret:
                self.fields["new_secret"].help_text = _("Kept and never shown. Fill it in to replace it.")

    def clean_new_url(self) -> str:
        url = self.cleaned_data["new_url"].strip()
        if url:
            try:
                check_url(url)
            except PermanentFailure as error:
                raise ValidationError(str(error)) from error
        return str(url)

    def filled(self) -> Sender:
        """Return the sender with what was typed, not saved; an empty address or secret leaves the kept one."""
        sender: Sender = self.instance
        sender.url = self.cleaned_data["new_url"] or sender.url
        sender.secret = self.cleaned_data["new_secret"] or sender.secret
        return sender


class RobotForm(SenderForm):
    """A robot of a group."""

    topics = forms.MultipleChoiceField(
        label=_("Topics"), widget=forms.CheckboxSelectMultiple, help_text=_("What the group is told.")
    )

    class Meta:
        model = Sender
        fields = ["name", "kind", "look", "members", "topics", "projects", "is_on"]
        help_texts = {
            "projects": _("Leave it empty for all projects."),
            "members": _("Groups with owners' people are told only what owners may see."),
        }

    field_order = ["name", "kind", "new_url", "new_secret", "look", "members", "topics", "projects", "is_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in Sender.Kind if kind != Sender.Kind.SMS]
        self.fields["kind"].choices = kinds
        self.fields["topics"].choices = [(topic.name, topic.title) for topic in all_topics()]
        self.fields["new_url"].label = _("Webhook address")
        self.fields["new_secret"].label = _("Signing secret")


class SmsForm(SenderForm):
    """An SMS provider by its own HTTP interface."""

    class Meta:
        model = Sender
        fields = ["name", "method", "headers", "body_format", "body", "success_text", "is_on"]
        widgets = {"headers": forms.Textarea(attrs={"rows": 3}), "body": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "headers": _("One a line, such as “Authorization: Bearer {secret}”."),
            "body": _(
                "JSON, or one field a line such as “mobile={phone}”. {phone}, {text} and {secret} are filled in."
            ),
            "success_text": _("Left empty, the code in the answer decides."),
        }

    field_order = ["name", "new_url", "new_secret", "method", "headers", "body_format", "body", "success_text", "is_on"]

    def clean_headers(self) -> str:
        lines = self.cleaned_data["headers"]
        try:
            names = {name.lower() for name, _value in read_headers(lines)}
        except ValueError as error:
            raise ValidationError(_("Not a header line: %(line)s"), params={"line": error}) from error
        if names & OWN_HEADERS:
            raise ValidationError(
                _("These headers are the portal's own: %(names)s"), params={"names": ", ".join(names & OWN_HEADERS)}
            )
        return str(lines)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        body = data.get("body", "")
        if data.get("method") == Sender.Method.POST and body:
            try:
                json.loads(body) if data.get("body_format") == Sender.Body.JSON else read_fields(body)
            except ValueError as error:
                self.add_error("body", ValidationError(_("Cannot be read: %(error)s"), params={"error": error}))
        used = body if data.get("method") == Sender.Method.POST else ""
        everything = f"{data.get('new_url') or self.instance.url} {used}"
        missing = [name for name in ("{phone}", "{text}") if name not in everything]
        if missing and not self.errors:
            self.add_error(
                "body",
                ValidationError(_("Neither address nor body has %(names)s."), params={"names": ", ".join(missing)}),
            )
        return data

    def filled(self) -> Sender:
        sender = super().filled()
        sender.kind = Sender.Kind.SMS
        return sender
