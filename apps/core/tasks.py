"""Background tasks of the engines."""

from celery import shared_task
from django.utils import timezone

from . import outbox, submissions


@shared_task
def deliver(pk: int) -> bool:
    return outbox.deliver_item(pk)


@shared_task
def sweep_outbox() -> int:
    return outbox.deliver_due(now=timezone.now())


@shared_task
def purge_outbox() -> int:
    return outbox.purge_done(now=timezone.now())


@shared_task
def forget_submissions() -> int:
    return submissions.forget_old(now=timezone.now())
