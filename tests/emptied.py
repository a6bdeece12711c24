"""After a test whose transactions are real only the tables that hold something are emptied.

Django truncates all of them, which makes a new file of each table, index and sequence on
PostgreSQL: some thousand, for the few tables that a test filled.
"""

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

truncating = DatabaseOperations.sql_flush


def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
    """What leaves every table empty; its foreign keys are looked at when all of it is done."""
    if reset_sequences:
        more = {"reset_sequences": True, "allow_cascade": allow_cascade}
        return truncating(self, style, tables, **more)
    names = {table: self.quote_name(table) for table in tables}
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608
        for table, name in names.items()
    ]
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        filled = [names[table] for (table,) in cursor.fetchall()]
    return ["SET CONSTRAINTS ALL DEFERRED", *(f"DELETE FROM {name}" for name in filled)]  # noqa: S608


def empty_what_is_filled():
    if connection.vendor == "postgresql":
        DatabaseOperations.sql_flush = sql_flush
