"""What a due time costs: milliseconds a call, in a calendar used before and in a new one.

Not part of the suite; needs no database::

    python -m tests.load.worktime
    … python -m tests.load.worktime --calls 5000 --budget 0.2

Office hours with every national day of 2020–2026. It fails when a due time 90 working days ahead takes longer than the
budget in the mean, or in a new calendar more than twice as long.
"""

from __future__ import annotations

import argparse
import sys
import time as clocks
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chinese_calendar.constants import holidays, workdays

from apps.core.worktime import WorkCalendar, add_working_days, add_working_minutes, working_minutes_between

OFFICE_DAY = [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]
DAYS: dict[Any, Any] = {on: False for on in holidays if on.year >= 2020} | {
    on: True for on in workdays if on.year >= 2020
}
AHEAD = 90
MINUTES_A_DAY = 450


def office() -> WorkCalendar:
    return WorkCalendar(dict.fromkeys(range(5), OFFICE_DAY), DAYS)


def measured(calls: int, act: Callable[[WorkCalendar, datetime], Any], *, fresh: bool) -> float:
    """Return the mean milliseconds of a call over starts spread over five years."""
    kept, spent = office(), 0.0
    for n in range(calls):
        calendar = office() if fresh else kept
        start = datetime(2021, 1, 1, 3, 7, tzinfo=UTC) + timedelta(hours=n * 43_800 / calls)
        began = clocks.perf_counter()
        act(calendar, start)
        spent += clocks.perf_counter() - began
    return spent / calls * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--budget", type=float, default=0.2, help="milliseconds for a due time 90 working days ahead")
    options = parser.parse_args()
    ahead = timedelta(days=130)
    acts: dict[str, Callable[[WorkCalendar, datetime], Any]] = {
        "due in 90 working days": lambda calendar, start: add_working_minutes(start, AHEAD * MINUTES_A_DAY, calendar),
        "due in 4 working hours": lambda calendar, start: add_working_minutes(start, 240, calendar),
        "between, 130 days": lambda calendar, start: working_minutes_between(start, start + ahead, calendar),
        "the 90th working day": lambda calendar, start: add_working_days(start.date(), AHEAD, calendar),
    }
    print(f"{'ms a call':<26}{'used before':>12}{'new':>12}")
    found = {}
    for name, act in acts.items():
        found[name] = measured(options.calls, act, fresh=False), measured(options.calls, act, fresh=True)
        print(f"{name:<26}{found[name][0]:>12.4f}{found[name][1]:>12.4f}")
    used, new = found["due in 90 working days"]
    return 0 if used <= options.budget and new <= 2 * options.budget else 1


if __name__ == "__main__":
    sys.exit(main())
