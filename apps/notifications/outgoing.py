"""HTTP to a provider: only where it may go, no redirects, a bounded answer within bounded time."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from .failures import PermanentFailure, TemporaryFailure

SECONDS = 10.0
ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What a provider said."""

    status: int
    text: str


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at, whatever the name resolves to a moment later."""

    def __init__(self, host: str, port: int, address: str, *, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address
        self._context = context
        #: The socket, also after the answer has begun: ``sock`` is let go then, if the provider is to close it.
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self.wire = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self.wire = self._context.wrap_socket(self.sock, server_hostname=self.host)


def request(url: str, *, method: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """Send one request and return the answer.

    Raises ``PermanentFailure`` for an address that is refused, a redirect or a refusal (4xx), ``TemporaryFailure``
    when the provider is down, slow or busy. No message holds the address: it may carry a key.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = check_url(url)
    connection = _Connection(host, port, _resolve(host, port), context=ssl.create_default_context() if secure else None)
    late = threading.Event()
    timer = threading.Timer(SECONDS, _cut, (connection, late))
    timer.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body, headers={"User-Agent": "after-sales-portal"} | headers)
        response = connection.getresponse()
        text = response.read(ANSWER_BYTES).decode("utf-8", "replace")
        if late.is_set():
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise TemporaryFailure(_("No answer within %(seconds)d seconds.") % {"seconds": SECONDS}) from None
        raise TemporaryFailure(_("Not reachable: %(error)s") % {"error": _plain(error)}) from None
    finally:
        timer.cancel()
        connection.close()
    return _judged(Answer(response.status, text))


def check_url(url: str) -> tuple[str, int]:
    """Return host and port of an address that may be called at all; raise ``PermanentFailure`` for any other."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port = None, 0
    if not host or parts.scheme not in {"http", "https"} or parts.username or any(c <= " " for c in url):
        raise PermanentFailure(_("The address must begin with http:// or https:// and name a host."))
    return host, port


def _resolve(host: str, port: int) -> str:
    """Return an address of the host that may be called: none of our own network, unless the settings allow it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TemporaryFailure(_("The host name is not known.")) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.NOTIFICATIONS_ALLOW_PRIVATE and not all(_is_public(address) for address in addresses):
        raise PermanentFailure(_("The address leads into a private network, which is not allowed."))
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return inner.is_global and not inner.is_multicast and not getattr(ip, "teredo", None)


def _cut(connection: _Connection, late: threading.Event) -> None:
    """End a conversation that took too long, also with a provider that sends a byte now and then."""
    late.set()
    if connection.wire is not None:
        with contextlib.suppress(OSError):
            connection.wire.shutdown(socket.SHUT_RDWR)


def _plain(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _judged(answer: Answer) -> Answer:
    said = _("The provider answered %(status)s: %(text)s") % {"status": answer.status, "text": answer.text[:300]}
    if answer.status in {408, 425, 429} or answer.status >= http.client.INTERNAL_SERVER_ERROR:
        raise TemporaryFailure(said)
    if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
        raise PermanentFailure(said)
    return answer
