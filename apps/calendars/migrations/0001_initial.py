import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="year")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
            ],
            options={
                "verbose_name": "calendar year",
                "verbose_name_plural": "calendar years",
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="ServiceHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, unique=True, verbose_name="key")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("windows", models.JSONField(blank=True, default=dict, verbose_name="windows")),
                ("is_always", models.BooleanField(default=False, verbose_name="round the clock")),
                ("observes_holidays", models.BooleanField(default=True, verbose_name="observes holidays")),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
            ],
            options={
                "verbose_name": "service hours",
                "verbose_name_plural": "service hours",
                "ordering": ["-is_default", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("is_default",), name="one_default_hours"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_always", False), ("observes_holidays", False), _connector="OR"),
                        name="round_the_clock_knows_no_holidays",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday_cn", "holiday-cn file"), ("table", "Pasted table")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ready", "To be confirmed"),
                            ("applied", "In force"),
                            ("rolled_back", "Rolled back"),
                            ("discarded", "Discarded"),
                        ],
                        default="ready",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("raw", models.TextField(verbose_name="text")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("before", models.JSONField(default=list)),
                ("after", models.JSONField(default=list)),
                ("source_before", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(verbose_name="uploaded at")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("rolled_back_at", models.DateTimeField(blank=True, null=True, verbose_name="rolled back at")),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rolled_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar import",
                "verbose_name_plural": "calendar imports",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-made_at", "-id"], name="calendar_import_by_time"),
                    models.Index(fields=["status", "-applied_at"], name="calendar_import_in_force"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "layer",
                    models.CharField(
                        choices=[
                            ("national", "National"),
                            ("company", "The whole company"),
                            ("own", "Certain service hours"),
                        ],
                        max_length=8,
                        verbose_name="layer",
                    ),
                ),
                ("on", models.DateField(verbose_name="date")),
                ("is_working", models.BooleanField(verbose_name="working day")),
                ("windows", models.JSONField(blank=True, null=True, verbose_name="own windows")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "year",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="calendars.calendaryear",
                    ),
                ),
                (
                    "hours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="calendars.servicehours",
                        verbose_name="service hours",
                    ),
                ),
            ],
            options={
                "verbose_name": "special day",
                "verbose_name_plural": "special days",
                "ordering": ["on", "pk"],
                "indexes": [models.Index(fields=["on", "id"], name="calendar_day_by_date")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("hours__isnull", True)),
                        fields=("layer", "on"),
                        name="one_day_per_layer_and_date",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("hours__isnull", False)),
                        fields=("hours", "on"),
                        name="one_day_per_hours_and_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hours__isnull", True), ("layer", "national"), ("year__isnull", False)),
                            models.Q(("hours__isnull", True), ("layer", "company"), ("year__isnull", True)),
                            models.Q(("hours__isnull", False), ("layer", "own"), ("year__isnull", True)),
                            _connector="OR",
                        ),
                        name="day_of_its_layer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_working", True), ("windows__isnull", True), _connector="OR"),
                        name="day_off_has_no_windows",
                    ),
                ],
            },
        ),
    ]
