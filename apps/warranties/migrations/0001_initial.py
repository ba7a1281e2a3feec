import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Warranty",
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
                        max_length=20,
                        verbose_name="start basis",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("months", models.PositiveSmallIntegerField(default=24, verbose_name="term in months")),
                ("ends_on", models.DateField(verbose_name="last covered day")),
                ("scope_text", models.CharField(blank=True, max_length=200, verbose_name="what is covered")),
                (
                    "equipment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warranties",
                        to="projects.equipment",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="warranties", to="projects.project"
                    ),
                ),
            ],
            options={
                "verbose_name": "warranty",
                "verbose_name_plural": "warranties",
                "ordering": ["ends_on", "pk"],
                "indexes": [models.Index(fields=["project", "ends_on"], name="warranty_by_project")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="warranty_ends_after_start"
                    ),
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="warranty_term_positive"),
                    models.UniqueConstraint(
                        condition=models.Q(("equipment__isnull", True)),
                        fields=("project",),
                        name="one_warranty_of_the_whole_works",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WarrantyCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("completed_on", models.DateField(verbose_name="completed on")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "status",
                    models.CharField(
                        choices=[("due", "To be issued"), ("issued", "Issued")],
                        default="due",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=24, verbose_name="number")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="issued at")),
                (
                    "warranty",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="card", to="warranties.warranty"
                    ),
                ),
            ],
            options={
                "verbose_name": "warranty card",
                "verbose_name_plural": "warranty cards",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["status", "due_on"], name="card_by_due_day")],
            },
        ),
    ]
