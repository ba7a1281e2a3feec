"""Forms of complaints, follow-ups and samples. They validate only; services write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.events import project_id_of
from apps.core.forms import DateInput, DateTimeInput, ScopedForm, UploadsField
from apps.projects.forms import PeopleField
from apps.projects.models import Equipment, Project, ProjectPerson
from apps.tickets.access import people_to_send

from . import access, rules
from .models import Action, Complaint, Contact

LONG = 2000
K = Complaint.Kind


def _text(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class ComplainForm(ScopedForm):
    """What is wrong, what would put it right, whether anybody is in danger."""

    kind = forms.ChoiceField(label=_("What went wrong"), choices=K.choices, widget=forms.RadioSelect, initial=K.QUALITY)
    title = forms.CharField(label=_("Your complaint in one line"), max_length=120)
    description = forms.CharField(
        label=_("What happened, in your words"), max_length=4000, required=False, widget=_text(4)
    )
    remedy = forms.CharField(label=_("What would put it right?"), max_length=1000, required=False, widget=_text(2))
    danger = forms.CharField(
        label=_("Is anybody in danger? What is dangerous, and where?"),
        max_length=1000,
        required=False,
        widget=_text(2),
        help_text=_("Leave it empty if nobody is. These words go to the emergency crew at once."),
    )
    files: Any = UploadsField(label=_("Photos or files"), required=False, max_files=6)


class AnonymousForm(ComplainForm):
    """A complaint of somebody without an account: with a way to reach them, or without."""

    contact_name = forms.CharField(label=_("Your name"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    about = forms.CharField(
        label=_("What it is about"),
        max_length=160,
        required=False,
        help_text=_("Project, request number, place: as far as you know."),
    )


class CodeForm(ScopedForm):
    """The code under which a complaint is followed."""

    code = forms.CharField(
        label=_("Code of your complaint"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class OwnerComplaintForm(ComplainForm):
    """An owner's person complains, of a project of theirs or of anything."""

    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project._default_manager.all(),
        required=False,
        empty_label=_("No particular project"),
    )
    about = forms.CharField(
        label=_("What it is about"),
        max_length=160,
        required=False,
        help_text=_("A request, a visit, an invoice, a training, anything."),
    )
    people = PeopleField(
        label=_("Is it about somebody of ours?"),
        queryset=ProjectPerson._default_manager.select_related("user", "project"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whom you name never gets to see this complaint."),
    )

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if subject is not None:
            del self.fields["project"], self.fields["about"]
            people: Any = self.fields["people"].queryset
            self.fields["people"].queryset = people.filter(project=project_id_of(subject))
        elif len(own := list(self.fields["project"].queryset[:2])) == 1:
            self.initial.setdefault("project", own[0].pk)


class IntakeForm(ComplainForm):
    """A complaint that came by telephone, e-mail or letter, as customer service takes it in."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(one, one.label) for one in Complaint.Channel if one not in {"portal", "follow_up"}],
        widget=forms.RadioSelect,
        initial=Complaint.Channel.HOTLINE,
    )
    title = forms.CharField(label=_("The complaint in one line"), max_length=120)
    description = forms.CharField(
        label=_("What happened, in their words"), max_length=4000, required=False, widget=_text(4)
    )
    remedy = forms.CharField(label=_("Remedy sought"), max_length=1000, required=False, widget=_text(2))
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    is_anonymous = forms.BooleanField(label=_("Does not want to give a name"), required=False)
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project._default_manager.all(),
        required=False,
        empty_label=_("No particular project"),
    )
    about = forms.CharField(label=_("What it is about"), max_length=160, required=False)
    people = forms.ModelMultipleChoiceField(
        label=_("People complained of"),
        queryset=User._default_manager.staff().order_by("name", "pk"),
        required=False,
        help_text=_("The file is kept from them from now on."),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("is_anonymous") and not data.get("contact_name"):
            self.add_error("contact_name", _("Who complains? Or tick that they give no name."))
        if self.user in data.get("people", ()):
            self.add_error("people", _("You cannot take in a complaint about yourself. Ask a colleague."))
        return data


class StepForm(ScopedForm):
    """The base of forms of steps: the page hands the row over."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=_text())


class RejectForm(ReasonForm):
    """What the complainant says against the decision."""


class EndForm(StepForm):
    """Where else the complainant may turn, in the words that they are told."""

    reason = forms.CharField(
        label=_("Where else the complainant may turn"),
        max_length=300,
        widget=_text(),
        help_text=_("The complainant reads these words, together with the last decision."),
    )


class SaidForm(StepForm):
    """What the complainant says: in their own words, or as ours heard it."""

    said = forms.CharField(label=_("What was said"), max_length=LONG, required=False, widget=_text())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.is_staff_side:
            self.fields["said"].label = _("What you want to say")


class AcceptForm(SaidForm):
    """What the complainant says to the decision."""


class AnswerForm(StepForm):
    answer = forms.CharField(label=_("Answer"), max_length=300, widget=_text())


class ResultForm(StepForm):
    result = forms.CharField(label=_("What was done"), max_length=300, widget=_text())


class VerdictForm(StepForm):
    verdict = forms.CharField(label=_("How do you know?"), max_length=300, widget=_text())


class OutcomeForm(StepForm):
    outcome = forms.CharField(label=_("What came of it"), max_length=300, widget=_text())


class GrantForm(StepForm):
    engineer = forms.ModelChoiceField(label=_("Engineer"), queryset=people_to_send().order_by("name", "pk"))
    answer = forms.CharField(label=_("Answer"), max_length=300, required=False)


class SettleForm(StepForm):
    decision = forms.CharField(
        label=_("How it was settled"), max_length=LONG, widget=_text(), help_text=_("The complainant reads this.")
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", "—"), *Complaint.Cause.choices], required=False)


class EntrustForm(StepForm):
    """Who investigates: nobody complained of, nobody who worked on the matter."""

    investigator = forms.ModelChoiceField(label=_("Investigator"), queryset=User._default_manager.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["investigator"].queryset = access.investigators(self.row)


class InvestigateForm(EntrustForm):
    plan = forms.CharField(label=_("Plan: what is looked into, by when"), max_length=LONG, widget=_text())
    expected_on = forms.DateField(
        label=_("Answer promised by"),
        widget=DateInput,
        initial=lambda: rules.expected_on(timezone.localdate()),
    )
    progress_by = forms.DateTimeField(
        label=_("First progress note promised by"),
        widget=DateTimeInput,
        required=False,
        initial=lambda: timezone.localtime() + timedelta(days=2),
    )

    def clean_progress_by(self) -> Any:
        promised = self.cleaned_data["progress_by"]
        if promised and promised <= timezone.now():
            raise forms.ValidationError(_("Promise a moment that is still to come."))
        return promised


class DecideForm(StepForm):
    cause = forms.ChoiceField(label=_("Cause"), choices=Complaint.Cause.choices)
    decision = forms.CharField(
        label=_("Decision"), max_length=4000, widget=_text(5), help_text=_("The complainant reads this.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].initial = self.row.cause


class DecideAboveForm(StepForm):
    decision = forms.CharField(
        label=_("Decision"), max_length=4000, widget=_text(5), help_text=_("The complainant reads this.")
    )


class TellForm(StepForm):
    how = forms.CharField(label=_("How it was told"), max_length=300, help_text=_("By telephone to Mr Lin, in person…"))


class AssessForm(ScopedForm):
    """How grave a complaint is (ISO 10002)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Complaint.Kind.choices)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Complaint.Degree.choices, coerce=int)
    complexity = forms.TypedChoiceField(label=_("Complexity"), choices=Complaint.Degree.choices, coerce=int)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=Complaint.Degree.choices, coerce=int)
    department = forms.CharField(label=_("Department concerned"), max_length=80, required=False)
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project._default_manager.all(),
        required=False,
        help_text=_("Once it is known, the promises of its policy run, and a danger goes to the emergency crew."),
    )
    equipment = forms.ModelChoiceField(
        label=_("Equipment concerned"), queryset=Equipment._default_manager.all(), required=False
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.project_id is None:
            del self.fields["equipment"]
            return
        del self.fields["project"]
        pieces: Any = self.fields["equipment"].queryset
        self.fields["equipment"].queryset = pieces.filter(project=row.project_id).order_by("name", "asset_code")


class PeopleForm(ScopedForm):
    """Who is complained of."""

    people = forms.ModelMultipleChoiceField(
        label=_("People complained of"),
        queryset=User._default_manager.staff().order_by("name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The file is kept from them: they do not find it, and are told nothing of it."),
    )


class ContactForm(ScopedForm):
    way = forms.ChoiceField(label=_("Way"), choices=Contact.Way.choices)
    whom = forms.CharField(label=_("With whom"), max_length=80)
    said = forms.CharField(label=_("What was said"), max_length=LONG, widget=_text())
    with_complainant = forms.BooleanField(label=_("It was the complainant"), required=False, initial=True)
    is_answer = forms.BooleanField(label=_("They were told what we do about it, and by when"), required=False)


class EvidenceForm(ScopedForm):
    files: Any = UploadsField(label=_("Evidence collected"), max_files=12)


class CauseForm(ScopedForm):
    """The cause, and five times why."""

    cause = forms.ChoiceField(label=_("Cause"), choices=Complaint.Cause.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, rules.WHYS + 1):
            self.fields[f"why_{n}"] = forms.CharField(
                label=_("Why? (%(n)s)") % {"n": n}, max_length=200, required=n == 1
            )

    @property
    def whys(self) -> list[str]:
        return [self.cleaned_data[f"why_{n}"] for n in range(1, rules.WHYS + 1)]


class PromiseForm(ScopedForm):
    promised_by = forms.DateTimeField(label=_("Promised by"), widget=DateTimeInput)
    about = forms.CharField(label=_("What about"), max_length=120)


class ProgressForm(ScopedForm):
    text = forms.CharField(label=_("What was told"), max_length=LONG, widget=_text())


class ActionForm(ScopedForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Action.Kind.choices, widget=forms.RadioSelect, initial="corrective"
    )
    text = forms.CharField(label=_("Action"), max_length=300, widget=_text(2))
    responsible = forms.ModelChoiceField(label=_("Who"), queryset=User._default_manager.staff().order_by("name", "pk"))
    due_on = forms.DateField(label=_("To be done by"), widget=DateInput)
    check_on = forms.DateField(label=_("Check on"), widget=DateInput)


class EngineerForm(ScopedForm):
    reason = forms.CharField(
        label=_("Why would you like another engineer?"),
        max_length=500,
        widget=_text(),
        help_text=_("Read by our dispatchers alone, not by the engineer."),
    )


class CallForm(ScopedForm):
    """What a follow-up call brought: one of four, with words."""

    RESULTS = (
        ("satisfied", _("Satisfied")),
        ("reopen", _("Not satisfied: open the request again")),
        ("complaint", _("Not satisfied: open a complaint")),
        ("not_reached", _("Not reached")),
    )
    result = forms.ChoiceField(label=_("How did it go?"), choices=RESULTS, widget=forms.RadioSelect)
    said = forms.CharField(label=_("What was said"), max_length=LONG, required=False, widget=_text())
