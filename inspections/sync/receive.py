"""What clients entered without a network comes in: each event once, whatever way it took.

A batch is one transaction. The sheets concerned are held in the order of their keys, every event
is checked by itself against its sheet's ledger and is known, recorded or left out with a reason;
then everything is written at once and each sheet is folded once more. Order of arrival is nothing
to the fold, and ids make a repeat harmless.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import LateObservation, Observation, ReceivedEvent, ScoreSheet
from inspections.sheet.entries import Entry, check, row_of
from inspections.sheet.ledger import PROGRESS, Ledger, locked_ledgers
from inspections.sheet.sealing import SEALED, seal_sheet
from inspections.sheet.sheet_photos import attach, pictures_of
from inspections.sync.events import Event, id_of, read_event, seen_at
from inspections.sync.late_sealing import seal_late
from inspections.sync.moves import Later, derived_ids, entries_of
from organization.bulk import insert, insert_all, update
from organization.errors import Refused
from organization.models import User
from organization.prepared import by_key, prepared

RECORDED, KNOWN, LATE = "recorded", "known", "late"
REFUSED, LATER = "refused", "later"


@dataclass(frozen=True)
class Receipt:
    """What became of one event: recorded, known, late (its sheet was closed meanwhile: the center
    decides), refused (with the rule's code, the field and a sentence), or later: what it refers
    to is not there yet, so it is to be sent again.
    """

    id: uuid.UUID | None
    outcome: str
    code: str = ""
    field: str = ""
    detail: str = ""


def receive_events(
    *, device: uuid.UUID, events: Sequence[object], by: User, at: datetime, sent_at: datetime
) -> tuple[list[Receipt], list[ScoreSheet]]:
    """Put a batch of events on record; a receipt for each, in their order, and the sheets that
    they are about as they stand now.

    `sent_at` is the device's clock when it sent them: its difference to `at` moves every
    `observed_at` along, and the device's own time stays on record. Events of sheets that `by` may
    not fill are refused in one way, whether there is such a sheet or not.
    """
    receipts: dict[int, Receipt] = {}
    read: dict[int, Event] = {}
    for place, sent in enumerate(events):
        try:
            read[place] = read_event(sent)
        except Refused as refusal:
            receipts[place] = refused(id_of(sent), refusal)
    sheets = fillable({event.sheet for event in read.values()}, by)
    with transaction.atomic():  # others wait from here on
        inbox = Inbox(read.values(), sheets, device=device, by=by, at=at, sent_at=sent_at)
        for place in sorted(read, key=lambda place: read[place].sequence):
            receipts[place] = inbox.take(read[place])
        inbox.write()
    return [receipts[place] for place in range(len(events))], sheets


def refused(id: uuid.UUID | None, refusal: Refused) -> Receipt:
    return Receipt(id, REFUSED, refusal.code, refusal.field, str(refusal))


def fillable(keys: Iterable[int], by: User) -> list[ScoreSheet]:
    """Those of the sheets that somebody may fill, in the order of their keys."""
    shown = shown_to(keys=list(set(keys)), reader=Reader(by.sight, by))
    return [sheet for sheet in shown if by.has_perm("inspections.fill_sheet", sheet)]


@dataclass(frozen=True)
class Reader:
    """Whose sheets are asked for: the same query for all who have the same sight."""

    sight: tuple
    person: User = field(compare=False)


def shown(*, keys, reader: Reader):
    found = ScoreSheet.objects.visible_to(reader.person).filter(pk__in=keys)
    found = found.filter(campaign__in=Campaign.objects.visible_to(reader.person)).order_by("pk")
    return found.select_related("campaign", "project", "specialty", "rubric")


shown_to = prepared(shown, {"keys": ScoreSheet._meta.pk})


def is_closed(ledger: Ledger) -> bool:
    try:
        ledger.require_open()
    except Refused:
        return True
    return False


def sent_by(row: Observation, event: Event, device: uuid.UUID, observed_at: datetime):
    """An observation with what is known of where it comes from."""
    row.observed_at, row.device_at = observed_at, event.observed_at
    row.device, row.sequence = device, event.sequence
    return row


RECEIVED = ("id", "sequence", "digest", "sheet", "by", "device", "recorded_at")


def put_on_record(events: Iterable[tuple[Event, int]], by_id: int, device, at: datetime) -> None:
    """Events of the sheets with these keys, so that each of them counts once."""
    rows = ((e.id, e.sequence, e.digest, sheet, by_id, device, at) for e, sheet in events)
    insert(ReceivedEvent, RECEIVED, rows)


received_before = prepared(
    lambda *, ids: ReceivedEvent.objects.filter(pk__in=ids).values_list("pk", "by", "digest"),
    {"ids": ReceivedEvent._meta.pk},
)
came_late = prepared(
    lambda *, ids: LateObservation.objects.filter(pk__in=ids), {"ids": LateObservation._meta.pk}
)


@dataclass
class Inbox:
    """A batch's events against the sheets that they are about, which are held until it ends."""

    events: Iterable[Event]
    sheets: list[ScoreSheet]
    device: uuid.UUID
    by: User
    at: datetime
    sent_at: datetime
    fresh: dict[int, dict[uuid.UUID, Observation]] = field(default_factory=dict)
    pictures: list[tuple[Observation, list]] = field(default_factory=list)
    received: list[tuple[Event, int]] = field(default_factory=list)
    too_late: list[LateObservation] = field(default_factory=list)

    def __post_init__(self):
        events = list(self.events)
        ids = {event.id for event in events}
        refers = {event.refers_to for event in events if event.refers_to}
        derived = derived_ids(events, {sheet.pk: sheet for sheet in self.sheets})
        self.ledgers = locked_ledgers(self.sheets, ids | refers | derived) if self.sheets else {}
        # asked for once the sheets are held: the same batch may be under way a second time
        before = received_before(ids=list(ids))
        self.known = {pk: (author, digest) for pk, author, digest in before}
        self.late = by_key(came_late(ids=list(ids | refers)))
        self.closed = {pk for pk, ledger in self.ledgers.items() if is_closed(ledger)}
        self.at_hand = self.already(ids | refers | derived)
        for ledger in self.ledgers.values():
            ledger.at_hand |= self.at_hand
        self.photos = pictures_of({event.replaces for event in events if event.replaces})

    def already(self, ids: set[uuid.UUID]) -> dict[uuid.UUID, Observation]:
        """What these sheets have of the ids; a batch that comes for the first time asks nothing."""
        there = {id for ledger in self.ledgers.values() for id in ids & ledger.events.keys()}
        related = ("item", "requirement", "rule", "by")
        return Observation.objects.select_related(*related).in_bulk(there) if there else {}

    def take(self, event: Event) -> Receipt:
        try:
            return Receipt(event.id, self.recorded(event))
        except Later as reason:
            return Receipt(event.id, LATER, "not_there", "", str(reason))
        except Refused as refusal:
            return refused(event.id, refusal)

    def recorded(self, event: Event) -> str:
        """Check an event and reckon with it from now on. Raises Refused, Later."""
        late = self.late.get(event.id)
        if known := self.known.get(event.id) or (late and (late.by_id, late.digest)):
            if known != (self.by.pk, event.digest):
                raise Refused(_("这个编号已经用于另一条记录，内容不同，没有保存。"), "same_id")
            return KNOWN if event.id in self.known else LATE
        ledger = self.ledgers.get(event.sheet)
        if ledger is None:
            raise Refused(_("没有这张评分表，或者您不能填它。"), "no_sheet", "sheet")
        try:
            entries = entries_of(event, ledger, self.photos)
        except Later:
            if event.refers_to not in self.late:
                raise
            return self.keep_late(event, ledger)  # with what it refers to
        fresh = [entry for entry in entries if not ledger.is_known(entry, self.by)]
        if entries and not fresh:
            return KNOWN
        for entry in fresh:
            check(ledger, entry, self.by)
        if fresh and event.sheet in self.closed:
            return self.keep_late(event, ledger)
        self.put(event, ledger, fresh)
        return RECORDED

    def keep_late(self, event: Event, ledger: Ledger) -> str:
        opened = ledger.sheet.opened_at
        self.late[event.id] = LateObservation(
            id=event.id,
            sheet=ledger.sheet,
            event=event.model_dump(mode="json"),
            digest=event.digest,
            by=self.by,
            device=self.device,
            observed_at=seen_at(event.observed_at, self.sent_at, self.at, opened),
            received_at=self.at,
        )
        self.too_late.append(self.late[event.id])
        return LATE

    def put(self, event: Event, ledger: Ledger, entries: list[Entry]) -> None:
        sheet, rows = ledger.sheet, {}
        observed_at = seen_at(event.observed_at, self.sent_at, self.at, sheet.opened_at)
        for entry in entries:
            row = row_of(entry, ledger.cost(entry), sheet, by=self.by, at=self.at)
            rows[row.pk] = sent_by(row, event, self.device, observed_at)
            if entry.photos:
                self.pictures.append((row, list(entry.photos)))
                self.photos[row.pk] = list(entry.photos)  # the next change takes them along
        ledger.accept(rows)
        self.fresh.setdefault(sheet.pk, {}).update(rows)
        self.known[event.id] = (self.by.pk, event.digest)
        self.received.append((event, sheet.pk))

    def write(self) -> None:
        """Everything that was taken, in as many statements for a hundred events as for one."""
        put_on_record(self.received, self.by.pk, self.device, self.at)
        LateObservation.objects.bulk_create(self.too_late)
        written = (row for rows in self.fresh.values() for row in rows.values())
        insert_all(Observation, written)
        moved = [self.ledgers[pk].sheet for pk, rows in self.fresh.items() if rows]
        for sheet in moved:
            pairs = [pair for pair in self.pictures if pair[0].sheet_id == sheet.pk]
            attach(sheet, pairs, at=self.at)
            self.ledgers[sheet.pk].progress()
            seal_sheet(sheet)
        update(ScoreSheet, [*PROGRESS, *SEALED], moved)
        seal_late({late.sheet_id: late.sheet for late in self.too_late}.values(), at=self.at)
