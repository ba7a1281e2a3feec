"""Channels, choices, senders; what was told before stays in the portal alone."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def stamp(apps, schema_editor):
    apps.get_model("notifications", "Notification").objects.update(spread_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_outbox_by_state"),
        ("notifications", "0001_initial"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(max_length=30, verbose_name="topic")),
                (
                    "channel",
                    models.CharField(
                        choices=[("portal", "In the portal"), ("email", "E-mail"), ("sms", "SMS")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("at_once", "At once"), ("digest", "In the daily digest"), ("off", "Not at all")],
                        max_length=10,
                        verbose_name="when",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of notifications",
                "verbose_name_plural": "choices of notifications",
            },
        ),
        migrations.CreateModel(
            name="DefaultRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=20, verbose_name="role")),
                ("topic", models.CharField(max_length=30, verbose_name="topic")),
                (
                    "channel",
                    models.CharField(
                        choices=[("portal", "In the portal"), ("email", "E-mail"), ("sms", "SMS")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("at_once", "At once"), ("digest", "In the daily digest"), ("off", "Not at all")],
                        max_length=10,
                        verbose_name="when",
                    ),
                ),
            ],
            options={
                "verbose_name": "default of notifications",
                "verbose_name_plural": "defaults of notifications",
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=True, verbose_name="quiet hours")),
                ("starts_at", models.TimeField(default=datetime.time(22, 0), verbose_name="from")),
                ("ends_at", models.TimeField(default=datetime.time(7, 0), verbose_name="until")),
            ],
            options={
                "verbose_name": "quiet hours",
                "verbose_name_plural": "quiet hours",
            },
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sms", "SMS provider"),
                            ("wecom", "WeCom robot"),
                            ("dingtalk", "DingTalk robot"),
                            ("feishu", "Feishu robot"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                ("secret", models.CharField(blank=True, max_length=300, verbose_name="secret")),
                (
                    "look",
                    models.CharField(
                        choices=[("markdown", "Formatted"), ("text", "Plain text")],
                        default="markdown",
                        max_length=10,
                        verbose_name="format",
                    ),
                ),
                (
                    "members",
                    models.CharField(
                        choices=[("staff", "Staff only"), ("owner", "Owners' people too")],
                        default="staff",
                        max_length=12,
                        verbose_name="who is in the group",
                    ),
                ),
                ("topics", models.JSONField(blank=True, default=list, verbose_name="topics")),
                (
                    "method",
                    models.CharField(
                        choices=[("POST", "POST"), ("GET", "GET")], default="POST", max_length=4, verbose_name="method"
                    ),
                ),
                ("headers", models.TextField(blank=True, verbose_name="header lines")),
                (
                    "body_format",
                    models.CharField(
                        choices=[("json", "JSON"), ("form", "Form fields")],
                        default="json",
                        max_length=4,
                        verbose_name="body as",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="body")),
                (
                    "success_text",
                    models.CharField(blank=True, max_length=60, verbose_name="accepted when the answer contains"),
                ),
            ],
            options={
                "verbose_name": "sender",
                "verbose_name_plural": "senders",
                "ordering": ["kind", "name"],
            },
        ),
        migrations.RemoveIndex(
            model_name="notification",
            name="notification_unread",
        ),
        migrations.AddField(
            model_name="notification",
            name="about",
            field=models.CharField(blank=True, max_length=160, verbose_name="about"),
        ),
        migrations.AddField(
            model_name="notification",
            name="awaits_digest",
            field=models.BooleanField(default=False, verbose_name="waits for the digest"),
        ),
        migrations.AddField(
            model_name="notification",
            name="is_shown",
            field=models.BooleanField(default=True, verbose_name="in the portal"),
        ),
        migrations.AddField(
            model_name="notification",
            name="spread_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="topic",
            field=models.CharField(default="other", max_length=30, verbose_name="topic"),
        ),
        migrations.RunPython(stamp, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["user", "topic", "-created_at", "-id"], name="notification_by_topic"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("is_shown", True), ("read_at__isnull", True)),
                fields=["user", "-created_at"],
                name="notification_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("spread_at__isnull", True)), fields=["id"], name="notification_unspread"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("awaits_digest", True)), fields=["created_at", "user"], name="notification_digest"
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notification_choices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="defaultrule",
            constraint=models.UniqueConstraint(
                fields=("group", "topic", "channel"), name="one_default_per_group_and_topic"
            ),
        ),
        migrations.AddField(
            model_name="quiethours",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="quiet_hours", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sender",
            name="projects",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="projects.project", verbose_name="only these projects"
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(fields=("user", "topic", "channel"), name="one_choice_per_topic"),
        ),
    ]
