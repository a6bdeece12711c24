"""All rows of one database into another, and every one of them compared.

The two are described by the same models, so that each value goes through the types that both
know; what a database keeps in its own way (moments, decimals, JSON) comes out as the same value.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

import dj_database_url
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.functions import Collate

TARGET = "target"
AT_ONCE = 2000
# what migrating fills itself
MADE = {"django_content_type", "auth_permission"}


class CannotMove(Exception):
    """Why nothing was moved, in words for who asked; the target is as it was."""


@dataclass(frozen=True)
class Moved:
    """A table that has the same rows in both: how many, and a digest over all of them."""

    table: str
    rows: int
    sha256: str


@contextmanager
def beside(url: str):
    """The connection to the database at `url`, which is in use for this time only."""
    described = {DEFAULT_DB_ALIAS: {}, TARGET: dict(dj_database_url.parse(url))}
    connections.settings[TARGET] = connections.configure_settings(described)[TARGET]
    try:
        yield connections[TARGET]
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.settings[TARGET]


def transfer(source, target) -> list[Moved]:
    """Copy every row into a PostgreSQL database that has the tables, and compare all of them.

    One transaction, in which nobody else writes to an SQLite source. Keys that were given out
    once, also to what is deleted, are not given out again. Raises CannotMove where a table of the
    target holds something already, or a row does not come out as it went in.
    """
    if full := [model for model in tables() if holds_something(model, target)]:
        raise CannotMove(
            f"目标数据库里已经有数据：{full[0]._meta.db_table} / "
            f"the target holds something already: {full[0]._meta.db_table}"
        )
    with transaction.atomic(using=source.alias), transaction.atomic(using=target.alias):
        empty(target)
        for model in tables():
            copy(model, source, target)
        moved = [compared(model, source, target) for model in tables()]
        set_sequences(source, target)
    return moved


def tables() -> list[type[models.Model]]:
    """A model for each table, also for those between two others."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def holds_something(model, target) -> bool:
    return model._meta.db_table not in MADE and rows_of(model, target).exists()


def rows_of(model, connection) -> models.QuerySet:
    """Columns as they are, whatever a model's own manager makes of them; in the same order
    everywhere.
    """
    key = model._meta.pk
    order = key.attname
    if connection.vendor == "postgresql" and isinstance(key, models.CharField):
        order = Collate(order, "C")  # by bytes, as SQLite sorts
    names = [field.attname for field in model._meta.local_concrete_fields]
    return models.QuerySet(model).using(connection.alias).order_by(order).values_list(*names)


def empty(target):
    quote = target.ops.quote_name
    names = ", ".join(quote(model._meta.db_table) for model in tables())
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def copy(model, source, target):
    quote, fields = target.ops.quote_name, model._meta.local_concrete_fields
    columns = ", ".join(quote(field.column) for field in fields)
    into = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with target.cursor() as cursor, cursor.copy(into) as lines:
        for row in rows_of(model, source).iterator(chunk_size=AT_ONCE):
            pairs = zip(fields, row, strict=True)
            lines.write_row([field.get_db_prep_save(value, target) for field, value in pairs])


def compared(model, source, target) -> Moved:
    table, rows, digest = model._meta.db_table, 0, hashlib.sha256()
    for here, there in zip_longest(lines_of(model, source), lines_of(model, target)):
        if here != there:
            raise CannotMove(f"{table} 第 {rows + 1} 行不一致 / differs in row {rows + 1}")
        rows += 1
        digest.update(here)
    return Moved(table, rows, digest.hexdigest())


def lines_of(model, connection) -> Iterator[bytes]:
    for row in rows_of(model, connection).iterator(chunk_size=AT_ONCE):
        yield json.dumps([plain(value) for value in row], sort_keys=True).encode() + b"\n"


def plain(value):
    """A value as JSON says it, the same for whatever is the same."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def set_sequences(source, target):
    """The next key in each table comes after every key that was ever given out."""
    given = last_keys(source)
    quote = target.ops.quote_name
    for model in tables():
        if not isinstance(model._meta.pk, models.AutoField):
            continue
        table, column = model._meta.db_table, model._meta.pk.column
        highest = rows_of(model, target).aggregate(highest=models.Max("pk"))["highest"] or 0
        last = max(highest, given.get(table, 0))
        with target.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [quote(table), column, max(last, 1), last > 0],
            )


def last_keys(source) -> dict[str, int]:
    """What SQLite remembers of them; history speaks of things by their keys."""
    if source.vendor != "sqlite":
        return {}
    with source.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return dict(cursor.fetchall())
