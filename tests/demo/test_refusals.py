"""The demo is loaded whole, and only where nothing else is."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.demo import story

pytestmark = pytest.mark.django_db


def test_other_data_are_left_alone() -> None:
    User.objects.create(username="somebody", name="某人")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_demo", stdout=StringIO())
    assert User.objects.count() == 1


def test_interrupted_load_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(world: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(story.today, "plan_today", fail)
    with pytest.raises(KeyboardInterrupt):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()
    assert not story.is_loaded()
