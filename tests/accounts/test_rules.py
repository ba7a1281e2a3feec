"""A telephone number is one number however it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.rules import is_phone, plain_identifier, plain_phone

DIGITS = st.text("0123456789", min_size=5, max_size=16)
SEPARATOR = st.sampled_from(["", " ", "-", "  ", "－", "\u00a0"])


@given(DIGITS, SEPARATOR, st.integers(0, 16))
def test_separators_do_not_matter(digits: str, separator: str, place: int) -> None:
    typed = separator.join((digits[:place], digits[place:]))
    assert plain_phone(typed) == plain_phone(digits)


@given(st.text("0123456789０１８+-－ ()abc@.王", max_size=20))
def test_plain_forms_are_stable(typed: str) -> None:
    assert plain_phone(plain_phone(typed)) == plain_phone(typed)
    assert plain_identifier(plain_identifier(typed)) == plain_identifier(typed)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("138-0013-8000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("(0571) 8888-0000", "057188880000"),
        ("+49 30 1234567", "+49301234567"),
    ],
)
def test_number_is_stored_plain(typed: str, plain: str) -> None:
    assert plain_phone(typed) == plain


@pytest.mark.parametrize(("plain", "dials"), [("13800138000", True), ("1234", False), ("12345a", False), ("", False)])
def test_only_what_can_be_dialled_is_a_number(plain: str, dials: bool) -> None:
    assert is_phone(plain) is dials
