"""The ways out of the portal behind one interface: hand over a message, or fail for now or for good."""

from __future__ import annotations

import json
import smtplib
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import outgoing, providers, robots
from .failures import PermanentFailure, TemporaryFailure
from .models import Sender
from .wording import Message

REFUSED = 500


class Way(Protocol):
    """A way out. ``address`` is a mail address or a telephone number; a robot speaks to its group and needs none."""

    def send(self, address: str, message: Message) -> str:
        """Hand the message over; return what the other side said. Raises the failures of ``failures``."""
        ...


@dataclass(frozen=True)
class Mail:
    """E-mail through the server of the settings, as text and as HTML. Who has no account has nothing to choose."""

    has_account: bool = True

    def send(self, address: str, message: Message) -> str:
        choices = f"{settings.PUBLIC_URL}{reverse('notifications:choices')}" if self.has_account else ""
        context = {"message": message, "choices": choices}
        mail = EmailMultiAlternatives(
            subject=" ".join(message.subject.split()),
            body=render_to_string("notifications/mail.txt", context),
            to=[address],
            headers={
                # A mail that is sent again after a crash bears the same name, so the other side may drop it.
                "Message-ID": f"<{message.key.replace(':', '.')}@{urlsplit(settings.PUBLIC_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            }
            | ({"List-Unsubscribe": f"<{choices}>"} if choices else {}),
        )
        mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _failure(code, said) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _failure(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPResponseException as error:
            # Signing in failed, or the server is not ready: an administrator's matter, not this mail's.
            raise TemporaryFailure(_said(error.smtp_code, error.smtp_error)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure(_("Not reachable: %(error)s") % {"error": error or type(error).__name__}) from None
        return _("The mail server took it.")


def _failure(code: int, said: bytes | str) -> Exception:
    kind = PermanentFailure if code >= REFUSED else TemporaryFailure
    return kind(_said(code, said))


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return _("The mail server answered %(code)s: %(text)s") % {"code": code, "text": text[:300]}


@dataclass(frozen=True)
class Sms:
    """SMS through a provider's HTTP interface."""

    sender: Sender

    def send(self, address: str, message: Message) -> str:
        url, body, headers = providers.prepared(self.sender, phone=address, text=message.short)
        answer = outgoing.request(url, method=self.sender.method, body=body, headers=headers)
        providers.check_answer(self.sender, answer.text)
        return answer.text


@dataclass(frozen=True)
class Robot:
    """A robot in a group of WeCom, DingTalk or Feishu."""

    sender: Sender

    def send(self, address: str, message: Message) -> str:
        url, body = robots.prepared(
            self.sender, title=message.subject, text=message.text, link=message.url, now=timezone.now()
        )
        answer = outgoing.request(
            url,
            method="POST",
            body=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        robots.check_answer(answer.text)
        return answer.text


def way_of(sender: Sender) -> Way:
    """Return the way that a row of ``Sender`` stands for."""
    return Robot(sender) if sender.is_robot else Sms(sender)
