"""The company's profile as documents and pages use it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.events import declare_event, record, record_change, values_of
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile

from .models import CompanyImage, CompanyProfile
from .paper_data import Letterhead

declare_event("documents.companyprofile.changed", _("Company profile changed"), icon="building")
CREATED = declare_event("documents.companyprofile.created", _("Company profile set up"), icon="building")


def profile() -> CompanyProfile:
    """Return the company's profile; an unsaved one with neutral words before it is set up."""
    found = CompanyProfile.objects.first()
    return found or CompanyProfile(pk=1, name="（未设置公司名称）", short_name="售后服务")


def change_profile(
    *,
    values: dict[str, Any],
    logo: AcceptedFile | None = None,
    seal: AcceptedFile | None = None,
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
        for kind, accepted in ((CompanyImage.Kind.LOGO, logo), (CompanyImage.Kind.SEAL, seal)):
            if accepted is not None:
                CompanyImage.keep(accepted, actor=actor, now=now, kind=kind)
        if before is None:
            record(row, CREATED, actor=actor, now=now, audience=Audience.STAFF)
        else:
            record_change(row, before, actor=actor, now=now)
    return row


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
