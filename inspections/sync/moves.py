"""What an event puts on a sheet's ledger: the same entries that the page's moves make."""

import uuid
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from inspections.models import Observation, ObservationPhoto, ScoreSheet
from inspections.sheet.entries import Entry
from inspections.sheet.ledger import Ledger
from inspections.sheet.observations import withdrawal_of
from inspections.sheet.outline import Line, outline
from inspections.sync.events import Event
from inspections.words import ObservationKind
from organization.errors import Refused
from scoring.models import Item

PASSED = {ObservationKind.CONFORMS, ObservationKind.NOT_APPLICABLE}
Photos = Mapping[uuid.UUID, list[ObservationPhoto]]


class Later(Exception):
    """What an event refers to has not come yet."""


def entries_of(event: Event, ledger: Ledger, photos: Photos) -> list[Entry]:
    """The entries of an event; none where everything that it confirms was confirmed before.

    Raises Refused for what is not on the sheet, Later for an observation that is not there yet.
    """
    return ENTRIES[event.do](event, ledger, photos)


def observed(event: Event, ledger: Ledger, photos: Photos) -> list[Entry]:
    line = line_of(ledger, event.item, "item")
    former = reference(event.replaces, ledger, "replaces") if event.replaces else None
    entry = Entry(
        ObservationKind.MISSING,
        line.item,
        event.id,
        requirement=one_of(ledger.outline.requirements, event.requirement, "requirement"),
        rule=one_of(ledger.outline.rules, event.rule, "rule"),
        points=event.points,
        count=event.count,
        method="" if ledger.sheet.is_self_check else event.method,
        note=event.note.strip(),
        photos=photos.get(former.pk, ()) if former else (),
    )
    return [withdrawal_of(former, event.id), entry] if former else [entry]


def withdrawn(event: Event, ledger: Ledger, photos: Photos) -> list[Entry]:
    return [withdrawal_of(reference(event.observation, ledger, "observation"), event.id)]


def confirmed(event: Event, ledger: Ledger, photos: Photos) -> list[Entry]:
    lines = [line_of(ledger, key, "items") for key in dict.fromkeys(event.items)]
    items = [line.item for line in lines if not is_passed(line.item, ledger)]
    return [Entry(ObservationKind.CONFORMS, i, uuid.uuid5(event.id, i.code)) for i in items]


def is_passed(item: Item, ledger: Ledger) -> bool:
    return any(seen.kind in PASSED for seen in ledger.standing(item))


def not_applicable(event: Event, ledger: Ledger, photos: Photos) -> list[Entry]:
    item = line_of(ledger, event.item, "item").item
    return [Entry(ObservationKind.NOT_APPLICABLE, item, event.id, note=event.note.strip())]


ENTRIES = {
    "observe": observed,
    "withdraw": withdrawn,
    "confirm": confirmed,
    "not_applicable": not_applicable,
}


def line_of(ledger: Ledger, key: int | None, field: str) -> Line:
    line = ledger.outline.lines.get(key or 0)
    if line is None:
        raise Refused(_("这一项不在这张评分表上。"), "not_on_sheet", field)
    return line


def one_of(known: Mapping, key: int | None, field: str):
    if key is not None and key not in known:
        raise Refused(_("这条检查内容不在这张评分表上。"), "not_on_sheet", field)
    return known[key] if key is not None else None


def reference(id: uuid.UUID | None, ledger: Ledger, field: str) -> Observation:
    """An observation that came before, or in the same batch."""
    if id in ledger.events:
        return ledger.rows([id])[id]
    if id in ledger.elsewhere:
        raise Refused(_("这张评分表上没有这条记录。"), "not_on_sheet", field)
    raise Later(_("它所指的那条记录还没有传到。"))


def derived_ids(events: Collection[Event], sheets: Mapping[int, ScoreSheet]) -> set[uuid.UUID]:
    """The ids of observations that follow from an event's own."""
    found = {uuid.uuid5(event.id, "withdrawal") for event in events if event.refers_to}
    for event in events:
        if event.do == "confirm" and event.sheet in sheets:
            codes = outline(sheets[event.sheet].rubric_id).codes
            found |= {uuid.uuid5(event.id, codes[key]) for key in event.items if key in codes}
    return found
