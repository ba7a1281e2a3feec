"""Promises and terms as sentences: "Within 15 minutes of the report we respond", grouped as an owner reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from .editions import Edition, TargetLine, TermLine
from .models import Target
from .rules import Unit
from .wording import amount_in_words

M = Target.Metric

#: What kind of request, visit or paper a target is about.
KINDS: dict[str, LazyText] = {
    "consultation": gettext_lazy("Consultation"),
    "fault": gettext_lazy("Fault"),
    "emergency": gettext_lazy("Emergency"),
    "maintenance": gettext_lazy("Maintenance request"),
    "return": gettext_lazy("Return or exchange"),
    "service_order": gettext_lazy("Service order"),
    "suggestion": gettext_lazy("Suggestion"),
    "revisit": gettext_lazy("Revisit"),
    "patrol": gettext_lazy("Patrol"),
    "card": gettext_lazy("Warranty card"),
}
LEVELS: dict[int, LazyText] = {
    1: gettext_lazy("Level 1"),
    2: gettext_lazy("Level 2"),
    3: gettext_lazy("Level 3"),
    4: gettext_lazy("Level 4"),
}
#: What a promise counts from, in the place it has in the sentence.
STARTS: dict[str, LazyText] = {
    "tickets.ticket.opened": pgettext_lazy("since", "the report"),
    "tickets.ticket.handed_over": pgettext_lazy("since", "the hand-over to technical support"),
    "tickets.workorder.issued": pgettext_lazy("since", "the hand-over to the engineer"),
    "tickets.ticket.passed_on": pgettext_lazy("since", "the receipt of the task"),
    "tickets.workorder.resident_started": pgettext_lazy("since", "the start of the resident engineer"),
    "tickets.workorder.arrive": pgettext_lazy("since", "our arrival"),
    "tickets.ticket.repaired": pgettext_lazy("since", "the repair"),
    "tickets.ticket.escalated": pgettext_lazy("since", "the hand-over to headquarters"),
    "warranties.warrantycard.due": pgettext_lazy("since", "completion"),
    "inspections.visit.planned": pgettext_lazy("since", "the planned day"),
    "inspections.visit.finish": pgettext_lazy("since", "the visit"),
    "complaints.complaint.opened": pgettext_lazy("since", "the complaint"),
    "complaints.complaint.settled": pgettext_lazy("since", "the settlement of the complaint"),
}
#: What is done by then.
DEEDS: dict[str, LazyText] = {
    M.GUIDE: gettext_lazy("we guide you by telephone"),
    M.ACKNOWLEDGE: gettext_lazy("we respond"),
    M.HAND_OVER: gettext_lazy("we hand over to technical support"),
    M.ANSWER: gettext_lazy("we answer"),
    M.DIAGNOSE: gettext_lazy("we give a preliminary diagnosis"),
    M.REMOTE_FIX: gettext_lazy("we fix it remotely, or send an engineer"),
    M.ARRANGE: gettext_lazy("we arrange who comes"),
    M.RECEIVE: gettext_lazy("the receiving department or dealer arranges who comes"),
    M.CHECK: gettext_lazy("customer service checks the arrangement"),
    M.ARRIVE: gettext_lazy("we are on site"),
    M.LOCATE: gettext_lazy("we have located the fault and planned the work"),
    M.SOLUTION: gettext_lazy("we give a solution"),
    M.RESTORE: gettext_lazy("it runs again"),
    M.REPAIR: gettext_lazy("it is repaired"),
    M.REPLACE: gettext_lazy("the replacement is done"),
    M.ESCALATE: gettext_lazy("it is handed over to headquarters"),
    M.EXPERT: gettext_lazy("experts answer"),
    M.PLAN: gettext_lazy("the emergency plan starts"),
    M.VISIT_CUSTOMER: gettext_lazy("we visit you"),
    M.FOLLOW_UP: gettext_lazy("we ask whether you are satisfied"),
    M.CARD: gettext_lazy("we issue the warranty card"),
    M.VISIT: gettext_lazy("we make the visit"),
    M.REPORT: gettext_lazy("we deliver the report"),
    M.COMPLAINT_RESPOND: gettext_lazy("we respond to it"),
    M.COMPLAINT_ANSWER: gettext_lazy("we answer it"),
    M.COMPLAINT_SETTLE: gettext_lazy("we settle it"),
    M.COMPLAINT_ASK: gettext_lazy("we ask whether you are satisfied with it"),
}
GROUPS: tuple[tuple[LazyText, str, frozenset[str]], ...] = (
    (
        pgettext_lazy("promises", "Response"),
        "phone-check",
        frozenset({M.GUIDE, M.ACKNOWLEDGE, M.HAND_OVER, M.ANSWER, M.DIAGNOSE, M.REMOTE_FIX}),
    ),
    (
        pgettext_lazy("promises", "On site"),
        "map-pin-check",
        frozenset({M.ARRANGE, M.RECEIVE, M.CHECK, M.ARRIVE, M.VISIT_CUSTOMER}),
    ),
    (
        pgettext_lazy("promises", "Repair"),
        "tool",
        frozenset({M.LOCATE, M.SOLUTION, M.RESTORE, M.REPAIR, M.REPLACE, M.ESCALATE, M.EXPERT, M.PLAN}),
    ),
    (
        pgettext_lazy("promises", "Follow-up and visits"),
        "calendar-check",
        frozenset({M.FOLLOW_UP, M.CARD, M.VISIT, M.REPORT}),
    ),
    (
        pgettext_lazy("promises", "Complaints"),
        "message",
        frozenset({M.COMPLAINT_RESPOND, M.COMPLAINT_ANSWER, M.COMPLAINT_SETTLE, M.COMPLAINT_ASK}),
    ),
)


@dataclass(frozen=True)
class Sentence:
    """One promise as it is read. ``case`` says for which requests, where not for all."""

    metric: str
    label: str
    case: str
    time: str
    since: str
    text: str
    html: SafeString
    note: str
    source: str

    @property
    def plain(self) -> str:
        """The whole sentence in one line."""
        text = _("{case}: {sentence}").format(case=self.case, sentence=self.text) if self.case else self.text
        return _("{sentence} ({note})").format(sentence=text, note=self.note) if self.note else text


@dataclass(frozen=True)
class Group:
    """Promises of one kind under their heading."""

    title: str
    icon: str
    sentences: list[Sentence]


def case_of(line: TargetLine) -> str:
    """Return for which requests a promise holds; empty where it holds for faults in general."""
    words = []
    if line.kinds and "fault" not in line.kinds and line.metric not in {M.CARD, M.VISIT}:
        words.append(_(", ").join(str(KINDS.get(kind, kind)) for kind in line.kinds))
    if line.levels:
        words.append(_(", ").join(str(LEVELS.get(level, level)) for level in line.levels))
    if line.complexity:
        is_question = line.kinds == ("consultation",)
        words.append(_complexity(line.complexity, is_question=is_question))
    return " · ".join(words)


def _complexity(complexity: str, *, is_question: bool) -> str:
    if complexity == Target.Complexity.COMPLEX:
        return pgettext("question", "Complex") if is_question else pgettext("fault", "Complex")
    return pgettext("question", "General") if is_question else pgettext("fault", "General")


def since_in_words(line: TargetLine) -> str:
    """Return what a promise counts from."""
    if line.kinds == ("consultation",) and line.start_events == ("tickets.ticket.opened",):
        return pgettext("since", "the question")
    return _(" or ").join(str(STARTS.get(name, name)) for name in line.start_events)


def sentence(line: TargetLine) -> Sentence:
    """Return a target as a sentence."""
    deed, since, time = str(DEEDS[line.metric]), since_in_words(line), amount_in_words(line.amount, line.unit)
    template = _template(line)
    if template.startswith("{time}"):
        time = _capital(time)
    return Sentence(
        metric=line.metric,
        label=str(M(line.metric).label),
        case=case_of(line),
        time=time,
        since=since,
        text=_capital(template.format(time=time, since=since, deed=deed)),
        html=format_html(_capital(template), time=format_html("<b>{}</b>", time), since=since, deed=deed),
        note=_(line.note) if line.note else "",
        source=line.source,
    )


def _template(line: TargetLine) -> str:
    """The sentence around time, start and deed. The deed of a window knows its time by itself."""
    if line.unit == Unit.WINDOW:
        return _("within the planned days {deed}")
    if line.amount is None:
        return _("{time} after {since} {deed}")
    if line.amount == 0:
        return _("on the day of {since} {deed}") if line.unit == Unit.DAYS else _("{time} after {since} {deed}")
    return _("within {time} of {since} {deed}")


def _capital(text: str) -> str:
    """Begin a sentence with a capital; what begins with a place for a word stays as it is."""
    return text[:1].upper() + text[1:]


def sentences(edition: Edition) -> list[Sentence]:
    """Return the targets as sentences, in the order in which they fall due."""
    order = [str(metric) for metric in M.values]
    return [sentence(line) for line in sorted(edition.targets, key=lambda line: order.index(line.metric))]


def grouped(edition: Edition) -> list[Group]:
    """Return the targets as an owner reads them: response, on site, repair, follow-up, complaints."""
    found = sentences(edition)
    groups = [
        Group(str(title), icon, [one for one in found if one.metric in metrics]) for title, icon, metrics in GROUPS
    ]
    return [group for group in groups if group.sentences]


#: What people look for first.
FIRST = (M.ACKNOWLEDGE, M.ARRIVE, M.RESTORE, M.REPAIR, M.SOLUTION, M.REPLACE, M.FOLLOW_UP, M.COMPLAINT_RESPOND)


def in_short(edition: Edition, most: int) -> list[Sentence]:
    """Return the promises people look for first, one a metric; what holds for all requests before special cases."""
    found: dict[str, Sentence] = {}
    for one in sorted(sentences(edition), key=lambda one: bool(one.case)):
        found.setdefault(one.metric, one)
    return [found[metric] for metric in FIRST if metric in found][:most]


@dataclass(frozen=True)
class TermWords:
    """A term as it is read."""

    name: str
    value: str
    rule: str

    @property
    def plain(self) -> str:
        return _("{name}: {value}").format(name=self.name, value=self.value)


def term_words(line: TermLine) -> TermWords:
    """Return a term in the reader's language, value and unit together."""
    value = " ".join(_(part) for part in (line.value, line.unit) if part)
    return TermWords(_(line.name) if line.name else "", value, line.rule)


def terms_in_words(lines: Iterable[TermLine]) -> list[TermWords]:
    return [term_words(line) for line in lines]
