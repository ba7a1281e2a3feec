"""What the processes of the portal remember together for a while: above all, how often somebody has tried.

Nothing that matters lies here alone. A cache that is away costs a warning in the log, never a page (decision 0009).
"""

from __future__ import annotations

import fcntl
import logging
import pickle
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: After a failure Redis is left alone for so many seconds, so that one that hangs does not slow down every page.
LEFT_ALONE = 10.0


class RedisCache(DjangoRedisCache):
    """Redis; while it is away, the memory of this process: limits then count by process instead of not at all."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._instead = LocMemCache("redis-away", {"OPTIONS": {"MAX_ENTRIES": 10_000}})
        self._away_until = 0.0

    def _or_instead(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError):
                self._away_until = time.monotonic() + LEFT_ALONE
                logger.warning("Redis is not reachable; this process counts by itself for a while.", exc_info=True)
        return getattr(self._instead, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_instead("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_instead("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._or_instead("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_instead("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_instead("delete", *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_instead("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_instead("has_key", *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_instead("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._or_instead("delete_many", *args, **kwargs)

    def clear(self) -> None:
        self._or_instead("clear")

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count; where Redis went away since the key was made, counting begins here."""
        try:
            return int(self._or_instead("incr", key, delta, version=version))
        except ValueError:
            if time.monotonic() >= self._away_until and not self._instead.has_key(key, version=version):
                raise
            self._instead.add(key, 0, version=version)
            return int(self._instead.incr(key, delta, version=version))


class FileCache(FileBasedCache):
    """Files in one folder, for the processes of one machine. Counting is exact and keeps the time a key has left."""

    _dir: str
    _key_to_file: Callable[..., str]
    _is_expired: Callable[..., bool]
    _createdir: Callable[[], None]

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        with self._alone():
            return bool(super().add(key, value, timeout, version=version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        with self._alone():
            path = Path(self._key_to_file(key, version))
            try:
                with path.open("rb") as file:
                    if self._is_expired(file):
                        raise ValueError(f"Key '{key}' not found")
                    value = pickle.loads(zlib.decompress(file.read()))  # noqa: S301  our own file, in our own folder
                    file.seek(0)
                    expires = pickle.load(file)  # noqa: S301
            except FileNotFoundError:
                raise ValueError(f"Key '{key}' not found") from None
            left = None if expires is None else max(0.0, expires - time.time())
            self.set(key, value + delta, timeout=left, version=version)
            return int(value + delta)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._createdir()
        with (Path(self._dir) / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
