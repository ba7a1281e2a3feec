"""Pages on which documents are signed: on our device, with an account, by link and code, or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.client import client_of
from apps.core.errors import DomainError
from apps.core.pages import FormPage
from apps.projects.models import OwnerPerson

from . import access, rendering, signing
from .forms import AccountSignForm, FirstSampleForm, LinkSignForm, OnSiteSignForm, UnsignedForm
from .models import Document, Signature
from .registry import get_type
from .signing import Signer
from .views import paper

#: As many as fit above the fields of a phone.
MOST_SIGNERS = 6
#: What stands on the paper, in its language, for who has no position of their own.
OWNERS_PERSON = "业主代表"
CONTACT = "现场联系人"


def take_own_signature(request: HttpRequest, *, now: datetime) -> None:
    """Keep the signature that somebody drew where they finish work for the first time (``own_signature.html``).

    One that is kept already stays. Raises ``DomainError`` for what is no drawing.
    """
    form = FirstSampleForm(request.POST, user=request.user, prefix=FirstSampleForm.PREFIX)
    if not form.is_valid():
        raise DomainError(" ".join(str(error) for error in form.non_field_errors()))
    drawing = form.cleaned_data["drawing"]
    if drawing is not None and not signing.has_sample(request.user):
        signing.keep_sample(user=request.user, drawing=drawing, now=now)


class SigningPage(FormPage):
    """Shows exactly the content that is signed, and takes the signature."""

    model = Document
    related = ("project__owner",)
    template_name = "documents/sign.html"
    submit_label = gettext_lazy("Sign and send")
    method = Signature.Method.ON_SITE

    def get_initial(self) -> dict[str, Any]:
        return {"content_sha256": self.object.content_sha256}

    def sign(self, form: Any, *, name: str, user: Any, actor: Any) -> Document:
        data = form.cleaned_data
        signer = Signer(
            name=name,
            role=data["role"],
            phone=data.get("phone", ""),
            method=self.method,
            user=user,
            client=client_of(self.request),
        )
        signing.sign_for_owner(
            self.object,
            signer=signer,
            drawing=data["drawing"],
            content_sha256=data["content_sha256"],
            actor=actor,
            now=self.now,
        )
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = self.object
        return super().get_context_data(**kwargs) | {
            "document": document,
            "kind_title": get_type(document.type).title_of(document),
            "content_url": reverse("documents:content", args=[document.pk]),
            "is_open": document.status == Document.Status.DRAFT and not document.unsigned,
        }

    def get_success_url(self, row: Document) -> str:
        subject: Any = row.subject
        return subject.get_absolute_url()


class SignOnSite(SigningPage):
    """The engineer hands the device over; the owner's person reads and signs."""

    title = gettext_lazy("Signature of the owner")
    form_class = OnSiteSignForm
    takes_device_time = True

    def permitted_on(self, row: Document, user: Any) -> bool:
        return access.may_take_signature(row, user)

    def perform(self, form: Any) -> Document:
        return self.sign(form, name=form.cleaned_data["name"], user=None, actor=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = self.object
        link = settings.PUBLIC_URL + reverse("documents:sign_by_link", args=[document.signing_token])
        return super().get_context_data(**kwargs) | {
            "signing_link": link,
            "signing_qr": rendering.qr_data_uri(link),
            "signers": self.signers(),
        }

    def signers(self) -> list[dict[str, str]]:
        """Return who may be at hand to sign: the contact the owner named first, then the owner's people."""
        document = self.object
        people = OwnerPerson._default_manager.visible_to(self.request.user).filter(owner=document.project.owner_id)
        found = {
            person.user.name: {
                "name": person.user.name,
                "role": person.position or OWNERS_PERSON,
                "phone": person.user.phone or "",
            }
            for person in people.filter(user__is_active=True).select_related("user")[:MOST_SIGNERS]
        }
        contact = get_type(document.type).contact
        name, phone = contact(document.subject) if contact is not None else ("", "")
        if name:
            known = found.pop(name, {"name": name, "role": CONTACT, "phone": ""})
            return [known | {"phone": phone or known["phone"]}, *found.values()]
        return list(found.values())


class SignWithAccount(SigningPage):
    """The owner's person signs on their own device, signed in."""

    title = gettext_lazy("Read and sign")
    form_class = AccountSignForm
    method = Signature.Method.ACCOUNT

    def permitted_on(self, row: Document, user: Any) -> bool:
        return access.may_sign(row, user)

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        person = OwnerPerson._default_manager.visible_to(user).filter(user=user).first()
        return super().get_initial() | {"name": user.name, "role": person.position if person else ""}

    def perform(self, form: Any) -> Document:
        user = self.request.user
        return self.sign(form, name=user.name, user=user, actor=user)


@method_decorator(login_not_required, name="dispatch")
class SignByLink(SigningPage):
    """Who holds the link and the code signs for the owner, without an account."""

    title = gettext_lazy("Read and sign")
    form_class = LinkSignForm
    method = Signature.Method.LINK
    template_name = "documents/sign_by_link.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super(FormPage, self).dispatch(request, *args, **kwargs)

    def get_object(self) -> Document:
        rows = Document._default_manager.select_related("project__owner")
        return get_object_or_404(rows, signing_token=self.kwargs["token"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": AnonymousUser()}

    def perform(self, form: Any) -> Document:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        if not signing.check_code_of(self.object, form.cleaned_data["code"]):
            form.add_error("code", _("This code is not right. Ask the engineer for the six digits beside the QR code."))
            return self.form_invalid(form)
        try:
            self.sign(form, name=form.cleaned_data["name"], user=None, actor=None)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, signed=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("documents:content_by_link", args=[self.object.signing_token])
        return super().get_context_data(**kwargs) | {"content_url": url}


@login_not_required
def content_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The content that a signing link is about, as long as it waits for the signature."""
    document = get_object_or_404(Document._default_manager.filter(status=Document.Status.DRAFT), signing_token=token)
    if not document.content:
        raise Http404
    with document.content.open() as file:
        return paper(file.read())


class LeaveUnsigned(FormPage):
    """Nobody of the owner can sign: the reason and a photo stand in the signature's place."""

    model = Document
    related = ("project__owner",)
    title = gettext_lazy("Nobody is there to sign")
    form_class = UnsignedForm
    submit_label = gettext_lazy("Finish without signature")

    def permitted_on(self, row: Document, user: Any) -> bool:
        return access.may_take_signature(row, user)

    def perform(self, form: Any) -> Document:
        data = form.cleaned_data
        photo = data["photo"][0]
        name = signing.keep_site_photo(photo)
        return signing.leave_unsigned(
            self.object,
            reason="，".join(part for part in (data["reason"], data["note"]) if part),
            photo=name,
            taken_at=photo.taken_at or self.now,
            actor=self.request.user,
            now=self.now,
        )

    def get_success_url(self, row: Document) -> str:
        subject: Any = row.subject
        return subject.get_absolute_url()


def sign(request: Any, pk: int) -> HttpResponseBase:
    """Open the signing page that fits the person: staff hand the device over, owners sign with their account."""
    if request.user.is_staff_side:
        return SignOnSite.as_view()(request, pk=pk)
    return SignWithAccount.as_view()(request, pk=pk)
