"""Working time counted minute by minute, written from the definition and not from the code."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

from apps.core.worktime import WorkCalendar
from tests.factories import SHANGHAI

A_DAY = 24 * 60
BASE = date(2026, 3, 2)
HORIZON = 28


def clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def some_windows(rng: random.Random) -> list[tuple[time, time]]:
    """Up to three windows, some over midnight, some overlapping, some a whole day long."""
    found = []
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
        begin, length = rng.randrange(A_DAY), rng.choice([rng.randrange(1, 300), rng.randrange(1, A_DAY + 1)])
        found.append((clock(begin), clock(begin + length)))
    return found


def some_calendar(rng: random.Random) -> WorkCalendar:
    weekdays = rng.sample(range(7), rng.randrange(8))
    days: dict[date, bool | list[tuple[time, time]]] = {}
    for _ in range(rng.choice([0, 0, 1, 3, 8])):
        on = BASE + timedelta(days=rng.randrange(HORIZON))
        days[on] = rng.choice([False, False, True, some_windows(rng)])
    return WorkCalendar({weekday: some_windows(rng) for weekday in weekdays}, days, SHANGHAI)


def counted(calendar: WorkCalendar) -> bytearray:
    """One byte for each minute of the horizon: 1 where a window is open. Written from the definition, not the code."""
    open_minutes = bytearray(HORIZON * A_DAY)
    first = next((windows for _, windows in sorted(calendar.windows.items()) if windows), [])
    for number in range(-1, HORIZON):
        on = BASE + timedelta(days=number)
        exception = calendar.days.get(on)
        windows = calendar.windows.get(on.weekday(), []) if exception is None else exception
        if exception is True:
            windows = first
        for opens, closes in windows or []:
            begin = opens.hour * 60 + opens.minute
            end = closes.hour * 60 + closes.minute
            end += A_DAY if end <= begin else 0
            begin, end = max(number * A_DAY + begin, 0), min(number * A_DAY + end, HORIZON * A_DAY)
            if begin < end:
                open_minutes[begin:end] = b"\x01" * (end - begin)
    return open_minutes


def counted_due(open_minutes: bytearray, start: int, seconds: int, left: int) -> int | None:
    """The second at which ``left`` seconds are used up; None if not within the horizon."""
    if seconds and open_minutes[start]:
        if left <= 60 - seconds:
            return start * 60 + seconds + left
        left -= 60 - seconds
    begin = start + bool(seconds)
    whole, rest = divmod(left - 1, 60)  # so many minutes are full; in the next one it comes to its end
    if open_minutes.count(1, begin) <= whole:
        return None
    low, high = begin, len(open_minutes)
    while low < high:  # the first minute with ``whole`` open ones before it that is open itself
        middle = (low + high) // 2
        low, high = (low, middle) if open_minutes.count(1, begin, middle + 1) > whole else (middle + 1, high)
    return low * 60 + rest + 1
