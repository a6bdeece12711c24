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
from django.db import DEFAULT_DB_ALIAS, connection, connections, router
from django.db.models import Expression, Field, Func, IntegerField, Model, QuerySet
from django.db.models.query import (
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.utils.translation import get_language

from organization.planned import fetched, with_constants, within


class Slot(Expression):
    """A place in a query for a value of this field; of several values it is the one at `place`."""

    def __init__(self, name: str, field: Field, place: int | None = None):
        super().__init__(output_field=field)
        self.name, self.place = name, place

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def value(self, given: dict):
        value = given[self.name] if self.place is None else given[self.name][self.place]
        if type(value) is int and isinstance(self.output_field, IntegerField):
            return within(value)  # mostly ids, of which some pages ask for hundreds
        return within(self.output_field.get_db_prep_value(value, connection))


class Unforeseen(Func):
    """A slot's value that PostgreSQL does not look at when it makes a plan.

    Where the value decides how many rows there are it would make a plan for each look, which may
    take longer than the answer. Not knowing it, it takes a third of all rows to be newer than a
    moment, and few to be between two.
    """

    template, arity = "(SELECT %(expressions)s)", 1


@dataclass(frozen=True)
class Compiled:
    """`shaped` makes of a row what the queryset would give, read from this database."""

    model: type[Model]
    sql: str
    params: Sequence
    converters: Sequence[tuple[int, list, Expression]]
    shaped: Callable[[str, Sequence], Any]

    def rows(self, given: dict) -> list:
        alias = router.db_for_read(self.model)  # a standby, where the page is read from one
        params = [p.value(given) if isinstance(p, Slot) else p for p in self.params]
        found = fetched(connections[alias], self.sql, params)
        if self.shaped is plain and not self.converters:
            return found  # as they are, of which there may be thousands
        return [self.shaped(alias, self.converted(row)) for row in found]

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
    may depend on them, on the language and on nothing else. Without an answer in SQL ("in" of
    nothing) it is []. Raises TypeError as `compiled_from` does.
    """

    @lru_cache(maxsize=256)
    def compiled(_about: tuple, sizes: tuple, others: tuple[tuple[str, Hashable], ...]):
        slots = {name: slots_of(name, fields[name], size) for name, size in sizes}
        try:
            return compiled_from(make(**slots, **dict(others)))
        except EmptyResultSet:
            return None

    def ask(**given) -> list:
        sizes = tuple((name, size_of(given[name])) for name in fields)
        others = tuple((name, value) for name, value in given.items() if name not in fields)
        # translated columns are another for each language
        found = compiled((connection.vendor, get_language()), sizes, others)
        return found.rows(given) if found else []

    return ask


def size_of(value) -> int | None:
    return len(value) if isinstance(value, (list, tuple)) else None


def slots_of(name: str, field: Field, size: int | None) -> Slot | list[Slot]:
    if size is None:
        return Slot(name, field)
    return [Slot(name, field, place) for place in range(size)]


def compiled_from(query: QuerySet) -> Compiled:
    """Raises TypeError for what would not come as the queryset gives it."""
    compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    if query._iterable_class not in (ModelIterable, ValuesListIterable):
        # values of translated fields come in several columns: `rewrite(False)` names one
        raise TypeError(f"rows as {query._iterable_class.__name__} are not told apart here")
    having = compiler.compile(compiler.having)[1] if compiler.having else ()
    if any(isinstance(each, Slot) for each in having):
        raise TypeError("a slot in HAVING is grouped by")
    found = compiler.get_converters([each[0] for each in compiler.select])
    converters = [(place, *about) for place, about in found.items()]
    shaped = instances_of(compiler) if query._iterable_class is ModelIterable else plain
    if connection.vendor == "postgresql":
        sql, params = with_constants(sql, params)
    return Compiled(query.model, sql, params, converters, shaped)


def plain(_alias: str, row: Sequence) -> tuple:
    return tuple(row)


def instances_of(compiler) -> Callable[[str, Sequence], Any]:
    """A row as Django's own iterator makes an instance of it, with what `select_related` names and
    what `annotate` adds.
    """
    about, select = compiler.klass_info, compiler.select
    model, places = about["model"], about["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [select[place][0].target.attname for place in places]
    added = tuple(compiler.annotation_col_map.items())

    @lru_cache(maxsize=2)
    def related(alias: str):
        return get_related_populators(about, select, alias)

    def made(alias: str, row: Sequence):
        instance = model.from_db(alias, names, row[first:last])
        for each in related(alias):
            each.populate(row, instance)
        for name, place in added:
            setattr(instance, name, row[place])
        return instance

    return made


def by_key(rows: Iterable) -> dict:
    """Instances by their keys, as `in_bulk` has them."""
    return {row.pk: row for row in rows}


def keep_related(instance: Model, name: str, rows: list) -> None:
    """Have rows at hand as `prefetch_related(name)` would: `instance.name.all()` gives them, and
    of each the instance is known.
    """
    manager = getattr(instance, name)
    related = manager.all()
    related._result_cache, related._prefetch_done = rows, True
    for row in rows:
        setattr(row, manager.field.name, instance)
    instance._prefetched_objects_cache = {
        **getattr(instance, "_prefetched_objects_cache", {}),
        name: related,
    }
