"""Sheets read with everything that was seen of them, for pages that say it: `ledger_of` then
finds it there, with the observations themselves.
"""

from collections.abc import Iterable
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, DateTimeField, F, Value, When

from inspections.models import AuditVisit, Observation, ScoreSheet, VisitObservation
from inspections.sheet.ledger import COLUMNS, Ledger, events_of, ledger_from
from inspections.words import ObservationKind
from organization.models import User
from organization.prepared import prepared

# what pages say of an observation, beside COLUMNS
SHOWN = (
    "kind", "item_id", "requirement_id", "rule_id", "points", "withdraws_id", "by_id", "sheet_id",
    "count", "method", "note", "observed_at", "recorded_at", "source__visit__finished_at",
)  # fmt: skip
TOLD = (
    "count", "method", "note", "told_observed_at", "told_recorded_at", "source__visit",
    "source__visit__finished_at",
)  # fmt: skip
# an observation's fields in the model's order, as far as those say
IN_ORDER = (
    "id", "sheet_id", "kind", "item_id", "requirement_id", "rule_id", "count", "points", "method",
    "note", "withdraws_id", "by_id", "observed_at", "recorded_at",
)  # fmt: skip
PERSON = ("id", "username", "name")
NAMES = ("by__username", "by__name")


def read_whole(sheet: ScoreSheet) -> None:
    """With all observations and their people at hand, for a page that shows every one."""
    if hasattr(sheet, "_ledger"):
        return
    rows = with_people(sheets=[sheet.pk])
    sheet._ledger = ledger_from(sheet, map(attrgetter(*COLUMNS), rows))
    sheet._ledger.at_hand = {row.pk: row for row in rows}


def read_noted(sheet: ScoreSheet) -> None:
    """The same without what only says that all is well: that becomes no observation, but its
    people are at hand too.
    """
    if hasattr(sheet, "_ledger"):
        return
    rows, noted = [], []
    people: dict[int | None, User | None] = {None: None}
    for *row, username, name in noted_by(sheets=[sheet.pk]):
        about = row[: len(COLUMNS)]
        rows.append(about)
        by = about[-2]
        if by not in people:
            people[by] = User.from_db(DEFAULT_DB_ALIAS, PERSON, (by, username, name))
        if about[1] != ObservationKind.CONFORMS:
            noted.append(observation_from(*row))
    sheet._ledger = ledger_from(sheet, rows)
    sheet._ledger.at_hand = {row.pk: row for row in noted}
    sheet._ledger.people = people


def read_events(sheets: Iterable[ScoreSheet], *, allow_extra: bool) -> None:
    """The ledgers of several sheets, in one query and without the observations themselves.
    `allow_extra` is the campaign's, as `Ledger` has it.
    """
    fresh = {sheet.pk: sheet for sheet in sheets if not hasattr(sheet, "_ledger")}
    rows: dict[int, list[tuple]] = {pk: [] for pk in fresh}
    for row in events_of(fresh.values()) if fresh else ():
        rows[row[-1]].append(row)
    for pk, sheet in fresh.items():
        sheet._ledger = Ledger(sheet, rows[pk], allow_extra=allow_extra)


def observation_from(pk, kind, item, requirement, rule, points, withdraws, by, sheet, *told):
    """An observation of `COLUMNS` and `TOLD`, with the visit that it came from."""
    count, method, note, observed_at, recorded_at, visit, finished_at = told
    values = (
        pk, sheet, kind, item, requirement, rule, count, points, method, note, withdraws, by,
        observed_at, recorded_at,
    )  # fmt: skip
    row = Observation.from_db(DEFAULT_DB_ALIAS, IN_ORDER, values)
    if visit:
        source = VisitObservation(observation_id=pk, visit_id=visit)
        source.visit = AuditVisit.from_db(
            DEFAULT_DB_ALIAS, ("id", "finished_at"), (visit, finished_at)
        )
        row._state.fields_cache["source"] = source
    return row


def telling(*, sheets):
    """Without the moments of what only says that all is well: nobody asks for them, and to read
    them takes longer than the rest of the row.
    """
    rows = Observation.objects.filter(sheet__pk__in=sheets).order_by("recorded_at", "pk")
    moments = {f"told_{name}": moment_of(name) for name in ("observed_at", "recorded_at")}
    return rows.annotate(**moments).values_list(*COLUMNS, *TOLD)


def moment_of(name: str) -> Case:
    nothing = When(kind=ObservationKind.CONFORMS, then=Value(None))
    return Case(nothing, default=F(name), output_field=DateTimeField())


def telling_people(*, sheets):
    return telling(sheets=sheets).values_list(*COLUMNS, *TOLD, *NAMES)


noted_by = prepared(telling_people, {"sheets": ScoreSheet._meta.pk})


def shown(*, sheets):
    rows = Observation.objects.filter(sheet__pk__in=sheets).order_by("recorded_at", "pk")
    return rows.select_related("by", "source__visit").only(*SHOWN, *NAMES)


with_people = prepared(shown, {"sheets": ScoreSheet._meta.pk})
