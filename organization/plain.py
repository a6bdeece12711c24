"""Rows by the hundred thousand, read as plain values."""

import gc
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from threading import Lock

from django.db import connection
from django.db.models import JSONField, QuerySet
from django.db.models.sql.constants import MULTI

SIZE = 2000
MOST = 20_000  # values remembered
THINGS = 200_000  # more than a batch of some hundred sheets is made of


class Remembered(dict):
    """What was made of a value, by that value: of those that come again each is made once."""

    def __init__(self, make: Callable):
        self.make = make

    def __missing__(self, given: Hashable):
        if len(self) > MOST:
            self.clear()
        made = self[given] = self.make(given)
        return made


def plain(
    rows: QuerySet, *names: str, as_kept: Collection[str] = (), size: int = SIZE
) -> Iterator[tuple]:
    """The same as `rows.values_list(*names).iterator()`, in a third of the time: amounts, moments
    and words are made once of each value that the database gives, and not once a row.

    Columns `as_kept` come as the database has them: an id a text in SQLite and a UUID in
    PostgreSQL. They serve to compare with others of the same, and to write (organization.bulk).
    """
    listed = rows.values_list(*names)
    compiler = listed.query.get_compiler(using=listed.db)
    chunks = compiler.execute_sql(MULTI, chunked_fetch=True, chunk_size=size)
    selected = [column for column, _sql, _alias in compiler.select]
    makers = {
        at: maker(convs, column, compiler.connection)
        for at, (convs, column) in compiler.get_converters(selected).items()
        if names[at] not in as_kept
    }
    if not makers:  # nothing to make of them
        yield from chain.from_iterable(chunks)
        return
    for chunk in chunks:
        columns = list(zip(*chunk, strict=True))
        for at, make in makers.items():
            columns[at] = tuple(map(make, columns[at]))
        yield from zip(*columns, strict=True)


def maker(converters, column, connection) -> Callable:
    def make(given):
        for convert in converters:
            given = convert(given, column, connection)
        return given

    is_shared = not isinstance(column.output_field, JSONField)  # one dictionary for several rows
    return Remembered(make).__getitem__ if is_shared else make


class Kept:
    """Amounts of a field as the database has them, and back: a float in SQLite, a Decimal in
    PostgreSQL. `plain` gives them `as_kept`, a third faster to look up than Decimals.
    """

    def __init__(self, model, name: str):
        self.column = model._meta.get_field(name).get_col(model._meta.db_table)
        self.values = Remembered(self.converted)

    def value(self, given) -> Decimal | None:
        return self.values[given]

    def converted(self, given) -> Decimal | None:
        convs = connection.ops.get_db_converters(self.column)
        return maker(convs, self.column, connection)(given)

    def as_kept(self, amount: Decimal | None):
        is_float = amount is not None and connection.vendor == "sqlite"
        return float(amount) if is_float else amount


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Within it garbage is looked for only when so many things more are there than at the start.

    The collector else goes through everything that a process has, a few times for every thousand
    rows. A process has but one collector, so that the last who leaves puts it back.
    """
    with INSIDE.lock:
        if not INSIDE.count:
            INSIDE.usual, INSIDE.froze = gc.get_threshold(), not gc.get_freeze_count()
            if INSIDE.froze:  # a web process keeps what it began with apart for good
                gc.freeze()
            gc.set_threshold(THINGS, *INSIDE.usual[1:])
        INSIDE.count += 1
    try:
        yield
    finally:
        with INSIDE.lock:
            INSIDE.count -= 1
            if not INSIDE.count:
                gc.set_threshold(*INSIDE.usual)
                if INSIDE.froze:
                    gc.unfreeze()


class Inside:
    """How many threads are within, and how often garbage is collected without them."""

    def __init__(self):
        self.lock, self.count, self.usual = Lock(), 0, gc.get_threshold()
        self.froze = False


INSIDE = Inside()
