"""Querysets that are put into SQL once.

Django takes several times as long to make up a query as a database takes to answer it. Where that
is most of what a request costs, a function of slots builds the queryset with the vocabulary of its
model, and what it compiles to is kept for as many values as were asked for.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import ModelIterable, get_related_populators


class Slot(Expression):
    """A place in a query for a value of this field; of several values it is the one at `place`."""

    def __init__(self, name: str, field: Field, place: int | None = None):
        super().__init__(output_field=field)
        self.name, self.place = name, place

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def value(self, given: dict):
        value = given[self.name] if self.place is None else given[self.name][self.place]
        return self.output_field.get_db_prep_value(value, connection)


@dataclass(frozen=True)
class Compiled:
    sql: str
    params: Sequence
    converters: Sequence[tuple[int, list, Expression]]
    shaped: Callable[[Sequence], Any]

    def rows(self, given: dict) -> list:
        params = [p.value(given) if isinstance(p, Slot) else p for p in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        return [self.shaped(self.converted(row)) for row in found]

    def converted(self, row: Sequence) -> Sequence:
        if not self.converters:
            return row
        values = list(row)
        for place, converters, expression in self.converters:
            for converter in converters:
                values[place] = converter(values[place], expression, connection)
        return values


def prepared(make: Callable[..., QuerySet], fields: dict[str, Field]) -> Callable[..., list]:
    """A function of named values that gives the rows of `make(**slots)` as the queryset would.

    `fields` says of each name what it is a value of; several values, as a list, fill as many slots.
    Other arguments, which have to be hashable, go to `make` as they are: what the query looks like
    may depend on them and on nothing else. Without an answer in SQL ("in" of nothing) it is [].
    """

    @lru_cache(maxsize=256)
    def compiled(_vendor: str, sizes: tuple, others: tuple[tuple[str, Hashable], ...]):
        slots = {name: slots_of(name, fields[name], size) for name, size in sizes}
        try:
            return compiled_from(make(**slots, **dict(others)))
        except EmptyResultSet:
            return None

    def ask(**given) -> list:
        sizes = tuple((name, size_of(given[name])) for name in fields)
        others = tuple((name, value) for name, value in given.items() if name not in fields)
        found = compiled(connection.vendor, sizes, others)
        return found.rows(given) if found else []

    return ask


def size_of(value) -> int | None:
    return len(value) if isinstance(value, (list, tuple)) else None


def slots_of(name: str, field: Field, size: int | None) -> Slot | list[Slot]:
    if size is None:
        return Slot(name, field)
    return [Slot(name, field, place) for place in range(size)]


def compiled_from(query: QuerySet) -> Compiled:
    compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    found = compiler.get_converters([each[0] for each in compiler.select])
    converters = [(place, *about) for place, about in found.items()]
    is_plain = not issubclass(query._iterable_class, ModelIterable)
    return Compiled(sql, params, converters, tuple if is_plain else instances_of(compiler))


def instances_of(compiler) -> Callable[[Sequence], Any]:
    """A row as Django's own iterator makes an instance of it, with what `select_related` names and
    what `annotate` adds.
    """
    about, select = compiler.klass_info, compiler.select
    model, places = about["model"], about["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [select[place][0].target.attname for place in places]
    related = get_related_populators(about, select, DEFAULT_DB_ALIAS)
    added = tuple(compiler.annotation_col_map.items())

    def made(row: Sequence):
        instance = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for each in related:
            each.populate(row, instance)
        for name, place in added:
            setattr(instance, name, row[place])
        return instance

    return made


def by_key(rows: Iterable) -> dict:
    """Instances by their keys, as `in_bulk` has them."""
    return {row.pk: row for row in rows}
