"""Signatures against vectors that ``openssl dgst -sha256 -hmac`` made; what each robot is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.notifications import robots
from apps.notifications.models import Sender

AT = datetime.fromtimestamp(1760000000, UTC)


def test_dingtalk_signature() -> None:
    """Over time stamp, line feed, secret; the key is the secret."""
    signed = robots.dingtalk_signature("1760000000000", "SECabc123")
    assert signed == "uCaqp4J2O41cgl464ftSUvH2M4rKRN5qzhvGEFvAv3E="


def test_feishu_signature() -> None:
    """Over nothing; the key is time stamp, line feed, secret."""
    assert robots.feishu_signature("1760000000", "fsSecret") == "VIdViUqVMY7QwsrnI6c2cmqOv6U7eXjXQmtZ+YrDdH0="


def prepared(kind: str, **fields: str) -> tuple[str, dict[str, object]]:
    sender = Sender(kind=kind, url="https://robot.example/send?access_token=t", **fields)
    return robots.prepared(sender, title="[WX-1] 已派工", text="路灯*不亮*\n甲大道", link="https://p.example/1", now=AT)


def test_dingtalk_carries_stamp_and_signature_in_the_address() -> None:
    url, body = prepared("dingtalk", secret="SECabc123", look="text")
    query = parse_qs(urlsplit(url).query)
    assert query["access_token"] == ["t"]
    assert query["timestamp"] == ["1760000000000"]
    assert query["sign"] == [robots.dingtalk_signature("1760000000000", "SECabc123")]
    assert body == {"msgtype": "text", "text": {"content": "[WX-1] 已派工\n路灯*不亮*\n甲大道\nhttps://p.example/1"}}


def test_feishu_carries_stamp_and_signature_in_the_body() -> None:
    _url, body = prepared("feishu", secret="fsSecret", look="text")
    assert (body["timestamp"], body["sign"]) == ("1760000000", robots.feishu_signature("1760000000", "fsSecret"))
    assert body["msg_type"] == "text"


def test_without_a_secret_nothing_is_signed() -> None:
    assert prepared("dingtalk")[0] == "https://robot.example/send?access_token=t"
    assert "sign" not in prepared("feishu")[1]


def test_formatted_text_holds_our_marks_alone() -> None:
    _url, body = prepared("wecom", look="markdown")
    assert body == {
        "msgtype": "markdown",
        "markdown": {"content": "**［WX-1］ 已派工**\n路灯＊不亮＊\n甲大道\n[打开](https://p.example/1)"},
    }


def test_nobody_mentions_everybody_by_what_they_type() -> None:
    sender = Sender(kind="feishu", url="https://robot.example/send", look="text")
    typed = '<at user_id="all">所有人</at>'
    _url, body = robots.prepared(sender, title="[WX-1]", text=typed, link="https://p.example/1", now=AT)
    assert "<" not in str(body)


@pytest.mark.parametrize("text", ["灯" * 3000, "a" * 3000, "短"])
def test_text_is_cut_within_bytes_and_characters(text: str) -> None:
    found = robots.cut(text)
    assert len(found.encode()) <= robots.TEXT_BYTES
    assert text.startswith(found.rstrip("…"))
