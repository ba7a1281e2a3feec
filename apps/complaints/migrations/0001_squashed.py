import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.core.search


class Migration(migrations.Migration):
    replaces = [
        ("complaints", "0001_initial"),
        ("complaints", "0002_who_set_the_day"),
        ("complaints", "0003_analyses_and_equipment"),
        ("complaints", "0004_equipment_of_earlier_complaints"),
        ("complaints", "0005_who_dated_resolutions"),
    ]
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0001_initial"),
        ("tickets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sampling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField(help_text="Its Monday.", unique=True, verbose_name="week")),
                ("population", models.PositiveIntegerField(verbose_name="requests closed")),
                ("drawn_at", models.DateTimeField(verbose_name="drawn by lot at")),
            ],
            options={
                "verbose_name": "sample of a week",
                "verbose_name_plural": "samples of weeks",
                "ordering": ["-week"],
            },
        ),
        migrations.CreateModel(
            name="Analysis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("month", "Monthly analysis"), ("year", "Management review")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="first day of the period")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("issued", "Issued")],
                        default="draft",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=24, verbose_name="number")),
                ("conclusion", models.TextField(blank=True, max_length=2000, verbose_name="conclusion")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="issued at")),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
            ],
            options={
                "verbose_name": "analysis of complaints",
                "verbose_name_plural": "analyses of complaints",
                "ordering": ["-begins_on", "kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "begins_on"), name="one_analysis_per_period"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "issued"), _negated=True),
                            models.Q(models.Q(("number", ""), _negated=True), ("issued_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="issued_analysis_has_number_and_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("subject_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("about", models.CharField(blank=True, max_length=160, verbose_name="what it is about")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "Portal"),
                            ("hotline", "Hotline"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("low_rating", "Low rating"),
                            ("follow_up", "Follow-up"),
                            ("visit", "On a visit"),
                        ],
                        default="portal",
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("timeliness", "Too late"),
                            ("quality", "Quality of the work"),
                            ("conduct", "Conduct"),
                            ("charges", "Charges and invoices"),
                            ("safety", "Safety"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="complaint in one line")),
                ("description", models.TextField(blank=True, max_length=4000, verbose_name="course of events")),
                ("remedy", models.TextField(blank=True, max_length=1000, verbose_name="remedy sought")),
                ("danger", models.TextField(blank=True, max_length=1000, verbose_name="what is dangerous")),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Moderate"), (3, "High")], default=2, verbose_name="severity"
                    ),
                ),
                (
                    "complexity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Moderate"), (3, "High")], default=2, verbose_name="complexity"
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Moderate"), (3, "High")], default=2, verbose_name="impact"
                    ),
                ),
                ("is_anonymous", models.BooleanField(default=False, verbose_name="anonymous")),
                ("code", models.CharField(max_length=24, unique=True)),
                ("contact_name", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("opened_at", models.DateTimeField(verbose_name="complaint received at")),
                ("expected_on", models.DateField(verbose_name="answer expected by")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("acknowledged", "Accepted for handling"),
                            ("investigating", "Under investigation"),
                            ("decided", "Decided, to be told"),
                            ("told", "Decision told"),
                            ("escalated", "One step up"),
                            ("settled", "Settled, to be asked"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="received",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("instance", models.PositiveSmallIntegerField(default=1, verbose_name="instance")),
                ("round_began_at", models.DateTimeField()),
                ("department", models.CharField(blank=True, max_length=80, verbose_name="department concerned")),
                ("plan", models.TextField(blank=True, max_length=2000, verbose_name="plan")),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("people", "People"),
                            ("method", "Procedure"),
                            ("material", "Parts and material"),
                            ("equipment", "Equipment"),
                            ("communication", "Communication"),
                            ("outside", "Outside our hands"),
                        ],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
                ("whys", models.JSONField(blank=True, default=list, verbose_name="five whys")),
                ("decision", models.TextField(blank=True, max_length=4000, verbose_name="decision")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("responded_at", models.DateTimeField(blank=True, null=True, verbose_name="first contact")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answer given at")),
                (
                    "search_text",
                    apps.core.search.FragmentField(
                        sources=("number", "title", "description", "contact_name", "contact_phone")
                    ),
                ),
                (
                    "accused",
                    models.ManyToManyField(
                        blank=True,
                        related_name="complained_of_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="people complained of",
                    ),
                ),
                (
                    "complainant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="complainant",
                    ),
                ),
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raised_by_complaints",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "equipment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="projects.equipment",
                        verbose_name="equipment",
                    ),
                ),
                (
                    "investigator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="investigator",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    apps.core.search.FragmentIndex(fields=["search_text"], name="complaint_fragments"),
                    models.Index(fields=["-opened_at", "-id"], name="complaint_by_time"),
                    models.Index(fields=["status", "-opened_at"], name="complaint_by_status"),
                    models.Index(fields=["kind", "-opened_at"], name="complaint_by_kind"),
                    models.Index(fields=["cause", "-opened_at"], name="complaint_by_cause"),
                    models.Index(fields=["department", "-opened_at"], name="complaint_by_department"),
                    models.Index(fields=["project", "-opened_at"], name="complaint_by_project"),
                    models.Index(fields=["equipment", "-opened_at"], name="complaint_by_equipment"),
                    models.Index(fields=["complainant", "-opened_at"], name="complaint_by_complainant"),
                    models.Index(fields=["investigator", "-opened_at"], name="complaint_by_investigator"),
                    models.Index(fields=["subject_type", "subject_id"], name="complaint_by_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_anonymous", False),
                            models.Q(("complainant__isnull", True), ("contact_name", "")),
                            _connector="OR",
                        ),
                        name="anonymous_complaint_names_nobody",
                    ),
                    models.CheckConstraint(condition=models.Q(("instance__in", [1, 2])), name="complaint_goes_up_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="closed_complaint_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
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
                ("is_evidence", models.BooleanField(default=False)),
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
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a complaint",
                "verbose_name_plural": "files of complaints",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("corrective", "Corrective"), ("preventive", "Preventive")],
                        default="corrective",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="action")),
                ("due_on", models.DateField(verbose_name="to be done by")),
                ("check_on", models.DateField(verbose_name="check on")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To do"),
                            ("done", "Done, to be checked"),
                            ("worked", "Effective"),
                            ("failed", "Not effective"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="what was done")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("verdict", models.CharField(blank=True, max_length=300, verbose_name="how it worked")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked at")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
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
                    "responsible",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["responsible", "due_on"], name="action_by_person")],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="moment")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("telephone", "By telephone"),
                            ("on_site", "On site"),
                            ("email", "E-mail"),
                            ("messaging", "Messaging"),
                        ],
                        default="telephone",
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("whom", models.CharField(max_length=80, verbose_name="with whom")),
                ("said", models.TextField(max_length=2000, verbose_name="what was said")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "contact about a complaint",
                "verbose_name_plural": "contacts about complaints",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["complaint", "at"], name="contact_by_complaint")],
            },
        ),
        migrations.CreateModel(
            name="EngineerRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=500, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                (
                    "status",
                    models.CharField(
                        choices=[("asked", "Asked for"), ("granted", "Granted"), ("declined", "Not granted")],
                        default="asked",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engineer_requests",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for another engineer",
                "verbose_name_plural": "requests for another engineer",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "asked")),
                        fields=("ticket",),
                        name="one_open_engineer_request_per_ticket",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.PositiveBigIntegerField()),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("number", models.CharField(max_length=24, verbose_name="number")),
                ("title", models.CharField(max_length=160, verbose_name="what")),
                ("contact_name", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("completed_at", models.DateTimeField(verbose_name="completed at")),
                ("due_at", models.DateTimeField(verbose_name="call by")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "To call"),
                            ("satisfied", "Satisfied"),
                            ("unsatisfied", "Not satisfied"),
                            ("not_reached", "Not reached"),
                            ("dropped", "No longer needed"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("said", models.TextField(blank=True, max_length=2000, verbose_name="what was said")),
                (
                    "search_text",
                    apps.core.search.FragmentField(sources=("number", "title", "contact_name", "contact_phone")),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="called by",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ["due_at", "pk"],
                "indexes": [
                    apps.core.search.FragmentIndex(fields=["search_text"], name="follow_up_fragments"),
                    models.Index(fields=["due_at", "id"], name="follow_up_by_due"),
                    models.Index(fields=["status", "due_at"], name="follow_up_by_status"),
                    models.Index(fields=["project", "due_at"], name="follow_up_by_project"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_type", "subject_id", "round"), name="one_follow_up_per_subject_and_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["satisfied", "unsatisfied"]), _negated=True),
                            ("done_at__isnull", False),
                            _connector="OR",
                        ),
                        name="called_follow_up_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="moment")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="complaints.followup"
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("promised_by", models.DateTimeField(verbose_name="promised by")),
                ("about", models.CharField(max_length=120, verbose_name="what about")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told at")),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="what was told")),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="progress", to="complaints.complaint"
                    ),
                ),
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
                    "told_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "progress note",
                "verbose_name_plural": "progress notes",
                "ordering": ["promised_by", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("missed_at__isnull", True), ("told_at__isnull", True)),
                        fields=["promised_by"],
                        name="progress_to_tell",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                ("department", models.CharField(max_length=80, verbose_name="department")),
                ("text", models.TextField(max_length=1000, verbose_name="proposal")),
                ("made_at", models.DateTimeField(verbose_name="proposed at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("made", "Proposed"),
                            ("adopted", "Adopted"),
                            ("declined", "Not adopted"),
                            ("done", "Carried out"),
                        ],
                        default="made",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="what came of it")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["month", "-made_at"], name="proposal_by_month")],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("goal", "Goal"), ("decision", "Decision"), ("improvement", "Improvement")],
                        default="decision",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what is resolved")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="to be done by")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="what came of it")),
                (
                    "analysis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="complaints.analysis",
                        verbose_name="review",
                    ),
                ),
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
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "resolution of a review",
                "verbose_name_plural": "resolutions of reviews",
                "ordering": ["kind", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16, verbose_name="kind")),
                ("is_double", models.BooleanField(default=False, verbose_name="two checkers")),
                (
                    "engineer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="engineer",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="tickets.ticket",
                        verbose_name="request",
                    ),
                ),
                (
                    "sampling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="samples", to="complaints.sampling"
                    ),
                ),
            ],
            options={
                "verbose_name": "sampled request",
                "verbose_name_plural": "sampled requests",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("sampling", "ticket"), name="request_once_per_sample")],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "response_time",
                    models.CharField(
                        choices=[("pass", "Passes"), ("fail", "Fails"), ("na", "Not applicable")],
                        max_length=4,
                        verbose_name="response time",
                    ),
                ),
                (
                    "response_quality",
                    models.CharField(
                        choices=[("pass", "Passes"), ("fail", "Fails"), ("na", "Not applicable")],
                        max_length=4,
                        verbose_name="response quality",
                    ),
                ),
                (
                    "service_quality",
                    models.CharField(
                        choices=[("pass", "Passes"), ("fail", "Fails"), ("na", "Not applicable")],
                        max_length=4,
                        verbose_name="service quality",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("judged_at", models.DateTimeField(verbose_name="judged at")),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="verdicts", to="complaints.sample"
                    ),
                ),
            ],
            options={
                "verbose_name": "quality verdict",
                "verbose_name_plural": "quality verdicts",
                "ordering": ["judged_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("sample", "checker"), name="one_verdict_per_checker")],
            },
        ),
    ]
