from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0002_squashed"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="event_by_time"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor", "-at", "-id"], name="event_by_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["name", "-at", "-id"], name="event_by_name"),
        ),
    ]
