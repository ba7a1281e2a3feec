from django.db import migrations

import apps.core.search


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_search_function"),
        ("tickets", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="search_text",
            field=apps.core.search.FragmentField(sources=("number",)),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=apps.core.search.FragmentIndex(fields=["search_text"], name="work_order_fragments"),
        ),
    ]
