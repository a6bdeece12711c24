from django.db import migrations, models


def add_column(apps, schema_editor):
    event = apps.get_model("inspections", "ReceivedEvent")
    later = models.TextField(null=True, db_index=True)
    later.set_attributes_from_name("later")
    later.model = event
    schema_editor.add_field(event, later)


def fill(apps, schema_editor):
    schema_editor.execute("UPDATE inspections_receivedevent SET later = 'before'")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Note",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(add_column),
        migrations.RunPython(fill),
    ]
