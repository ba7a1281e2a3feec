"""The Celery application: workers and beat start from here."""

import os
from pathlib import Path
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {}
app.autodiscover_tasks()


@app.on_after_finalize.connect
def _load_schedule(sender: Celery, **kwargs: Any) -> None:
    from config.schedule import SCHEDULE  # noqa: PLC0415  the settings must be ready first

    sender.conf.beat_schedule = SCHEDULE


@app.on_after_configure.connect
def make_queue_folders(sender: Celery, **kwargs: Any) -> None:
    """Create the folders of the file transport: whoever comes first, web, worker or beat, expects them to exist."""
    for key, path in sender.conf.broker_transport_options.items():
        if key.startswith(("data_folder", "control_folder", "processed_folder")):
            Path(path).mkdir(parents=True, exist_ok=True)
