"""A sheet with everything that was seen of it; the one place that adds to it.

Inside this room: `inspections.observations` and `inspections.sheets` are the doors. It reads what
the fold needs and no more: an auditor's tap passes here.
"""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import Observation, ScoreSheet
from inspections.sheet.entries import Entry, check, cost_of, row_of
from inspections.sheet.folding import Event, Folded, Running, fold
from inspections.sheet.outline import Outline, outline
from inspections.sheet.sealing import SEALED, seal_observations, seal_sheet
from inspections.sheet.sheet_photos import attach
from organization.errors import Refused
from organization.models import User
from organization.prepared import prepared
from scoring import engine
from scoring.models import CampaignResults, Item
from scoring.opening import know_results, require_open_results
from scoring.results import Line as ScoredLine
from scoring.results import record_score

COLUMNS = (
    "pk", "kind", "item_id", "requirement_id", "rule_id", "points", "withdraws_id", "by_id",
    "sheet_id",
)  # fmt: skip
PROGRESS = ("looked_at", "kept", "possible")
# what may have changed since the sheet was read
HELD = ("submitted_at", "submitted_by_id", "appeal_from", "looked_at", *SEALED)


class Ledger:
    """All observations of one sheet as events, in the order they were recorded.

    `rows` may hold some of other sheets, whose ids are taken; `frozen` says whether the results
    are, `allow_extra` whether deductions beyond an item count in the campaign.
    """

    def __init__(
        self,
        sheet: ScoreSheet,
        rows: Iterable[tuple],
        *,
        frozen: bool = False,
        allow_extra: bool = False,
    ):
        self.sheet, self.frozen, self.allow_extra = sheet, frozen, allow_extra
        self.moved_on = False  # whether a move changed how many items were looked at
        self.at_hand: dict[uuid.UUID, Observation] = {}  # what this move wrote or has read
        self.people: dict[int | None, User | None] = {}  # the authors, as far as they were read
        self.outline: Outline = outline(sheet.rubric_id)
        self.events: dict[uuid.UUID, Event] = {}
        self.authors: dict[uuid.UUID, int] = {}
        self.elsewhere: set[uuid.UUID] = set()
        for pk, *about, author, home in rows:
            if home == sheet.pk:
                self.take(pk, *about, author)
            else:
                self.elsewhere.add(pk)

    def take(self, pk, kind, item, requirement, rule, points, withdraws, author) -> Event:
        event = self.outline.event(pk, kind, item, requirement, rule, points, withdraws)
        self.events[pk], self.authors[pk] = event, author
        return event

    @cached_property
    def folded(self) -> Folded:
        outline, events = self.outline, self.events.values()
        return fold(outline.engine_items, events, self.allow_extra, outline.critical)

    @cached_property
    def running(self) -> Running:
        """What checks ask between two events of a batch; the fold is made once, at its end."""
        return Running(self.events.values())

    def standing(self, item: Item | None = None) -> list[Event]:
        """What was not taken back, of the sheet or of one item."""
        return self.running.of(item.code) if item else self.running.all()

    def is_not_applicable(self, item: Item) -> bool:
        return self.running.is_not_applicable(item.code)

    def require_own(self, row: Observation, by) -> None:
        """One's own standing observation, of this sheet; else Refused."""
        if row.pk not in self.events:
            raise Refused(_("这张评分表上没有这条记录。"), "not_on_sheet")
        if self.authors[row.pk] != by.pk:
            sentence = _("只能改自己的记录；这一条是%(person)s记的。") % {"person": row.by}
            raise Refused(sentence, "not_yours")
        if not self.running.stands(row.pk):
            raise Refused(_("这条记录已经撤回。"), "withdrawn")

    def is_known(self, entry: Entry, by) -> bool:
        """Whether this very entry is on record already.

        Raises Refused `same_id` when its id is that of something else, or somebody else's.
        """
        if entry.id not in self.events and entry.id not in self.elsewhere:
            return False
        own = self.authors.get(entry.id) == by.pk
        if own and entry.is_same_as(self.rows([entry.id])[entry.id], self.cost(entry)):
            return True
        raise Refused(_("这个编号已经用于另一条记录，内容不同，没有保存。"), "same_id")

    def cost(self, entry: Entry) -> Decimal | None:
        line = self.outline.lines.get(entry.item.pk)
        return cost_of(line, entry) if line else None

    def add(self, entries: Sequence[Entry], *, by, at) -> list[Observation]:
        """Put entries on record together; one that has come already is returned as it stands.

        Raises Refused; the caller's transaction then leaves nothing.
        """
        if len({entry.id for entry in entries}) < len(entries):
            raise Refused(_("同一个编号出现了两次，没有保存。"), "same_id")
        fresh = [entry for entry in entries if not self.is_known(entry, by)]
        self.moved_on = not fresh  # whoever sends again has not seen the answer
        if fresh:
            self.require_open()
            for entry in fresh:
                check(self, entry, by)
            self.write(fresh, by=by, at=at)
            self.keep_progress()
        rows = self.rows([entry.id for entry in entries])
        return [rows[entry.id] for entry in entries]

    def rows(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Observation]:
        """Observations by id; asks only for those that are not at hand."""
        wanted = set(ids)
        others = wanted - self.at_hand.keys()
        found = Observation.objects.in_bulk(others) if others else {}
        return found | {id: self.at_hand[id] for id in wanted & self.at_hand.keys()}

    def require_open(self) -> None:
        """Refused once the sheet was submitted, the campaign closed or its results frozen."""
        if self.sheet.submitted_at:
            raise Refused(_("这张评分表已经提交，不能再改。"), "submitted")
        if self.sheet.campaign.closed_at:
            raise Refused(_("专项工作已经结束，评分不能再改。"), "closed")
        if self.frozen:
            require_open_results(self.sheet.campaign)

    def write(self, entries: Sequence[Entry], *, by, at) -> None:
        about = {"sheet": self.sheet, "by": by, "at": at}
        rows = {entry.id: row_of(entry, self.cost(entry), **about) for entry in entries}
        self.append(rows)
        pairs = [(rows[e.id], e.photos) for e in entries if e.photos]
        attach(self.sheet, pairs, at=at)

    def append(self, rows: dict[uuid.UUID, Observation]) -> None:
        """More events at the end of the record, sealed; whoever calls keeps the sheet."""
        self.accept(rows)
        Observation.objects.bulk_create(rows.values())

    def accept(self, rows: dict[uuid.UUID, Observation]) -> None:
        """Seal events and reckon with them; whoever calls writes them, and keeps the sheet."""
        seal_observations(self.sheet, rows.values())
        self.__dict__.pop("folded", None)
        running = self.running  # of what came before
        for row in rows.values():
            running.take(self.take(*(getattr(row, name) for name in COLUMNS[:-1])))
        self.at_hand |= rows

    def keep_progress(self) -> None:
        """Bring what the list of sheets shows up to date: items looked at, points so far."""
        self.progress()
        self.keep(*PROGRESS)

    def progress(self) -> None:
        sheet, score = self.sheet, self.folded.score
        self.moved_on = sheet.looked_at != len(self.folded.looked_at)
        sheet.looked_at = len(self.folded.looked_at)
        sheet.kept, sheet.possible = score.kept, score.possible

    def keep(self, *fields: str) -> None:
        """Save these of the sheet's fields, sealed."""
        seal_sheet(self.sheet)
        self.sheet.save(update_fields=[*fields, *SEALED])

    def record_score(self, *, finished_at, objections_until, at, open_objections=0) -> None:
        """Give the finished sheet's score to the results, which move the project's standing."""
        sheet = self.sheet
        record_score(
            campaign=sheet.campaign,
            project=sheet.project,
            rubric=sheet.rubric,
            kind=sheet.kind,
            score=self.folded.score,
            lines=scored_lines(self.outline, self.folded),
            sections=sections_of(self.outline, self.folded),
            finished_at=finished_at,
            objections_until=objections_until,
            open_objections=open_objections,
            at=at,
        )


def scored_lines(outline: Outline, folded: Folded) -> list[ScoredLine]:
    """The deductions that count, by the keys of what they are about."""
    keys, rules = outline.keys, outline.rule_keys
    return [
        ScoredLine(
            *keys[line.item, line.requirement],
            line.points,
            line.observation,
            rules[line.item, line.rule],
        )
        for line in folded.score.lines
    ]


def sections_of(outline: Outline, folded: Folded) -> dict[str, engine.SectionPoints]:
    """The points of each section, by its code: of the whole rubric, less what was lost, and what
    is not applicable in neither figure (ruling 5).
    """
    sections, section_of = dict(outline.whole), outline.section_of
    for item in folded.score.items:
        if item.not_applicable:
            code, gone = section_of[item.code], outline.by_code[item.code].item.points
            kept, possible = sections[code]
            sections[code] = engine.SectionPoints(kept - gone, possible - gone)
        elif item.lines:
            code = section_of[item.code]
            kept, possible = sections[code]
            sections[code] = engine.SectionPoints(kept - item.lost - item.extra, possible)
    return sections


def ledger_of(sheet: ScoreSheet) -> Ledger:
    """What was seen of a sheet; read once per sheet object, renewed by every move."""
    if not hasattr(sheet, "_ledger"):
        sheet._ledger = ledger_from(sheet, events_of([sheet]))
    return sheet._ledger


def ledger_from(sheet: ScoreSheet, rows: Iterable[tuple]) -> Ledger:
    return Ledger(sheet, rows, allow_extra=allows_extra(sheet.campaign))


def allows_extra(campaign: Campaign) -> bool:
    """Whether deductions beyond an item count in a campaign."""
    know_results(campaign)
    results = getattr(campaign, "results", None)
    return bool(results and results.extra_allowed)


def events_of(sheets: Iterable[ScoreSheet], also: Iterable[uuid.UUID] = ()) -> Iterable[tuple]:
    """What is on record of some sheets, and whatever has one of these ids, as `COLUMNS`."""
    return recorded(sheets=[sheet.pk for sheet in sheets], ids=list(also))


def on_record(*, sheets, ids):
    wanted = Q(sheet__pk__in=sheets)
    if ids:
        wanted |= Q(pk__in=ids)
    rows = Observation.objects.filter(wanted).order_by("recorded_at", "pk")
    return rows.values_list(*COLUMNS)


recorded = prepared(on_record, {"sheets": ScoreSheet._meta.pk, "ids": Observation._meta.pk})


def locked_ledger(sheet: ScoreSheet, also: Iterable[uuid.UUID] = ()) -> Ledger:
    """The same with the sheet's row held until the end of the transaction."""
    return locked_ledgers([sheet], also)[sheet.pk]


def locked_ledgers(
    sheets: Sequence[ScoreSheet], also: Iterable[uuid.UUID] = ()
) -> dict[int, Ledger]:
    """Several sheets held, in the order of their keys, so that two of these never wait for each
    other; three queries whatever their number.
    """
    now_held = hold(sheets)
    rows: dict[int, list[tuple]] = {pk: [] for pk in now_held}
    strays = []
    for row in events_of(sheets, also):
        rows.get(row[-1], strays).append(row)
    for sheet in sheets:
        *now, is_frozen, allows = now_held[sheet.pk]
        for name, value in zip(HELD, now, strict=True):
            setattr(sheet, name, value)
        others = (row for pk in now_held if pk != sheet.pk for row in rows[pk])
        seen = [*rows[sheet.pk], *others, *strays]
        sheet._ledger = Ledger(sheet, seen, frozen=is_frozen, allow_extra=allows)
    return {sheet.pk: sheet._ledger for sheet in sheets}


def hold(sheets: Sequence[ScoreSheet]) -> dict[int, tuple]:
    """HELD of each sheet's row, locked; whether its results are frozen, whether extras count."""
    return {pk: values for pk, *values in held(sheets=[sheet.pk for sheet in sheets])}


def to_hold(*, sheets):
    results = CampaignResults.objects.filter(campaign=OuterRef("campaign"))
    frozen = Exists(results.filter(frozen_at__isnull=False))
    extra = Exists(results.filter(extra_allowed=True))
    rows = ScoreSheet.objects.select_for_update().filter(pk__in=sheets)
    return rows.order_by("pk").values_list("pk", *HELD, frozen, extra)


held = prepared(to_hold, {"sheets": ScoreSheet._meta.pk})
