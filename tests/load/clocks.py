"""What one escalation sweep costs with 1,000 clocks due among 10,000 and among 1,000,000: seconds and their ratio.

Not part of the suite. It needs a PostgreSQL server, makes a database of its own, and drops it afterwards::

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/portal_load python -m tests.load.clocks
    … python -m tests.load.clocks --few 10000 --many 1000000 --due 1000 --rounds 5

A sweep reads only the rows that are due, so the ratio stays near 1. Each round makes as many clocks due again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402  Django has to be ready first
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from apps.service_levels import escalation  # noqa: E402
from apps.service_levels.models import Clock, PolicyVersion, ServicePolicy, Sweep, Target  # noqa: E402
from apps.tickets.models import Ticket  # noqa: E402
from tests import factories as make  # noqa: E402

NOW = make.NOW
TICKETS = 1000

INSERT = """
    INSERT INTO service_levels_clock (
        project_id, subject_type_id, subject_id, number, title, target_id, round, metric, kind, level, is_urgent,
        audience, amount, unit, ladder, start_event, started_at, due_at, is_provisional, state, is_reclassified,
        stop_event, is_over, last_percent, next_check_at)
    SELECT %s, %s, %s + (n %% %s), 'FW-' || n, '', %s, 1 + n / %s, 'arrive', 'fault', 1, false,
        'owner', 240, 'minutes', '[]', 'tickets.ticket.opened', %s, %s + n * interval '1 second', false, 'running', false,
        '', false, 0, %s + n * interval '1 second'
    FROM generate_series(%s, %s) AS n
"""


class Clocks:
    """As many running clocks as wanted, due from tomorrow on, one second after another."""

    def __init__(self) -> None:
        make.make_staff("manager")
        make.make_staff("customer_service")
        project = make.make_project()
        policy = ServicePolicy.objects.create(key="load", name="load")
        version = PolicyVersion.objects.create(policy=policy, number=1, created_at=NOW)
        target = Target.objects.create(version=version, metric="arrive", amount=240, start_events=[], stop_events=[])
        tickets = [make.make_ticket(project=project) for _one in range(TICKETS)]
        self.values = (project.pk, ContentType.objects.get_for_model(Ticket).pk, tickets[0].pk, target.pk)
        self.count = 0

    def grow(self, total: int) -> None:
        """Add clocks until there are ``total``; then let the planner look."""
        project, kind, first, target = self.values
        tomorrow = NOW + timedelta(days=1)
        with connection.cursor() as cursor:
            cursor.execute(
                INSERT,
                [project, kind, first, TICKETS, target, TICKETS, NOW, tomorrow, tomorrow, self.count, total - 1],
            )
            cursor.execute("VACUUM ANALYZE service_levels_clock")
        self.count = total

    def make_due(self, due: int) -> None:
        """Have ``due`` clocks reach their due time now, as if nothing had been told of them."""
        keys = Clock.objects.order_by("?").values("pk")[:due]
        Clock.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).update(
            state="running",
            missed_at=None,
            last_percent=0,
            started_at=NOW - timedelta(hours=4),
            due_at=NOW,
            next_check_at=NOW,
        )
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM service_levels_escalationstep")
            cursor.execute("ANALYZE service_levels_clock")


def measure(clocks: Clocks, due: int, rounds: int) -> float:
    """Return the median seconds of a sweep."""
    taken = []
    for _round in range(rounds):
        clocks.make_due(due)
        Sweep.objects.update_or_create(name=escalation.SWEEP, defaults={"ran_at": NOW})
        began = time.perf_counter()
        seen = escalation.sweep(now=NOW)
        taken.append(time.perf_counter() - began)
        assert seen == due, seen
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL server.")
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        clocks = Clocks()
        clocks.grow(options.few)
        few = measure(clocks, options.due, options.rounds)
        clocks.grow(options.many)
        many = measure(clocks, options.due, options.rounds)
    finally:
        teardown_databases(databases, verbosity=0)
    print(f"{options.due} due among {options.few}: {few:.3f} s")
    print(f"{options.due} due among {options.many}: {many:.3f} s")
    print(f"ratio {many / few:.2f}")


if __name__ == "__main__":
    main()
