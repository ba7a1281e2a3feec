import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.surveys.models


class Migration(migrations.Migration):
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_yearly_survey"),
    ]
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("link", "By the link"),
                            ("portal", "In the portal"),
                            ("phone", "On the engineer's phone"),
                            ("paper", "On paper"),
                        ],
                        max_length=6,
                        verbose_name="way",
                    ),
                ),
                (
                    "index",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="index"),
                ),
                ("is_low", models.BooleanField(default=False, verbose_name="low")),
                ("answered_at", models.DateTimeField(verbose_name="answered at")),
                (
                    "entered_by",
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
                "verbose_name": "survey answer",
                "verbose_name_plural": "survey answers",
                "ordering": ["-answered_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("index__isnull", True), ("index__range", (0, 100)), _connector="OR"),
                        name="index_is_percent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerScan",
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
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="surveys.answer"
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
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("repair", "After a repair"),
                            ("visit", "After a visit"),
                            ("training", "After a training session"),
                            ("yearly", "Yearly survey"),
                        ],
                        max_length=10,
                        verbose_name="occasion",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "questionnaire",
                "verbose_name_plural": "questionnaires",
                "ordering": ["occasion", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("occasion",),
                        name="one_questionnaire_in_use_per_occasion",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionnaireVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("introduction", models.CharField(blank=True, max_length=300, verbose_name="introduction")),
                ("low_index", models.PositiveSmallIntegerField(default=60, verbose_name="low below an index of")),
                (
                    "low_scale",
                    models.PositiveSmallIntegerField(default=2, verbose_name="low with any scale of at most"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="surveys.questionnaire"
                    ),
                ),
            ],
            options={
                "ordering": ["questionnaire", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "number"), name="questionnaire_version_unique"),
                    models.CheckConstraint(condition=models.Q(("low_index__lte", 100)), name="low_index_is_percent"),
                    models.CheckConstraint(condition=models.Q(("low_scale__lte", 4)), name="low_scale_leaves_the_best"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "Scale 1–5"),
                            ("nps", "Recommend 0–10"),
                            ("choice", "Choice"),
                            ("text", "Text"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=120, verbose_name="question")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
                ("choices", models.JSONField(blank=True, default=list, verbose_name="choices")),
                ("is_required", models.BooleanField(default=True, verbose_name="must be answered")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.questionnaireversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="question_position_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("repair", "After a repair"),
                            ("visit", "After a visit"),
                            ("training", "After a training session"),
                            ("yearly", "Yearly survey"),
                        ],
                        max_length=10,
                        verbose_name="occasion",
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField()),
                ("about", models.CharField(max_length=160, verbose_name="about")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("token", models.CharField(default=apps.surveys.models.new_link_token, max_length=40, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("year_from", models.DateField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(verbose_name="link valid until")),
                ("about_people", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_requests",
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
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="surveys.questionnaireversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "survey",
                "verbose_name_plural": "surveys",
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-asked_at", "-id"], name="survey_by_time"),
                    models.Index(fields=["project", "-asked_at"], name="survey_by_project"),
                    models.Index(fields=["occasion", "-asked_at"], name="survey_by_occasion"),
                    models.Index(fields=["person", "-asked_at"], name="survey_by_person"),
                    models.Index(
                        condition=models.Q(("phone", ""), _negated=True),
                        fields=["phone", "-asked_at"],
                        name="survey_by_phone",
                    ),
                    models.Index(
                        django.db.models.functions.text.Upper("email"),
                        models.OrderBy(models.F("asked_at"), descending=True),
                        condition=models.Q(("email", ""), _negated=True),
                        name="survey_by_email",
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="survey_by_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "year_from"), name="one_yearly_survey_per_project_and_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))), name="link_expires_after_asking"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="surveys.surveyrequest"
            ),
        ),
        migrations.CreateModel(
            name="LowAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To call"), ("done", "Called")],
                        default="open",
                        max_length=4,
                        verbose_name="status",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("outcome", models.TextField(blank=True, verbose_name="what was done")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="low_answer", to="surveys.answer"
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
                        verbose_name="done by",
                    ),
                ),
            ],
            options={
                "verbose_name": "low answer",
                "verbose_name_plural": "low answers",
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(fields=["status", "due_at"], name="low_answer_by_due"),
                    models.Index(fields=["due_at", "id"], name="low_answer_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="done_call_has_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("text", models.TextField(blank=True)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="surveys.answer"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.question"
                    ),
                ),
            ],
            options={
                "ordering": ["answer", "question__position"],
                "constraints": [models.UniqueConstraint(fields=("answer", "question"), name="one_answer_per_question")],
            },
        ),
    ]
