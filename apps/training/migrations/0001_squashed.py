import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.core.search
import apps.training.models


class Migration(migrations.Migration):
    replaces = [
        ("training", "0001_initial"),
        ("training", "0002_retraining_and_improvements"),
    ]
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nth", models.PositiveSmallIntegerField(verbose_name="attempt")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "Under way"),
                            ("submitted", "Waits to be marked"),
                            ("passed", "Passed"),
                            ("failed", "Not passed"),
                            ("coached", "Coached, may try again"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="begun at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="handed in at")),
                ("marked_at", models.DateTimeField(blank=True, null=True, verbose_name="marked at")),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points"),
                ),
                ("percent", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="result in percent")),
                ("coaching", models.CharField(blank=True, max_length=500, verbose_name="coaching")),
                (
                    "coached_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_attempts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "exam attempt",
                "verbose_name_plural": "exam attempts",
                "ordering": ["-started_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-started_at", "-id"], name="attempt_by_time"),
                    models.Index(fields=["status", "-started_at"], name="attempt_by_status"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="for whom and what for")),
                (
                    "audience",
                    models.CharField(
                        choices=[("owner", "Owner's people and ours"), ("staff", "Our people only")],
                        default="owner",
                        max_length=12,
                        verbose_name="who learns it",
                    ),
                ),
                ("gives_certificate", models.BooleanField(default=True, verbose_name="ends in a certificate")),
                (
                    "validity_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="certificate valid for months",
                    ),
                ),
                ("licence_kind", models.CharField(blank=True, max_length=20, verbose_name="gives the licence")),
                ("is_seasonal", models.BooleanField(default=False, verbose_name="has spring and autumn classes")),
                ("is_online", models.BooleanField(default=False, verbose_name="can be learnt online")),
                ("is_active", models.BooleanField(default=True, verbose_name="is taught")),
                ("exam_questions", models.PositiveSmallIntegerField(default=0, verbose_name="questions in an exam")),
                (
                    "exam_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="minutes for an exam",
                    ),
                ),
                (
                    "pass_percent",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pass mark in percent",
                    ),
                ),
                (
                    "max_attempts",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="attempts allowed",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                ("search_text", apps.core.search.FragmentField(sources=("name", "summary"))),
                (
                    "prerequisites",
                    models.ManyToManyField(
                        blank=True, related_name="leads_to", to="training.course", verbose_name="needs first"
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
                        verbose_name="trainer in charge",
                    ),
                ),
            ],
            options={
                "verbose_name": "course",
                "verbose_name_plural": "courses",
                "ordering": ["name"],
                "indexes": [apps.core.search.FragmentIndex(fields=["search_text"], name="course_fragments")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pass_percent__range", (1, 100))), name="pass_mark_is_a_percentage"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "code",
                    models.CharField(
                        default=apps.training.models.new_check_code,
                        max_length=12,
                        verbose_name="check code",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "status",
                    models.CharField(
                        choices=[("valid", "Valid"), ("withdrawn", "Withdrawn")],
                        default="valid",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attempt",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="training.attempt",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.owner",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_certificates",
                        to="projects.project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_certificates",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ["-issued_on", "-pk"],
                "indexes": [
                    models.Index(fields=["course", "-issued_on"], name="certificate_by_course"),
                    models.Index(fields=["status", "-issued_on"], name="certificate_by_status"),
                    models.Index(fields=["-issued_on", "-id"], name="certificate_by_day"),
                    models.Index(fields=["expires_on"], name="certificate_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", True), ("expires_on__gt", models.F("issued_on")), _connector="OR"
                        ),
                        name="certificate_ends_after_issue",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="attempt",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="training.course",
                verbose_name="course",
            ),
        ),
        migrations.CreateModel(
            name="CoursePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("principle", "Principle and structure"),
                            ("installation", "Installing"),
                            ("operation", "Operation"),
                            ("upkeep", "Upkeep"),
                            ("troubleshooting", "Troubleshooting"),
                        ],
                        max_length=16,
                        verbose_name="part",
                    ),
                ),
                ("content", models.CharField(blank=True, max_length=300, verbose_name="content")),
                ("minutes", models.PositiveSmallIntegerField(default=0, verbose_name="minutes")),
                ("weight", models.PositiveSmallIntegerField(default=0, verbose_name="weight in the exam")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="training.course"
                    ),
                ),
            ],
            options={
                "ordering": ["course", "pk"],
                "constraints": [models.UniqueConstraint(fields=("course", "part"), name="part_once_per_course")],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("electrician", "Electrician"),
                            ("high_voltage", "High-voltage electrician"),
                            ("height", "Work at height"),
                            ("welding", "Welding and hot work"),
                            ("refrigeration", "Refrigeration"),
                            ("lift", "Lifting equipment"),
                            ("service", "Service work licence"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("issued_by", models.CharField(blank=True, max_length=120, verbose_name="issuing body")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "certificate",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licence",
                        to="training.certificate",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "licence",
                "verbose_name_plural": "licences",
                "ordering": ["expires_on", "pk"],
                "indexes": [
                    models.Index(fields=["user", "kind", "-expires_on"], name="licence_by_person"),
                    models.Index(fields=["kind", "expires_on"], name="licence_by_kind"),
                    models.Index(fields=["expires_on", "id"], name="licence_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", True), ("expires_on__gt", models.F("issued_on")), _connector="OR"
                        ),
                        name="licence_ends_after_issue",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceFile",
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
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="training.licence"
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
            name="LicenceNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work",
                    models.CharField(
                        blank=True,
                        choices=[("repair", "Repairs"), ("visit", "Revisits and inspections")],
                        help_text="Empty: for all work on site.",
                        max_length=8,
                        verbose_name="kind of work",
                    ),
                ),
                (
                    "trade",
                    models.CharField(
                        blank=True,
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
                        help_text="Empty: for every trade.",
                        max_length=20,
                        verbose_name="trade",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("electrician", "Electrician"),
                            ("high_voltage", "High-voltage electrician"),
                            ("height", "Work at height"),
                            ("welding", "Welding and hot work"),
                            ("refrigeration", "Refrigeration"),
                            ("lift", "Lifting equipment"),
                            ("service", "Service work licence"),
                        ],
                        max_length=20,
                        verbose_name="licence",
                    ),
                ),
                ("blocks", models.BooleanField(default=True, verbose_name="keeps from being sent")),
                (
                    "equipment_model",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only work on this equipment needs it, whatever the trade.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.equipmentmodel",
                        verbose_name="equipment model",
                    ),
                ),
            ],
            options={
                "verbose_name": "needed licence",
                "verbose_name_plural": "needed licences",
                "ordering": ["trade", "equipment_model", "work", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("equipment_model__isnull", True)),
                        fields=("trade", "work", "kind"),
                        name="licence_need_of_trade_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("equipment_model__isnull", False)),
                        fields=("equipment_model", "work", "kind"),
                        name="licence_need_of_model_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trade", ""), ("equipment_model__isnull", True), _connector="OR"),
                        name="licence_need_of_trade_or_model",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("document", "Document"),
                            ("picture", "Picture"),
                            ("video", "Video"),
                            ("link", "Link"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("url", models.URLField(blank=True, max_length=300, verbose_name="address")),
                ("seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="length in seconds")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="materials", to="training.course"
                    ),
                ),
            ],
            options={
                "verbose_name": "material",
                "verbose_name_plural": "materials",
                "ordering": ["course", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "position"), name="material_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "link"), _negated=True),
                            models.Q(("url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="link_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "video"), _negated=True), ("seconds__gte", 1), _connector="OR"
                        ),
                        name="video_has_a_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialFile",
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
                    "material",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stored", to="training.material"
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
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("text", models.CharField(max_length=500, verbose_name="question")),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="training.course"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "indexes": [models.Index(fields=["course", "-asked_at"], name="post_by_course")],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.JSONField(default=list)),
                ("seconds_seen", models.PositiveIntegerField(default=0)),
                ("position", models.PositiveIntegerField(default=0)),
                ("reported_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="training.material"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "material"), name="one_progress_per_material")],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("principle", "Principle and structure"),
                            ("installation", "Installing"),
                            ("operation", "Operation"),
                            ("upkeep", "Upkeep"),
                            ("troubleshooting", "Troubleshooting"),
                        ],
                        max_length=16,
                        verbose_name="part",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "One of several"),
                            ("multiple", "Several of several"),
                            ("true_false", "Right or wrong"),
                            ("number", "A number"),
                            ("text", "Short text"),
                            ("practical", "Practical"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="exam question")),
                ("options", models.JSONField(blank=True, default=list, verbose_name="choices")),
                ("answer", models.JSONField(blank=True, default=dict, verbose_name="right answer")),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name="marks"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
            ],
            options={
                "verbose_name": "exam question",
                "verbose_name_plural": "questions",
                "ordering": ["course", "pk"],
                "indexes": [
                    models.Index(fields=["course", "part"], name="question_by_part"),
                    models.Index(fields=["kind", "course"], name="question_by_kind"),
                ],
                "constraints": [models.UniqueConstraint(fields=("course", "text"), name="question_once_per_course")],
            },
        ),
        migrations.CreateModel(
            name="AttemptQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("order", models.JSONField(default=list)),
                ("response", models.JSONField(default=dict)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("share", models.DecimalField(blank=True, decimal_places=3, max_digits=4, null=True)),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="training.attempt"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="used", to="training.question"
                    ),
                ),
            ],
            options={
                "ordering": ["attempt", "position"],
                "indexes": [models.Index(fields=["question", "share"], name="marked_by_question")],
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "position"), name="paper_position_unique"),
                    models.UniqueConstraint(fields=("attempt", "question"), name="question_once_per_paper"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
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
                    "way",
                    models.CharField(
                        choices=[
                            ("on_site", "On site"),
                            ("classroom", "Classroom"),
                            ("online", "Online"),
                            ("live", "Live online"),
                        ],
                        default="on_site",
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1,
                        default=0,
                        max_digits=4,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="hours taught",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="address of the live class")),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: no limit.", null=True, verbose_name="places"
                    ),
                ),
                ("is_chargeable", models.BooleanField(default=False, verbose_name="is charged")),
                ("term", models.CharField(blank=True, max_length=12)),
                ("visit_number", models.CharField(blank=True, max_length=20, verbose_name="given on visit")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("open", "Open for registration"),
                            ("held", "Held"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "attendance_token",
                    models.CharField(default=apps.training.models.new_attendance_token, max_length=40, unique=True),
                ),
                ("materials_sent_at", models.DateTimeField(blank=True, null=True, verbose_name="materials sent")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("improvement", models.CharField(blank=True, max_length=500, verbose_name="what to do better")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: a class open to all who may learn the course.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_sessions",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "trainer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="trainer",
                    ),
                ),
            ],
            options={
                "verbose_name": "training session",
                "verbose_name_plural": "training sessions",
                "ordering": ["-starts_at", "-pk"],
                "indexes": [
                    models.Index(fields=["project", "-starts_at"], name="session_by_project"),
                    models.Index(fields=["course", "-starts_at"], name="session_by_course"),
                    models.Index(fields=["trainer", "-starts_at"], name="session_by_trainer"),
                    models.Index(fields=["status", "-starts_at"], name="session_by_status"),
                    models.Index(fields=["-starts_at", "-id"], name="session_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="session_ends_after_start"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("term", ""), _negated=True),
                        fields=("course", "term"),
                        name="one_class_per_term",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Retraining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To be planned"),
                            ("planned", "Registered for a training"),
                            ("renewed", "Renewed"),
                            ("dropped", "Not needed any more"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("noted_at", models.DateTimeField(verbose_name="noted at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "licence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="retraining", to="training.licence"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.session",
                        verbose_name="training",
                    ),
                ),
            ],
            options={
                "verbose_name": "retraining",
                "verbose_name_plural": "retrainings",
                "ordering": ["licence__expires_on", "pk"],
                "indexes": [models.Index(fields=["status", "noted_at"], name="retraining_by_status")],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("waiting", "On the waiting list"),
                            ("withdrawn", "No longer registered"),
                        ],
                        default="registered",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("registered_at", models.DateTimeField(verbose_name="registered at")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="materials received")),
                ("attended_at", models.DateTimeField(blank=True, null=True, verbose_name="was there")),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signature", "Signed on the trainer's device"),
                            ("own_phone", "On their own phone"),
                            ("sheet", "On the printed sheet"),
                        ],
                        max_length=10,
                        verbose_name="shown by",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name="hours of training"),
                ),
                ("signature", models.FileField(blank=True, max_length=200, upload_to="training/signatures")),
                ("strokes", models.JSONField(blank=True, default=list)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.owner",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="training.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "ordering": ["registered_at", "pk"],
                "indexes": [models.Index(fields=["user", "-registered_at"], name="participant_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("session", "user"),
                        name="person_once_per_session",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Improvement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("text", models.CharField(max_length=500, verbose_name="what to do better")),
                ("due_on", models.DateField(verbose_name="to be done by")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done, to be checked"), ("closed", "Effective")],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="what was done")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("verdict", models.CharField(blank=True, max_length=300, verbose_name="how it worked")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked at")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to="training.course",
                        verbose_name="course",
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
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to="training.session",
                        verbose_name="training",
                    ),
                ),
            ],
            options={
                "verbose_name": "improvement",
                "verbose_name_plural": "improvements",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["due_on", "id"], name="improvement_by_day"),
                    models.Index(fields=["status", "due_on"], name="improvement_by_status"),
                ],
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="training.session",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="training.session",
            ),
        ),
        migrations.CreateModel(
            name="SessionFile",
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="training.session"
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
            name="TrainingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("need", models.TextField(help_text="Who has to be able to do what.", verbose_name="need")),
                ("people", models.PositiveSmallIntegerField(default=0, verbose_name="people to train")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Being agreed"), ("agreed", "Agreed")],
                        default="draft",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("agreed_with", models.CharField(blank=True, max_length=80, verbose_name="agreed with")),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_plan",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "training plan",
                "verbose_name_plural": "training plans",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("attempt__isnull", True)),
                fields=("session", "name", "user"),
                name="one_certificate_of_presence",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["course", "-started_at"], name="attempt_by_course"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(fields=("user", "course", "nth"), name="attempt_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "running")), fields=("user", "course"), name="one_exam_at_a_time"
            ),
        ),
    ]
