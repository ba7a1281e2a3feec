"""Background tasks about people."""

from celery import shared_task

from . import services


@shared_task
def clear_sessions() -> None:
    services.clear_sessions()
