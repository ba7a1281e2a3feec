"""Where requests come from, and under what tries are counted."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from apps.core.client import client_address, counted_as, device_of


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.0.0.9", "10.0.0.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:10.0.0.9", "10.0.0.9"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, ""),
    ],
)
def test_network_of_one_customer_counts_as_one(address: str | None, counted: str) -> None:
    """Traps, "Who sees what": a guesser changes the IPv6 address with every try."""
    assert counted_as(address) == counted


@pytest.mark.parametrize(("proxies", "found"), [(0, "10.0.0.9"), (1, "192.0.2.7"), (3, "10.0.0.9")])
def test_what_a_client_writes_itself_is_not_its_address(settings: object, proxies: int, found: str) -> None:
    settings.TRUSTED_PROXIES = proxies  # type: ignore[attr-defined]
    headers = {"X-Forwarded-For": "203.0.113.1, 192.0.2.7"}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")) == found


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36", "Android · Chrome"),
        (
            "Mozilla/5.0 (Linux; Android 12; HarmonyOS) HuaweiBrowser/14.0 Chrome/114 Safari/537.36",
            "HarmonyOS · Huawei",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Mobile MicroMessenger/8.0.50", "iPhone · WeChat"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0", "Windows · Edge"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Firefox/133.0", "macOS · Firefox"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_device_is_said_in_two_words(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
