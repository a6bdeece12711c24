"""No migration takes from the release that still runs what it needs."""

from dataclasses import replace

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Q

from tests.tooling.expanding import Released, broken_by, contracts, feels, released

SINCE = Released((0, 2, 0), frozenset())


WHAT_TO_DO = """
While these migrations run, and after, processes of the old release work on. Either
- only add: a column with null=True or db_default, a new table; fill it, and take the old one away
  in a later release;
- or say in the migration, `contracts = "0.1.0"`, which release was the last that used what goes;
- or, if no release that runs anywhere has the table as it was, add the migration's name as a line
  to fixtures/upgrade-from.txt and say in the commit why nobody feels it.
"""


def test_no_migration_since_the_last_release_is_felt_by_it():
    told = broken_by(released())
    assert not told, "\n".join(told) + WHAT_TO_DO


def test_it_looks_at_what_is_newer_and_not_at_new_tables():
    """One that changed a constraint of an old table and made five tables with theirs."""
    name = "inspections.0025_post_questions"
    told = broken_by(replace(released(), migrations=released().migrations - {name}))
    assert len(told) == 1
    assert "listupload" in told[0]
    assert told[0].startswith(f"{name}: Create constraint")


def state():
    found = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=60)),
        ("note", models.TextField(null=True)),
    ]
    found.add_model(ModelState("shop", "Order", fields))
    return found


def told(operation):
    before, after = state(), state()
    operation.state_forwards("shop", after)
    return feels(operation, "shop", before, after)


NO_NAME = models.CheckConstraint(condition=~Q(name=""), name="named")


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("order", "note"), "still uses it"),
        (migrations.RenameField("order", "note", "remark"), "still uses it"),
        (migrations.RenameModel("Order", "Purchase"), "still uses it"),
        (migrations.DeleteModel("Order"), "still uses it"),
        (migrations.AlterModelTable("order", "orders"), "still uses it"),
        (migrations.AddField("order", "paid", models.BooleanField(default=False)), "no value"),
        (migrations.AlterField("order", "note", models.TextField(default="")), "writes nulls"),
        (migrations.AlterField("order", "name", models.CharField(max_length=9)), "longer"),
        (migrations.AlterField("order", "name", models.IntegerField()), "another type"),
        (
            migrations.AlterField("order", "name", models.CharField(max_length=60, unique=True)),
            "twice",
        ),
        (migrations.AddConstraint("order", NO_NAME), "may write what it refuses"),
        (migrations.RunSQL("DROP TABLE shop_order"), "nobody can see"),
        (
            migrations.SeparateDatabaseAndState([migrations.RemoveField("order", "note")]),
            "still uses it",
        ),
    ],
)
def test_what_the_old_release_would_feel_is_told(operation, why):
    assert why in told(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("order", "paid", models.BooleanField(null=True)),
        migrations.AddField("order", "paid", models.BooleanField(db_default=False)),
        migrations.AlterField("order", "name", models.CharField(max_length=200)),
        migrations.AlterField("order", "name", models.CharField(max_length=60, null=True)),
        migrations.AddIndex("order", models.Index(fields=["name"], name="by_name")),
        migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(migrations.RunPython.noop),
    ],
)
def test_what_only_adds_is_not(operation):
    assert told(operation) == ""


@pytest.mark.parametrize(("last_user", "may"), [("0.1.0", True), ("0.2.0", False), ("", False)])
def test_what_goes_was_not_used_any_more_by_the_release_that_runs(last_user, may):
    migration = migrations.Migration("0009_drop_note", "shop")
    migration.contracts = last_user
    assert contracts(migration, SINCE) is may
