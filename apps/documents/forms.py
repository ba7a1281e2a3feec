"""Forms of documents: company profile, void, signing."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.forms import PhotosField, ScopedForm, ScopedModelForm

from . import rendering
from .models import CompanyProfile
from .signing import read_drawing


class CompanyForm(ScopedModelForm):
    logo = PhotosField(label=_("Logo"), required=False, max_files=1, help_text=_("PNG or JPEG; replaces the old one."))

    class Meta:
        model = CompanyProfile
        fields = ["name", "short_name", "address", "hotline", "website", "seal_text"]

    def clean_name(self) -> str:
        return self._on_the_seal("name")

    def clean_seal_text(self) -> str:
        return self._on_the_seal("seal_text")

    def _on_the_seal(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if missing := rendering.without_glyph(text):
            raise ValidationError(_("The seal cannot show “%(signs)s”. Write it without."), params={"signs": missing})
        return text


class VoidForm(ScopedForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class DrawingForm(ScopedForm):
    """A drawn signature: the picture and its strokes, filled in by the signing script."""

    signature_image = forms.CharField(required=False, widget=forms.HiddenInput)
    signature_strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    drawing_required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        image = data.get("signature_image", "")
        data["drawing"] = None
        if image or self.drawing_required:
            try:
                strokes = json.loads(data.get("signature_strokes") or "[]")
                data["drawing"] = read_drawing(image, strokes)
            except DomainError as error:
                raise ValidationError(str(error)) from error
            except json.JSONDecodeError as error:
                raise ValidationError(_("The signature did not arrive whole. Please sign again.")) from error
        return data


class SampleForm(DrawingForm):
    """One's own signature, put under one's work from now on."""


class FirstSampleForm(DrawingForm):
    """One's own signature where work is finished: asked of who has drawn none yet, beside the form of that work."""

    PREFIX = "own"
    drawing_required = False


class SignForm(DrawingForm):
    """Sign for the owner: who signs, as what, and the hash of what was shown."""

    name = forms.CharField(label=_("Name of the signer"), max_length=60)
    role = forms.CharField(label=_("Position"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    content_sha256 = forms.CharField(widget=forms.HiddenInput)


class OnSiteSignForm(SignForm):
    """Sign on our device: nobody knows the person but by what they say, so all of it is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("role", "phone"):
            self.fields[name].required = True


class AccountSignForm(SignForm):
    """Sign with one's own account: the name is known, drawing is welcome and not required."""

    drawing_required = False
    phone = None  # type: ignore[assignment]


class LinkSignForm(SignForm):
    """Sign by the link, with the code that was given beside it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=6,
        help_text=_("The six digits shown beside the QR code."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class UnsignedForm(ScopedForm):
    """Nobody of the owner can sign: why, and a photo of the site."""

    reason = forms.ChoiceField(label=_("Why nobody signs"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=120, required=False)
    photo = PhotosField(label=_("Photo of the site"), max_files=1)

    REASONS = [
        ("业主不在场", _("Nobody of the owner on site")),
        ("已电话确认", _("Confirmed by telephone")),
        ("业主拒签", _("Signature refused")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = self.REASONS


class VerifyForm(forms.Form):
    """A file to be checked against what was issued."""

    file = forms.FileField(label=_("PDF file"))
