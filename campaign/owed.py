"""Rows of what is owed: one thing, its day and one person who has to act, named in SQL.

They stay querysets until planning copies them into the ledger, so that a hundred thousand rows
go from table to table without passing through Python.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    F,
    Func,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from organization.models import Post

COLUMNS = ("thing", "due", "person", "project")


class AsText(Cast):
    """A key as Python writes it; SQLite keeps UUIDs without their hyphens."""

    output_field = CharField()

    def __init__(self, expression):
        super().__init__(expression, output_field=CharField())

    def as_sqlite(self, compiler, connection, **extra):
        (source,) = self.get_source_expressions()
        if not isinstance(source.output_field, UUIDField):
            return super().as_sqlite(compiler, connection, **extra)
        sql, params = compiler.compile(source)
        cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        parts = [f"substr({sql}, {start}, {length})" for start, length in cuts]
        return "({})".format(" || '-' || ".join(parts)), [*params] * len(parts)


class Joined(Func):
    """Texts one after the other, none of which is ever missing."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = CharField()


def thing_named(kind: str, *keys: str | Combinable) -> Expression:
    """The name of a thing by its kind and what tells it apart: `obligation:12`.

    A key is the path of a field, or an expression.
    """
    parts: list = [Value(f"{kind}:")]
    for number, key in enumerate(keys):
        parts += [Value(":")] if number else []
        parts.append(AsText(F(key)) if isinstance(key, str) else key)
    return Joined(*parts)


def owed_rows(
    rows: QuerySet,
    *,
    thing: str | Combinable,
    due: str | date | Combinable,
    person: str | int,
    project: str | int | None = None,
) -> QuerySet:
    """The rows as `registry.DueSource.owed` yields them: `thing`, `due`, `person`, `project`.

    `person` is the id of who has to act or a path to it, `project` that of the project where
    they do (empty in the company). Joins have to be filtered before: a path given here goes
    along them.
    """
    known = {field.name for field in rows.model._meta.get_fields()}
    columns = {
        "thing": as_expression(thing, CharField()),
        "due": as_expression(due, DateField()),
        "person": as_expression(person, BigIntegerField()),
        "project": as_expression(project, BigIntegerField()),
    }
    # a field of the same name is the column itself: Django takes no annotation of that name
    added = {name: column for name, column in columns.items() if name not in known}
    return rows.order_by().annotate(**added).values(*COLUMNS)


def as_expression(value, field) -> Combinable:
    """A path or an expression is itself; whatever else is the same in every row."""
    if isinstance(value, Combinable):
        return value
    if isinstance(value, str) and not isinstance(field, CharField):
        return F(value)
    # PostgreSQL takes an untyped nothing for a text, which no id can be united with
    same = Value(value, output_field=field)
    return same if value is not None else Cast(same, field)


def local_day_of(moment: str | Combinable) -> TruncDate:
    """The local day of a moment (a path or an expression), in the company's zone."""
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


def holding_post(prefix: str, *roles: str) -> dict:
    """Filters for a current post of these roles, at the end of a path, of an active person."""
    return {
        f"{prefix}__role__in": roles,
        f"{prefix}__until__isnull": True,
        f"{prefix}__user__is_active": True,
    }


def holders(*roles: str) -> Iterable[int]:
    """Ids of the people who hold one of these roles now; for the few of the company."""
    posts = Post.objects.current().of(*roles).filter(user__is_active=True)
    return posts.order_by("user").values_list("user", flat=True).distinct()


def ids_in(things: Iterable[str]) -> dict[str, list[str]]:
    """What tells each thing apart: the parts of its name after the kind."""
    return {thing: thing.split(":")[1:] for thing in things}
