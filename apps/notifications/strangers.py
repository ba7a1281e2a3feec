"""What is told to people without an account, at the address they left: by e-mail, else by SMS.

An app has an outbox handler of its own that loads its row, sees whether there is still something to tell, and calls
``tell``. ``may_reach`` says before whether there is any way at all, so that nothing waits for a provider that nobody
has set up.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.rules import is_phone, plain_phone
from apps.core.outbox import NotNow

from .channels import Mail, way_of
from .failures import TemporaryFailure
from .models import Sender
from .sending import quiet_end
from .wording import Message


def may_reach(*, email: str, phone: str) -> bool:
    """Say whether a message to one of these would have a way out. What cannot be dialled is written to by nobody."""
    return bool(email) or (is_phone(plain_phone(phone)) and _sms_sender() is not None)


def tell(message: Message, *, email: str, phone: str) -> str:
    """Hand a message over; return the channel. Raises ``NotNow`` at night, and the failures of ``failures``."""
    until = quiet_end(None, timezone.now())
    if until is not None:
        raise NotNow(until)
    if email:
        Mail(has_account=False).send(email, message)
        return str(_("E-mail"))
    sender = _sms_sender()
    if sender is None:
        raise TemporaryFailure(_("No SMS provider is in use."))
    way_of(sender).send(plain_phone(phone), message)
    return str(_("SMS"))


def masked(address: str) -> str:
    """Return an address as it stands in a timeline: enough to know it again, not enough to use it.

    At most a third is shown: the end of a number, the beginning of a name before the @.
    """
    name, at, host = address.partition("@")
    if at:
        return f"{name[: min(2, len(name) // 3)]}***@{host}"
    number = plain_phone(address)
    return "****" + number[len(number) - min(4, len(number) // 3) :]


def _sms_sender() -> Sender | None:
    return Sender.objects.filter(kind=Sender.Kind.SMS, is_on=True).order_by("pk").first()
