"""What the suite runs on: SQLite unless DATABASE_URL names a PostgreSQL server."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import DATABASES, SQLITE_OPTIONS, env

SECRET_KEY = "test-" + "x" * 60
ALLOWED_HOSTS = ["*"]
_scratch = Path(tempfile.mkdtemp(prefix="portal-test-"))
MEDIA_ROOT = _scratch / "media"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Each process of the suite counts by itself, whatever server it is given.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AXES_ENABLED = False
# Tasks are not run behind a test's back: a test that wants background work calls the service or starts a worker.
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(_scratch / "queue"),
    "data_folder_out": str(_scratch / "queue"),
    "control_folder": str(_scratch / "control"),
}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    # A test database that a power cut ruins is made anew; waiting for the disk at every commit proves nothing.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
if env("DATABASE_URL", default="") == "":
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(_scratch / "portal.sqlite3"),
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": str(_scratch / "test.sqlite3")},
    }
