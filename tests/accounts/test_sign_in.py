"""Signing in by three ways, being switched off, the first password, the language switch: with a real client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Role, User
from tests import factories as make

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/login/"


@pytest.fixture
def person() -> User:
    return make.make_staff(Role.MANAGER, username="zhenglan", phone="13800138001", email="zheng@example.com")


def sign_in(client: Client, login: str, password: str = make.PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password})


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize(
    "login",
    [
        "zhenglan",
        "ZhengLan",
        "  zhenglan ",
        "zheng@example.com",
        "Zheng@Example.COM",
        "13800138001",
        "138 0013 8001",
        "138-0013-8001",
        "+86 138 0013 8001",
        "１３８００１３８００１",
    ],
)
def test_person_signs_in_by_name_mail_or_telephone(client: Client, person: User, login: str) -> None:
    assert sign_in(client, login).status_code == 302
    assert is_in(client)


def test_unknown_and_wrong_password_get_one_answer(client: Client, person: User) -> None:
    def said(login: str) -> list[str]:
        return list(sign_in(client, login, "falsch-falsch-1").context["form"].non_field_errors())

    messages = {tuple(said(login)) for login in ("zhenglan", "13800138001", "zheng@example.com", "nobody", "n@x.cn")}
    assert len(messages) == 1
    assert messages != {()}
    assert not is_in(client)


def test_switched_off_person_gets_the_same_answer(client: Client, person: User) -> None:
    unknown = sign_in(client, "nobody").context["form"].non_field_errors()
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert sign_in(client, "zhenglan").context["form"].non_field_errors() == unknown


def test_identifier_of_two_people_signs_nobody_in(client: Client, person: User) -> None:
    """The services prevent it; rows that came otherwise must not open somebody else's account."""
    make.make_staff(Role.ENGINEER, username="13800138001", phone="13800138009")
    sign_in(client, "13800138001")
    assert not is_in(client)


def test_switching_off_ends_the_session_at_once(client: Client, person: User, now: datetime) -> None:
    sign_in(client, "zhenglan")
    assert is_in(client)
    administrator = make.make_staff(Role.ADMINISTRATOR)
    services.switch_off(person, actor=administrator, now=now)
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 302
    assert answer.url.startswith(SIGN_IN)
    services.switch_on(person, actor=administrator, now=now)
    assert not is_in(client), "the old session stays ended"
    assert sign_in(client, "zhenglan").status_code == 302


def test_new_password_ends_other_sessions(client: Client, person: User, now: datetime) -> None:
    sign_in(client, "zhenglan")
    services.set_password(person, "ganz-neu-sicher-5", now=now)
    assert not is_in(client)


def test_invited_person_comes_in_once(client: Client, now: datetime) -> None:
    invited = services.create_person(name="小赵", phone="13900139000", actor=None, now=now)
    invitation = services.invite(invited, actor=None, now=timezone.now())
    address = reverse("accounts:accept", args=[invitation.secret])
    assert "小赵" in client.get(address).content.decode()
    assert client.post(address, {"password1": "kurz", "password2": "kurz"}).status_code == 422
    differing = client.post(address, {"password1": "richtig-sicher-42", "password2": "richtig-sicher-43"})
    assert differing.status_code == 422
    answer = client.post(address, {"password1": "richtig-sicher-42", "password2": "richtig-sicher-42"})
    assert answer.status_code == 302
    assert is_in(client)
    stranger = Client()
    assert stranger.get(address).status_code == 404
    again = stranger.post(address, {"password1": "ganz-anders-42", "password2": "ganz-anders-42"})
    assert again.status_code == 404
    assert sign_in(stranger, "13900139000", "richtig-sicher-42").status_code == 302


def test_old_guessed_and_withdrawn_invitations_are_over(client: Client) -> None:
    person = make.make_staff(Role.ENGINEER)
    old = make.make_invitation(user=person, expires_at=timezone.now() - timedelta(seconds=1))
    withdrawn = make.make_invitation(user=person, withdrawn_at=timezone.now())
    answers = [client.get(reverse("accounts:accept", args=[s])) for s in (old.secret, withdrawn.secret, "guess")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_password_reset_mail_leads_to_our_own_address(client: Client, person: User, settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example.com"
    client.post("/account/password/reset/", {"email": "zheng@example.com"}, headers={"host": "evil.example.org"})
    assert len(mail.outbox) == 1
    assert "https://portal.example.com/account/password/reset/key/" in mail.outbox[0].body
    assert "evil.example.org" not in mail.outbox[0].body


def test_reset_for_an_unknown_address_sends_nothing_and_tells_nothing(client: Client, person: User) -> None:
    known = client.post("/account/password/reset/", {"email": "zheng@example.com"})
    unknown = client.post("/account/password/reset/", {"email": "unknown@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.to for message in mail.outbox] == [["zheng@example.com"]]


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email"])
def test_nobody_signs_up(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_language_is_switched_by_post_alone(client: Client) -> None:
    assert client.get("/language/").status_code == 405
    assert client.post("/language/", {"language": "en", "next": SIGN_IN}).status_code == 302
    assert 'lang="en"' in client.get(SIGN_IN).content.decode()


def test_administrator_is_created_from_the_command_line(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def run(password: str) -> None:
        monkeypatch.setattr("sys.stdin.readline", lambda: f"{password}\n", raising=False)
        call_command("create_administrator", username="root", name="管理员", password_stdin=True)

    for weak in ("", "admin", "1234567890"):
        with pytest.raises(CommandError):
            run(weak)
    assert not User.objects.exists()
    run("Wartung-2026-stark")
    assert User.objects.get().roles == {Role.ADMINISTRATOR}
    assert sign_in(client, "root", "Wartung-2026-stark").status_code == 302


def test_administrator_runs_a_person_through_the_pages(client_of: Callable[..., Client]) -> None:
    """Invite, print, change, switch off and on: what is typed is kept where a rule says no."""
    client = client_of(make.make_staff(Role.ADMINISTRATOR))
    make.make_staff(Role.ENGINEER, phone="13800138001")
    typed = {"name": "小钱", "phone": "138-0013-8001", "roles": ["engineer"]}
    refused = client.post(reverse("accounts:create"), typed)
    assert refused.status_code == 422
    assert 'value="小钱"' in refused.content.decode()
    assert refused.context["form"].errors["phone"]
    made = client.post(reverse("accounts:create"), typed | {"phone": "13900001111"}, follow=True)
    person = User.objects.get(phone="13900001111")
    assert made.redirect_chain == [(reverse("accounts:invitation", args=[person.pk]), 302)]
    assert "data:image/svg+xml" in made.content.decode()
    assert services.open_invitation_of(person, timezone.now()).secret in made.content.decode()
    client.post(reverse("accounts:switch", args=[person.pk]), {"wanted": "off", "reason": "离职"})
    assert not User.objects.get(pk=person.pk).is_active
    client.post(reverse("accounts:switch", args=[person.pk]), {"wanted": "on"})
    assert User.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_people_are_the_administrators(client_of: Callable[..., Client], role: Role) -> None:
    client, person = client_of(make.make_staff(role)), make.make_staff(Role.ENGINEER)
    for name in ("edit", "invitation", "switch"):
        assert client.get(reverse(f"accounts:{name}", args=[person.pk])).status_code == 403
    for name in ("edit", "invite_again", "withdraw", "switch"):
        assert client.post(reverse(f"accounts:{name}", args=[person.pk]), {"wanted": "off"}).status_code == 403
    assert client.get(reverse("accounts:list")).status_code == (200 if role is Role.AUDITOR else 403)
    assert User.objects.get(pk=person.pk).is_active


def test_profile_is_ones_own(client_of: Callable[..., Client]) -> None:
    person = make.make_owner_member(phone="13700137000")
    client = client_of(person)
    answer = client.post(reverse("accounts:profile"), {"name": "刘洋", "phone": "13700137009", "email": ""})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.name, person.phone) == ("刘洋", "13700137009")
