"""Background tasks of documents."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task
def finish_strays() -> int:
    return services.finish_strays(now=timezone.now())
