import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.core.search


class Migration(migrations.Migration):
    replaces = [
        ("inspections", "0001_initial"),
        ("inspections", "0002_who_set_the_day"),
    ]
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("projects", "0001_initial"),
        ("tickets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("series", models.PositiveSmallIntegerField(default=1)),
                ("occurrence", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("revisit", "Revisit"), ("patrol", "Patrol")], max_length=8, verbose_name="kind"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("on_site", "On site"), ("telephone", "By telephone"), ("email", "By e-mail")],
                        default="on_site",
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="planned on")),
                ("scheduled_on", models.DateField(verbose_name="date")),
                ("window_ends_on", models.DateField(verbose_name="at the latest")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("assigned", "Assigned"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("reported", "Reported"),
                            ("approved", "Approved"),
                            ("skipped", "Skipped"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved at")),
                ("contact_name", models.CharField(blank=True, max_length=60, verbose_name="person visited")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("running_state", models.TextField(blank=True, verbose_name="running state")),
                ("experience", models.TextField(blank=True, verbose_name="experience in use")),
                ("suggestions", models.TextField(blank=True, verbose_name="suggestions")),
                ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("search_text", apps.core.search.FragmentField(sources=("number",))),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "ordering": ["scheduled_on", "pk"],
                "indexes": [
                    models.Index(fields=["project", "scheduled_on"], name="visit_by_project"),
                    models.Index(fields=["assigned_to", "status", "scheduled_on"], name="visit_by_engineer"),
                    models.Index(fields=["status", "scheduled_on"], name="visit_by_status"),
                    models.Index(fields=["kind", "scheduled_on"], name="visit_by_kind"),
                    models.Index(fields=["scheduled_on", "id"], name="visit_by_day"),
                    apps.core.search.FragmentIndex(fields=["search_text"], name="visit_fragments"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=120, verbose_name="point")),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit")),
                ("lower", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("upper", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("ok", "In order"), ("abnormal", "Abnormal"), ("not_applicable", "Not applicable")],
                        max_length=14,
                        verbose_name="verdict",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="reading"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="inspections.visit"
                    ),
                ),
            ],
            options={
                "ordering": ["visit", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "position"), name="visit_check_position_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("use", "Use"),
                            ("quality", "Quality"),
                            ("service", "Service"),
                            ("suggestion", "Suggestion"),
                        ],
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="finding")),
                ("action", models.CharField(blank=True, max_length=300, verbose_name="action")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="by")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                ("effect", models.CharField(blank=True, max_length=300, verbose_name="effect checked")),
                (
                    "dated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "equipment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="projects.equipment",
                        verbose_name="equipment",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="inspections.visit"
                    ),
                ),
                (
                    "check_point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="inspections.visitcheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["visit", "pk"],
            },
        ),
        migrations.CreateModel(
            name="VisitPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=apps.core.files.stored_name, verbose_name="file")),
                ("original_name", models.CharField(max_length=120, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100, verbose_name="content type")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="width")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="height")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken at")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                (
                    "check_point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="inspections.visitcheck",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="inspections.visit"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="VisitPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("revisit", "Revisit"), ("patrol", "Patrol")], max_length=8, verbose_name="kind"
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Monthly"),
                            (2, "Every two months"),
                            (3, "Quarterly"),
                            (6, "Half-yearly"),
                            (12, "Yearly"),
                        ],
                        default=3,
                        verbose_name="period",
                    ),
                ),
                (
                    "anchor",
                    models.DateField(help_text="The first visit is one period later.", verbose_name="counted from"),
                ),
                ("starts_on", models.DateField(verbose_name="visits from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="visits until")),
                ("tolerance_days", models.PositiveSmallIntegerField(default=7, verbose_name="days of tolerance")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("series", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("continues_on", models.DateField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="usually done by",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="inspections.checklist",
                        verbose_name="checklist",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_plans",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit plan",
                "verbose_name_plural": "visit plans",
                "ordering": ["project", "kind", "pk"],
                "indexes": [
                    models.Index(fields=["is_active", "project"], name="plan_active"),
                    models.Index(fields=["kind", "project"], name="plan_by_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="plan_period_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="plan_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="visit",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="inspections.visitplan",
            ),
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=120, verbose_name="point")),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit")),
                (
                    "lower",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="at least"
                    ),
                ),
                (
                    "upper",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="at most"),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="inspections.checklist"
                    ),
                ),
            ],
            options={
                "ordering": ["checklist", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("checklist", "position"), name="checklist_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lower__isnull", True),
                            ("upper__isnull", True),
                            ("lower__lte", models.F("upper")),
                            _connector="OR",
                        ),
                        name="limits_in_order",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                fields=("plan", "series", "occurrence"), name="one_visit_per_occurrence"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("occurrence__isnull", True), ("plan__isnull", True)),
                    models.Q(("occurrence__isnull", False), ("plan__isnull", False)),
                    _connector="OR",
                ),
                name="plan_and_occurrence_together",
            ),
        ),
    ]
