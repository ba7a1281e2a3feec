from typing import Any

from django.db import migrations
from django.db.models.functions import Lower


def fold_numbers(apps: Any, schema_editor: Any) -> None:
    """Write by what the orders so far are found: their numbers, without case."""
    apps.get_model("tickets", "WorkOrder").objects.update(search_text=Lower("number"))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_find_orders_by_number")]

    operations = [migrations.RunPython(fold_numbers, migrations.RunPython.noop, elidable=True)]
