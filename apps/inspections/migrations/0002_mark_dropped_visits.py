from typing import Any

from django.db import migrations, models


def mark_dropped(apps: Any, schema_editor: Any) -> None:
    """Mark the visits that a change of their plan has dropped so far."""
    dropped = apps.get_model("core", "Event").objects.filter(name="inspections.visit.drop").values("subject_id")
    apps.get_model("inspections", "Visit").objects.filter(pk__in=dropped).update(is_dropped=True)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_squashed"),
        ("inspections", "0001_squashed"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="is_dropped",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark_dropped, migrations.RunPython.noop, elidable=True),
    ]
