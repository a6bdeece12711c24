"""Takes apart forms that stand one below the other on one sheet."""

import re
from dataclasses import replace
from itertools import pairwise

from .body import NOTE, SIGNATURE, TOTAL
from .cells import Row, Table
from .header import POINTS, find_header
from .limits import TABLES_LIMIT
from .wording import folded

# A label of a sum is short; a line under 备注 goes on with a number.
LONGEST = 40
LISTED = re.compile(r"(?:\d{1,2}[.、]|[(]\d{1,2}[)])")


def apart(table: Table) -> list[Table]:
    """The forms on a sheet: a header that comes again after a final sum begins the next one.

    What stands between belongs to the next form, but for the notes right under the sum. A header
    on each printed page has no sum before it and begins nothing. Rows keep their numbers.
    """
    starts = _starts(table)
    bounds = pairwise([0, *starts, len(table.rows)])
    return [_part(table, first, last) for first, last in bounds] if starts else [table]


def _starts(table: Table) -> list[int]:
    """The index of the first row of every form but the first."""
    sums = [index for index, row in enumerate(table.rows) if _is_sum(row)]
    starts: list[int] = []
    for this, following in pairwise([*sums, len(table.rows) - 1]):
        begin = starts[-1] if starts else 0
        here = this + 1 + _notes(table.rows[this + 1 : following])
        if _has_form(table, here, following) and _has_form(table, begin, this):
            starts.append(here)
        if len(starts) >= TABLES_LIMIT:
            break  # too many for a file already
    return starts


def _is_sum(row: Row) -> bool:
    labels = (cell.text for cell in row.cells.values() if len(cell.text) < LONGEST)
    return not row.hidden and any(TOTAL.fullmatch(folded(label)) for label in labels)


def _notes(rows: list[Row]) -> int:
    """How many rows under a sum are still its form's."""
    count, listing = 0, False
    for row in rows:
        lead = folded(row.first.text)
        is_note = bool(NOTE.match(lead))
        if not (is_note or SIGNATURE.match(lead) or (listing and LISTED.match(lead))):
            break
        listing = is_note or listing
        count += 1
    return count


def _has_form(table: Table, first: int, last: int) -> bool:
    if all(row.hidden for row in table.rows[first : last + 1]):
        return False
    header = find_header(_part(table, first, last + 1))
    return header is not None and POINTS in header.columns


def _part(table: Table, first: int, last: int) -> Table:
    rows = table.rows[first:last]
    top, bottom = rows[0].number, rows[-1].number
    merges = [m for m in table.merges if top <= m.first_row and m.last_row <= bottom]
    return replace(table, rows=rows, merges=merges)
