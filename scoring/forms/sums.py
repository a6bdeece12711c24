"""Checks the sums that a table writes under its items."""

import re
from decimal import Decimal

from .amounts import parse_points
from .body import Sum
from .header import POINTS
from .notebook import Notebook
from .rubric import Item, Understood
from .wording import folded

IN_LABEL = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,2})?)(?:分|points?)?\)?$")
FULL_TOTAL = Decimal(100)


def check_sums(sums: list[Sum], result: Understood, notes: Notebook) -> None:
    """Hold every stated sum against the items read; the last total becomes the stated one."""
    stated = [(entry, *_stated(entry, result, notes)) for entry in sums]
    final = next((found for found in reversed(stated) if found[0].final), None)
    so_far, of_section = _running(result.items)
    before = 0
    for found in stated:
        if found is not final:
            after = found[0].after
            own = so_far[after] - so_far[before]
            _check_subtotal(*found[1:], own, (so_far[after], of_section[after]), notes)
            before = after
    _check_total(final, result, notes)


def _running(items: list[Item]) -> tuple[list[Decimal], list[Decimal]]:
    """The points of the first 0, 1, 2 … items: of all of them, and of the last one's section."""
    so_far, of_section = [Decimal(0)], [Decimal(0)]
    sections: dict[str, Decimal] = {}
    for item in items:
        points = item.points or Decimal(0)
        sections[item.section] = sections.get(item.section, Decimal(0)) + points
        so_far.append(so_far[-1] + points)
        of_section.append(sections[item.section])
    return so_far, of_section


def _stated(entry: Sum, result: Understood, notes: Notebook) -> tuple[str, Decimal | None]:
    """Where a sum stands and what it says: in the points column, or behind its label."""
    columns = result.header.columns if result.header else {}
    cell = entry.row.cells.get(columns.get(POINTS, 0))
    if cell is not None and cell != entry.label:
        usable = notes.usable(cell, calculated=True)
        return cell.address, notes.points(cell) if usable else None
    match = IN_LABEL.search(folded(entry.label.text))
    return entry.label.address, parse_points(match[1]) if match else None


def _check_subtotal(
    place: str,
    stated: Decimal | None,
    own: Decimal,
    wider: tuple[Decimal, Decimal],
    notes: Notebook,
) -> None:
    """It may add up what stands since the last one (`own`), all so far, or its section."""
    if stated is not None and stated not in (own, *wider):
        notes.error("subtotal_differs", place, stated=stated, read=own)


def _check_total(
    final: tuple[Sum, str, Decimal | None] | None, result: Understood, notes: Notebook
) -> None:
    entry, place, stated = final or (None, None, None)
    result.total_row = entry.row.number if entry else None
    result.stated_total = stated
    read = _points_of(result.items)
    if stated is None:
        notes.warn("total_missing", place)
    elif stated != read:
        notes.error("total_differs", place, stated=stated, read=read)
    if read != FULL_TOTAL and result.items:
        notes.warn("total_not_100", place, total=read)


def _points_of(items: list[Item]) -> Decimal:
    return sum((item.points for item in items if item.points is not None), Decimal(0))
