"""What SQLite knows of how often values repeat, by which it chooses among indexes.

PostgreSQL finds that out by itself. SQLite only does when told to, and takes every index for
about as good until then: "of this campaign", which is nearly every row, for as narrow as "of this
project". What it finds is wrong where most rows have nothing in a column ("corrects", "withdraws"):
it counts these as rows with the same value, and rather than look up the one that corrects a call
would read the whole table. It has one figure for both questions, "this value" and "none". So
columns that may be empty are counted again, and the empty ones for a hundredth: more than a narrow
index would find, far less than the table.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction

EMPTY = 100  # so many rows without a value count as one


def renew_statistics() -> int:
    """Let SQLite count again, for connections that are opened from now on; how many indexes
    were put right. Reads every index once, two seconds at ten thousand projects, in which others
    wait to write. Writes nothing but its own table of figures; on PostgreSQL it does nothing.
    """
    if connection.vendor != "sqlite":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        corrected = [*without_empty(cursor)]
        cursor.executemany("UPDATE sqlite_stat1 SET stat = %s WHERE idx = %s", corrected)
    return len(corrected)


def without_empty(cursor) -> Iterator[tuple[str, str]]:
    """Figures of indexes over one column that may be empty: rows, and rows of one value."""
    quote = connection.ops.quote_name
    cursor.execute("SELECT tbl, idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL")
    known = [(table, index, stat.split()) for table, index, stat in cursor.fetchall()]
    nullable = columns_that_may_be_empty()
    for table, index, stat in known:
        if len(stat) != 2 or not stat[1].isdigit():
            continue
        cursor.execute(f"PRAGMA index_info({quote(index)})")
        [(_place, _number, column)] = cursor.fetchall()
        if (table, column) not in nullable:
            continue
        name, of = quote(column), quote(table)
        cursor.execute(f"SELECT COUNT({name}), COUNT(DISTINCT {name}) FROM {of}")  # noqa: S608
        filled, different = cursor.fetchone()
        empty = int(stat[0]) - filled
        yield f"{stat[0]} {max(1, round(filled / (different or 1)), empty // EMPTY)}", index


def columns_that_may_be_empty() -> set[tuple[str, str]]:
    models = apps.get_models(include_auto_created=True)
    return {
        (model._meta.db_table, field.column)
        for model in models
        for field in model._meta.concrete_fields
        if field.null
    }
