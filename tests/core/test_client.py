"""Where requests come from, and under what tries are counted."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from apps.core.client import client_address, counted_as


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
