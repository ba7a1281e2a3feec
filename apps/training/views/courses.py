"""Pages of courses, their materials and their question banks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab

from .. import access, authoring, exams, learning, question_import
from ..exam_forms import ImportForm, QuestionForm
from ..filters import CourseFilter, QuestionFilter
from ..forms import AnswerForm, AskForm, CourseForm, MaterialForm
from ..models import Course, Material, Part, Post, Question
from ..queries import difficulty_of
from ..tables import CourseTable, QuestionTable

SHOWN_POSTS = 10


class CourseList(ListPage):
    model = Course
    title = gettext_lazy("Courses")
    section = "training"
    related = ("responsible",)
    template_name = "training/list.html"
    filterset_class = CourseFilter
    table_class = CourseTable
    tabs = (
        Tab("taught", gettext_lazy("Taught"), lambda rows: rows.taught()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    create_url = "training:course_create"
    create_label = gettext_lazy("New course")
    empty_text = gettext_lazy("No courses yet. A course has a syllabus, materials and questions for its exam.")

    def may_create(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def hidden_columns(self) -> tuple[str, ...]:
        return () if self.request.user.is_staff_side else ("question_count", "session_count")

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.counted()


class CourseDetail(DetailPage):
    """A course: its syllabus, what to learn from in order, its coming sessions, questions and answers."""

    model = Course
    section = "training"
    template_name = "training/course_detail.html"
    related = ("responsible",)
    timeline_size = 0
    deferred = ("side",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        course, user = self.object, self.request.user
        steps = learning.steps_of(course, user)
        sessions = course.sessions.visible_to(user).coming().select_related("project", "trainer")
        may_edit = access.may_edit_courses(user)
        posts = course.posts.visible_to(user).select_related("asked_by", "answered_by")
        return super().get_context_data(**kwargs) | {
            "parts": course.parts.all(),
            "learning": steps,
            "learnt": sum(step.is_done for step in steps),
            "next": next((step for step in steps if step.is_open and not step.is_done), None),
            "sessions": sessions[:6],
            "posts": posts[:SHOWN_POSTS],
            "may_edit": may_edit,
            "learners": learning.learners_of(course) if may_edit and course.is_online else [],
        }


class CourseCreate(FormPage):
    model = Course
    title = gettext_lazy("New course")
    section = "training"
    form_class = CourseForm
    template_name = "training/course_form.html"

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def perform(self, form: Any) -> Course:
        return authoring.save_course(
            course=self.object,
            values=form.values,
            prerequisites=form.cleaned_data["prerequisites"],
            parts=form.parts,
            actor=self.request.user,
            now=self.now,
        )


class CourseEdit(CourseCreate):
    title = gettext_lazy("Change the course")


class MaterialAdd(FormPage):
    model = Course
    title = gettext_lazy("Add a material")
    section = "training"
    form_class = MaterialForm
    submit_label = gettext_lazy("Add")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": None}

    def perform(self, form: Any) -> Course:
        data = form.cleaned_data
        material = authoring.add_material(
            course=self.object,
            kind=data["kind"],
            title=data["title"],
            url=data["url"],
            seconds=data["seconds"],
            file=next(iter(data["file"]), None),
            actor=self.request.user,
            now=self.now,
        )
        return material.course


class MaterialRemove(ActionPage):
    model = Material
    related = ("course",)

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def perform(self, row: Material) -> str:
        return authoring.remove_material(material=row, actor=self.request.user, now=timezone.now()).get_absolute_url()


class Ask(FormPage):
    model = Course
    title = gettext_lazy("Ask the trainer")
    section = "training"
    form_class = AskForm
    submit_label = gettext_lazy("Send the question")

    def perform(self, form: Any) -> Course:
        authoring.ask(course=self.object, text=form.cleaned_data["text"], actor=self.request.user, now=self.now)
        return self.object


class Answer(FormPage):
    model = Post
    title = gettext_lazy("Answer")
    section = "training"
    related = ("course", "asked_by")
    form_class = AnswerForm
    template_name = "training/answer_form.html"

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.object.answer}

    def perform(self, form: Any) -> Post:
        answer = form.cleaned_data["answer"]
        return authoring.answer(post=self.object, answer=answer, actor=self.request.user, now=self.now)


class QuestionList(ListPage):
    """The bank, with how often each question was asked and how much of it was right."""

    model = Question
    title = gettext_lazy("Question bank")
    section = "training"
    related = ("course",)
    template_name = "training/question_list.html"
    filterset_class = QuestionFilter
    table_class = QuestionTable
    exportable = False
    empty_text = gettext_lazy("No questions yet. Add one on its course's page, or import a workbook.")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def get_queryset(self) -> Any:
        return difficulty_of(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = self.filterset.form
        course = form.cleaned_data.get("course") if form.is_valid() else None
        if course is None:
            return context
        short, table = exams.lacking_of(course), context["table"]
        table.analysis = exams.analyse(course)
        return context | {
            "course": course,
            "lacking": [(Part(part).label, count) for part, count in short.items()],
            "divides": _worst(table.analysis, table),
        }


def _worst(found: dict[int, float | None], table: Any) -> list[tuple[Any, str]]:
    """The questions of this page that good papers get wrong as often as bad ones: they want another wording."""
    rows = [row.record for row in table.page.object_list]
    known = [(row, found.get(row.pk)) for row in rows]
    return [(row, f"{value:+.2f}") for row, value in known if value is not None and value < 0.2]  # noqa: PLR2004


class QuestionCreate(FormPage):
    """Add a question to a course's bank."""

    model: Any = Course
    title = gettext_lazy("New question")
    section = "training"
    form_class = QuestionForm

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def perform(self, form: Any) -> Question:
        return authoring.save_question(course=self.object, line=form.line, actor=self.request.user, now=self.now)

    def get_success_url(self, row: Question) -> str:
        return f"{reverse('training:question_list')}?course={row.course_id}"


class QuestionEdit(QuestionCreate):
    model = Question
    related = ("course",)
    title = gettext_lazy("Change the question")
    template_name = "training/question_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"question": self.object}

    def perform(self, form: Any) -> Question:
        return authoring.save_question(
            course=self.object.course, question=self.object, line=form.line, actor=self.request.user, now=self.now
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.get_success_url(self.object)}


class QuestionSwitch(ActionPage):
    model = Question
    related = ("course",)

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def perform(self, row: Question) -> str:
        row = authoring.switch_question(question=row, actor=self.request.user, now=timezone.now())
        return f"{reverse('training:question_list')}?course={row.course_id}"


class QuestionImport(FormPage):
    """Read questions from a workbook: checked first, kept when every line is in order."""

    model = Course
    title = gettext_lazy("Import questions")
    section = "training"
    form_class = ImportForm
    template_name = "training/question_import.html"
    submit_label = gettext_lazy("Read the workbook")
    sheet: Any = None

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def perform(self, form: Any) -> Course:
        content, course = form.cleaned_data["file"].read(), self.object
        count = question_import.keep_questions(course=course, content=content, actor=self.request.user, now=self.now)
        messages.success(self.request, _("%(count)s questions were kept.") % {"count": count})
        return course

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """A trial shows what the sheet holds; nothing is kept."""
        form = self.get_form()
        if not form.is_valid() or not form.cleaned_data["is_trial"]:
            return super().post(request, *args, **kwargs)
        try:
            self.sheet = question_import.read_sheet(form.cleaned_data["file"].read(), course=self.object)
        except DomainError as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = question_import.COLUMNS
        known = {"kinds": list(question_import.KINDS), "parts": list(question_import.PARTS), "words": ("对", "错")}
        return super().get_context_data(**kwargs) | {"sheet": self.sheet, "columns": columns, **known}
