"""What people put right while they review an import, laid over what was read.

The corrections of one import are a plain dict: an item's first row (as text) → the item as it
shall be (scoring.item_data), or None for one that is left out; "title" → the rubric's name;
"sections" → {name in the file: name as it shall be}, "totals" → {cell of a total or subtotal: what
it should have said}, "left" → {first row: as what an item was put right before it was left out},
"seen" → the mark of the draft that a long import goes over (scoring.rubrics.draft_rubric).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.forms import Item, Message, Understood
from scoring.forms.cells import address
from scoring.forms.header import POINTS
from scoring.forms.wording import folded
from scoring.item_data import with_data

ROW = re.compile(r"[A-Z]+(\d+)")
FULL_TOTAL = Decimal(100)
TITLE, SECTIONS, TOTALS, LEFT, SEEN = "title", "sections", "totals", "left", "seen"
# What depends on all items together is said anew.
ANEW = {"duplicate_item", "total_differs", "subtotal_differs", "total_not_100", "no_items"}


def key_of(item: Item) -> str:
    """What an item's correction is kept under: its first row, whatever its name and code are."""
    return str(item.rows[0])


def corrected(read: Understood, edits: Mapping) -> Understood:
    """The rubric as it shall be, with the errors and warnings that are left.

    What was said about an item that a person put right is settled, and the item is looked at as
    it is now; the sums are checked with the items as they are now.
    """
    if not edits:
        return read
    return _Correction(read, edits).result()


class _Correction:
    def __init__(self, read: Understood, edits: Mapping):
        self.read, self.edits = read, edits
        self.sections = edits.get(SECTIONS) or {}
        self.totals = edits.get(TOTALS) or {}
        self.items = [self._item(item) for item in read.items if edits.get(key_of(item), item)]
        self.touched = [item for item in read.items if key_of(item) in edits]
        self.open = [item for item in read.items if key_of(item) not in edits]

    def result(self) -> Understood:
        read = self.read
        errors = [*self._left(read.errors), *self._item_faults(), *self._sum_faults()]
        warnings = [*self._left(read.warnings), *self._lacking(), *self._total_warning()]
        title = self.edits.get(TITLE) or read.title
        return replace(
            read, title=title, stated_total=self._stated(self._total_cell(), read.stated_total),
            items=self.items, errors=errors, warnings=warnings,
        )  # fmt: skip

    def _item(self, item: Item) -> Item:
        data = self.edits.get(key_of(item))
        item = with_data(item, data) if data else item
        return replace(item, section=self.sections.get(item.section, item.section))

    # what was said, and is not settled

    def _left(self, messages: Iterable[Message]) -> Iterator[Message]:
        settled = {row for item in self.touched for row in item.rows}
        shared = {item.cells.get("section") for item in self.open
                  if item.section not in self.sections}  # fmt: skip
        sections = {item.cells.get("section") for item in self.read.items}
        for message in messages:
            in_section = message.cell in sections if message.cell else False
            is_settled = message.cell not in shared if in_section else row_of(message) in settled
            if message.code not in ANEW and not is_settled:
                yield message

    # the items that were put right, and all of them together

    def _item_faults(self) -> Iterator[Message]:
        if not self.items:
            yield self._message("no_items", None)
        seen = set()
        for item in self.items:
            key = folded(item.section), folded(item.name)
            if key in seen and item.name:
                params = {"section": item.section, "name": item.name}
                yield self._message("duplicate_item", item.cells.get("name"), **params)
            seen.add(key)
        for item in self._put_right():
            if not item.name:
                yield self._message("item_without_name", item.cells.get("name"))
            yield from self._figure_faults(item)

    def _figure_faults(self, item: Item) -> Iterator[Message]:
        low, high = item.deduct_min, item.deduct_max
        if low is not None and high is not None and low > high:
            params = {"minimum": low, "maximum": high}
            yield self._message("range_upside_down", item.cells.get("rule"), **params)
        elif high is not None and item.points is not None and high > item.points:
            params = {"maximum": high, "points": item.points}
            yield self._message("range_over_points", item.cells.get("rule"), **params)

    def _lacking(self) -> Iterator[Message]:
        for item in self._put_right():
            about = {"name": item.name}
            if item.points is None:
                yield self._message("points_missing", item.cells.get("points"), **about)
            elif not item.points:
                yield self._message("points_zero", item.cells.get("points"), **about)
            if not item.requirements:
                yield self._message("requirements_missing", item.cells.get("requirements"), **about)
            if not item.rules:
                yield self._message("rule_missing", item.cells.get("rule"), **about)
            for rule in item.rules:
                if not rule.understood:
                    params = {**about, "rule": rule.text}
                    yield self._message("rule_not_understood", item.cells.get("rule"), **params)

    def _put_right(self) -> Iterator[Item]:
        return (item for item in self.items if key_of(item) in self.edits)

    # sums

    def _sum_faults(self) -> Iterator[Message]:
        for message in self.read.errors:
            if message.code == "subtotal_differs":
                yield from self._subtotal(message)
        stated, total = self._stated(self._total_cell(), self.read.stated_total), sum_of(self.items)
        if stated is not None and stated != total:
            yield self._message("total_differs", self._total_cell(), stated=stated, read=total)

    def _subtotal(self, message: Message) -> Iterator[Message]:
        """It may add up its section, all so far, or what stands since the last faulty one."""
        row = row_of(message) or 0
        above = [item for item in self.items if item.rows[0] < row]
        section = [item for item in above if item.section == above[-1].section]
        before = [row_of(other) or 0 for other in self.read.errors if other.code == message.code]
        since = max((each for each in before if each < row), default=0)
        own = [item for item in above if item.rows[0] > since]
        sums = [sum_of(items) for items in (own, above, section)]
        stated = self._stated(message.cell, message.params["stated"])
        if stated not in sums:
            params = {**message.params, "stated": stated, "read": sums[-1]}
            yield self._message(message.code, message.cell, **params)

    def _stated(self, cell: str | None, read: Decimal | None) -> Decimal | None:
        """What a total says, or should have said."""
        typed = self.totals.get(cell or "")
        return read if typed is None else Decimal(typed)

    def _total_cell(self) -> str | None:
        said = (each.cell for each in self.read.errors if each.code == "total_differs")
        cell = next(said, None)
        header, row = self.read.header, self.read.total_row
        if cell or not header or not row or POINTS not in header.columns:
            return cell
        return address(row, header.columns[POINTS])

    def _total_warning(self) -> Iterator[Message]:
        if self.items and (total := sum_of(self.items)) != FULL_TOTAL:
            yield self._message("total_not_100", self._total_cell(), total=total)

    def _message(self, code: str, cell: str | None, **params) -> Message:
        return Message(code, self.read.sheet, cell, params)


def row_of(message: Message) -> int | None:
    match = ROW.fullmatch(message.cell or "")
    return int(match[1]) if match else None


def sum_of(items: Sequence[Item]) -> Decimal:
    return sum((item.points for item in items if item.points is not None), Decimal(0))
