"""Make the first administrator of a new portal, or another one."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Role
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Creates a person with the administrator role. What is not given is asked; there is no default password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="what they sign in with")
        parser.add_argument("--name", help="their name as others see it")
        parser.add_argument("--email", default="", help="optional; also serves to sign in and to reset the password")
        parser.add_argument("--phone", default="", help="optional; also serves to sign in")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"] or self._ask("User name: ")
        name = options["name"] or self._ask("Name: ")
        try:
            person = services.create_person(
                username=username,
                name=name,
                email=options["email"],
                phone=options["phone"],
                roles=[Role.ADMINISTRATOR],
                password=self._password(from_stdin=options["password_stdin"]),
                actor=None,
                now=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(f"{error} Nothing was created.") from error
        call_command("load_calendars", stdout=self.stdout)
        call_command("load_questionnaires", stdout=self.stdout)
        self.stdout.write(self.style.SUCCESS(f"{person.name} can sign in as “{person.username}”."))

    def _ask(self, prompt: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Give --username and --name, and the password by --password-stdin.")
        return input(prompt).strip() or self._ask(prompt)

    def _password(self, *, from_stdin: bool) -> str:
        if from_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        elif sys.stdin.isatty():
            password = getpass("Password: ")
            if password != getpass("Password again: "):
                raise CommandError("The two passwords differ. Nothing was created.")
        else:
            raise CommandError("No terminal to ask for a password: use --password-stdin.")
        if not password:
            raise CommandError("An empty password is not accepted. Nothing was created.")
        return password
