import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("calendars", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("ran_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what changed")),
                ("is_preset", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "created_by",
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
                "verbose_name": "policy version",
                "verbose_name_plural": "policy versions",
                "ordering": ["policy", "-number"],
            },
        ),
        migrations.CreateModel(
            name="ServicePolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
                ("preset_key", models.SlugField(blank=True, max_length=60)),
                (
                    "current",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="current_of",
                        to="service_levels.policyversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "service policy",
                "verbose_name_plural": "service policies",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="ProjectPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_policy",
                        to="projects.project",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="service_levels.servicepolicy",
                        verbose_name="service policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "service policy of a project",
                "verbose_name_plural": "service policies of projects",
                "ordering": ["project"],
            },
        ),
        migrations.AddField(
            model_name="policyversion",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="service_levels.servicepolicy"
            ),
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("guide", "Guide by telephone"),
                            ("acknowledge", "Acknowledge"),
                            ("hand_over", "Hand over to technical support"),
                            ("answer", "Answer"),
                            ("diagnose", "Preliminary diagnosis"),
                            ("remote_fix", "Fix remotely"),
                            ("arrange", "Arrange dispatch"),
                            ("receive", "Arrange as the receiving department"),
                            ("check", "Check the arrangement"),
                            ("arrive", "Arrive on site"),
                            ("locate", "Locate and plan"),
                            ("solution", "Give a solution"),
                            ("restore", "Restore operation"),
                            ("repair", "Repair"),
                            ("replace", "Replace"),
                            ("escalate", "Hand over to headquarters"),
                            ("expert", "Experts answer"),
                            ("plan", "Start the emergency plan"),
                            ("visit_customer", "Visit the customer"),
                            ("follow_up", "Follow up"),
                            ("card", "Issue the warranty card"),
                            ("visit", "Make the visit"),
                            ("report", "Deliver the report"),
                            ("complaint_respond", "Respond to a complaint"),
                            ("complaint_answer", "Answer a complaint"),
                            ("complaint_settle", "Settle a complaint"),
                            ("complaint_ask", "Ask the complainant"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("kinds", models.JSONField(blank=True, default=list, verbose_name="kinds")),
                ("levels", models.JSONField(blank=True, default=list, verbose_name="fault levels")),
                (
                    "complexity",
                    models.CharField(
                        blank=True,
                        choices=[("", "General and complex"), ("general", "General"), ("complex", "Complex")],
                        default="",
                        max_length=8,
                        verbose_name="complexity",
                    ),
                ),
                ("amount", models.PositiveIntegerField(blank=True, null=True, verbose_name="time")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("minutes", "Minutes"),
                            ("days", "Calendar days"),
                            ("working_days", "Working days"),
                            ("months", "Months"),
                            ("window", "Its own window"),
                        ],
                        default="minutes",
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                ("start_events", models.JSONField(default=list, verbose_name="starts with")),
                ("stop_events", models.JSONField(default=list, verbose_name="ends with")),
                ("is_pausable", models.BooleanField(default=True, verbose_name="may be paused")),
                ("pauses_for_parts", models.BooleanField(default=False, verbose_name="waiting for parts pauses it")),
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
                        verbose_name="who sees it",
                    ),
                ),
                ("ladder", models.JSONField(blank=True, default=list, verbose_name="escalation")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="in words")),
                ("source", models.CharField(blank=True, max_length=80, verbose_name="source")),
                (
                    "hours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.servicehours",
                        verbose_name="service hours",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="service_levels.policyversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["version", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["owner", "staff", "restricted"])),
                        name="target_audience_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.PositiveBigIntegerField()),
                ("number", models.CharField(blank=True, max_length=24, verbose_name="number")),
                ("title", models.CharField(blank=True, max_length=160, verbose_name="what")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("guide", "Guide by telephone"),
                            ("acknowledge", "Acknowledge"),
                            ("hand_over", "Hand over to technical support"),
                            ("answer", "Answer"),
                            ("diagnose", "Preliminary diagnosis"),
                            ("remote_fix", "Fix remotely"),
                            ("arrange", "Arrange dispatch"),
                            ("receive", "Arrange as the receiving department"),
                            ("check", "Check the arrangement"),
                            ("arrive", "Arrive on site"),
                            ("locate", "Locate and plan"),
                            ("solution", "Give a solution"),
                            ("restore", "Restore operation"),
                            ("repair", "Repair"),
                            ("replace", "Replace"),
                            ("escalate", "Hand over to headquarters"),
                            ("expert", "Experts answer"),
                            ("plan", "Start the emergency plan"),
                            ("visit_customer", "Visit the customer"),
                            ("follow_up", "Follow up"),
                            ("card", "Issue the warranty card"),
                            ("visit", "Make the visit"),
                            ("report", "Deliver the report"),
                            ("complaint_respond", "Respond to a complaint"),
                            ("complaint_answer", "Answer a complaint"),
                            ("complaint_settle", "Settle a complaint"),
                            ("complaint_ask", "Ask the complainant"),
                        ],
                        max_length=20,
                        verbose_name="promise",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=16, verbose_name="kind")),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level")),
                ("is_urgent", models.BooleanField(default=False, verbose_name="urgent")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("owner", "Owner and staff"),
                            ("staff", "Staff only"),
                            ("restricted", "Named people, quality and manager"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.PositiveIntegerField(blank=True, null=True, verbose_name="time")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("minutes", "Minutes"),
                            ("days", "Calendar days"),
                            ("working_days", "Working days"),
                            ("months", "Months"),
                            ("window", "Its own window"),
                        ],
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                ("ladder", models.JSONField(default=list)),
                ("start_event", models.CharField(max_length=80)),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                ("is_provisional", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                            ("met_late", "Met late"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                ("is_reclassified", models.BooleanField(default=False)),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("stop_event", models.CharField(blank=True, max_length=80)),
                ("late_minutes", models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes late")),
                ("is_over", models.BooleanField(default=False)),
                ("last_percent", models.PositiveSmallIntegerField(default=0)),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
                (
                    "hours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.servicehours",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="projects.project"
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
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="service_levels.target"
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="clock_to_check",
                    ),
                    models.Index(
                        condition=models.Q(("is_over", False)), fields=["due_at", "id"], name="clock_on_board"
                    ),
                    models.Index(
                        condition=models.Q(("is_over", False)), fields=["project", "due_at"], name="clock_by_project"
                    ),
                    models.Index(
                        condition=models.Q(("is_over", False)), fields=["responsible", "due_at"], name="clock_by_person"
                    ),
                    models.Index(fields=["subject_type", "subject_id", "started_at"], name="clock_by_subject"),
                    models.Index(fields=["state", "due_at"], name="clock_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("target", "subject_type", "subject_id", "round"), name="one_clock_per_target_and_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["owner", "staff", "restricted"])),
                        name="clock_audience_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True), ("due_at__isnull", False), _connector="OR"
                        ),
                        name="running_clock_has_due_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["met", "met_late", "cancelled"]), _negated=True),
                            models.Q(("is_over", True), ("next_check_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="ended_clock_is_off_the_board",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent of the time")),
                ("who", models.CharField(max_length=20, verbose_name="who is told")),
                ("taken_at", models.DateTimeField(verbose_name="told at")),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="service_levels.clock"
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation step",
                "verbose_name_plural": "escalation steps",
                "ordering": ["clock", "percent"],
                "constraints": [models.UniqueConstraint(fields=("clock", "percent"), name="escalation_step_once")],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.PositiveBigIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("waiting_for_owner", "Waiting for the owner"),
                            ("other_time", "The owner asked for another time"),
                            ("no_access", "No access to the site"),
                            ("force_majeure", "Force majeure"),
                            ("parts", "Waiting for parts"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.CharField(max_length=300, verbose_name="in words")),
                ("began_at", models.DateTimeField(verbose_name="from")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="to")),
                (
                    "began_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
                "ordering": ["began_at", "pk"],
                "indexes": [models.Index(fields=["subject_type", "subject_id", "began_at"], name="pause_by_subject")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("subject_type", "subject_id"),
                        name="one_open_pause_per_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="pause_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                ("unit", models.CharField(blank=True, max_length=80, verbose_name="unit")),
                ("rule", models.CharField(blank=True, max_length=40, verbose_name="rule")),
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
                        verbose_name="who sees it",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="service_levels.policyversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy term",
                "verbose_name_plural": "policy terms",
                "ordering": ["version", "position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("version", "name", "rule"), name="policy_term_unique")],
            },
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(fields=("policy", "number"), name="policy_version_unique"),
        ),
    ]
