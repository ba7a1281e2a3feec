"""Forms about projects, owners, sites and equipment. They validate; the services write."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import IDENTITY_HELP
from apps.accounts.models import Role
from apps.core.forms import DateInput, ScopedForm, ScopedModelForm

from .access import sees_amounts, staff_to_choose
from .models import Equipment, EquipmentModel, Owner, OwnerPerson, Project, ProjectPerson, Site


class UnderProjects(ModelChoiceIterator):
    """Rows under the name of the project that they belong to; where there is one alone, it goes without saying."""

    def __iter__(self) -> Iterator[Any]:
        projects = groupby(self.queryset.order_by("project__name", "project", "pk"), key=attrgetter("project"))
        groups = [(project.name, [self.choice(row) for row in rows]) for project, rows in projects]
        return iter(groups if len(groups) > 1 else chain.from_iterable(rows for _project, rows in groups))


class PeopleField(forms.ModelMultipleChoiceField):
    """People of ours, by what they are to a project."""

    iterator = UnderProjects

    def label_from_instance(self, row: ProjectPerson) -> str:
        return f"{row.user.name} · {row.get_role_display()}"


class ReasonForm(ScopedForm):
    """Why a project is closed or reopened."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, row: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ServiceForm(ScopedModelForm):
    """A model form whose row stays as it was read: the service compares, checks and writes."""

    def _post_clean(self) -> None:
        """Leave the row alone."""


class ProjectForm(ServiceForm):
    """A project's own values; the amount only for those who see amounts."""

    class Meta:
        model = Project
        fields = ["name", "owner", "trade", "contract_number", "contract_amount", "address", "department"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_amounts(self.user):
            del self.fields["contract_amount"]


class NewProjectForm(ProjectForm):
    """A new project: for an owner of the list or a new one, with the people who will serve it."""

    new_owner = forms.CharField(
        label=_("or a new owner"), required=False, max_length=120, help_text=_("Only if the owner is not in the list.")
    )
    manager: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Project manager"), queryset=None, required=False)

    field_order = ["name", "owner", "new_owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].required = False
        self.fields["manager"].queryset = staff_to_choose().visible_to(self.user)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["new_owner"] = (data.get("new_owner") or "").strip()
        if not self.errors and bool(data.get("owner")) == bool(data["new_owner"]):
            self.add_error("owner", _("Choose an owner from the list, or type the name of a new one: one of the two."))
        return data


class ProjectPeopleForm(ScopedForm):
    """Who serves a project: one manager, up to two designated engineers, others."""

    manager: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Project manager"), queryset=None, required=False)
    first_engineer: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("First designated engineer"), queryset=None, required=False
    )
    second_engineer: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Second designated engineer"), queryset=None, required=False
    )
    others: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=_("Others"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the project. Engineers who were dispatched to it stay without being ticked here."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        held: dict[str, list[int]] = {}
        for row in project.people.all():
            held.setdefault(row.role, []).append(row.user_id)
        roles = ProjectPerson.Role
        engineers = [*held.get(roles.DESIGNATED_ENGINEER, []), None, None]
        kwargs["initial"] = {
            "manager": next(iter(held.get(roles.MANAGER, [])), None),
            "first_engineer": engineers[0],
            "second_engineer": engineers[1],
            "others": held.get(roles.OTHER, []),
        }
        super().__init__(*args, **kwargs)
        everybody = staff_to_choose().visible_to(self.user)
        workers = staff_to_choose(Role.ENGINEER, Role.TECHNICAL_SUPPORT).visible_to(self.user)
        self.fields["manager"].queryset = self.fields["others"].queryset = everybody
        self.fields["first_engineer"].queryset = self.fields["second_engineer"].queryset = workers


class SiteForm(ServiceForm):
    """A place of a project, or an area inside a place."""

    class Meta:
        model = Site
        fields = ["name", "parent", "address"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = project.sites.visible_to(self.user).filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = places
        self.fields["parent"].help_text = _("Leave empty for a place of its own.")


class EquipmentForm(ServiceForm):
    """A piece of equipment. What it is a part of is named by its asset code: a project may have thousands."""

    parent_code = forms.CharField(
        label=_("Part of (asset code)"),
        required=False,
        max_length=20,
        help_text=_("For a pump of a set or a lamp of a pole: the asset code of the larger piece."),
    )

    class Meta:
        model = Equipment
        fields = ["name", "model", "serial_number", "site", "place", "installed_on", "commissioning_settings"]
        widgets = {"installed_on": DateInput, "commissioning_settings": forms.Textarea(attrs={"rows": 5})}

    field_order = ["name", "model", "serial_number", "site", "place", "parent_code", "installed_on"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["site"].queryset = project.sites.visible_to(self.user).select_related("parent")
        if self.instance.parent_id:
            self.initial["parent_code"] = self.instance.parent.asset_code

    def clean_parent_code(self) -> Equipment | None:
        code = self.cleaned_data["parent_code"].strip()
        if not code:
            return None
        found = self.project.equipment.visible_to(self.user).filter(asset_code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(
                _("This project has no equipment with the asset code “%(code)s”."), params={"code": code}
            )
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        return data | {"parent": data.pop("parent_code")}


class EquipmentModelForm(ServiceForm):
    class Meta:
        model = EquipmentModel
        fields = ["maker", "name", "size_class", "normal_life_years"]
        help_texts = {"size_class": _("Decides how often it is maintained.")}


class OwnerForm(ServiceForm):
    class Meta:
        model = Owner
        fields = ["name", "address", "phone"]


class OwnerPersonForm(ScopedForm):
    """A person of an owner: who they are, what they may do, and for which projects of their organisation.

    ``with_identity`` is False where somebody who has a password is changed by another person of the organisation:
    by what they sign in is then theirs alone.
    """

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False, help_text=IDENTITY_HELP["email"])
    username = forms.CharField(label=_("User name"), max_length=60, required=False, help_text=IDENTITY_HELP["username"])
    position = forms.CharField(label=_("Position"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=OwnerPerson.Kind,
        initial=OwnerPerson.Kind.MEMBER,
        widget=forms.RadioSelect,
        help_text=_("An admin sees all projects and manages the organisation's people."),
    )
    is_approver = forms.BooleanField(label=_("May approve quotes"), required=False)
    all_projects = forms.BooleanField(label=_("Sees all projects of the organisation"), required=False, initial=True)
    projects: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=_("Only these projects"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Applies to a member for whom “all projects” is not ticked."),
    )

    IDENTITY = ("name", "phone", "email", "username")

    def __init__(
        self, *args: Any, owner: Owner, person: OwnerPerson | None = None, with_identity: bool = True, **kwargs: Any
    ) -> None:
        if person is not None:
            known = {name: getattr(person.user, name) for name in self.IDENTITY}
            rights = ("position", "kind", "is_approver", "all_projects")
            known |= {name: getattr(person, name) for name in rights}
            kwargs["initial"] = known | {"projects": [project.pk for project in person.projects.all()]}
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = owner.projects.visible_to(self.user)
        if not with_identity:
            for name in self.IDENTITY:
                del self.fields[name]

    @property
    def identity(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.IDENTITY if name in self.cleaned_data}

    @property
    def rights(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in self.IDENTITY}
