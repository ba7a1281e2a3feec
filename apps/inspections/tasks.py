"""Background tasks of visits."""

from celery import shared_task
from django.utils import timezone

from . import generation


@shared_task
def generate_visits() -> int:
    return len(generation.generate_visits(now=timezone.now(), limit=5000))
