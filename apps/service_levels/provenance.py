"""Where a number of a policy comes from, in words: a preset's column, a house rule, a published plan."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .presets import PRESETS

#: "section 9: engineering_general/other fault targets, C-02": a preset, its column, and what says more.
OF_PRESET = re.compile(r"section 9: (?P<key>\w+)/(?P<column>[^,]+)(?:, (?P<more>.+))?")
RULE = re.compile(r"(?P<chapter>[HWRVTCSDK])-\d\d")
#: "S1 part 2", "S4, last plan".
PLAN = re.compile(r"S(?P<n>\d)(?: part (?P<part>\d+)|, (?P<which>first|last) plan)?")

COLUMNS = {
    "acknowledge": gettext_lazy("acknowledging"),
    "arrive": gettext_lazy("arrival"),
    "other fault targets": gettext_lazy("other times of a repair"),
    "emergency": gettext_lazy("emergencies"),
    "visits": gettext_lazy("visits"),
    "other": gettext_lazy("further promises"),
}
CHAPTERS = {
    "H": gettext_lazy("handover"),
    "W": gettext_lazy("warranty"),
    "R": gettext_lazy("requests and repair"),
    "V": gettext_lazy("visits"),
    "T": pgettext_lazy("chapter", "training"),
    "C": gettext_lazy("complaints"),
    "S": gettext_lazy("spares"),
    "D": gettext_lazy("records"),
    "K": gettext_lazy("measures"),
}


def source_in_words(source: str) -> str:
    """Return where a promise comes from; what is written otherwise reads as it is written."""
    found = OF_PRESET.fullmatch(source)
    if found is None:
        return rule_in_words(source)
    preset = PRESETS.get(found["key"])
    name = _(preset.name) if preset else found["key"]
    column = str(COLUMNS.get(found["column"], found["column"]))
    words = [_("Preset “%(name)s”, %(column)s") % {"name": name, "column": column}]
    if found["more"]:
        words.append(rule_in_words(found["more"]))
    return " · ".join(words)


def rule_in_words(rule: str) -> str:
    """Return a rule with the chapter it stands in."""
    found = RULE.fullmatch(rule)
    if found is None:
        return rule
    return _("Rule %(rule)s: %(chapter)s") % {"rule": rule, "chapter": CHAPTERS[found["chapter"]]}


def plan_in_words(source: str) -> str:
    """Return the published plans that a policy was drawn from."""
    if not PLAN.search(source):
        return source
    return _(", ").join(_plan(found) for found in PLAN.finditer(source))


def _plan(found: re.Match[str]) -> str:
    words = {"n": found["n"], "part": found["part"]}
    if found["part"]:
        return _("published plan %(n)s, part %(part)s") % words
    if found["which"] == "first":
        return _("published plan %(n)s, the first of its plans") % words
    if found["which"] == "last":
        return _("published plan %(n)s, the last of its plans") % words
    return _("published plan %(n)s") % words
