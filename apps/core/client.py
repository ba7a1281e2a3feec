"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

#: The bits of an IPv6 address that a provider gives out; the rest a household or a company fills in at will.
IPV6_NETWORK = 64


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address: what our outermost trusted proxy saw, or the peer when there is none.

    Anybody can write the left part of X-Forwarded-For; only the last ``TRUSTED_PROXIES`` entries are ours.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    found = forwarded[-proxies] if proxies and len(forwarded) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return None


def counted_as(address: str | None) -> str:
    """Return under what the tries from an address are counted: who has one IPv6 address has its whole network."""
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
