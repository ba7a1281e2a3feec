"""Background tasks of notifications."""

from celery import shared_task
from django.utils import timezone

from . import spreading


@shared_task
def spread() -> int:
    return spreading.spread(now=timezone.now())


@shared_task
def send_digests() -> int:
    return spreading.send_digests(now=timezone.now())
