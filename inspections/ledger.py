"""A sheet with everything that was seen of it; the one place that adds to it.

Inside this room: `inspections.observations` and `inspections.sheets` are the doors.
"""

import uuid
from collections.abc import Iterable, Sequence
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from inspections.entries import Entry, check, row_of
from inspections.folding import Folded, fold
from inspections.models import Observation, ScoreSheet
from inspections.outline import Outline, outline
from inspections.sheet_photos import attach
from organization.errors import Refused
from scoring.models import Item
from scoring.results import Line as ScoredLine
from scoring.results import record_score


class Ledger:
    """All observations of one sheet, with their people, in the order they were recorded."""

    def __init__(self, sheet: ScoreSheet, also: Iterable[uuid.UUID] = ()):
        self.sheet = sheet
        wanted = Observation.objects.filter(Q(sheet=sheet) | Q(pk__in=list(also)))
        found = wanted.select_related("by").annotate(photo_count=Count("photos"))
        self.rows: dict[uuid.UUID, Observation] = {}
        self.elsewhere: set[uuid.UUID] = set()
        for row in found.order_by("recorded_at", "pk"):
            self.take(row)

    def take(self, row: Observation) -> None:
        """Keep a row; its sheet, item and requirement are known, so that nobody asks for them."""
        if row.sheet_id != self.sheet.pk:
            self.elsewhere.add(row.pk)
            return
        row.sheet = self.sheet
        row.item = self.outline.lines[row.item_id].item
        row.requirement = self.outline.requirements.get(row.requirement_id)
        self.rows[row.pk] = row

    @cached_property
    def outline(self) -> Outline:
        return outline(self.sheet.rubric_id)

    @cached_property
    def folded(self) -> Folded:
        return fold(self.outline.engine_items, self.outline.events(self.rows.values()))

    def standing(self, item: Item | None = None) -> list[Observation]:
        """What was not taken back, of the sheet or of one item."""
        return [
            row
            for row in self.rows.values()
            if row.pk in self.folded.standing and (item is None or row.item_id == item.pk)
        ]

    def require_own(self, row: Observation, by) -> None:
        """One's own standing observation, of this sheet; else Refused."""
        if row.pk not in self.rows:
            raise Refused(_("这张评分表上没有这条记录。"), "not_on_sheet")
        if row.by_id != by.pk:
            sentence = _("只能改自己的记录；这一条是%(person)s记的。") % {"person": row.by}
            raise Refused(sentence, "not_yours")
        if row.pk not in self.folded.standing:
            raise Refused(_("这条记录已经撤回。"), "withdrawn")

    def first_of(self, entry: Entry, by) -> Observation | None:
        """What is on record under this entry's id already.

        Raises Refused `same_id` when that is something else, or somebody else's.
        """
        known = self.rows.get(entry.id)
        differs = known and not (entry.is_same_as(known) and known.by_id == by.pk)
        if differs or entry.id in self.elsewhere:
            raise Refused(_("这个编号已经用于另一条记录，内容不同，没有保存。"), "same_id")
        return known

    def add(self, entries: Sequence[Entry], *, by, at) -> list[Observation]:
        """Put entries on record together; one that has come already is returned as it stands.

        Raises Refused; the caller's transaction then leaves nothing.
        """
        fresh = [entry for entry in entries if self.first_of(entry, by) is None]
        if fresh:
            require_open(self.sheet)
            for entry in fresh:
                check(self, entry, by)
            self.write(fresh, by=by, at=at)
            self.settle(at=at)
        return [self.rows[entry.id] for entry in entries]

    def write(self, entries: Sequence[Entry], *, by, at) -> None:
        rows = [row_of(entry, self.sheet, by=by, at=at) for entry in entries]
        Observation.objects.bulk_create(rows)
        self.__dict__.pop("folded", None)
        for entry, row in zip(entries, rows, strict=True):
            row.photo_count = len(entry.photos)
            self.take(row)
        attach([(row, e.photos) for e, row in zip(entries, rows, strict=True)], at=at)

    def settle(self, *, at, finished_at=None, objections_until=None) -> None:
        """Bring the sheet's progress, its score and the project's standing up to date."""
        sheet, folded = self.sheet, self.folded
        if sheet.looked_at != len(folded.looked_at):
            sheet.looked_at = len(folded.looked_at)
            sheet.save(update_fields=["looked_at"])
        record_score(
            campaign=sheet.campaign,
            project=sheet.project,
            rubric=sheet.rubric,
            kind=sheet.kind,
            score=folded.score,
            lines=self.scored_lines(),
            finished_at=finished_at,
            objections_until=objections_until,
            at=at,
        )

    def scored_lines(self) -> list[ScoredLine]:
        """The deductions that count, by the keys of what they are about."""
        counting = [(line, self.rows[line.observation]) for line in self.folded.score.lines]
        return [
            ScoredLine(row.item_id, row.requirement_id, line.points, row.pk)
            for line, row in counting
        ]


def ledger_of(sheet: ScoreSheet) -> Ledger:
    """What was seen of a sheet; read once per sheet object, renewed by every move."""
    if not hasattr(sheet, "_ledger"):
        sheet._ledger = Ledger(sheet)
    return sheet._ledger


def locked_ledger(sheet: ScoreSheet, also: Iterable[uuid.UUID] = ()) -> Ledger:
    """The same with the sheet's row held until the end of the transaction."""
    held = ScoreSheet.objects.select_for_update()
    sheet.refresh_from_db(fields=["submitted_at", "looked_at"], from_queryset=held)
    sheet._ledger = Ledger(sheet, also)
    return sheet._ledger


def require_open(sheet: ScoreSheet) -> None:
    """Refused once the sheet was submitted or the campaign closed.

    Frozen results refuse the score itself (`record_score`), and everything with it.
    """
    if sheet.submitted_at:
        raise Refused(_("这张评分表已经提交，不能再改。"), "submitted")
    if sheet.campaign.closed_at:
        raise Refused(_("专项工作已经结束，评分不能再改。"), "closed")
