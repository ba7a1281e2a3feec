"""Indexes of the list of outgoing items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_engines"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outboxitem",
            index=models.Index(fields=["-created_at", "-id"], name="outbox_by_time"),
        ),
        migrations.AddIndex(
            model_name="outboxitem",
            index=models.Index(fields=["status", "-created_at", "-id"], name="outbox_by_status"),
        ),
        migrations.AddIndex(
            model_name="outboxitem",
            index=models.Index(fields=["kind", "-created_at", "-id"], name="outbox_by_kind"),
        ),
    ]
