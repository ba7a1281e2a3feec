"""What the robots of WeCom, DingTalk and Feishu want to be sent, and what their answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from .failures import PermanentFailure, TemporaryFailure
from .models import Sender

#: Bytes of text that the strictest of them takes.
TEXT_BYTES = 2000
#: Busy, or too many messages in a minute: WeCom 45009, DingTalk 130101 and 410100, Feishu 9499 and 11232.
BUSY = {-1, 45009, 130101, 410100, 9499, 11232}


def prepared(sender: Sender, *, title: str, text: str, link: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """Return the address and the body by which a robot says ``title``, ``text`` and the link."""
    formatted = sender.look == Sender.Look.MARKDOWN
    plain = cut(f"{title}\n{text}\n{link}")
    if sender.kind == Sender.Kind.WECOM:
        marked = cut(f"**{_bare(title)}**\n{_bare(text)}\n[{_('Open')}]({link})")
        return sender.url, _message("msgtype", "markdown" if formatted else "text", marked if formatted else plain)
    if sender.kind == Sender.Kind.DINGTALK:
        url = sender.url
        if sender.secret:
            stamp = str(int(now.timestamp() * 1000))
            joint = "&" if "?" in url else "?"
            url = f"{url}{joint}timestamp={stamp}&sign={quote(dingtalk_signature(stamp, sender.secret), safe='')}"
        if not formatted:
            return url, _message("msgtype", "text", plain)
        lines = "\n\n".join(_bare(text).splitlines())
        marked = cut(f"#### {_bare(title)}\n\n{lines}\n\n[{_('Open')}]({link})")
        return url, {"msgtype": "markdown", "markdown": {"title": title[:60], "text": marked}}
    body = _card(title, cut(f"{_bare(text)}\n[{_('Open')}]({link})")) if formatted else _feishu_text(plain)
    if sender.secret:
        stamp = str(int(now.timestamp()))
        body = {"timestamp": stamp, "sign": feishu_signature(stamp, sender.secret)} | body
    return sender.url, body


def dingtalk_signature(stamp: str, secret: str) -> str:
    """Sign as DingTalk demands: HMAC-SHA256 with the secret over time stamp (milliseconds), line feed, secret."""
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def feishu_signature(stamp: str, secret: str) -> str:
    """Sign as Feishu demands: HMAC-SHA256 of nothing, with time stamp (seconds), line feed, secret as the key."""
    return base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def check_answer(text: str) -> None:
    """Raise for an answer that does not say, in the provider's own way, that the message was accepted."""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    codes = [answer[key] for key in ("errcode", "code", "StatusCode") if key in answer] if _is_map(answer) else []
    if not codes:
        raise TemporaryFailure(_("The provider's answer cannot be understood: %(text)s") % {"text": text[:300]})
    if codes[0] != 0:
        said = _("The provider refused: %(text)s") % {"text": text[:300]}
        raise TemporaryFailure(said) if codes[0] in BUSY else PermanentFailure(said)


def cut(text: str, limit: int = TEXT_BYTES) -> str:
    """Return the beginning of a text that fits into so many bytes of UTF-8."""
    encoded = text.encode()
    return text if len(encoded) <= limit else encoded[: limit - 3].decode("utf-8", "ignore") + "…"


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _message(key: str, kind: str, content: str) -> dict[str, Any]:
    return {key: kind, kind: {"content": content}}


def _feishu_text(content: str) -> dict[str, Any]:
    # Even in plain text Feishu reads <at user_id="all"> as a mention of everybody.
    return {"msg_type": "text", "content": {"text": content.replace("<", "＜").replace(">", "＞")}}


def _card(title: str, content: str) -> dict[str, Any]:
    return {
        "msg_type": "interactive",
        "card": {
            "header": {"title": {"tag": "plain_text", "content": title[:100]}},
            "elements": [{"tag": "markdown", "content": content}],
        },
    }


def _bare(text: str) -> str:
    """Return typed text without the signs that would make links, mentions or marks of it."""
    return text.translate({ord(sign): other for sign, other in zip("[]()<>*`#", "［］（）＜＞＊｀＃", strict=True)})
