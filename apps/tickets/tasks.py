"""Background tasks of requests."""

from celery import shared_task
from django.utils import timezone

from . import services, waiting_photos


@shared_task
def close_silent() -> int:
    return services.close_silent(now=timezone.now())


@shared_task
def clear_pending() -> int:
    return waiting_photos.clear_pending(now=timezone.now())
