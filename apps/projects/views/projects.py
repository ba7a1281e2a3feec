"""Pages about projects: the list, one project with all that belongs to it, its people, its sites."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.pages import DetailPage, FormPage, ListPage, Tab

from .. import services
from ..access import may_create_projects, may_hand_over, may_keep_equipment, sees_amounts
from ..filters import ProjectFilter
from ..forms import NewProjectForm, ProjectForm, ProjectPeopleForm, SiteForm
from ..models import Project, ProjectPerson, Site
from ..tables import ProjectTable


class ProjectList(ListPage):
    """The projects in a person's scope."""

    model = Project
    section = "projects"
    title = _("Projects")
    related = ("owner",)
    filterset_class = ProjectFilter
    table_class = ProjectTable
    tabs = (
        Tab("service", _("In service"), lambda rows: rows.in_service()),
        Tab("preparing", _("Preparing"), lambda rows: rows.filter(status=Project.Status.PREPARING)),
        Tab("closed", _("Closed"), lambda rows: rows.filter(status=Project.Status.CLOSED)),
        Tab("all", _("All"), lambda rows: rows),
    )
    create_url = reverse_lazy("projects:create")
    create_label = _("New project")
    empty_text = _("No project here. A project is created when the contract is signed, and served once it is accepted.")

    def get_queryset(self) -> Any:
        return super().get_queryset().with_people()

    def hidden_columns(self) -> tuple[str, ...]:
        return () if sees_amounts(self.request.user) else ("contract_amount",)

    def may_create(self, user: Any) -> bool:
        return may_create_projects(user)


class ProjectDetail(DetailPage):
    """Everything that belongs to a project."""

    model = Project
    section = "projects"
    deferred = ("side", "more", "history")
    template_name = "projects/project.html"
    timeline_size = 20
    related = ("owner", "acceptance")

    def get_queryset(self) -> Any:
        return super().get_queryset().with_people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        project, user = self.object, self.request.user
        people = list(project.people.all())
        roles = ProjectPerson.Role
        return context | {
            "manager": next((row.user for row in people if row.role == roles.MANAGER), None),
            "engineers": [row.user for row in people if row.role == roles.DESIGNATED_ENGINEER],
            "may_change": may_hand_over(project, user),
        }


class ProjectCreate(FormPage):
    """Create a project, for an owner of the list or a new one."""

    template_name = "projects/form.html"
    model = Project
    section = "projects"
    title = _("New project")
    submit_label = _("Create project")
    form_class = NewProjectForm
    back_url = reverse_lazy("projects:list")

    def permitted(self, user: Any) -> bool:
        return may_create_projects(user)

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.request.GET.get("owner")}

    def perform(self, form: Any) -> Project:
        values, moment = dict(form.cleaned_data), {"actor": self.request.user, "now": self.now}
        if new_owner := values.pop("new_owner"):
            values["owner"] = services.create_owner(name=new_owner, **moment)
        return services.create_project(**values, **moment)


class ProjectEdit(FormPage):
    """Change a project's own values."""

    template_name = "projects/form.html"
    model = Project
    section = "projects"
    title = _("Change project")
    form_class = ProjectForm

    def permitted_on(self, row: Any, user: Any) -> bool:
        return may_hand_over(row, user)

    def perform(self, form: Any) -> Project:
        return services.change_project(self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class ProjectPeople(FormPage):
    """Set who serves a project."""

    template_name = "projects/form.html"
    model = Project
    section = "projects"
    title = _("People of the project")
    form_class = ProjectPeopleForm

    def permitted_on(self, row: Any, user: Any) -> bool:
        return may_hand_over(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {key: value for key, value in kwargs.items() if key != "initial"} | {"project": self.object}

    def perform(self, form: Any) -> Project:
        data = form.cleaned_data
        return services.set_project_people(
            self.object,
            manager=data["manager"],
            engineers=[person for person in (data["first_engineer"], data["second_engineer"]) if person],
            others=data["others"],
            actor=self.request.user,
            now=self.now,
        )


class SiteCreate(FormPage):
    """Add a place to a project."""

    template_name = "projects/form.html"
    model = Site
    section = "projects"
    title = _("New place")
    form_class = SiteForm
    project: Project

    def get_object(self) -> None:
        projects = Project._default_manager.visible_to(self.request.user)
        self.project = get_object_or_404(projects, pk=self.kwargs["project"])

    def permitted(self, user: Any) -> bool:
        return may_keep_equipment(self.project, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"project": self.project}

    def perform(self, form: Any) -> Site:
        return services.add_site(self.project, **form.cleaned_data, actor=self.request.user, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.project.get_absolute_url()}


class SiteEdit(FormPage):
    """Rename or move a place."""

    template_name = "projects/form.html"
    model = Site
    section = "projects"
    title = _("Change place")
    form_class = SiteForm
    related = ("project",)

    def permitted_on(self, row: Any, user: Any) -> bool:
        return may_keep_equipment(row.project, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"project": self.object.project}

    def perform(self, form: Any) -> Site:
        return services.change_site(self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
