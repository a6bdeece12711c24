"""A few projects with all that is theirs, copied row by row until there are thousands.

What is theirs is found by the models' keys, so that what a later version keeps of a project comes
along without being named: a row is a project's that leads to it, or to one of its people. Rows go
from the database into the database as it gave them. Copies keep the seals of their originals,
which `verify` would tell; the pages that are measured do not ask.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count, islice

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.db.models import UniqueConstraint

from campaign.models import CalendarFeed, Letter, Reminder
from inspections import models as inspections
from organization.models import HistoryEntry, Post, Project, User
from rewards.models import Adjustment
from scoring.models import Score, ScoreLine, Standing

# What other builders write, and what a company has a few of, however many projects it has.
LEFT = {
    Score, ScoreLine, Standing, Reminder, Letter, CalendarFeed, HistoryEntry, Adjustment,
    inspections.ScoreSheet, inspections.Observation, inspections.Case, inspections.Lesson,
    inspections.SeminarProblem, inspections.ChosenPair, inspections.LateObservation,
}  # fmt: skip
AT_ONCE = 100  # copies that are written together
NAMED = {Project: "code", User: "username"}


class Table:
    """A model's rows as the database has them."""

    def __init__(self, model):
        self.model = model
        self.fields = model._meta.concrete_fields
        self.key = next(at for at, each in enumerate(self.fields) if each.primary_key)
        self.leads = {
            at: each.related_model for at, each in enumerate(self.fields) if each.is_relation
        }
        self.once = list(unique_sets(model))
        quote = connection.ops.quote_name
        self.name = quote(model._meta.db_table)
        self.columns = ", ".join(quote(each.column) for each in self.fields)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.columns} FROM {self.name}")  # noqa: S608 names of models
            self.rows = cursor.fetchall()
        numbers = [row[self.key] for row in self.rows if isinstance(row[self.key], int)]
        self.next = count(max(numbers, default=0) + 1)

    def write(self, rows: Sequence[Sequence]) -> None:
        if connection.vendor == "postgresql":
            statement = f"COPY {self.name} ({self.columns}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(statement) as copying:
                for row in rows:
                    copying.write_row(row)
            return
        places = ", ".join(["%s"] * len(self.fields))
        statement = f"INSERT INTO {self.name} ({self.columns}) VALUES ({places})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)

    def new_key(self, old, known: dict):
        if self.key in self.leads:
            return known[self.leads[self.key], old]
        if isinstance(old, int):
            return next(self.next)
        return uuid.uuid4() if isinstance(old, uuid.UUID) else uuid.uuid4().hex


def unique_sets(model) -> Iterator[tuple[dict[int, bool], list[int]]]:
    """Columns that together are there once, and which have to be empty (or not) for that."""
    places = {field.name: at for at, field in enumerate(model._meta.concrete_fields)}
    yield from (({}, [places[name] for name in names]) for names in model._meta.unique_together)
    for each in model._meta.constraints:
        if isinstance(each, UniqueConstraint) and each.fields:
            asked = {}
            for word, value in each.condition.children if each.condition else ():
                name = word.removesuffix("__isnull")
                asked[places[name]] = value is None or (value is True and name != word)
            yield asked, [places[name] for name in each.fields]


class Copier:
    """Copies of projects. Their people are those who have posts in them alone."""

    def __init__(self, projects: Sequence[Project]):
        models = apps.get_models(include_auto_created=True)
        tables = [Table(each) for each in models if each._meta.managed and not each._meta.proxy]
        self.tables = {each.model: each for each in tables if each.model not in LEFT}
        self.sources = [each.pk for each in projects]
        self.owner = {(Project, pk): pk for pk in self.sources} | self.people()
        self.theirs: dict[int, list[tuple[Table, tuple]]] = defaultdict(list)
        self.find()

    def people(self) -> dict:
        places = defaultdict(set)
        for user, project in Post.objects.values_list("user", "project"):
            places[user].add(project)
        found = ((user, next(iter(of))) for user, of in places.items() if len(of) == 1)
        return {(User, user): project for user, project in found if project in self.sources}

    def find(self) -> None:
        """Rows lead to rows, so again until nothing is found any more."""
        known = -1
        while known < len(self.owner):
            known = len(self.owner)
            for table in self.tables.values():
                for row in table.rows:
                    key = (table.model, row[table.key])
                    owner = self.owner.get(key) or self.owner_of(table, row)
                    if owner:
                        self.owner[key] = owner
        for table in self.tables.values():
            for row in table.rows:
                if owner := self.owner.get((table.model, row[table.key])):
                    self.theirs[owner].append((table, row))

    def owner_of(self, table: Table, row: Sequence) -> int | None:
        """Of several the project that it names itself; nobody's is what hangs on what is left."""
        if any(of in LEFT and not table.fields[at].null for at, of in table.leads.items()):
            return None
        found = [(of is not Project, self.owner.get((of, row[at])))
                 for at, of in table.leads.items()]  # fmt: skip
        owner = next((owner for _rank, owner in sorted(found, key=lambda x: x[0]) if owner), None)
        return owner if owner and self.differs(table, row, owner) else None

    def differs(self, table: Table, row: Sequence, owner: int) -> bool:
        """Whether a copy is not refused as there already, e.g. of who works in two projects."""
        return all(
            any(
                row[at] is None or self.owner.get((table.leads.get(at), row[at])) == owner
                for at in places
            )
            for empty, places in table.once
            if all((row[at] is None) == is_empty for at, is_empty in empty.items())
        )

    def copy(self, number: int) -> list[int]:
        """So many copies, of each project in turn; the keys of the new projects."""
        made, numbers = [], iter(range(number))
        while some := list(islice(numbers, AT_ONCE)):
            rows: dict[Table, list] = defaultdict(list)
            for each in some:
                known = self.copy_one(each, self.sources[each % len(self.sources)], rows)
                made.append(known[Project, self.sources[each % len(self.sources)]])
            for table, of in rows.items():
                table.write(of)
        numbered = [*self.tables, HistoryEntry]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
                cursor.execute(statement)
        return made

    def copy_one(self, number: int, source: int, rows: dict) -> dict:
        known: dict = {}
        late = [each for each in self.theirs[source] if each[0].key in each[0].leads]
        for table, row in self.theirs[source]:
            if table.key not in table.leads:
                known[table.model, row[table.key]] = table.new_key(row[table.key], known)
        for table, row in late:
            known[table.model, row[table.key]] = table.new_key(row[table.key], known)
        for table, row in self.theirs[source]:
            rows[table].append([*self.values(table, row, known, number)])
        rows[self.history].extend(self.entries(source, known))
        return known

    def values(self, table: Table, row: Sequence, known: dict, number: int) -> Iterator:
        name = NAMED.get(table.model)
        for at, (field, value) in enumerate(zip(table.fields, row, strict=True)):
            if at == table.key:
                yield known[table.model, value]
            elif at in table.leads:
                other = known.get((table.leads[at], value))
                yield other or (None if field.unique or table.leads[at] in LEFT else value)
            elif name and field.name == name:
                yield code_of(number) if table.model is Project else f"{value}.{number:05}"
            else:
                yield value

    # --- history ---------------------------------------------------------------------------------

    history: Table
    records: dict[int, list]
    each_has = 0

    def with_history(self, each: int) -> "Copier":
        """Copies have so many records about what is theirs, the same again where it is not enough;
        a number that an object has in its record is its key.
        """
        self.history, self.each_has, self.records = Table(HistoryEntry), each, defaultdict(list)
        kinds = {of.pk: of.model_class() for of in ContentType.objects.all()}
        names = {field.name: at for at, field in enumerate(self.history.fields)}
        self.places = names["content_type"], names["object_id"], names["by"]
        keys = {(model, str(shown(pk))): pk for model, pk in self.owner}
        for row in self.history.rows:
            key = keys.get((kinds[row[self.places[0]]], row[self.places[1]]))
            about = (kinds[row[self.places[0]]], key)
            if owner := self.owner.get(about):
                self.records[owner].append((about, row))
        return self

    def entries(self, source: int, known: dict) -> Iterator[list]:
        own = self.records[source]
        _kind, subject, by = self.places
        for at in range(self.each_has if own else 0):
            about, row = own[at % len(own)]
            made = list(row)
            made[self.history.key] = next(self.history.next)
            made[subject] = str(shown(known[about]))
            made[by] = known.get((User, row[by]), row[by])
            yield made


def shown(key):
    """A key as records have it: SQLite gives UUIDs without their dashes."""
    return uuid.UUID(key) if isinstance(key, str) and len(key) == 32 else key


def code_of(number: int) -> str:
    return f"B{number:05}"
