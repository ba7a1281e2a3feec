"""The beat table, as code. Every entry selects by condition, so a missed run is caught up by the next."""

from celery.schedules import crontab

SCHEDULE = {
    "outbox-sweep": {"task": "apps.core.tasks.sweep_outbox", "schedule": 20.0},
    "submissions-forget": {
        "task": "apps.core.tasks.forget_submissions",
        "schedule": crontab(hour="3", minute="41"),
    },
    "outbox-purge": {"task": "apps.core.tasks.purge_outbox", "schedule": crontab(hour="3", minute="31")},
    "notifications-spread": {"task": "apps.notifications.tasks.spread", "schedule": 10.0},
    "notifications-digests": {"task": "apps.notifications.tasks.send_digests", "schedule": 600.0},
    "documents-finish-strays": {"task": "apps.documents.tasks.finish_strays", "schedule": 60.0},
    "service-levels-escalate": {"task": "apps.service_levels.tasks.escalate", "schedule": 60.0},
    "inspections-generate-visits": {"task": "apps.inspections.tasks.generate_visits", "schedule": 60.0},
    "training-finish-exams": {"task": "apps.training.tasks.finish_exams", "schedule": 60.0},
    "training-open-classes": {"task": "apps.training.tasks.open_classes", "schedule": crontab(minute="23")},
    "training-issue-certificates": {"task": "apps.training.tasks.issue_certificates", "schedule": 600.0},
    "training-remind": {"task": "apps.training.tasks.remind", "schedule": 600.0},
    "complaints-plan-followups": {"task": "apps.complaints.tasks.plan_followups", "schedule": 600.0},
    "complaints-missed-progress": {"task": "apps.complaints.tasks.escalate_missed_progress", "schedule": 60.0},
    "complaints-draw-samples": {"task": "apps.complaints.tasks.draw_samples", "schedule": crontab(minute="23")},
    "complaints-prepare-analyses": {"task": "apps.complaints.tasks.prepare_analyses", "schedule": crontab(minute="29")},
    "complaints-ask-yearly": {
        "task": "apps.complaints.tasks.ask_yearly",
        "schedule": crontab(hour="9", minute="37"),
    },
    "tickets-close-silent": {"task": "apps.tickets.tasks.close_silent", "schedule": crontab(minute="17")},
    "tickets-clear-pending": {"task": "apps.tickets.tasks.clear_pending", "schedule": crontab(hour="3", minute="51")},
    "sessions-clear": {
        "task": "apps.accounts.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="41"),
    },
}
