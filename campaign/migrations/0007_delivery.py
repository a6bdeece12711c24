from django.db import migrations, models
from django.db.models import F, Q


def say_when_they_began(apps, schema_editor):
    """What was being sent by the earlier program knew only when it was claimed."""
    rows = apps.get_model("campaign", "Reminder").objects.filter(delivery="sending", begun_at=None)
    rows.update(begun_at=F("claimed_at"))


class Migration(migrations.Migration):
    dependencies = [("campaign", "0006_reminder_ledger")]

    operations = [
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                fields=["channel", "person"], condition=Q(delivery="wanted"), name="reminder_queue"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                fields=["begun_at"], condition=Q(delivery="sending"), name="reminder_begun"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                fields=["begun_at"],
                condition=Q(delivery="unknown", urgent=True),
                name="reminder_unknown",
            ),
        ),
        migrations.RunPython(say_when_they_began, migrations.RunPython.noop),
    ]
