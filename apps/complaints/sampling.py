"""The weekly quality sample: drawn once, judged by one or two checkers who do not see each other's marks (K-09)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.tickets.models import Ticket

from . import access, rules
from .models import Sample, Sampling, Verdict

DRAWN = declare_event("complaints.sampling.drawn", gettext_lazy("Quality sample drawn"), icon="list-check")
JUDGED = declare_event("complaints.sample.judged", gettext_lazy("Quality verdict recorded"), icon="clipboard-check")

WEEKS_BACK = 4


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def draw_samples(*, now: datetime) -> int:
    """Draw the samples of the last weeks that have none yet; return how many weeks were drawn.

    A week is sampled when it is over. Run twice, nothing more happens; weeks that were missed are caught up.
    """
    this_week = week_of(timezone.localdate(now))
    weeks = [this_week - timedelta(weeks=n) for n in range(WEEKS_BACK, 0, -1)]
    known = set(Sampling.objects.filter(week__in=weeks).values_list("week", flat=True))
    return sum(_draw(week, now=now) for week in weeks if week not in known)


def _draw(week: date, *, now: datetime) -> int:
    begin = timezone.make_aware(datetime.combine(week, time.min))
    closed = Ticket.objects.closed().filter(closed_at__gte=begin, closed_at__lt=begin + timedelta(days=7))
    tickets = {row.pk: row for row in closed.prefetch_related("work_orders")}
    engineers = {key: _engineer_of(ticket) for key, ticket in tickets.items()}
    seed = f"quality:{week}"
    keys = rules.draw([(key, (engineers[key], tickets[key].kind)) for key in tickets], seed)
    twice = rules.doubles(keys, seed)
    try:
        with transaction.atomic():
            sampling = Sampling.objects.create(week=week, population=len(tickets), drawn_at=now)
            Sample.objects.bulk_create(
                Sample(
                    sampling=sampling,
                    ticket_id=key,
                    engineer_id=engineers[key],
                    kind=tickets[key].kind,
                    is_double=key in twice,
                )
                for key in keys
            )
            tells = User.objects.with_role(Role.QUALITY) if keys else ()
            drawn = ngettext("%(n)s request drawn", "%(n)s requests drawn", len(keys)) % {"n": len(keys)}
            note = {"note": drawn}
            record(sampling, DRAWN, actor=None, now=now, audience=Audience.STAFF, data=note, tells=tells)
    except IntegrityError:
        return 0  # another scheduler has drawn this week in this very moment
    return 1


def _engineer_of(ticket: Ticket) -> int | None:
    """The engineer who worked last on a request."""
    worked = [order for order in ticket.work_orders.all() if order.status in {"finished", "signed", "unsigned"}]
    return max(worked, key=lambda order: order.pk).engineer_id if worked else None


def judge(
    *,
    sample: Sample,
    response_time: str,
    response_quality: str,
    service_quality: str,
    note: str,
    actor: Any,
    now: datetime,
) -> Verdict:
    """Record what a checker found. Nobody judges their own work, or twice; what fails needs a note."""
    if not access.may_judge(actor):
        raise PermissionDenied
    marks = (response_time, response_quality, service_quality)
    if Verdict.Mark.FAIL in marks and not note.strip():
        raise DomainError(_("Write what failed: the engineer learns from it."), field="note")
    with transaction.atomic():
        sample = lock(sample)
        if sample.ticket.work_orders.filter(engineer=actor).exists():
            raise DomainError(_("You worked on this request. Somebody else judges it."))
        if sample.verdicts.filter(checker=actor).exists():
            raise DomainError(_("You have judged this request already."))
        if sample.verdicts.count() >= sample.wanted:
            raise DomainError(_("This request is judged already."))
        verdict = Verdict.objects.create(
            sample=sample,
            checker=actor,
            response_time=response_time,
            response_quality=response_quality,
            service_quality=service_quality,
            note=note,
            judged_at=now,
        )
        record(sample, JUDGED, actor=actor, now=now, audience=Audience.STAFF, data={})
    return verdict
