"""Rows by the thousand, without a model instance for each."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import CharField, ForeignKey, IntegerField, JSONField, TextField


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
    prepared = [
        [storable(value) for storable, value in zip(prepare, row, strict=True)] for row in rows
    ]
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


def instance(model, **values):
    """A new instance with these values and related things, in a third of the time that Django's
    own constructor takes over names; what is not named has the default of its field.
    """
    blank, related = blanks(model)
    kept = {name: values.pop(name) for name in related.keys() & values.keys()}
    found = blank | values | {related[name]: thing and thing.pk for name, thing in kept.items()}
    made = model(*found.values())
    made._state.fields_cache.update(kept)
    return made


@lru_cache
def blanks(model) -> tuple[dict, dict[str, str]]:
    """The columns of a model with their defaults, and the columns of its related things.

    Raises TypeError where a default is made anew each time.
    """
    fields = model._meta.concrete_fields
    if any(callable(field.default) for field in fields if field.has_default()):
        raise TypeError(f"{model.__name__} has a default that is made anew each time")
    related = {field.name: field.attname for field in fields if field.is_relation}
    return {field.attname: field.get_default() for field in fields}, related


class Json(str):
    """A value of a JSON field that is spelled already."""

    __slots__ = ()


# kinds of fields whose values of this type a database takes as they are
PLAIN = ((CharField, str), (TextField, str), (IntegerField, int), (ForeignKey, int))


def preparing(field) -> Callable:
    """A value as the database takes it; most of them come again and again, also empty lists."""
    own = connections[DEFAULT_DB_ALIAS]  # looked up once, and not for each value

    def storable(value):
        return field.get_db_prep_save(value, own)

    if plain := next((kind for of, kind in PLAIN if isinstance(field, of)), None):
        cached = lru_cache(maxsize=1024, typed=True)(storable)
        return lambda value: value if type(value) is plain else cached(value)
    if field.unique:
        return storable  # nothing comes again
    if isinstance(field, JSONField):
        return json_preparing(storable)
    return lru_cache(maxsize=1024, typed=True)(storable)


def json_preparing(storable: Callable) -> Callable:
    none = {kind: storable(kind()) for kind in (list, dict)}

    def spelled_or_stored(value):
        if type(value) is Json:
            return str(value)
        return storable(value) if value or type(value) not in none else none[type(value)]

    return spelled_or_stored


def update(model, names: Sequence[str], things: Iterable) -> None:
    """Write these fields of instances that have a row; one statement."""
    fields = [model._meta.get_field(name) for name in names]
    rows = [[getattr(thing, field.attname) for field in fields] + [thing.pk] for thing in things]
    rewrite(model, names, rows)


def rewrite(model, names: Sequence[str], rows: Sequence[Sequence]) -> None:
    """Write these fields of rows that are there, each row with its values and at last its key.

    One statement, which PostgreSQL carries out at once: row by row takes it six times as long.
    """
    if not rows:
        return
    fields = [*map(model._meta.get_field, names), model._meta.pk]
    prepare = [preparing(field) for field in fields]
    prepared = [
        [storable(value) for storable, value in zip(prepare, row, strict=True)] for row in rows
    ]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), [quote(field.column) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            values = ", ".join(f"{column} = %s" for column in columns[:-1])
            statement = f"UPDATE {table} SET {values} WHERE {columns[-1]} = %s"  # noqa: S608 ours
            cursor.executemany(statement, prepared)
            return
        values = ", ".join(f"{column} = given.{column}" for column in columns[:-1])
        arrays = ", ".join(f"%s::{cast_to(field)}[]" for field in fields)
        statement = (
            f"UPDATE {table} SET {values} FROM unnest({arrays}) "  # noqa: S608 names of ours
            f"AS given({', '.join(columns)}) WHERE {table}.{columns[-1]} = given.{columns[-1]}"
        )
        cursor.execute(statement, [[*each] for each in zip(*prepared, strict=True)])


def cast_to(field) -> str:
    """Its type in the database. Of words without the length: a cast would cut what is longer off
    without a word, which the column itself refuses.
    """
    kind = field.rel_db_type(connection)
    return "varchar" if kind.startswith("varchar") else kind
