"""Where each number of a policy comes from reads as words, in both languages (rulebook section 9)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.service_levels.presets import PRESETS
from apps.service_levels.provenance import plan_in_words, rule_in_words, source_in_words
from tests.world import World

ClientOf = Callable[..., Client]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("section 9: engineering_general/acknowledge", "Preset “General engineering works”, acknowledging"),
        (
            "section 9: engineering_general/other, C-02",
            "Preset “General engineering works”, further promises · Rule C-02: complaints",
        ),
        ("R-07", "Rule R-07: requests and repair"),
        ("agreed with the owner", "agreed with the owner"),
        ("", ""),
    ],
)
def test_source_reads_as_words(source: str, words: str) -> None:
    with translation.override("en"):
        assert source_in_words(source) == words


def test_every_preset_says_where_its_numbers_come_from_without_keys() -> None:
    """No key, no “section 9:”, no code of a plan alone."""
    with translation.override("en"):
        for preset in PRESETS.values():
            assert not re.search(r"\bS\d\b", plan_in_words(preset.source)), preset.source
            for line in preset.edition.targets:
                words = source_in_words(line.source)
                assert "section 9" not in words and "_" not in words and "/" not in words, line.source
            for term in preset.edition.terms:
                assert rule_in_words(term.rule)


@pytest.mark.django_db
def test_who_sees_the_policies_finds_the_hours_they_count_in(world: World, client_of: ClientOf) -> None:
    text = client_of(world.manager).get(reverse("service_levels:policy_list")).content.decode()
    assert reverse("calendars:hours") in text
    assert reverse("calendars:current") in text
    assert client_of(world.manager).get(reverse("calendars:hours")).status_code == 200
