"""SMS providers by their own HTTP interface: placeholders are put into values, never into the language around them."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from .failures import PermanentFailure, TemporaryFailure
from .models import Sender

PLACEHOLDER = re.compile(r"\{(phone|text|secret)\}")
#: What providers say in "code" and its like when all is well.
FINE = {"0", "000000", "200", "ok", "success", "true"}
CODES = ("errcode", "code", "Code", "statusCode", "StatusCode", "result", "error_code", "status")


def filled(template: str, values: dict[str, str]) -> str:
    """Put the values in, once: a value that looks like a placeholder stays as it is."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], template)


def prepared(sender: Sender, *, phone: str, text: str) -> tuple[str, bytes | None, dict[str, str]]:
    """Return the address, the body and the headers of one SMS."""
    values = {"phone": phone, "text": text, "secret": sender.secret}
    url = filled(sender.url, {name: quote(value, safe="") for name, value in values.items()})
    headers = {name: filled(value, values) for name, value in read_headers(sender.headers)}
    if any(ord(sign) < ord(" ") for value in headers.values() for sign in value):
        raise PermanentFailure(_("A header line may not hold a line break."))
    if sender.method == Sender.Method.GET or not sender.body:
        return url, None, headers
    if sender.body_format == Sender.Body.FORM:
        pairs = [(name, filled(value, values)) for name, value in read_fields(sender.body)]
        return url, urlencode(pairs).encode(), {"Content-Type": "application/x-www-form-urlencoded"} | headers
    body = _filled_json(json.loads(sender.body), values)
    return url, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"} | headers


def _filled_json(node: Any, values: dict[str, str]) -> Any:
    if isinstance(node, str):
        return filled(node, values)
    if isinstance(node, list):
        return [_filled_json(part, values) for part in node]
    if isinstance(node, dict):
        return {name: _filled_json(part, values) for name, part in node.items()}
    return node


def read_headers(lines: str) -> list[tuple[str, str]]:
    """Read ``Name: value`` lines; raises ``ValueError`` naming a line that is none."""
    return _pairs(lines, ":", re.compile(r"[A-Za-z0-9-]+"))


def read_fields(lines: str) -> list[tuple[str, str]]:
    """Read ``name=value`` lines; raises ``ValueError`` naming a line that is none."""
    return _pairs(lines, "=", re.compile(r"\S+"))


def _pairs(lines: str, sign: str, name_like: re.Pattern[str]) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, joint, value = line.partition(sign)
        if not joint or not name_like.fullmatch(name.strip()):
            raise ValueError(line)
        found.append((name.strip(), value.strip()))
    return found


def check_answer(sender: Sender, text: str) -> None:
    """Raise for an answer of an SMS provider that does not say that the message was accepted."""
    if sender.success_text:
        if sender.success_text not in text:
            raise TemporaryFailure(_("The provider's answer cannot be understood: %(text)s") % {"text": text[:300]})
        return
    try:
        answer = json.loads(text)
    except ValueError:
        return
    codes = [answer[key] for key in CODES if key in answer] if isinstance(answer, dict) else []
    if codes and str(codes[0]).lower() not in FINE:
        raise PermanentFailure(_("The provider refused: %(text)s") % {"text": text[:300]})
