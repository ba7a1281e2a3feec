"""What training adds to other pages: menu, home cards, a project's and a visit's page, the search."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core import registry
from apps.core.search import matching
from apps.notifications.topics import declare_topic

from . import access, figures, retraining
from .models import Attempt, Course, Improvement, Licence, Retraining, Session, TrainingPlan

SHOWN = 6
SOON = timedelta(days=90)

registry.register(registry.MenuEntry("training", _("Training"), "training:home", "school", 55, lambda user: True))


def _of_project(project: Any, user: Any) -> dict[str, Any] | None:
    rows = Session.objects.visible_to(user).filter(project=project).counted()
    sessions = list(rows.select_related("course", "project__training_plan")[:SHOWN])
    if sessions:
        plan = getattr(sessions[0].project, "training_plan", None)
    else:
        plan = TrainingPlan.objects.visible_to(user).filter(project=project).first()
    may_plan = user.is_staff_side and access.may_plan_on(project, user)
    if not sessions and plan is None and not may_plan:
        return None
    return {"sessions": sessions, "plan": plan, "project": project, "may_plan": may_plan}


registry.register(
    registry.Panel(
        target="projects.project",
        name="training",
        title=_("Training"),
        template="training/project_panel.html",
        context=_of_project,
        order=45,
        column="more",
    )
)


def _of_visit(visit: Any, user: Any) -> dict[str, Any] | None:
    sessions = Session.objects.visible_to(user).filter(project=visit.project_id, visit_number=visit.number)
    found = list(sessions.counted().select_related("course")[:SHOWN])
    may_plan = user.is_staff_side and access.may_teach_on(visit.project, user)
    return {"sessions": found, "visit": visit, "may_plan": may_plan} if found or may_plan else None


registry.register(
    registry.Panel(
        target="inspections.visit",
        name="training",
        title=_("Training given"),
        template="training/visit_panel.html",
        context=_of_visit,
        order=60,
        column="side",
    )
)


def _came_of(course: Course, user: Any) -> dict[str, Any] | None:
    return {"figures": figures.of_course(course, user)} if access.sees_figures(user) else None


def _improved(course: Course, user: Any) -> dict[str, Any] | None:
    if not user.is_staff_side:
        return None
    rows = Improvement.objects.visible_to(user).not_closed().filter(course=course).select_related("responsible")
    context: dict[str, Any] = {"improvements": list(rows[:SHOWN])}
    if access.may_make_improvements(user):
        context |= {
            "link_url": reverse("training:improvement_create", args=[course.pk]),
            "link_label": _("New improvement"),
        }
    return context


for part, heading, rows_of, place in (
    ("figures", _("What came of the trainings"), _came_of, 10),
    ("improvements", _("Being done better"), _improved, 20),
):
    registry.register(
        registry.Panel(
            target="training.course",
            name=f"training_{part}",
            title=heading,
            template=f"training/course_{part}.html",
            context=rows_of,
            order=place,
            column="side",
        )
    )


def _my_sessions(request: HttpRequest) -> dict[str, Any] | None:
    rows = Session.objects.visible_to(request.user).to_finish(request.user).select_related("course", "project")
    found = list(rows[: SHOWN + 1])
    link = {"link_url": reverse("training:session_list") + "?tab=mine", "link_label": _("All")}
    return {"sessions": found[:SHOWN], "count": len(found), "look": "mine" if found else "", **link}


def _to_mark(request: HttpRequest) -> dict[str, Any] | None:
    rows = Attempt.objects.visible_to(request.user).filter(status__in=[Attempt.Status.SUBMITTED, Attempt.Status.FAILED])
    found = list(
        rows.exclude(user=request.user).select_related("user", "course").order_by("submitted_at", "pk")[:SHOWN]
    )
    return {"attempts": found, "count": len(found)} if found else None


def _learning(request: HttpRequest) -> dict[str, Any] | None:
    rows = Session.objects.visible_to(request.user).of_person(request.user).coming().select_related("course", "project")
    found = list(rows.distinct()[:SHOWN])
    if not found:
        return None
    return {"sessions": found, "count": len(found), "link_url": reverse("training:home"), "link_label": _("Training")}


def _ending(request: HttpRequest) -> dict[str, Any] | None:
    today = timezone.localdate()
    rows = Licence.objects.visible_to(request.user).newest().filter(expires_on__lte=today + SOON)
    found = list(rows.select_related("user").order_by("expires_on", "pk")[: SHOWN + 1])
    if not found:
        return None
    link = {"link_url": reverse("training:licence_list") + "?tab=90", "link_label": _("All")}
    return {"licences": found[:SHOWN], "today": today, "soon": today + timedelta(days=30), **link}


def _to_retrain(request: HttpRequest) -> dict[str, Any] | None:
    rows = Retraining.objects.visible_to(request.user).to_plan().select_related("licence__user")
    found = list(rows[: SHOWN + 1])
    link = {"link_url": reverse("training:retraining_list"), "link_label": _("All")}
    return {"retrainings": found[:SHOWN], "count": len(found), "today": timezone.localdate(), **link} if found else None


def _own_licences(request: HttpRequest) -> dict[str, Any] | None:
    today = timezone.localdate()
    rows = Licence.objects.visible_to(request.user).newest().filter(user=request.user)
    found = list(rows.filter(expires_on__lte=today + retraining.AHEAD).select_related("retraining__session")[:SHOWN])
    return {"licences": found, "today": today, "soon": today + retraining.AHEAD} if found else None


def _to_improve(request: HttpRequest) -> dict[str, Any] | None:
    rows = Improvement.objects.visible_to(request.user).waiting_for(request.user).select_related("responsible")
    found = list(rows[: SHOWN + 1])
    link = {"link_url": reverse("training:improvement_list") + "?tab=mine", "link_label": _("All")}
    return {"improvements": found[:SHOWN], "count": len(found), **link} if found else None


CARDS = [
    ("training_mine", _("My trainings"), "home_sessions", _my_sessions, lambda u: u.has_role(Role.TRAINER), 20, "main"),
    (
        "training_to_mark",
        _("To mark or to coach"),
        "home_attempts",
        _to_mark,
        lambda u: u.has_role(Role.TRAINER),
        25,
        "main",
    ),
    (
        "training_learning",
        _("Training comes up"),
        "home_sessions",
        _learning,
        lambda u: not u.is_staff_side,
        45,
        "side",
    ),
    (
        "training_licences",
        _("Licences that end"),
        "home_licences",
        _ending,
        lambda u: u.has_role(Role.MANAGER),
        45,
        "side",
    ),
    (
        "training_retrainings",
        _("Retraining to plan"),
        "home_retrainings",
        _to_retrain,
        lambda u: u.has_role(Role.TRAINER),
        30,
        "main",
    ),
    (
        "training_own_licences",
        _("My licences end"),
        "home_my_licences",
        _own_licences,
        lambda u: u.has_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT),
        46,
        "side",
    ),
    (
        "training_improvements",
        _("Training to improve"),
        "home_improvements",
        _to_improve,
        lambda u: u.has_role(Role.TRAINER, Role.TECHNICAL_SUPPORT, Role.MANAGER),
        47,
        "side",
    ),
]
for name, title, template, context, shown_to, order, column in CARDS:
    registry.register(registry.HomeCard(name, title, f"training/{template}.html", context, shown_to, order, column))


def _find(user: Any, text: str) -> Any:
    return matching(Course.objects.visible_to(user), text).order_by("name")


registry.register(
    registry.SearchSource(
        "courses",
        _("Courses"),
        "school",
        _find,
        lambda course: (course.name, course.summary),
        order=80,
        list_name="training:course_list",
    )
)

declare_topic("training", _("Training"), events=("training.",), mail_at_once={Role.TRAINER}, order=68)
