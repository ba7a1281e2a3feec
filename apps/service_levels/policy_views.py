"""Pages of policies: list, one policy as a promise, compare, copy, edit, the choice for a project, its promises."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendars.models import ServiceHours
from apps.core.errors import DomainError
from apps.core.forms import as_key
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage
from apps.documents.services import document_of
from apps.projects.models import Project

from . import access, services
from .differences import shown
from .editions import Edition, compare
from .models import PolicyVersion, ProjectPolicy, ServicePolicy
from .policy_filters import PolicyFilter
from .policy_forms import ChoosePolicyForm, CopyForm, VersionForm
from .policy_tables import PolicyTable
from .reading import edition_of, policy_of, preset_edition, promises_of
from .sentences import grouped, terms_in_words

SHOWN_PROJECTS = 12
PRESET = "preset"


class PolicyList(ListPage):
    model = ServicePolicy
    title = gettext_lazy("Service policies")
    section = "policies"
    template_name = "service_levels/policy_list.html"
    related = ("current",)
    filterset_class = PolicyFilter
    table_class = PolicyTable
    empty_text = gettext_lazy("No policies yet. Load the presets: 22 policies of published service plans.")

    def permitted(self, user: Any) -> bool:
        return access.sees_policies(user)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_use()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_edit": access.may_edit_policies(self.request.user)}


class LoadPresets(ActionPage):
    """Load the presets that are missing and renew those nobody has edited."""

    model = ServicePolicy

    def permitted(self, user: Any) -> bool:
        return access.may_edit_policies(user)

    def perform(self, row: Any) -> str:
        services.load_presets(now=timezone.now(), actor=self.request.user)
        return reverse("service_levels:policy_list")


class _VersionsPage(DetailPage):
    """A page of a policy with its versions; ``?version=`` names the one to show."""

    model = ServicePolicy
    section = "policies"
    related = ("current",)

    def permitted(self, user: Any) -> bool:
        return access.sees_policies(user)

    @cached_property
    def versions(self) -> list[PolicyVersion]:
        return list(self.object.versions.select_related("created_by").order_by("-number"))

    def version_of(self, text: str) -> PolicyVersion:
        """Return the version with the number that the address names; 404 for one that is not there."""
        for version in self.versions:
            if str(version.number) == text:
                return version
        raise Http404

    @cached_property
    def version(self) -> PolicyVersion | None:
        wanted = self.request.GET.get("version", "")
        return self.version_of(wanted) if wanted else self.object.current


class PolicyDetail(_VersionsPage):
    template_name = "service_levels/policy_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy, user = self.object, self.request.user
        edition = edition_of(self.version)
        projects = Project._default_manager.visible_to(user).filter(service_policy__policy=policy)
        served = list(projects.order_by("number")[: SHOWN_PROJECTS + 1])
        return super().get_context_data(**kwargs) | {
            "policy": policy,
            "version": self.version,
            "versions": self.versions,
            "is_current": self.version == policy.current,
            "groups": grouped(edition.promises()),
            "terms": terms_in_words(edition.promises().terms),
            "duty_groups": grouped(edition.duties()),
            "duty_terms": terms_in_words(edition.duties().terms),
            "duties": len(edition.duties().targets) + len(edition.duties().terms),
            "differs": self._differs(edition),
            "projects": served[:SHOWN_PROJECTS],
            "more_projects": len(served) > SHOWN_PROJECTS,
            "may_edit": access.may_edit_policies(user),
        }

    def _differs(self, edition: Edition) -> int | None:
        """In how many lines it differs from its preset; None where there is none."""
        preset = preset_edition(self.object.preset_key)
        return None if preset is None else len(compare(preset, edition))


class PolicyCompare(_VersionsPage):
    """A version beside the preset, or beside another version."""

    template_name = "service_levels/policy_compare.html"
    timeline_size = 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy = self.object
        wanted = self.request.GET.get("with") or (PRESET if preset_edition(policy.preset_key) else "")
        other = preset_edition(policy.preset_key) if wanted == PRESET else None
        if other is None:
            number = wanted if wanted and wanted != PRESET else str(self.versions[-1].number if self.versions else "")
            other = edition_of(self.version_of(number))
            wanted = number
        hours = {row.pk: str(row) for row in ServiceHours._default_manager.visible_to(self.request.user)}
        differences = [shown(one, hours) for one in compare(other, edition_of(self.version))]
        return super().get_context_data(**kwargs) | {
            "policy": policy,
            "title": _("Compare %(policy)s") % {"policy": policy},
            "version": self.version,
            "versions": self.versions,
            "has_preset": preset_edition(policy.preset_key) is not None,
            "with": wanted,
            "differences": differences,
        }


class PolicyCopy(FormPage):
    model = ServicePolicy
    title = gettext_lazy("Copy the policy")
    section = "policies"
    form_class = CopyForm
    related = ("current",)
    submit_label = gettext_lazy("Copy")
    success_message = gettext_lazy("The policy was copied. Edit it, then choose it for projects.")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_policies(user)

    def get_initial(self) -> dict[str, Any]:
        return {"name": _("%(name)s (copy)") % {"name": self.object}, "key": f"{self.object.key}-2"[:60]}

    def perform(self, form: Any) -> ServicePolicy:
        data = form.cleaned_data
        return services.copy_policy(
            policy=self.object, key=data["key"], name=data["name"], actor=self.request.user, now=self.now
        )


class PolicyEdit(FormPage):
    """Edit a policy: what is saved is its next version."""

    model = ServicePolicy
    title = gettext_lazy("Edit the policy")
    section = "policies"
    template_name = "service_levels/policy_form.html"
    form_class = VersionForm
    related = ("current",)
    submit_label = gettext_lazy("Save as a new version")
    success_message = gettext_lazy("Saved as a new version. It counts for what is reported from now on.")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_policies(user)

    def get_initial(self) -> dict[str, Any]:
        return {"based_on": self.object.current.number if self.object.current else 0}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"edition": edition_of(self._based_on())}

    def _based_on(self) -> PolicyVersion | None:
        """The version that the form shows: a form sent late still knows the rows it had."""
        number = as_key(self.request.POST.get("based_on"))
        if number is not None and self.object.current and number != self.object.current.number:
            return self.object.versions.filter(number=number).first()
        return self.object.current

    def perform(self, form: Any) -> PolicyVersion:
        data = form.cleaned_data
        return services.save_version(
            policy=self.object,
            targets=data["targets"],
            terms=data["terms"],
            note=data["note"],
            based_on=data["based_on"],
            actor=self.request.user,
            now=self.now,
        )

    def get_success_url(self, row: Any) -> str:
        return str(self.object.get_absolute_url())


class ChoosePolicy(FormPage):
    """Choose the policy by which a project is served."""

    model = Project
    title = gettext_lazy("Choose the service policy")
    section = "projects"
    form_class = ChoosePolicyForm
    submit_label = gettext_lazy("Choose this policy")
    success_message = gettext_lazy("The project is served by this policy from now on.")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_policies(user)

    def get_initial(self) -> dict[str, Any]:
        chosen = policy_of(self.object)
        return {"policy": chosen.policy_id if chosen else None}

    def perform(self, form: Any) -> ProjectPolicy:
        return services.set_project_policy(
            project=self.object, policy=form.cleaned_data["policy"], actor=self.request.user, now=self.now
        )


class Promises(DetailPage):
    """What a project's owner is promised: the policy without the house duties."""

    model = ProjectPolicy
    section = "projects"
    template_name = "service_levels/promises.html"
    related = ("project__owner", "policy__current")
    timeline_size = 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen, user = self.object, self.request.user
        promised = promises_of(chosen)
        return super().get_context_data(**kwargs) | {
            "chosen": chosen,
            "title": _("Service promises"),
            "groups": grouped(promised),
            "terms": terms_in_words(promised.terms),
            "document": document_of(access.SERVICE_PROMISE, chosen),
            "may_issue": not user.is_auditor_only and access.may_issue_promises(chosen, user),
            "may_choose": access.may_edit_policies(user),
            "is_staff": user.is_staff_side,
        }


class IssuePromise(ActionPage):
    """Issue the service promise; one issued before is replaced."""

    model = ProjectPolicy
    related = ("project", "policy__current")

    def permitted_on(self, row: ProjectPolicy, user: Any) -> bool:
        return access.may_issue_promises(row, user)

    def perform(self, row: ProjectPolicy) -> str:
        if row.policy.current_id is None:
            raise DomainError(_("This policy has no version yet. Edit it first."))
        document = services.issue_promise(chosen=row, actor=self.request.user, now=timezone.now())
        return str(document.get_absolute_url())
