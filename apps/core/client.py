"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

#: The bits of an IPv6 address that a provider gives out; the rest a household or a company fills in at will.
IPV6_NETWORK = 64
#: What a browser calls itself, and what people call it; the first that is found counts: each claims to be the later.
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
BROWSERS = {
    "MicroMessenger": "WeChat",
    "DingTalk": "DingTalk",
    "HuaweiBrowser": "Huawei",
    "MiuiBrowser": "Xiaomi",
    "SamsungBrowser": "Samsung",
    "QQBrowser": "QQ",
    "UCBrowser": "UC",
    "Edg": "Edge",
    "OPR": "Opera",
    "FxiOS": "Firefox",
    "Firefox": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


@dataclass(frozen=True)
class Client:
    """From where somebody works: an address, and their device in two words."""

    address: str | None = None
    device: str = ""


NOWHERE = Client()
#: From where the step that is being taken is taken; nowhere for what the portal does by itself.
_served: ContextVar[Client] = ContextVar("served", default=NOWHERE)


def client_of(request: HttpRequest) -> Client:
    return Client(client_address(request), device_of(request.headers.get("User-Agent", "")))


@contextmanager
def serving(request: HttpRequest) -> Iterator[None]:
    """Let services know from where the step of the block is taken: what is signed says so."""
    token = _served.set(client_of(request))
    try:
        yield
    finally:
        _served.reset(token)


def served() -> Client:
    """Return from where the step that is being taken is taken."""
    return _served.get()


def device_of(user_agent: str) -> str:
    """Return a device in two words, such as “Android · Chrome”; "" for what says nothing that is known."""
    found = (next((word for mark, word in words.items() if mark in user_agent), "") for words in (SYSTEMS, BROWSERS))
    return " · ".join(word for word in found if word)


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
