"""Forms about people: signing in, first password, particulars, roles."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ScopedForm, ScopedModelForm

from .models import Role, User


class SignInForm(LoginForm):
    """Signs in by user name, e-mail or telephone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("User name, e-mail or telephone"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
            ),
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")
        self.order_fields(["login", "password", "remember"])


class FirstPasswordForm(forms.Form):
    """The first password of an invited person, typed twice. The service judges its strength."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
        help_text=lazy(lambda: " ".join(str(text) for text in password_validators_help_texts()), str)(),
    )
    password2 = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", ValidationError(_("The two passwords differ. Type the same one twice.")))
        return data


IDENTITY_HELP = {
    "username": _("Left empty, the telephone number or the e-mail address serves as user name."),
    "email": _("Without one the password cannot be reset by mail."),
}


class ParticularsForm(ScopedModelForm):
    """Who a person is and by what they sign in."""

    class Meta:
        model = User
        fields = ["name", "phone", "email", "username"]
        help_texts = IDENTITY_HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = False
        self.fields["phone"].widget.input_type = "tel"
        self.fields["phone"].widget.attrs["autocomplete"] = "off"

    def _post_clean(self) -> None:
        """The service compares, normalises and refuses: the instance stays as it was read."""


class StaffForm(ParticularsForm):
    """A member of staff with their roles."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Engineers and trainers see the projects they serve; every other role sees all."),
        error_messages={"required": _("Give at least one role; without one a person sees nothing.")},
    )

    class Meta(ParticularsForm.Meta):
        fields = ["name", "phone", "email", "username", "licence_number", "roles"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = list(self.instance.roles)


class ProfileForm(ParticularsForm):
    """One's own particulars; the user name is the administrator's."""

    class Meta(ParticularsForm.Meta):
        fields = ["name", "phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super(ParticularsForm, self).__init__(*args, **kwargs)
        self.fields["phone"].widget.input_type = "tel"


class SwitchForm(ScopedForm):
    """Why a person is switched off or on."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)
