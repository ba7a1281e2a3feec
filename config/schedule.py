"""The beat table, as code. Every entry selects by condition, so a missed run is caught up by the next."""

from celery.schedules import crontab

SCHEDULE = {
    "outbox-sweep": {"task": "apps.core.tasks.sweep_outbox", "schedule": 20.0},
    "documents-finish-strays": {"task": "apps.documents.tasks.finish_strays", "schedule": 60.0},
    "inspections-generate-visits": {"task": "apps.inspections.tasks.generate_visits", "schedule": 60.0},
    "tickets-close-silent": {"task": "apps.tickets.tasks.close_silent", "schedule": crontab(minute="17")},
    "tickets-clear-pending": {"task": "apps.tickets.tasks.clear_pending", "schedule": crontab(hour="3", minute="51")},
    "sessions-clear": {
        "task": "apps.accounts.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="41"),
    },
}
