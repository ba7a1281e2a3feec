"""The demo is loaded whole, and only where nothing else is; what keeps it from starting is said in words."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.demo import story

ROOT = Path(settings.BASE_DIR)


@pytest.mark.django_db
def test_other_data_are_left_alone() -> None:
    User.objects.create(username="somebody", name="某人")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_demo", stdout=StringIO())
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_interrupted_load_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(world: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(story.today, "plan_today", fail)
    with pytest.raises(KeyboardInterrupt):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()
    assert not story.is_loaded()


class Place:
    """A checkout in which everything is installed already, and a data folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.data, self.tools = root, root / "data", root / "tools"
        for folder in (root / "bin", root / ".venv" / "bin", self.data, self.tools):
            folder.mkdir(parents=True)
        shutil.copy(ROOT / "bin" / "demo", root / "bin")
        self.write(root / "bin" / "setup", "true")
        (root / ".venv" / "bin" / "python").symlink_to(sys.executable)

    def write(self, path: Path, script: str) -> None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def demo(self, *arguments: str, **env: str) -> tuple[int, str]:
        """Return how ``bin/demo`` ended and what it said."""
        known = {"PATH": f"{self.tools}:{os.environ['PATH']}", "DATA_DIR": str(self.data), "HOME": str(self.root)}
        done = subprocess.run(
            [self.root / "bin" / "demo", *arguments],
            env=known | env,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return done.returncode, done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--prot", "8000"], "unknown argument: --prot"),
        (["--port"], "--port needs a value"),
        (["--port", "http"], "--port takes a number from 1 to 65535, not 'http'"),
        (["--port=0"], "not '0'"),
        (["--port", "65536"], "not '65536'"),
        (["--host", "192.0.2.1"], "192.0.2.1 is not an address of this machine"),
    ],
)
def test_wrong_use_is_named(place: Place, arguments: list[str], said: str) -> None:
    code, words = place.demo(*arguments)
    assert code == 2 and said in words


def test_taken_port_is_named_with_another_to_try(place: Place) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, words = place.demo("--port", str(port))
    assert code == 7
    assert f"port {port} is taken by another program" in words and f"--port {port + 1}" in words


@pytest.mark.parametrize("arguments", [[], ["--reset"]])
def test_database_of_somebody_else_is_left_alone(place: Place, arguments: list[str]) -> None:
    database = place.data / "portal.sqlite3"
    database.write_text("theirs")
    code, words = place.demo(*arguments)
    assert code == 1 and f"{database} was not made by bin/demo" in words
    assert database.read_text() == "theirs"


def test_reset_touches_no_database_that_is_named(place: Place) -> None:
    code, words = place.demo("--reset", DATABASE_URL="postgres://127.0.0.1/portal")
    assert code == 2 and "DATABASE_URL names another database" in words


def test_second_demo_in_one_folder_is_told_where_the_first_one_is(place: Place) -> None:
    (place.data / "address").write_text("http://127.0.0.1:8000\n")
    with (place.data / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, words = place.demo("--port", "8002")
    assert code == 8
    assert "already running from this folder: http://127.0.0.1:8000" in words and "bin/demo --port 8003" in words


def test_folder_that_cannot_be_made_is_named(place: Place) -> None:
    file = place.root / "file"
    file.touch()
    code, words = place.demo(DATA_DIR=f"{file}/data")
    assert code == 1 and f"cannot write to {file}/data" in words


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_of_another_user_is_named_with_what_to_do(place: Place) -> None:
    (place.data / "log").mkdir()
    place.data.chmod(0o555)
    code, words = place.demo()
    assert code == 6 and f"{place.data} belongs to another user" in words and "DATA_DIR=$HOME" in words


def test_full_disk_is_said_before_anything_is_loaded(place: Place) -> None:
    place.write(place.tools / "df", "echo Filesystem; echo /dev/full 100000 96000 4000 96% /")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, words = place.demo("--port", str(port))
    assert code == 4 and "the disk is full: less than 100 MB are free" in words
    assert not (place.data / "portal.sqlite3").exists()


def _own_address() -> str:
    """The address from which this machine would go out; the loopback one where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        try:
            way_out.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(way_out.getsockname()[0])


@pytest.mark.parametrize(
    ("host", "given", "bears"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:{port}"),
        ("localhost", "", "http://localhost:{port}"),
        ("0.0.0.0", "", "http://{own}:{port}"),
        ("0.0.0.0", "https://demo.example.org", "https://demo.example.org"),
    ],
)
def test_links_bear_an_address_that_a_phone_can_open(place: Place, host: str, given: str, bears: str) -> None:
    (place.root / "manage.py").write_text("import os, sys; sys.exit(os.environ['PUBLIC_URL'])\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, said = place.demo("--host", host, "--port", str(port), **({"PUBLIC_URL": given} if given else {}))
    assert code == 1
    assert bears.format(own=_own_address(), port=port) in said.splitlines()
