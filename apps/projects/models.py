"""Owners, projects, the people of both sides, sites, equipment, acceptance."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from .importing.models import ImportRun  # noqa: F401  the app's models are found here
from .queries import ProjectQuerySet


class Owner(ScopedModel):
    """A customer organisation (业主)."""

    scope = "own organisation"
    organisation_path = "people__user"
    organisation_projects_path = "projects"
    audience = Audience.OWNER

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    search_text = FragmentField(sources=("name", "address"))

    class Meta:
        verbose_name = _("owner")
        verbose_name_plural = _("owners")
        ordering = ["name"]
        indexes = [FragmentIndex(fields=["search_text"], name="owner_fragments")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:owner_detail", args=[self.pk])


class Project(ScopedModel):
    """A contract's works (工程), handed over and then served. Everything belongs to one."""

    class Status(models.TextChoices):
        PREPARING = "preparing", _("Preparing")
        HANDED_OVER = "handed_over", _("Handed over")
        IN_SERVICE = "in_service", _("In service")
        CLOSED = "closed", _("Closed")

    class Trade(models.TextChoices):
        STREET_LIGHTING = "street_lighting", _("Street lighting")
        MEP = "mep", _("Mechanical and electrical")
        DECORATION = "decoration", _("Decoration")
        DATA_ROOM = "data_room", _("Data room")
        FURNITURE = "furniture", _("Furniture")
        PLANTING = "planting", _("Planting")
        INFORMATION_SYSTEM = "information_system", _("Information system")
        OTHER = "other", _("Other")

    STATUS_LOOK = {
        Status.PREPARING: ("idle", "tools"),
        Status.HANDED_OVER: ("info", "key"),
        Status.IN_SERVICE: ("ok", "circle-check"),
        Status.CLOSED: ("idle", "archive"),
    }

    project_path = "pk"
    audience = Audience.OWNER
    #: More people read a project's history than see amounts.
    UNTOLD = frozenset({"contract_amount"})

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(Owner, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="projects")
    trade = models.CharField(_("trade"), max_length=20, choices=Trade, default=Trade.OTHER)
    contract_number = models.CharField(_("contract number"), max_length=60, blank=True)
    contract_amount = models.DecimalField(
        _("contract amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    address = models.CharField(_("address"), max_length=200, blank=True)
    department = models.CharField(_("responsible department"), max_length=80, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PREPARING)
    created_at = models.DateTimeField(_("created at"))
    search_text = FragmentField(sources=("number", "name", "contract_number", "address"))

    objects: ClassVar[Any] = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-number"]
        indexes = [
            FragmentIndex(fields=["search_text"], name="project_fragments"),
            models.Index(fields=["status", "-number"], name="project_by_status"),
            models.Index(fields=["owner", "-number"], name="project_by_owner"),
            models.Index(fields=["trade", "-number"], name="project_by_trade"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="project_name_unique_per_owner"),
            models.CheckConstraint(
                name="contract_amount_not_negative",
                condition=Q(contract_amount__isnull=True) | Q(contract_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.pk])


class OwnerPerson(ScopedModel):
    """A person of an owner: the admin sees and manages the organisation, a member may be limited to some projects."""

    class Kind(models.TextChoices):
        ADMIN = "admin", _("Owner admin")
        MEMBER = "member", _("Owner member")

    scope = "own organisation"
    organisation_path = "owner__people__user"
    organisation_projects_path = "owner__projects"
    audience = Audience.OWNER

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="owner_person",
    )
    owner = models.ForeignKey(Owner, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.MEMBER)
    position = models.CharField(_("position"), max_length=60, blank=True)
    is_approver = models.BooleanField(_("may approve quotes"), default=False)
    all_projects = models.BooleanField(_("sees all projects of the organisation"), default=True)
    projects = models.ManyToManyField(
        Project, verbose_name=_("only these projects"), blank=True, related_name="limited_people"
    )

    class Meta:
        verbose_name = _("owner's person")
        verbose_name_plural = _("owner's people")
        ordering = ["owner", "kind", "pk"]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("projects:owner_detail", args=[self.owner_id])


class ProjectPerson(ScopedModel):
    """One of ours who serves a project."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("Project manager")
        DESIGNATED_ENGINEER = "designated_engineer", _("Designated engineer")
        ENGINEER = "engineer", _("Engineer")
        OTHER = "other", _("Other")

    project_path = "project"
    audience = Audience.OWNER

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="project_roles",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("project person")
        verbose_name_plural = _("project people")
        ordering = ["project", "pk"]
        indexes = [models.Index(fields=["user", "project"], name="project_people_by_user")]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="person_once_per_project"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(role="manager"), name="one_project_manager_per_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.project_id])


class Site(ScopedModel):
    """A place of a project; a site inside a site is an area."""

    project_path = "project"
    audience = Audience.OWNER

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="sites")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="areas",
    )
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["project", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], condition=Q(parent__isnull=True), name="site_name_unique"
            ),
            models.UniqueConstraint(fields=["parent", "name"], name="area_name_unique_in_site"),
        ]

    def __str__(self) -> str:
        return f"{self.parent.name} · {self.name}" if self.parent_id and self.parent else self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.project_id])


class EquipmentModel(ScopedModel):
    """What a maker sells: its size class decides the upkeep cadence (V-03), its normal life is of W-11."""

    class SizeClass(models.TextChoices):
        SMALL = "small", _("Small")
        MEDIUM = "medium", _("Medium")
        LARGE = "large", _("Large")

    scope = "reference"
    audience = Audience.OWNER

    maker = models.CharField(_("maker"), max_length=80, blank=True)
    name = models.CharField(_("model"), max_length=80)
    size_class = models.CharField(_("size class"), max_length=8, choices=SizeClass, default=SizeClass.SMALL)
    normal_life_years = models.PositiveSmallIntegerField(_("normal life in years"), null=True, blank=True)

    class Meta:
        verbose_name = _("equipment model")
        verbose_name_plural = _("equipment models")
        ordering = ["maker", "name"]
        constraints = [models.UniqueConstraint(fields=["maker", "name"], name="equipment_model_unique")]

    def __str__(self) -> str:
        return f"{self.maker} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("projects:model_list")


def new_label_token() -> str:
    return secrets.token_urlsafe(12)


class Equipment(ScopedModel):
    """One piece of equipment of a project (设备), known by its asset code and its label."""

    project_path = "project"
    audience = Audience.OWNER

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="equipment")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    asset_code = models.CharField(_("asset code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    model = models.ForeignKey(
        EquipmentModel,
        verbose_name=_("model"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="equipment",
    )
    serial_number = models.CharField(_("serial number"), max_length=80, blank=True)
    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="equipment",
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    commissioning_settings = models.TextField(_("commissioning settings"), blank=True)
    label_token = models.CharField(max_length=24, unique=True, default=new_label_token)
    search_text = FragmentField(sources=("asset_code", "name", "serial_number", "place"))

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["project", "asset_code"]
        indexes = [
            FragmentIndex(fields=["search_text"], name="equipment_fragments"),
            models.Index(fields=["project", "name"], name="equipment_by_name"),
            models.Index(fields=["project", "asset_code"], name="equipment_by_code"),
            models.Index(fields=["model", "serial_number"], name="equipment_by_serial"),
        ]
        constraints = [
            models.CheckConstraint(name="equipment_not_its_own_part", condition=~Q(parent=F("pk"))),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:equipment_detail", args=[self.pk])

    @property
    def where(self) -> str:
        """Site and place in words."""
        return " · ".join(part for part in (str(self.site) if self.site_id else "", self.place) if part)


class Acceptance(ScopedModel):
    """The acceptance of a project (竣工验收): the event from which its warranty runs, with its evidence (W-01)."""

    class Basis(models.TextChoices):
        REPORT_SIGNED = "report_signed", _("Acceptance report signed by both parties")
        CERTIFICATE = "certificate", _("Acceptance certificate issued")
        HANDOVER = "handover", _("Handover")
        FINAL_ACCEPTANCE = "final_acceptance", _("Final acceptance")
        SALE = "sale", _("Sale")

    project_path = "project"
    audience = Audience.OWNER

    project = models.OneToOneField(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="acceptance"
    )
    basis = models.CharField(_("start basis"), max_length=20, choices=Basis, default=Basis.REPORT_SIGNED)
    accepted_on = models.DateField(_("accepted on"))
    completed_on = models.DateField(
        _("completed on"), null=True, blank=True, help_text=_("Only if it differs from the acceptance.")
    )
    reference = models.CharField(_("number of the report or certificate"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")

    def __str__(self) -> str:
        return f"{self.get_basis_display()} {self.accepted_on}"

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.project_id])


class AcceptanceFile(StoredFile):
    """Evidence of an acceptance: the signed report, the certificate."""

    project_path = "acceptance__project"
    audience = Audience.OWNER

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="files")
