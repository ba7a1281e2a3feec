import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.core.search
import apps.tickets.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("projects", "0001_initial"),
        ("warranties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consultation", "Consultation"),
                            ("fault", "Fault"),
                            ("emergency", "Emergency"),
                            ("maintenance", "Maintenance request"),
                            ("return", "Return or exchange"),
                            ("service_order", "Service order"),
                            ("suggestion", "Suggestion"),
                        ],
                        default="fault",
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Level 1"), (2, "Level 2"), (3, "Level 3"), (4, "Level 4")],
                        default=3,
                        verbose_name="level",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="what happened")),
                ("description", models.TextField(blank=True, verbose_name="details")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="where")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "Portal"),
                            ("hotline", "Hotline"),
                            ("email", "E-mail"),
                            ("messaging", "Messaging"),
                            ("letter", "Letter"),
                            ("on_site", "On site"),
                            ("qr_code", "QR label"),
                        ],
                        default="portal",
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("contact_name", models.CharField(max_length=60, verbose_name="contact")),
                ("contact_phone", models.CharField(max_length=30, verbose_name="telephone")),
                ("reported_at", models.DateTimeField(verbose_name="reported at")),
                ("began_at", models.DateTimeField(blank=True, null=True, verbose_name="began at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("acknowledged", "Acknowledged"),
                            ("in_progress", "In progress"),
                            ("awaiting_confirmation", "Awaiting confirmation"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="new",
                        max_length=24,
                        verbose_name="status",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("confirmation_asked_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                ("is_complex", models.BooleanField(default=False, verbose_name="complex repair")),
                (
                    "tracking_token",
                    models.CharField(default=apps.tickets.models.new_tracking_token, max_length=40, unique=True),
                ),
                (
                    "search_text",
                    apps.core.search.FragmentField(
                        sources=("number", "title", "description", "contact_name", "contact_phone")
                    ),
                ),
                (
                    "equipment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="projects.equipment",
                        verbose_name="equipment",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "ordering": ["-reported_at", "-pk"],
                "indexes": [
                    apps.core.search.FragmentIndex(fields=["search_text"], name="ticket_fragments"),
                    models.Index(fields=["project", "-reported_at"], name="ticket_by_project"),
                    models.Index(fields=["equipment", "-reported_at"], name="ticket_by_equipment"),
                    models.Index(fields=["status", "-reported_at"], name="ticket_by_status"),
                    models.Index(fields=["level", "-reported_at"], name="ticket_by_level"),
                    models.Index(fields=["kind", "-reported_at"], name="ticket_by_kind"),
                    models.Index(fields=["-reported_at", "-id"], name="ticket_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("level__range", (1, 4))), name="ticket_level_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="closed_ticket_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("began_at__isnull", True), ("began_at__lte", models.F("reported_at")), _connector="OR"
                        ),
                        name="fault_began_before_report",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField(max_length=4000, verbose_name="message")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("owner", "Owner and staff"),
                            ("staff", "Staff only"),
                            ("restricted", "Named people, quality and manager"),
                        ],
                        default="owner",
                        max_length=12,
                        verbose_name="who reads it",
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["written_at", "pk"],
                "indexes": [models.Index(fields=["ticket", "written_at"], name="message_by_ticket")],
            },
        ),
        migrations.CreateModel(
            name="CoverDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_covered", models.BooleanField(verbose_name="covered")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("in_force", "Warranty in force on the day of the fault"),
                            ("expired", "Warranty over before the day of the fault"),
                            ("not_started", "Fault before the warranty started"),
                            ("no_warranty", "No warranty recorded for this project"),
                        ],
                        max_length=12,
                        verbose_name="ground",
                    ),
                ),
                ("fault_on", models.DateField(verbose_name="day of the fault")),
                ("covered_from", models.DateField(blank=True, null=True)),
                ("covered_until", models.DateField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "warranty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warranties.warranty",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cover_decisions", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "cover decision",
                "verbose_name_plural": "cover decisions",
                "ordering": ["-decided_at", "-pk"],
                "indexes": [models.Index(fields=["ticket", "-decided_at"], name="cover_decision_by_ticket")],
            },
        ),
        migrations.CreateModel(
            name="TicketPhoto",
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
                    "audience",
                    models.CharField(
                        choices=[
                            ("owner", "Owner and staff"),
                            ("staff", "Staff only"),
                            ("restricted", "Named people, quality and manager"),
                        ],
                        default="owner",
                        max_length=12,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="tickets.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="tickets.ticket"
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
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "mode",
                    models.CharField(
                        choices=[("field", "On site"), ("remote", "Remote")],
                        default="field",
                        max_length=8,
                        verbose_name="way",
                    ),
                ),
                ("dispatched_at", models.DateTimeField(verbose_name="dispatched at")),
                ("appointment_from", models.DateTimeField(verbose_name="appointment from")),
                ("appointment_to", models.DateTimeField(verbose_name="to")),
                ("briefing", models.TextField(blank=True, verbose_name="technical briefing")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("issued", "Issued"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("departed", "On the way"),
                            ("arrived", "On site"),
                            ("working", "Working"),
                            ("suspended", "Suspended"),
                            ("finished", "Finished"),
                            ("signed", "Signed"),
                            ("unsigned", "Nobody signed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="issued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted at")),
                ("departed_at", models.DateTimeField(blank=True, null=True, verbose_name="departed at")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived at")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="signed or left unsigned at")),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ageing", "Worn out"),
                            ("installation", "Installation"),
                            ("quality", "Product quality"),
                            ("misuse", "Misuse"),
                            ("power", "External power"),
                            ("environment", "Environment"),
                            ("software", "Software or settings"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
                ("cause_note", models.TextField(blank=True, verbose_name="cause in words")),
                ("work_done", models.TextField(blank=True, verbose_name="work done")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("restored", "Restored"),
                            ("temporary", "Running on a temporary solution"),
                            ("not_fixed", "Not fixed yet"),
                        ],
                        max_length=12,
                        verbose_name="result",
                    ),
                ),
                ("test_note", models.TextField(blank=True, verbose_name="test")),
                ("prevention", models.TextField(blank=True, verbose_name="prevention")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "unsigned_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("absent", "Nobody of the owner on site"),
                            ("by_telephone", "Confirmed by telephone"),
                            ("refused", "Signature refused"),
                        ],
                        max_length=16,
                        verbose_name="why nobody signed",
                    ),
                ),
                (
                    "dispatched_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "engineer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="engineer",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="work_orders", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "work order",
                "verbose_name_plural": "work orders",
                "ordering": ["appointment_from", "pk"],
                "indexes": [
                    models.Index(fields=["engineer", "status", "appointment_from"], name="work_order_by_engineer"),
                    models.Index(fields=["ticket", "-dispatched_at"], name="work_order_by_ticket"),
                    models.Index(fields=["status", "appointment_from"], name="work_order_by_status"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("appointment_to__gt", models.F("appointment_from"))),
                        name="appointment_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "unsigned"), _negated=True),
                            models.Q(("unsigned_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="unsigned_order_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkOrderPhoto",
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
                    "slot",
                    models.CharField(
                        choices=[("before", "Before"), ("after", "After"), ("unsigned", "In place of the signature")],
                        max_length=8,
                        verbose_name="kind",
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
                    "work_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="tickets.workorder"
                    ),
                ),
            ],
            options={
                "ordering": ["slot", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PendingPhoto",
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
                ("key", models.CharField(max_length=40)),
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
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["uploaded_by", "key"], name="pending_photo_by_form"),
                    models.Index(fields=["uploaded_at"], name="pending_photo_by_time"),
                ],
            },
        ),
    ]
