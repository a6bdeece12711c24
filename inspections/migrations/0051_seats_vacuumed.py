"""Has PostgreSQL go through exams' seats after a hundredth of them changed, not a fifth.

How an exam went is counted along an index alone. Settling a few thousand attempts changes seats on
all pages of the table, and until they are gone through every seat is looked up beside the index.
"""

from django.db import migrations


def vacuum_sooner(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        table = schema_editor.quote_name(apps.get_model("inspections", "Seat")._meta.db_table)
        schema_editor.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01)")


def vacuum_as_others(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        table = schema_editor.quote_name(apps.get_model("inspections", "Seat")._meta.db_table)
        schema_editor.execute(f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor)")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0050_unsettled_in_full")]

    operations = [migrations.RunPython(vacuum_sooner, vacuum_as_others)]
