"""How what people type names a person: pure functions of text."""

from __future__ import annotations

import re
import unicodedata

#: What people put between the digits of a telephone number.
_SEPARATORS = re.compile(r"[\s\-–—()./·]+")
_MAINLAND_MOBILE = re.compile(r"(?:\+86|0086|86)(1\d{10})")
_PHONE = re.compile(r"\+?\d{5,20}")


def plain_identifier(typed: str) -> str:
    """Return a user name or e-mail address as it is compared: width folded, no white space around it."""
    return unicodedata.normalize("NFKC", typed).strip()


def plain_phone(typed: str) -> str:
    """Return a telephone number as it is stored and compared: digits alone, mainland mobiles without +86."""
    digits = _SEPARATORS.sub("", plain_identifier(typed))
    mobile = _MAINLAND_MOBILE.fullmatch(digits)
    return mobile.group(1) if mobile else digits


def is_phone(plain: str) -> bool:
    """Say whether a plain telephone number can be dialled."""
    return _PHONE.fullmatch(plain) is not None
