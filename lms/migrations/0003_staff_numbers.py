"""A counter of staff numbers per enterprise; the table of the shared cache (sign-in limits live there)."""

from typing import Any

from django.core.management import call_command
from django.db import migrations, models


def make_cache_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("lms", "0002_outcome_facts")]

    operations = [
        migrations.AddField(
            model_name="enterprise",
            name="last_staff_number",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop, elidable=False),
    ]
