"""Sign in by user name, e-mail address or telephone number."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from .models import User
from .queries import UserQuerySet


def attempted_identifier(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return what was typed as identifier, for counting failed attempts."""
    typed = (credentials or {}).get("username") or (credentials or {}).get("email")
    return str(typed or (request.POST.get("login", "") if request else "")).strip().casefold()[:150]


class IdentifierBackend(BaseBackend):
    """Checks the password of the one person whom the identifier names."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        email: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        identifier = username or email
        if not identifier or password is None:
            return None
        people = list(User.objects.known_as(identifier)[:2])
        if len(people) != 1:
            make_password(password)  # takes the time a check takes, so that nobody learns who exists
            return None
        person = people[0]
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return next(iter(_who_asks().filter(pk=user_id, is_active=True)), None)


@cache
def _who_asks() -> UserQuerySet:
    """Return the people with what every page asks of them; put together once, since every request reads one."""
    return User.objects.noting_roles().noting_projects().order_by()
