"""Background tasks of complaints."""

from celery import shared_task
from django.utils import timezone

from . import followups, reviews, sampling, services, yearly


@shared_task
def plan_followups() -> int:
    return followups.plan_followups(now=timezone.now())


@shared_task
def escalate_missed_progress() -> int:
    return services.escalate_missed_progress(now=timezone.now())


@shared_task
def draw_samples() -> int:
    return sampling.draw_samples(now=timezone.now())


@shared_task
def prepare_analyses() -> int:
    return reviews.prepare_analyses(now=timezone.now())


@shared_task
def ask_yearly() -> int:
    return yearly.ask_yearly(now=timezone.now())
