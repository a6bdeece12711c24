"""Everything that was recorded on a sheet, withdrawn and not: item by item, in pages."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import groupby

from django.core.paginator import Page, Paginator

from inspections.models import Observation, ScoreSheet
from inspections.sheet.cards import Card
from inspections.sheet.folding import Event
from inspections.sheet.reading import read_whole
from inspections.sheet.sheet_page import SheetPage
from inspections.sheet.sheet_photos import photos_on
from inspections.words import ObservationKind
from organization.models import User

PAGE_SIZE = 50


class SheetLog:
    """A page of the log: the one that the address asks for, or the one with the `observation` that
    it names, or where its `item` begins.
    """

    def __init__(self, sheet: ScoreSheet, reader: User, asked: Mapping[str, str]):
        read_whole(sheet)
        self.view = SheetPage(sheet, reader)
        self.cards: dict[str, Card] = {card.item.code: card for card in self.view.cards}
        wanted = asked.get("page") or self.page_of(
            asked.get("item", ""), asked.get("observation", "")
        )
        self.page: Page = Paginator(self.events, PAGE_SIZE).get_page(wanted)

    @cached_property
    def events(self) -> list[Event]:
        """In the order of the items, of each the newest first."""
        place = {code: number for number, code in enumerate(self.cards)}
        newest_first = reversed(self.view.ledger.events.values())
        return sorted(newest_first, key=lambda event: place[event.item])

    def page_of(self, code: str, id: str) -> int:
        places = (n for n, e in enumerate(self.events) if code == e.item or id == str(e.id))
        return next(places, 0) // PAGE_SIZE + 1

    def parts(self) -> Iterator[tuple[Card, list[Observation]]]:
        """The page's items with their observations; `is_gone` marks what was withdrawn later."""
        rows = self.view.observations(self.page.object_list)
        shown = zip(self.page.object_list, rows, strict=True)
        for code, pairs in groupby(shown, key=lambda pair: pair[0].item):
            yield self.cards[code], [self.marked(row) for _event, row in pairs]

    def marked(self, row: Observation) -> Observation:
        withdrawal = row.kind == ObservationKind.WITHDRAWAL
        row.is_gone = not withdrawal and row.pk not in self.view.folded.standing_ids
        return row

    @cached_property
    def photos(self):
        return photos_on([self.view.sheet])
