"""Statements that PostgreSQL plans a few times and then no more.

A statement that joins many tables takes the server as long to plan as to answer. What is put into
SQL once (organization.prepared) is therefore kept by the server too, each connection for itself;
from the sixth time on the plan is kept where one for any values is as good as one for these.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache

from django.db import connection
from django.db.models import Expression
from django.db.utils import NotSupportedError

KEPT = 500  # statements of one connection; about 0.1 MB of the server's memory each
FARTHEST = 2**63 - 1  # no whole number in a column is beyond it


def within(value):
    """A whole number that no column can hold becomes one that none does: it can be asked for."""
    return max(-FARTHEST, min(value, FARTHEST)) if is_number(value) else value


def is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def with_constants(sql: str, params: Sequence) -> tuple[str, list[Expression]]:
    """The statement with all its values written out but the slots: a plan for any values can only
    use an index over a part of a table when what that part is stands in the statement.
    """
    slots, left = [], iter(params)

    def written(found: re.Match) -> str:
        if found[0] == "%%":
            return found[0]
        value = next(left)
        if isinstance(value, Expression):
            slots.append(value)
            return found[0]
        return connection.ops.compose_sql("%s", [value]).replace("%", "%%")

    return re.sub("%[%s]", written, sql), slots


def fetched(database, sql: str, params: Sequence) -> list[Sequence]:
    """All rows of a statement that the server may keep."""
    try:
        return rows_of(cursor_of(database), sql, params)
    except NotSupportedError:
        # A column has another type since a migration, and the kept plan is refused. What a
        # transaction asked before is lost with it, and its rollback forgets the plans.
        if database.vendor != "postgresql" or database.in_atomic_block:
            raise
        with database.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        return rows_of(cursor_of(database), sql, params)


@contextmanager
def for_any_values() -> Iterator[None]:
    """Within it PostgreSQL makes one plan of a statement for all values at once, and not one each
    for the first five times on each connection: where many are asked together, that takes longer
    than they do. Only where no statement depends on what its values are.
    """
    connection.ensure_connection()
    if connection.vendor != "postgresql" or connection.connection.prepare_threshold is None:
        # behind a pooler nothing is kept, and what one sets may meet another
        yield
        return
    # of the driver itself: a setting asks nothing of the data
    with connection.wrap_database_errors:
        connection.connection.execute("SET plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        # of a transaction that failed the end takes it back, of a connection that
        # broke nothing is left
        with suppress(connection.Database.Error):
            connection.connection.execute("SET plan_cache_mode = DEFAULT")


def rows_of(cursor, sql: str, params: Sequence) -> list[Sequence]:
    with cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def cursor_of(database):
    if database.vendor != "postgresql":
        return database.cursor()
    database.ensure_connection()
    database.connection.prepared_max = KEPT
    cursor = planning()(database.connection)
    return (database.make_debug_cursor if database.queries_logged else database.make_cursor)(cursor)


@lru_cache
def planning() -> type:
    """The class of such cursors, which only PostgreSQL's driver has."""
    from django.db.backends.postgresql.base import ServerBindingCursor
    from psycopg.types.numeric import Int8

    class PlannedCursor(ServerBindingCursor):
        def execute(self, sql, params=None):
            # each size of a number would be a statement of its own
            params = [Int8(value) if is_number(value) else value for value in params or ()]
            return super().execute(sql, params, prepare=True)

        def _convert_query(self, query, params=None):
            self._query = super()._convert_query(query, params)  # Django logs this one
            return self._query

    return PlannedCursor
