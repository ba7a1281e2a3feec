import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.files
import apps.core.search
import apps.documents.models


class Migration(migrations.Migration):
    replaces = [
        ("documents", "0001_initial"),
        ("documents", "0002_document_of_no_project"),
    ]
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyImage",
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
                ("kind", models.CharField(choices=[("logo", "Logo"), ("seal", "Seal")], max_length=6)),
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
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CompanyProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="company name")),
                ("short_name", models.CharField(max_length=30, verbose_name="short name")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("hotline", models.CharField(blank=True, max_length=40, verbose_name="hotline")),
                ("website", models.CharField(blank=True, max_length=120, verbose_name="website")),
                (
                    "seal_text",
                    models.CharField(default="售后服务专用章", max_length=30, verbose_name="purpose on the seal"),
                ),
            ],
            options={
                "verbose_name": "company profile",
                "verbose_name_plural": "company profile",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_company_profile")],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=40, verbose_name="type")),
                ("subject_id", models.PositiveBigIntegerField()),
                ("number", models.CharField(blank=True, max_length=24, verbose_name="number")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issuing", "Being issued"),
                            ("issued", "Issued"),
                            ("void", "Void"),
                            ("replaced", "Replaced"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
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
                ("data", models.JSONField(verbose_name="frozen data")),
                ("content", models.FileField(blank=True, max_length=200, upload_to="documents/content")),
                ("content_sha256", models.CharField(blank=True, max_length=64)),
                ("pdf", models.FileField(blank=True, max_length=200, upload_to="documents/issued")),
                ("pdf_sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("pdf_size", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "verification_token",
                    models.CharField(default=apps.documents.models.new_verification_token, max_length=40, unique=True),
                ),
                (
                    "signing_token",
                    models.CharField(default=apps.documents.models.new_signing_token, max_length=60, unique=True),
                ),
                ("signing_code", models.CharField(default=apps.documents.models.new_signing_code, max_length=6)),
                ("signing_attempts", models.PositiveSmallIntegerField(default=0)),
                ("unsigned", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="issued at")),
                ("search_text", apps.core.search.FragmentField(sources=("number",))),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="projects.project",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="documents.document",
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
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["-issued_at", "-pk"],
                "indexes": [
                    apps.core.search.FragmentIndex(fields=["search_text"], name="document_fragments"),
                    models.Index(fields=["project", "-issued_at"], name="document_by_project"),
                    models.Index(fields=["subject_type", "subject_id"], name="document_by_subject"),
                    models.Index(fields=["type", "-issued_at"], name="document_by_type"),
                    models.Index(
                        condition=models.Q(("status", "issuing")), fields=["created_at"], name="document_stray"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("type", "number", "version"),
                        name="document_number_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["draft", "issuing", "issued"])),
                        fields=("type", "subject_type", "subject_id"),
                        name="one_document_in_force_per_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "issued"), _negated=True),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                models.Q(("pdf_sha256", ""), _negated=True),
                                ("issued_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="issued_document_has_bytes_and_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("documents", "Documents"), ("labels", "Equipment labels")],
                        default="documents",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                ("selection", models.JSONField(default=list)),
                ("done", models.PositiveIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "Being prepared"), ("done", "Ready to print"), ("cancelled", "Cancelled")],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("pdf", models.FileField(blank=True, max_length=200, upload_to="documents/print")),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "print run",
                "verbose_name_plural": "print runs",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("contractor", "Contractor"), ("owner", "Owner")], max_length=10)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("role", models.CharField(blank=True, max_length=60, verbose_name="role")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("on_site", "On the engineer's device"),
                            ("account", "With their own account"),
                            ("link", "By the signing link"),
                        ],
                        max_length=8,
                        verbose_name="identified by",
                    ),
                ),
                ("image", models.FileField(blank=True, max_length=200, upload_to="documents/signatures")),
                ("strokes", models.JSONField(default=list)),
                ("content_sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(verbose_name="signed at")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="address")),
                ("device", models.CharField(blank=True, max_length=200, verbose_name="device")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="documents.document"
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
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("document", "side"), name="one_signature_per_side")],
            },
        ),
        migrations.CreateModel(
            name="SignatureSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("image", models.FileField(max_length=200, upload_to="documents/samples")),
                ("strokes", models.JSONField(default=list)),
                ("drawn_at", models.DateTimeField(verbose_name="drawn at")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signature_sample",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
