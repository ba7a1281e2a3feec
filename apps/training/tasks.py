"""Background tasks of training."""

from celery import shared_task
from django.utils import timezone

from . import certificates, exams, improvements, licences, planning, retraining


@shared_task
def finish_exams() -> int:
    return exams.finish_overdue(now=timezone.now())


@shared_task
def open_classes() -> int:
    return planning.open_classes(now=timezone.now())


@shared_task
def issue_certificates() -> int:
    return certificates.issue_missing(now=timezone.now())


@shared_task
def remind() -> int:
    now = timezone.now()
    ended = certificates.remind_of_ends(now=now) + licences.remind_of_ends(now=now) + retraining.note_ends(now=now)
    return planning.remind_sessions(now=now) + improvements.remind_late(now=now) + ended
