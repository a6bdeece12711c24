"""The ledger's words become codes of rules, and every campaign gets the plan's rules."""

from django.db import migrations, models

CODES = {
    "soon": "before-3",
    "today": "on-0",
    "overdue": "after-1",
    "phase_begins": "phase_begins-0",
    "phase_ends_soon": "phase_ends-3",
    "phase_ends_today": "phase_ends-0",
    "event": "notice",
}
RULES = [
    ("before", 7),
    ("before", 3),
    ("before", 1),
    ("on", 0),
    ("after", 1),
    ("after", 3),
    ("after", 7),
    ("escalate", 3),
    ("escalate", 7),
    ("escalate", 14),
    ("phase_begins", 0),
    ("phase_ends", 3),
    ("phase_ends", 0),
]


def to_codes(apps, schema_editor):
    rename(apps, CODES)


def to_words(apps, schema_editor):
    rename(apps, {code: word for word, code in CODES.items()})


def rename(apps, names):
    ledger = apps.get_model("campaign", "Reminder").objects
    for old, new in names.items():
        ledger.filter(rule=old).update(rule=new)


def give_rules(apps, schema_editor):
    """What was not chosen before is the plan's own."""
    campaigns = apps.get_model("campaign", "Campaign").objects.filter(reminder_settings=None)
    settings = apps.get_model("campaign", "ReminderSettings")
    rule = apps.get_model("campaign", "ReminderRule")
    for campaign in campaigns:
        settings.objects.create(campaign=campaign)
        rule.objects.bulk_create(
            rule(campaign=campaign, kind=kind, days=days) for kind, days in RULES
        )


class Migration(migrations.Migration):
    dependencies = [("campaign", "0008_calendar_feeds")]

    operations = [
        migrations.AlterField(
            model_name="reminder",
            name="rule",
            field=models.CharField(
                help_text="e.g. before-3, notice", max_length=20, verbose_name="规则"
            ),
        ),
        migrations.RunPython(to_codes, to_words),
        migrations.RunPython(give_rules, migrations.RunPython.noop),
    ]
