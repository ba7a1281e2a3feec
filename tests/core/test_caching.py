"""The shared cache: processes count together, and one that is away breaks nothing."""

from __future__ import annotations

import logging
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import reverse

from apps.core.caching import FileCache, RedisCache
from tests import factories as make

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
AWAY = {
    "default": {
        "BACKEND": "apps.core.caching.RedisCache",
        "LOCATION": NOBODY_LISTENS,
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    }
}


def count_up(folder: str, times: int) -> None:
    cache = FileCache(folder, {})
    for _ in range(times):
        cache.add("tries", 0, timeout=60)
        cache.incr("tries")


def test_processes_count_together(tmp_path: Path) -> None:
    """No count is lost between processes."""
    with ProcessPoolExecutor(3) as pool:
        for done in [pool.submit(count_up, str(tmp_path), 40) for _ in range(3)]:
            done.result()
    assert FileCache(str(tmp_path), {}).get("tries") == 120


def test_counting_keeps_the_time_that_is_left(tmp_path: Path) -> None:
    """A window ends when it was to end, however often somebody tries within it."""
    cache = FileCache(str(tmp_path), {})
    cache.add("tries", 0, timeout=0.3)
    cache.incr("tries")
    time.sleep(0.4)
    assert cache.get("tries") is None
    with pytest.raises(ValueError, match="tries"):
        cache.incr("tries")


def test_redis_that_is_away_leaves_each_process_counting(caplog: pytest.LogCaptureFixture) -> None:
    cache = RedisCache(NOBODY_LISTENS, AWAY["default"])
    with caplog.at_level(logging.WARNING):
        cache.add("tries", 0, timeout=60)
        assert [cache.incr("tries"), cache.incr("tries")] == [1, 2]
        cache.set("other", "x")
        assert cache.get("other") == "x"
        assert cache.get("unknown") is None
        assert cache.incr("made-elsewhere") == 1
        cache.delete("other")
        cache.clear()
    assert sum("Redis is not reachable" in line.message for line in caplog.records) == 1


def test_redis_that_hangs_is_left_alone_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    """One page waits for it, not every page; after a while it is asked again."""
    cache = RedisCache(NOBODY_LISTENS, AWAY["default"])
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            cache.get("a")
        assert len(caplog.records) == 1
        cache._away_until = 0.0
        cache.get("a")
        assert len(caplog.records) == 2


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs a Redis")
def test_redis_counts_for_all() -> None:
    one = RedisCache(os.environ["REDIS_URL"], {"KEY_PREFIX": "tests"})
    other = RedisCache(os.environ["REDIS_URL"], {"KEY_PREFIX": "tests"})
    one.delete("tries")
    one.add("tries", 0, timeout=60.0)
    assert [one.incr("tries"), other.incr("tries"), one.incr("tries")] == [1, 2, 3]
    one.delete("tries")
    with pytest.raises(ValueError, match="tries"):
        one.incr("tries")


@pytest.mark.django_db
@override_settings(CACHES=AWAY)
def test_signing_in_works_while_redis_is_away() -> None:
    """Neither the sign-in nor a page breaks."""
    caches.close_all()
    user = make.make_staff("manager")
    user.set_password("Right-2026!")
    user.save()
    client = Client()
    wrong = client.post(reverse("account_login"), {"login": user.username, "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post(reverse("account_login"), {"login": user.username, "password": "Right-2026!"})
    assert right.status_code == 302
    assert client.get("/").status_code == 200
