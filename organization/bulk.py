"""Rows by the thousand, without a model instance for each."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import JSONField


def insert(model, names: Sequence[str], rows: Iterable[Sequence], *, on_conflict: str = "") -> int:
    """Insert rows with the values of these fields in their order; all that may not be null.

    One prepared statement, with a clause for rows that are there already; how many it wrote.
    Instances cost ten times what the database takes, which decides how long a form of 2,000
    items with 8,000 requirements is on its way in.
    """
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places}) {on_conflict}"  # noqa: S608 ours
    prepare = [preparing(field) for field in fields]
    prepared = [[ready(value) for ready, value in zip(prepare, row, strict=True)] for row in rows]
    if not prepared:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared)
        return cursor.rowcount


def insert_all(model, things: Iterable) -> int:
    """Insert instances that bring their keys, by the same statement; no state of theirs changes."""
    fields = model._meta.concrete_fields
    rows = [[getattr(thing, field.attname) for field in fields] for thing in things]
    return insert(model, [field.name for field in fields], rows)


def preparing(field) -> Callable:
    """A value as the database takes it; most of them come again and again, also empty lists."""
    own = connections[DEFAULT_DB_ALIAS]  # looked up once, and not for each value

    def ready(value):
        return field.get_db_prep_save(value, own)

    if isinstance(field, JSONField):
        none = {kind: ready(kind()) for kind in (list, dict)}
        return lambda value: ready(value) if value or type(value) not in none else none[type(value)]
    return lru_cache(maxsize=1024, typed=True)(ready)


def update(model, names: Sequence[str], things: Iterable) -> None:
    """Write these fields of instances that have a row; one prepared statement."""
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    places = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), model._meta.pk
    statement = f"UPDATE {table} SET {places} WHERE {quote(key.column)} = %s"  # noqa: S608 names of ours
    prepared = [
        [
            field.get_db_prep_save(getattr(thing, field.attname), connection)
            for field in (*fields, key)
        ]
        for thing in things
    ]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)
