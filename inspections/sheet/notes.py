"""What was noted on sheets, lighter than observations: a page that tells every note of a project
would spend longer on making a hundred of those than on reading them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, Case, DateTimeField, ExpressionWrapper, F, Q, When

from inspections.models import Appeal, Observation, ScoreSheet
from inspections.sheet.ledger import COLUMNS, Ledger
from inspections.sheet.reading import NAMES, PERSON, moment_of
from inspections.words import ObservationKind
from organization.models import StoredFile, User
from organization.prepared import prepared
from scoring.models import DeductionRule, Requirement

KINDS = dict(ObservationKind.choices)
METHODS = dict(Observation._meta.get_field("method").flatchoices)
TOLD = ("count", "method", "note", "told_observed_at", "taken_back_at")
FURTHER = len(COLUMNS) + len(TOLD) + len(NAMES)  # where what else was asked for begins


@dataclass(slots=True, eq=False)
class Note:
    """An observation as pages tell it, under the same names; what it is about, its pictures and
    what took it back are for whoever knows them to say.

    `recorded_at` is known of a withdrawal only; from which visit it came, where it was asked for.
    """

    pk: UUID
    kind: str
    item_id: int
    requirement_id: int | None
    rule_id: int | None
    points: Decimal | None
    withdraws_id: UUID | None
    by_id: int | None
    sheet_id: int
    count: int
    method: str
    note: str
    observed_at: datetime
    recorded_at: datetime | None
    by: User | None = None
    visit_id: int | None = None
    visit_is_over: bool | None = None
    requirement: Requirement | None = None
    rule: DeductionRule | None = None
    level: str = ""
    appeal: Appeal | None = None
    pictures: list[StoredFile] = field(default_factory=list)
    withdrawn: "Note | None" = None

    def get_kind_display(self) -> str:
        return str(KINDS.get(self.kind, self.kind))

    def get_method_display(self) -> str:
        return str(METHODS.get(self.method, self.method))


def words_of(note: Note) -> str:
    """What was found, by the requirement or the rule; else as the auditor noted it."""
    about = note.requirement or note.rule
    return about.text if about else note.note


def read_notes(
    sheets: Iterable[ScoreSheet], *, allow_extra: bool, visits: bool = False
) -> dict[UUID, Note]:
    """The sheets' ledgers, for `ledger_of` to find, and what was noted on them with the people, in
    the order of the record; what only says that all is well, which is most, becomes no note.
    One query. `allow_extra` is the campaign's, as `Ledger` has it; `visits` tells from which visit
    each came, and whether that one is over.
    """
    fresh = {sheet.pk: sheet for sheet in sheets}
    rows: dict[int, list[tuple]] = {pk: [] for pk in fresh}
    people: dict[int | None, User | None] = {None: None}
    notes: dict[UUID, Note] = {}
    for row in (noted_in_visits if visits else noted_on)(sheets=[*fresh]):
        about = row[: len(COLUMNS)]
        rows[about[-1]].append(about)
        if about[1] == ObservationKind.CONFORMS:
            continue
        by, (*told, username, name) = about[-2], row[len(COLUMNS) : FURTHER]
        if by not in people:
            people[by] = User.from_db(DEFAULT_DB_ALIAS, PERSON, (by, username, name))
        notes[about[0]] = Note(*about, *told, people[by], *row[FURTHER:])
    for pk, sheet in fresh.items():
        sheet._ledger = Ledger(sheet, rows[pk], allow_extra=allow_extra)
    return notes


def noting(*, sheets):
    """With no moment that nobody asks for: to read one takes longer than the rest of a row."""
    rows = Observation.objects.filter(sheet__pk__in=sheets).order_by("recorded_at", "pk")
    back = When(kind=ObservationKind.WITHDRAWAL, then=F("recorded_at"))
    moments = {
        "told_observed_at": moment_of("observed_at"),
        "taken_back_at": Case(back, output_field=DateTimeField()),
    }
    return rows.annotate(**moments).values_list(*COLUMNS, *TOLD, *NAMES)


def noting_visits(*, sheets):
    """With the visit; a moment of it would be read for every row only to be told from none."""
    over = ExpressionWrapper(
        Q(source__visit__finished_at__isnull=False), output_field=BooleanField()
    )
    rows = noting(sheets=sheets).annotate(visit_is_over=over)
    return rows.values_list(*COLUMNS, *TOLD, *NAMES, "source__visit", "visit_is_over")


OF_SHEETS = {"sheets": ScoreSheet._meta.pk}
noted_on, noted_in_visits = prepared(noting, OF_SHEETS), prepared(noting_visits, OF_SHEETS)
