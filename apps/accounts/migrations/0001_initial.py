import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import apps.accounts.models
import apps.core.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [("core", "0001_search_function")]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, unique=True, verbose_name="user name")),
                ("name", models.CharField(max_length=60, verbose_name="full name")),
                ("email", models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name="e-mail")),
                (
                    "phone",
                    models.CharField(blank=True, max_length=30, null=True, unique=True, verbose_name="telephone"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("staff", "Staff"), ("owner", "Owner's person")],
                        default="staff",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("licence_number", models.CharField(blank=True, max_length=40, verbose_name="work licence")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created at")),
                ("session_epoch", models.PositiveIntegerField(default=0)),
                ("search_text", apps.core.search.FragmentField(sources=("name", "username", "phone", "email"))),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["name", "pk"],
                "indexes": [
                    models.Index(fields=["kind", "name"], name="user_by_kind_and_name"),
                    apps.core.search.FragmentIndex(fields=["search_text"], name="user_fragments"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email__isnull", True), models.Q(("email", ""), _negated=True), _connector="OR"),
                            models.Q(("phone__isnull", True), models.Q(("phone", ""), _negated=True), _connector="OR"),
                        ),
                        name="user_email_and_phone_not_blank",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.CharField(default=apps.accounts.models.new_secret, max_length=64, unique=True)),
                ("invited_at", models.DateTimeField(verbose_name="invited at")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-invited_at"],
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Manager"),
                            ("customer_service", "Customer service"),
                            ("technical_support", "Technical support"),
                            ("engineer", "Engineer"),
                            ("trainer", "Trainer"),
                            ("storekeeper", "Storekeeper"),
                            ("finance", "Finance"),
                            ("quality", "Quality"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["role"], name="staff_by_role")],
                "constraints": [models.UniqueConstraint(fields=("user", "role"), name="role_held_once")],
            },
        ),
    ]
