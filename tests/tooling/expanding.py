"""Which migrations the release before would not survive while they run: expand, migrate, contract.

Processes of the old release go on while the new one's migrations run, and for a while after. They
read and write the columns that they know and leave out those that they do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED, ManyToManyField
from django.test import override_settings

from tests.server import ROOT

RELEASED = ROOT / "fixtures" / "upgrade-from.txt"
TAKEN_AWAY = (
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
STRICTER = migrations.AddConstraint, migrations.AlterUniqueTogether
UNREADABLE = (migrations.RunSQL,)


@dataclass(frozen=True)
class Released:
    """The release that runs meanwhile, and what it has already."""

    number: tuple[int, ...]
    migrations: frozenset[str]


def released() -> Released:
    lines = [line for line in RELEASED.read_text().splitlines() if not line.startswith("#")]
    number = version(lines[0].removeprefix("release "))
    return Released(number, frozenset(lines[1:]))


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def broken_by(since: Released) -> list[str]:
    """A sentence for each operation of our apps' newer migrations that the old release feels."""
    with override_settings(MIGRATION_MODULES={}):
        graph = MigrationLoader(None).graph
    ours = {name.partition(".")[0] for name in since.migrations}
    newer = {
        key: migration
        for key, migration in graph.nodes.items()
        if key[0] in ours and ".".join(key) not in since.migrations
    }
    new = {
        (app, operation.name_lower)
        for (app, _name), migration in newer.items()
        for operation in migration.operations
        if isinstance(operation, migrations.CreateModel)
    }
    return [
        f"{'.'.join(key)}: {said}"
        for key, migration in newer.items()
        if not contracts(migration, since)
        for said in felt(graph.make_state(nodes=key, at_end=False), migration, new)
    ]


def felt(state, migration, new: set[tuple[str, str]]) -> Iterator[str]:
    """Of a table that is new as well the old release knows nothing."""
    app = migration.app_label
    for operation in migration.operations:
        after = state.clone()
        operation.state_forwards(app, after)
        said = feels(operation, app, state, after)
        if said and (app, model_of(operation)) not in new:
            yield said
        state = after


def model_of(operation: Operation) -> str:
    return getattr(operation, "model_name_lower", "") or getattr(operation, "name_lower", "")


def contracts(migration, since: Released) -> bool:
    """It says in `contracts` which release was the last to use what goes, and that one is older
    than the one that runs.
    """
    last_user = getattr(migration, "contracts", "")
    return bool(last_user) and version(last_user) < since.number


def feels(operation: Operation, app: str, before, after) -> str:
    """Why the old release would feel this operation; nothing where it does not."""
    what = operation.describe()
    if isinstance(operation, TAKEN_AWAY):
        return f"{what}: the old release still uses it"
    if isinstance(operation, STRICTER):
        return f"{what}: the old release may write what it refuses"
    if isinstance(operation, UNREADABLE):
        return f"{what}: nobody can see what it does"
    if isinstance(operation, migrations.AddField) and must_be_given(operation.field):
        return f"{what}: the old release gives no value (null or db_default)"
    if isinstance(operation, migrations.AlterField):
        return altered(operation, app, before, after)
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        steps = operation.database_operations
        return "; ".join(filter(None, (feels(step, app, before, after) for step in steps)))
    return ""


def must_be_given(field) -> bool:
    """Django's own default goes from the database again once the column is filled."""
    if isinstance(field, ManyToManyField):
        return False
    return not field.null and field.db_default is NOT_PROVIDED


def altered(operation, app, before, after) -> str:
    old, new = (field_in(state, app, operation) for state in (before, after))
    if old.null and must_be_given(new):
        return f"{operation.describe()}: the old release still writes nulls"
    if old.get_internal_type() != new.get_internal_type() or old.db_column != new.db_column:
        return f"{operation.describe()}: the old release knows another type"
    if (new.max_length or 0) < (old.max_length or 0):
        return f"{operation.describe()}: the old release writes longer texts"
    if new.unique and not old.unique:
        return f"{operation.describe()}: the old release may write it twice"
    return ""


def field_in(state, app, operation):
    return state.models[app, operation.model_name_lower].fields[operation.name]
