"""The company's profile as documents and pages use it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile

from . import rendering
from .models import CompanyImage, CompanyProfile
from .paper_data import Letterhead

declare_event("documents.companyprofile.changed", _("Company profile changed"), icon="building")
CREATED = declare_event("documents.companyprofile.created", _("Company profile set up"), icon="building")


def profile() -> CompanyProfile:
    """Return the company's profile; an unsaved one with neutral words before it is set up."""
    found = CompanyProfile.objects.first()
    return found or CompanyProfile(pk=1, name="（未设置公司名称）", short_name="售后服务")


def is_set_up() -> bool:
    """Say whether somebody has entered in whose name papers are issued."""
    return CompanyProfile.objects.exists()


def must_be_set_up() -> None:
    """Raise ``DomainError`` before the profile is set up: what is issued is frozen, letterhead and seal included."""
    if not is_set_up():
        raise DomainError(_now("Set up the company profile first: an administrator does so under “Company”."))


def change_profile(
    *,
    values: dict[str, Any],
    logo: AcceptedFile | None = None,
    actor: Any,
    now: datetime,
) -> CompanyProfile:
    """Set up or change the company's profile. Issued documents keep what they were issued with."""
    with transaction.atomic():
        row = CompanyProfile.objects.select_for_update().first()
        before = values_of(row) if row else None
        row = row or CompanyProfile(pk=1)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        if logo is not None:
            CompanyImage.keep(logo, actor=actor, now=now, kind=CompanyImage.Kind.LOGO)
        if before is None:
            record(row, CREATED, actor=actor, now=now, audience=Audience.STAFF)
        else:
            record_change(row, before, actor=actor, now=now)
    return row


def seal() -> str:
    """Return the seal as it is printed, a data address; "" before the profile is set up, or if it cannot be drawn."""
    row = CompanyProfile.objects.first()
    if row is None or rendering.without_glyph(row.name + row.seal_text):
        return ""
    return rendering.seal_data_uri(row.name, row.seal_text)


def letterhead() -> Letterhead:
    """Return the letterhead as it stands now, to be frozen into a document."""
    row = profile()
    logo = CompanyImage.objects.filter(kind=CompanyImage.Kind.LOGO).first()
    return {
        "company": row.name,
        "address": row.address,
        "hotline": row.hotline,
        "website": row.website,
        "logo": logo.file.name if logo else "",
        "seal_company": row.name,
        "seal_purpose": row.seal_text,
    }
