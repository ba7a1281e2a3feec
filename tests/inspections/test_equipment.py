"""What visits add to the page of a piece of equipment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from apps.inspections.models import Visit
from apps.projects.models import Equipment
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db


def test_equipment_shows_what_visits_found_with_their_history(world: World, client_of: Callable[..., Any]) -> None:
    """D-02: a visit that found something about a piece belongs to it; one that did not, does not."""
    equipment, visit = world.row(Equipment), world.row(Visit)
    other = make.make_visit(project=visit.project)
    finding = make.make_finding(visit=visit, equipment=equipment, text="密封圈老化")
    make.make_finding(visit=visit, equipment=equipment, text="接线松动")
    make.make_finding(visit=other, text="别处的问题")
    for one, note in ((visit, "到了现场"), (other, "去了别处")):
        make.make_event(subject=one, data={"note": note})
    make.make_event(subject=finding, data={"note": "已派人"})
    client = client_of(world.owner_admin)
    page = client.get(equipment.get_absolute_url()).content.decode()
    assert "密封圈老化" in page and "接线松动" in page and "别处的问题" not in page
    history = client.get(f"{equipment.get_absolute_url()}?part=history").content.decode()
    assert "到了现场" in history and "已派人" in history and "去了别处" not in history
    listed = client.get(f"{reverse('inspections:list')}?tab=all&equipment={equipment.pk}").content.decode()
    assert listed.count(f'href="{visit.get_absolute_url()}"') == 1
    assert other.get_absolute_url() not in listed
