"""What projects add: panels of the project page, menu entries, what the search finds, cards on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import registry
from apps.core.registry import HomeCard, MenuEntry, Panel, SearchSource, register
from apps.core.search import matching

from .access import is_owner_admin, may_hand_over, may_keep_equipment, may_list_owners, sees_amounts
from .models import Equipment, Owner, Project, ProjectPerson, Site

SHOWN_EQUIPMENT = 8
SHOWN_SITES, FOLDED_SITES = 6, 6
SHOWN_PROJECTS = 8


def equipment_panel(project: Project, user: Any) -> dict[str, Any]:
    """Show the first pieces of equipment of a project and how many there are."""
    rows = list(
        Equipment.objects.visible_to(user)
        .filter(project=project)
        .select_related("model", "site__parent")
        .annotate(total=Window(Count("pk")))
        .order_by("asset_code")[:SHOWN_EQUIPMENT]
    )
    may_add = may_keep_equipment(project, user) and not user.is_auditor_only
    badges = registry.badges(rows, user)
    return {
        "lines": [(row, badges.get(row.pk, [])) for row in rows],
        "count": rows[0].total if rows else "",
        "link_url": f"{reverse('projects:equipment_list')}?project={project.pk}" if rows else "",
        "link_label": _("All equipment"),
        "create_url": f"{reverse('projects:equipment_create')}?project={project.pk}" if may_add else "",
    }


def facts_panel(project: Project, user: Any) -> dict[str, Any]:
    """Show the contract and the acceptance; the amount to those who see amounts."""
    acceptance = getattr(project, "acceptance", None)
    return {
        "project": project,
        "acceptance": acceptance,
        "files": list(acceptance.files.visible_to(user)) if acceptance else [],
        "amount": f"{project.contract_amount:,.2f}"
        if project.contract_amount is not None and sees_amounts(user)
        else "",
    }


def people_panel(project: Project, user: Any) -> dict[str, Any]:
    """Show who serves a project, with the telephone to call."""
    may_change = may_hand_over(project, user) and not user.is_auditor_only
    people = sorted(project.people.all(), key=lambda row: list(row.Role).index(row.Role(row.role)))
    return {
        "rows": people,
        "link_url": reverse("projects:people", args=[project.pk]) if may_change else "",
        "link_label": _("Change"),
    }


def sites_panel(project: Project, user: Any) -> dict[str, Any] | None:
    """Show the places of a project."""
    may_add = may_keep_equipment(project, user) and not user.is_auditor_only
    sites = list(
        Site.objects.visible_to(user).filter(project=project).select_related("parent")[: SHOWN_SITES + FOLDED_SITES + 1]
    )
    if not sites and not may_add:
        return None
    return {
        "rows": sites[:SHOWN_SITES],
        "folded": sites[SHOWN_SITES : SHOWN_SITES + FOLDED_SITES],
        "more": len(sites) > SHOWN_SITES + FOLDED_SITES,
        "may_change": may_add,
        "link_url": reverse("projects:site_create", args=[project.pk]) if may_add else "",
        "link_label": _("New place"),
    }


def my_projects_card(request: HttpRequest) -> dict[str, Any]:
    """Show an owner's person the projects in their scope, with what other apps say about them."""
    projects = list(
        Project.objects.visible_to(request.user)
        .exclude(status=Project.Status.CLOSED)
        .annotate(total=Window(Count("pk")))[:SHOWN_PROJECTS]
    )
    badges = registry.badges(projects, request.user)
    return {
        "lines": [(project, badges.get(project.pk, [])) for project in projects],
        "count": projects[0].total if projects else "",
        "link_url": reverse("projects:list"),
        "link_label": _("All projects"),
    }


def run_projects_card(request: HttpRequest) -> dict[str, Any] | None:
    """Show one of ours the projects that they run; no card for who runs none."""
    user: Any = request.user
    running = Project.objects.visible_to(user).exclude(status=Project.Status.CLOSED)
    mine = running.filter(people__user=user, people__role=ProjectPerson.Role.MANAGER)
    projects = list(mine.annotate(total=Window(Count("pk")))[:SHOWN_PROJECTS])
    if not projects:
        return None
    badges = registry.badges(projects, user)
    return {
        "lines": [(project, badges[project.pk]) for project in projects],
        "count": projects[0].total,
        "link_url": reverse("projects:list"),
        "link_label": _("All projects"),
    }


def find_projects(user: Any, text: str) -> Any:
    return matching(Project.objects.visible_to(user), text).select_related("owner")


def find_equipment(user: Any, text: str) -> Any:
    return matching(Equipment.objects.visible_to(user), text).select_related("project", "site__parent")


def find_owners(user: Any, text: str) -> Any:
    return matching(Owner.objects.visible_to(user), text) if user.is_staff_side else Owner.objects.none()


def runs_projects(user: Any) -> bool:
    return bool(user.runs_projects)


def is_owners_person(user: Any) -> bool:
    return not user.is_staff_side


for panel in (
    Panel("projects.project", "equipment", gettext_lazy("Equipment"), "projects/_equipment.html", equipment_panel, 40),
    Panel("projects.project", "facts", gettext_lazy("Contract"), "projects/_facts.html", facts_panel, 60, "side"),
    Panel("projects.project", "people", gettext_lazy("Our people"), "projects/_people.html", people_panel, 65, "side"),
    Panel("projects.project", "sites", gettext_lazy("Places"), "projects/_sites.html", sites_panel, 70, "side"),
):
    register(panel)

for entry in (
    MenuEntry("projects", gettext_lazy("Projects"), "projects:list", "building", 40, lambda user: True),
    MenuEntry("equipment", gettext_lazy("Equipment"), "projects:equipment_list", "tools", 50, lambda user: True),
    MenuEntry("owners", gettext_lazy("Owners"), "projects:owner_list", "users", 78, may_list_owners),
    MenuEntry("own", gettext_lazy("Our organisation"), "projects:own_organisation", "users", 79, is_owner_admin),
):
    register(entry)

for source in (
    SearchSource(
        "projects",
        gettext_lazy("Projects"),
        "building",
        find_projects,
        lambda row: (row.name, f"{row.number} · {row.owner.name}"),
        order=20,
        list_name="projects:list",
    ),
    SearchSource(
        "equipment",
        gettext_lazy("Equipment"),
        "tools",
        find_equipment,
        lambda row: (row.name, " · ".join(filter(None, (row.asset_code, row.project.name, row.where)))),
        order=30,
        list_name="projects:equipment_list",
    ),
    SearchSource(
        "owners",
        gettext_lazy("Owners"),
        "users",
        find_owners,
        lambda row: (row.name, row.address),
        order=40,
        list_name="projects:owner_list",
        list_shown_to=may_list_owners,
    ),
):
    register(source)

register(
    HomeCard(
        "run-projects",
        gettext_lazy("Projects I run"),
        "projects/_my_projects.html",
        run_projects_card,
        shown_to=runs_projects,
        order=30,
    )
)
register(
    HomeCard(
        "my-projects",
        gettext_lazy("My projects"),
        "projects/_my_projects.html",
        my_projects_card,
        shown_to=is_owners_person,
        order=40,
    )
)
