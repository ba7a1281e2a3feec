"""Background tasks of complaints."""

from celery import shared_task
from django.utils import timezone

from . import followups, sampling, services


@shared_task
def plan_followups() -> int:
    return followups.plan_followups(now=timezone.now())


@shared_task
def escalate_missed_progress() -> int:
    return services.escalate_missed_progress(now=timezone.now())


@shared_task
def draw_samples() -> int:
    return sampling.draw_samples(now=timezone.now())
