"""Forms of requests and work orders. They validate only; services write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateTimeInput, PhotosField, ScopedForm, as_key
from apps.projects.models import Equipment, Project
from apps.service_levels.models import Pause

from . import access
from .models import Ticket, WorkOrder, WorkOrderPhoto

MAX_MESSAGE = 4000


class LabelForm(ScopedForm):
    """Report from a label: the equipment is known, nobody is signed in."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind, kind.label) for kind in (Ticket.Kind.FAULT, Ticket.Kind.EMERGENCY, Ticket.Kind.MAINTENANCE)],
        initial=Ticket.Kind.FAULT,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("What happened"), max_length=120)
    description = forms.CharField(
        label=_("Details"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=_("Photos"), required=False, max_files=6)
    contact_name = forms.CharField(label=_("Your name"), max_length=60)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    #: The open request that this report is about as well; empty for a new one.
    same = forms.CharField(required=False, widget=forms.RadioSelect)


class TicketForm(ScopedForm):
    """Report a fault, as the owner's people and engineers do it: no level, the rest prefilled."""

    project = forms.ModelChoiceField(label=_("Project"), queryset=Project._default_manager.select_related("owner"))
    equipment = forms.ModelChoiceField(
        label=_("Equipment"),
        queryset=Equipment._default_manager.select_related("site__parent"),
        required=False,
        empty_label=_("Not in the list, or not known"),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Ticket.Kind, initial=Ticket.Kind.FAULT, widget=forms.RadioSelect)
    title = forms.CharField(label=_("What happened"), max_length=120)
    description = forms.CharField(
        label=_("Details"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    began_at = forms.DateTimeField(
        label=_("When did it begin"),
        required=False,
        widget=DateTimeInput,
        help_text=_("Cover is decided by this day. Leave it empty if it began just now."),
    )
    contact_name = forms.CharField(label=_("Contact on site"), max_length=60)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipment"].queryset = self.equipment_of(self.chosen_project)

    @property
    def chosen_project(self) -> Any:
        """The key of the project chosen so far, which narrows the equipment."""
        return as_key(self.data.get("project") if self.is_bound else self.initial.get("project"))

    def equipment_of(self, project: Any) -> Any:
        """Return the equipment of the project as far as the person sees it; none before a project is chosen."""
        rows = self.fields["equipment"].queryset
        return rows.filter(project=project) if project else rows.none()

    def clean_began_at(self) -> Any:
        began_at = self.cleaned_data["began_at"]
        if began_at and began_at > timezone.now():
            raise forms.ValidationError(_("This time is in the future. When did it begin?"))
        return began_at


class CallForm(TicketForm):
    """Register a call: the channel, the level, and who called come with it."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[choice for choice in Ticket.Channel.choices if choice[0] != Ticket.Channel.QR_CODE],
        initial=Ticket.Channel.HOTLINE,
        widget=forms.RadioSelect,
    )
    level = forms.TypedChoiceField(
        label=_("Level"), choices=Ticket.Level, coerce=int, initial=Ticket.Level.PARTIAL, widget=forms.RadioSelect
    )


class MessageForm(ScopedForm):
    """One line of the conversation, with photos; staff choose who reads it."""

    body = forms.CharField(
        label=_("Message"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=_("Photos"), required=False)
    for_staff = forms.BooleanField(label=_("Note for our people only"), required=False)

    def __init__(self, *args: Any, has_photos: bool = False, **kwargs: Any) -> None:
        self.has_photos = has_photos
        super().__init__(*args, **kwargs)
        if not self.user.is_staff_side:
            del self.fields["for_staff"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("body") and not data.get("photos") and not self.has_photos and not self.errors:
            self.add_error("body", _("Write something, or add a photo."))
        return data


class TriageForm(ScopedForm):
    """Kind and level of a request."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Ticket.Kind)
    level = forms.TypedChoiceField(label=_("Level"), choices=Ticket.Level, coerce=int)
    is_complex = forms.BooleanField(
        label=_("Complex repair"), required=False, help_text=_("Promises may give a complex repair more time.")
    )


class AppointmentForm(ScopedForm):
    """Who goes, and when."""

    engineer = forms.ModelChoiceField(label=_("Engineer"), queryset=access.people_to_send())
    appointment_from = forms.DateTimeField(label=_("Appointment from"), widget=DateTimeInput)
    appointment_to = forms.DateTimeField(label=_("to"), widget=DateTimeInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begin, end = data.get("appointment_from"), data.get("appointment_to")
        if begin and end and end <= begin:
            self.add_error("appointment_to", _("The appointment must end after it begins."))
        return data


class DispatchForm(AppointmentForm):
    """Send an engineer: on site or remote, with the technical briefing."""

    mode = forms.ChoiceField(
        label=_("Way"), choices=WorkOrder.Mode, initial=WorkOrder.Mode.FIELD, widget=forms.RadioSelect
    )
    briefing = forms.CharField(
        label=_("Technical briefing"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class RecordForm(ScopedForm):
    """What the engineer found and did. Nothing is required before the end: it saves itself as it grows."""

    cause = forms.ChoiceField(label=_("Cause"), choices=WorkOrder.Cause, required=False, widget=forms.RadioSelect)
    cause_note = forms.CharField(
        label=_("Cause in words"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    work_done = forms.CharField(
        label=_("Work done"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    result = forms.ChoiceField(label=_("Result"), choices=WorkOrder.Result, required=False, widget=forms.RadioSelect)
    test_note = forms.CharField(
        label=_("Test"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    prevention = forms.CharField(
        label=_("Prevention"), max_length=MAX_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def sent_values(self) -> dict[str, str]:
        """Return the fields that were sent: a part of the form leaves the others alone."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


class OrderPhotoForm(ScopedForm):
    """Photos of one slot of a work order."""

    slot = forms.ChoiceField(
        label=_("Kind"), choices=[(slot.value, slot.label) for slot in WorkOrderPhoto.Slot if slot != "unsigned"]
    )
    photos = PhotosField(label=_("Photos"))


class StepForm(ScopedForm):
    """Base of the forms that steps ask for: they know their row."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SuspendForm(ReasonForm):
    """Interrupt the work; where the reason is not ours, the promises stand still meanwhile."""

    pause = forms.ChoiceField(
        label=_("Do the promised times stand still?"),
        choices=[("", _("No, they go on")), *Pause.Reason.choices],
        required=False,
        help_text=_("The owner sees the reason."),
    )


class MilestoneForm(ScopedForm):
    """What was reached on the way of a request."""

    name = forms.ChoiceField(label=_("What was reached?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In words"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, milestones: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(one.name, one.title) for one in milestones]


class PauseForm(ScopedForm):
    """Why the promised times of a request stand still."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Pause.Reason)
    note = forms.CharField(
        label=_("In words"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner reads it beside the promised times."),
    )


class NotFixedForm(StepForm):
    reason = forms.CharField(
        label=_("What is still wrong?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The request goes on under the same number, and we send somebody again."),
    )


class AnswerForm(StepForm):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=MAX_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The owner reads it in the conversation. Nothing said for three days counts as agreement."),
    )


class TelephoneConfirmationForm(StepForm):
    who = forms.CharField(
        label=_("Who confirmed on the telephone?"), max_length=100, help_text=_("Name and number of the caller.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].initial = f"{self.row.contact_name} {self.row.contact_phone}"


class ReassignForm(AppointmentForm):
    """Another engineer, or another time, with the reason (R-14)."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        for name in ("engineer", "appointment_from", "appointment_to"):
            self.fields[name].initial = getattr(row, name)
