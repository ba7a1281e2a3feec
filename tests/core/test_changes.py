"""Old and new values of a change in a timeline: in words, the first few, and nothing that its reader may not know."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from apps.core import timeline
from apps.core.events import record_change, values_of
from apps.projects.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db


def _changed(project: Project, **values: Any) -> timeline.Line:
    before = values_of(project)
    for name, value in values.items():
        setattr(project, name, value)
    record_change(project, before, actor=None, now=make.NOW)
    [line] = timeline.of(project, make.make_staff(), limit=1)
    return line


def test_change_reads_in_words_of_field_choice_and_row() -> None:
    project, owner = make.make_project(trade=Project.Trade.MEP, department=""), make.make_owner()
    old = project.owner.name
    line = _changed(project, owner_id=owner.pk, trade=Project.Trade.DATA_ROOM, department="运维部")
    mep, data_room = str(Project.Trade.MEP.label), str(Project.Trade.DATA_ROOM.label)
    assert [(str(one.field), one.old, one.new) for one in line.changes] == [
        ("业主", old, owner.name),
        ("专业", mep, data_room),
        ("责任部门", "—", "运维部"),
    ]
    assert not line.has_more
    html = render_to_string("components/timeline.html", {"lines": [line]})
    assert f"<del>{mep}</del>" in html and f"<ins>{data_room}</ins>" in html


def test_more_than_three_fields_end_in_dots_and_amounts_are_not_told() -> None:
    """More people read a project's history than see amounts."""
    project = make.make_project(contract_amount=100)
    line = _changed(project, contract_amount=250, address="新址", department="运维部", contract_number="HT-X")
    assert len(line.changes) == 3 and line.has_more
    html = render_to_string("components/timeline.html", {"lines": [line]})
    assert "250" not in html and "合同金额" in html and "…</li>" in html


def test_row_out_of_sight_is_not_named_and_what_was_typed_is_escaped() -> None:
    project, hidden = make.make_project(), make.make_owner()
    before = values_of(project)
    project.owner_id, project.address = hidden.pk, "<img src=x onerror=alert(1)>"
    engineer = make.make_engineer(project)
    record_change(project, before, actor=None, now=make.NOW)
    [line] = timeline.of(project, engineer, limit=1)
    assert hidden.name not in [one.new for one in line.changes]
    assert "<img" not in render_to_string("components/timeline.html", {"lines": [line]})
