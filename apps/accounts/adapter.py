"""How allauth behaves here: nobody signs up by themselves, links lead to our own address, passwords are recorded."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import services

WRONG = _("This user name, e-mail or telephone and this password do not belong together. Check both and try again.")


class ClosedAdapter(DefaultAccountAdapter):
    """People come by invitation alone."""

    # One sentence for an unknown person and for a wrong password: nobody learns who exists.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "phone_password_mismatch": WRONG,
        "too_many_login_attempts": _("Too many attempts. Wait a quarter of an hour, then try again."),
        "incorrect_password": _("This is not your present password. Type it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """User names are given by the administrator."""

    def set_password(self, user: Any, password: str) -> None:
        services.set_password(user, password, now=timezone.now())

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the portal's own address, whatever host the request claimed to be for."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PUBLIC_URL + path.replace("UID-KEY", key)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> Any:
        """Answer as to anybody unknown: back to the sign-in page."""
        return redirect("account_login")
