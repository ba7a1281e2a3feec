"""``manage.py list_waiting_targets``: promises that nothing in this portal can start or end yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.service_levels.reading import waiting_targets


class Command(BaseCommand):
    help = "Lists the targets of the policies in force that no declared event can start, or none can end."

    def handle(self, *args: Any, **options: Any) -> None:
        found = waiting_targets()
        for one in found:
            starts = ", ".join(one.start_events)
            stops = ", ".join(one.stop_events)
            misses = " or ".join(word for word, there in [("start", one.can_start), ("end", one.can_stop)] if not there)
            self.stdout.write(f"{one.metric}: {starts} -> {stops}")
            self.stdout.write(f"  nothing can {misses} it yet; policies: {', '.join(one.policies)}")
        self.stdout.write(f"{len(found)} kinds of targets wait." if found else "No target waits.")
