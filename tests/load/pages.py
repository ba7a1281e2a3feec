"""How much more a list costs at 50,000 tickets than at 2,000: the ratio of time and of queries.

Not part of the suite. It needs a PostgreSQL server, makes a database of its own, and drops it afterwards::

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/portal_load python -m tests.load.pages
    … python -m tests.load.pages --few 2000 --many 50000 --rounds 15

For each list and each reader it prints the median milliseconds at both sizes, their ratio and the queries. A list that
is served by its indexes keeps a ratio near 1; one that reads the whole table grows with it. The search of a fragment
and a late page are measured too, since they are the first to fall.
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

from django.db import connection  # noqa: E402  Django has to be ready first
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.urls import reverse  # noqa: E402

from apps.core.search import normalize  # noqa: E402
from apps.projects.models import Equipment, Project, ProjectPerson  # noqa: E402
from apps.tickets.models import Ticket, WorkOrder  # noqa: E402
from tests import factories as make  # noqa: E402
from tests.access.watch import watched  # noqa: E402

PROJECTS = 200
EQUIPMENT_EACH = 20
STATES = [state.value for state in Ticket.Status]
FAULTS = ["路灯不亮", "配电柜跳闸", "水泵漏水", "显示屏花屏", "门禁失灵", "空调不制冷", "绿化死苗", "网络中断"]


class Town:
    """The rows that are measured: projects, equipment, tickets, work orders, written in bulk."""

    def __init__(self) -> None:
        self.manager = make.make_staff("manager")
        self.engineer = make.make_staff("engineer")
        self.owner_admin = make.make_owner_admin()
        owner = self.owner_admin.owner_person.owner
        self.projects = [make.make_project(owner=owner if n < 10 else None) for n in range(PROJECTS)]
        ProjectPerson.objects.bulk_create(
            ProjectPerson(project=project, user=self.engineer, role="engineer") for project in self.projects[:20]
        )
        self.equipment = Equipment.objects.bulk_create(
            Equipment(
                project=project,
                asset_code=f"SB-{number * EQUIPMENT_EACH + n:06d}",
                name=f"控制箱{n}",
                search_text=f"sb-{number * EQUIPMENT_EACH + n:06d} 控制箱{n}",
            )
            for number, project in enumerate(self.projects)
            for n in range(EQUIPMENT_EACH)
        )
        self.tickets = 0

    def grow(self, total: int) -> None:
        """Add tickets, each with a work order, until there are ``total``; then let the planner look."""
        numbers = range(self.tickets, total)
        tickets = Ticket.objects.bulk_create((self._ticket(n) for n in numbers), batch_size=2000)
        WorkOrder.objects.bulk_create(
            (
                WorkOrder(
                    number=f"WX-2026-{n:06d}",
                    ticket=ticket,
                    engineer=self.engineer if n % 20 == 0 else self.manager,
                    dispatched_by=self.manager,
                    dispatched_at=ticket.reported_at,
                    appointment_from=ticket.reported_at,
                    appointment_to=ticket.reported_at + timedelta(hours=2),
                    status="signed" if ticket.status == "closed" else "working",
                )
                for n, ticket in zip(numbers, tickets, strict=True)
            ),
            batch_size=2000,
        )
        self.tickets = total
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _ticket(self, n: int) -> Ticket:
        state = STATES[n % len(STATES)] if n % 10 == 0 else "closed"
        title = f"{FAULTS[n % len(FAULTS)]} {n}"
        return Ticket(
            number=f"FW-2026-{n:06d}",
            project=self.projects[n % PROJECTS],
            equipment=self.equipment[(n * 7) % len(self.equipment)],
            title=title,
            contact_name="周主任",
            contact_phone="13800001111",
            reported_at=make.NOW - timedelta(minutes=n),
            status=state,
            closed_at=make.NOW if state == "closed" else None,
            search_text=normalize(f"FW-2026-{n:06d}\n{title}\n周主任\n13800001111"),
        )

    def addresses(self) -> dict[str, str]:
        tickets, project = reverse("tickets:list"), Project.objects.order_by("pk").first()
        return {
            "home": reverse("core:home"),
            "tickets": tickets,
            "tickets, closed": f"{tickets}?tab=closed",
            "tickets, page 90": f"{tickets}?page=90",
            "tickets, of a project": f"{tickets}?project={project.pk if project else 0}",
            "tickets, searched": f"{tickets}?q=水泵漏水",
            "work orders": reverse("tickets:order_list"),
            "projects": reverse("projects:list"),
            "equipment": reverse("projects:equipment_list"),
            "project": project.get_absolute_url() if project else "",
            "search": f"{reverse('core:search')}?q=FW-2026-000777",
        }


def measure(client: Client, url: str, rounds: int) -> tuple[float, int]:
    """Return the median milliseconds and the queries of one page."""
    client.get(url)
    times = []
    with watched() as watch:
        response = client.get(url)
    for _ in range(rounds):
        start = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - start) * 1000)
    return (statistics.median(times), len(watch.queries)) if response.status_code == 200 else (float("nan"), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=2_000)
    parser.add_argument("--many", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("Name a PostgreSQL server in DATABASE_URL; on SQLite the figures mean nothing.")
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        compare(options)
    finally:
        teardown_databases(databases, verbosity=0)


def compare(options: argparse.Namespace) -> None:
    """Measure at both sizes and print the table."""
    town = Town()
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for total in (options.few, options.many):
        town.grow(total)
        for reader in ("manager", "engineer", "owner_admin"):
            client = Client()
            client.force_login(getattr(town, reader), backend="apps.accounts.backends.IdentifierBackend")
            for name, url in town.addresses().items():
                found.setdefault((reader, name), []).append(measure(client, url, options.rounds))
    print(f"{'reader':12} {'page':24} {'ms few':>8} {'ms many':>8} {'ratio':>6} {'queries':>9}")
    for (reader, name), ((few, q_few), (many, q_many)) in found.items():
        print(f"{reader:12} {name:24} {few:8.1f} {many:8.1f} {many / few:6.2f} {q_few:>4}/{q_many}")


if __name__ == "__main__":
    main()
