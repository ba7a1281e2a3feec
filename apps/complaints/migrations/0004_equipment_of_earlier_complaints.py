"""A complaint about a request counts for that request's equipment, also one that came before this was kept."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="tickets", model="ticket").first()
    if kind is None:
        return
    tickets = apps.get_model("tickets", "Ticket").objects.filter(pk=OuterRef("subject_id"))
    rows = apps.get_model("complaints", "Complaint").objects.filter(subject_type=kind, equipment=None)
    rows.update(equipment=Subquery(tickets.values("equipment")[:1]))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_analyses_and_equipment")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
