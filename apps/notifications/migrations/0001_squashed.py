import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_channels_and_choices"),
    ]
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("core", "0002_squashed"),
        ("projects", "0001_initial"),
    ]

    operations = [
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "topic", "channel"), name="one_default_per_group_and_topic"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=True, verbose_name="quiet hours")),
                ("starts_at", models.TimeField(default=datetime.time(22, 0), verbose_name="from")),
                ("ends_at", models.TimeField(default=datetime.time(7, 0), verbose_name="until")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quiet_hours",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                (
                    "projects",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="projects.project", verbose_name="only these projects"
                    ),
                ),
            ],
            options={
                "verbose_name": "sender",
                "verbose_name_plural": "senders",
                "ordering": ["kind", "name"],
            },
        ),
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of notifications",
                "verbose_name_plural": "choices of notifications",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "topic", "channel"), name="one_choice_per_topic")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(default="other", max_length=30, verbose_name="topic")),
                ("about", models.CharField(blank=True, max_length=160, verbose_name="about")),
                ("created_at", models.DateTimeField(verbose_name="told at")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                ("is_shown", models.BooleanField(default=True, verbose_name="in the portal")),
                ("spread_at", models.DateTimeField(blank=True, null=True)),
                ("awaits_digest", models.BooleanField(default=False, verbose_name="waits for the digest")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notifications", to="core.event"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["user", "-created_at", "-id"], name="notification_by_user"),
                    models.Index(fields=["user", "topic", "-created_at", "-id"], name="notification_by_topic"),
                    models.Index(
                        condition=models.Q(("is_shown", True), ("read_at__isnull", True)),
                        fields=["user", "-created_at"],
                        name="notification_unread",
                    ),
                    models.Index(
                        condition=models.Q(("spread_at__isnull", True)), fields=["id"], name="notification_unspread"
                    ),
                    models.Index(
                        condition=models.Q(("awaits_digest", True)),
                        fields=["created_at", "user"],
                        name="notification_digest",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "event"), name="told_once")],
            },
        ),
    ]
