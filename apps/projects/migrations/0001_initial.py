import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.core.search
import apps.projects.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("report_signed", "Acceptance report signed by both parties"),
                            ("certificate", "Acceptance certificate issued"),
                            ("handover", "Handover"),
                            ("final_acceptance", "Final acceptance"),
                            ("sale", "Sale"),
                        ],
                        default="report_signed",
                        max_length=20,
                        verbose_name="start basis",
                    ),
                ),
                ("accepted_on", models.DateField(verbose_name="accepted on")),
                (
                    "completed_on",
                    models.DateField(
                        blank=True,
                        help_text="Only if it differs from the acceptance.",
                        null=True,
                        verbose_name="completed on",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=80, verbose_name="number of the report or certificate"),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "acceptance",
                "verbose_name_plural": "acceptances",
            },
        ),
        migrations.CreateModel(
            name="AcceptanceFile",
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
                    "acceptance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="projects.acceptance"
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EquipmentModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("maker", models.CharField(blank=True, max_length=80, verbose_name="maker")),
                ("name", models.CharField(max_length=80, verbose_name="model")),
                (
                    "size_class",
                    models.CharField(
                        choices=[("small", "Small"), ("medium", "Medium"), ("large", "Large")],
                        default="small",
                        max_length=8,
                        verbose_name="size class",
                    ),
                ),
                (
                    "normal_life_years",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="normal life in years"),
                ),
            ],
            options={
                "verbose_name": "equipment model",
                "verbose_name_plural": "equipment models",
                "ordering": ["maker", "name"],
                "constraints": [models.UniqueConstraint(fields=("maker", "name"), name="equipment_model_unique")],
            },
        ),
        migrations.CreateModel(
            name="Owner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                ("search_text", apps.core.search.FragmentField(sources=("name", "address"))),
            ],
            options={
                "verbose_name": "owner",
                "verbose_name_plural": "owners",
                "ordering": ["name"],
                "indexes": [apps.core.search.FragmentIndex(fields=["search_text"], name="owner_fragments")],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "trade",
                    models.CharField(
                        choices=[
                            ("street_lighting", "Street lighting"),
                            ("mep", "Mechanical and electrical"),
                            ("decoration", "Decoration"),
                            ("data_room", "Data room"),
                            ("furniture", "Furniture"),
                            ("planting", "Planting"),
                            ("information_system", "Information system"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="trade",
                    ),
                ),
                ("contract_number", models.CharField(blank=True, max_length=60, verbose_name="contract number")),
                (
                    "contract_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="contract amount",
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("department", models.CharField(blank=True, max_length=80, verbose_name="responsible department")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "Preparing"),
                            ("handed_over", "Handed over"),
                            ("in_service", "In service"),
                            ("closed", "Closed"),
                        ],
                        default="preparing",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "search_text",
                    apps.core.search.FragmentField(sources=("number", "name", "contract_number", "address")),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="projects.owner",
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["-number"],
                "indexes": [
                    apps.core.search.FragmentIndex(fields=["search_text"], name="project_fragments"),
                    models.Index(fields=["status", "-number"], name="project_by_status"),
                    models.Index(fields=["owner", "-number"], name="project_by_owner"),
                    models.Index(fields=["trade", "-number"], name="project_by_trade"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="project_name_unique_per_owner"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_amount__isnull", True), ("contract_amount__gte", 0), _connector="OR"
                        ),
                        name="contract_amount_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnerPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("admin", "Owner admin"), ("member", "Owner member")],
                        default="member",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.CharField(blank=True, max_length=60, verbose_name="position")),
                ("is_approver", models.BooleanField(default=False, verbose_name="may approve quotes")),
                (
                    "all_projects",
                    models.BooleanField(default=True, verbose_name="sees all projects of the organisation"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="projects.owner",
                        verbose_name="owner",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owner_person",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "projects",
                    models.ManyToManyField(
                        blank=True,
                        related_name="limited_people",
                        to="projects.project",
                        verbose_name="only these projects",
                    ),
                ),
            ],
            options={
                "verbose_name": "owner's person",
                "verbose_name_plural": "owner's people",
                "ordering": ["owner", "kind", "pk"],
            },
        ),
        migrations.AddField(
            model_name="acceptance",
            name="project",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acceptance",
                to="projects.project",
                verbose_name="project",
            ),
        ),
        migrations.CreateModel(
            name="ProjectPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Project manager"),
                            ("designated_engineer", "Designated engineer"),
                            ("engineer", "Engineer"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="project_roles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "project person",
                "verbose_name_plural": "project people",
                "ordering": ["project", "pk"],
                "indexes": [models.Index(fields=["user", "project"], name="project_people_by_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "user"), name="person_once_per_project"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "manager")),
                        fields=("project",),
                        name="one_project_manager_per_project",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="projects.site",
                        verbose_name="part of",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "ordering": ["project", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("parent__isnull", True)),
                        fields=("project", "name"),
                        name="site_name_unique",
                    ),
                    models.UniqueConstraint(fields=("parent", "name"), name="area_name_unique_in_site"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Equipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asset_code", models.CharField(max_length=20, unique=True, verbose_name="asset code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("serial_number", models.CharField(blank=True, max_length=80, verbose_name="serial number")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("installed_on", models.DateField(blank=True, null=True, verbose_name="installed on")),
                ("commissioning_settings", models.TextField(blank=True, verbose_name="commissioning settings")),
                (
                    "label_token",
                    models.CharField(default=apps.projects.models.new_label_token, max_length=24, unique=True),
                ),
                (
                    "search_text",
                    apps.core.search.FragmentField(sources=("asset_code", "name", "serial_number", "place")),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="projects.equipment",
                        verbose_name="part of",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equipment",
                        to="projects.equipmentmodel",
                        verbose_name="model",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equipment",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equipment",
                        to="projects.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "equipment",
                "verbose_name_plural": "equipment",
                "ordering": ["project", "asset_code"],
                "indexes": [
                    apps.core.search.FragmentIndex(fields=["search_text"], name="equipment_fragments"),
                    models.Index(fields=["project", "name"], name="equipment_by_name"),
                    models.Index(fields=["project", "asset_code"], name="equipment_by_code"),
                    models.Index(fields=["model", "serial_number"], name="equipment_by_serial"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("pk")), _negated=True), name="equipment_not_its_own_part"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reading", "Reading"),
                            ("ready", "Ready to apply"),
                            ("applying", "Applying"),
                            ("applied", "Applied"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to=apps.core.files.stored_name, verbose_name="file")),
                ("original_name", models.CharField(max_length=120, verbose_name="file name")),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("header", models.JSONField(blank=True, default=list)),
                ("report", models.JSONField(blank=True, default=dict)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-started_at"],
                "indexes": [models.Index(fields=["-started_at", "-id"], name="import_by_start")],
            },
        ),
    ]
