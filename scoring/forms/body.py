"""Sorts the rows under a header: which belong to which item, which are sums, which are notes.

Sections and items carry down: from a merged range, from the cell above one left empty, and from
a heading over the whole width. Values are not copied, so points stay counted once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .cells import Cell, Row, Table, address
from .header import NAMING, NUMBER, POINTS, REMARK, SCORE, SECTION, Header
from .messages import Message
from .wording import counts_on, folded, heading, tidy

TAIL = r"(?:[:(].*|\d.*)?"
TOTAL = re.compile(
    r"(?:合计|总计|总分|共计|总得分|合计得分|总分合计|分值合计|合计分值?|总分[值数]|(?:grand)?total"
    rf"(?:points|score)?){TAIL}"
)
SUBTOTAL = re.compile(
    rf"(?:[^\d:]{{0,16}}小计|[本该此每](?:[页项类节]|部分|[版板]块|大项)合计|sub-?total){TAIL}"
)
NOTE = re.compile(r"(?:备注|附?注|说明|remarks?|notes?)(?:\d{0,2}[:.、]|$)")
SIGNATURE = re.compile(
    r"(?:被?(?:检查|督导|考核|评分|审核|编制|制表|批准|复核|受检|填表)|项目(?:经理|负责人|确认)"
    r"|签[字名]|日期|单位|部门)[^:]{0,12}:"
)
COUNT = re.compile(r"[(]?(?:\d{1,5}|[一二三四五六七八九十]{1,4})[).、]?")
NUMBERED_BAND = re.compile(
    r"(?:第?[一二三四五六七八九十]+(?:部分)?[、.]|[(][一二三四五六七八九十]+[)])"
)


@dataclass
class Group:
    """The rows of one item."""

    section: str
    section_cell: Cell | None
    name: Cell
    rows: list[Row]


@dataclass(frozen=True)
class Sum:
    """A row that adds up the items above it; `after` is how many there are."""

    row: Row
    label: Cell
    after: int
    final: bool


@dataclass
class Body:
    """The rows under a header, sorted."""

    groups: list[Group] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    notes: list[Cell] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)


def read_body(table: Table, header: Header) -> Body:
    """The rows below the header by what they are; hidden ones are left out and reported."""
    sorter = _Sorter(table, header)
    below = [row for row in table.rows if row.number > header.last_row]
    for row in below:
        if not row.hidden:
            sorter.take(row)
    if hidden := [row.number for row in below if row.hidden]:
        place = address(hidden[0], 1)
        params = {"rows": row_numbers(hidden)}
        sorter.body.warnings.append(Message("row_hidden", table.sheet, place, params))
    return sorter.done()


def row_numbers(numbers: Sequence[int]) -> list[str]:
    """Of many the first ten."""
    return [*map(str, numbers[:10]), *(["…"] if len(numbers) > 10 else [])]


class _Sorter:
    """Goes down the rows and remembers the section and the item it is in."""

    def __init__(self, table: Table, header: Header):
        self.table, self.header, self.body = table, header, Body()
        self._section = ""
        self._section_cell: Cell | None = None
        self._unused: Cell | None = None
        self._group: Group | None = None
        columns = header.columns
        self._labels = {columns[r] for r in (NUMBER, SECTION, *NAMING) if r in columns}
        self._telling = {c for role, c in columns.items() if role not in (NUMBER, SECTION)}
        self._filled_in = {columns[role] for role in (SCORE, REMARK) if role in columns}
        self._points, self._number = columns.get(POINTS), columns.get(NUMBER)
        self._name = columns[header.name_role]
        self._requirements = columns.get(header.requirements_role)

    def take(self, row: Row) -> None:
        if self.header.repeated_in(row):
            return
        if self._group and self._reaches(row, self._group):
            self._take_item(row)
        elif label := self._sum_label(row):
            self._take_sum(row, label)
        elif self._is_note(row):
            self._take_note(row)
        elif self._is_band(row):
            self._enter(row.first)
        else:
            self._take_item(row)

    def done(self) -> Body:
        """All rows are taken; a section below which nothing came is told."""
        self._leave_section()
        return self.body

    def _sum_label(self, row: Row) -> Cell | None:
        nameless = self._name not in row.cells
        cells = [cell for column, cell in row.cells.items() if nameless or column in self._labels]
        found = (cell for cell in [row.first, *cells] if _matches(cell, TOTAL, SUBTOTAL))
        return next(found, None)

    def _take_sum(self, row: Row, label: Cell) -> None:
        final = not _matches(label, SUBTOTAL)
        self.body.sums.append(Sum(row, label, len(self.body.groups), final))
        self._group = None

    def _is_note(self, row: Row) -> bool:
        lead = folded(row.first.text)
        labelled = bool(NOTE.match(lead) or SIGNATURE.match(lead))
        if self._points in row.cells:
            return labelled and len(row.cells) == 1
        return labelled or self._is_after_total()

    def _take_note(self, row: Row) -> None:
        """A note; one that might be an item without points below a sum is told of."""
        self.body.notes += row.cells.values()
        if {self._name, self._requirements} <= set(row.cells) and self._requirements != self._name:
            self._tell_unread(row.cells[self._name])

    def _is_after_total(self) -> bool:
        """Below a final sum, as long as no further item has begun."""
        last = self.body.sums[-1] if self.body.sums else None
        return bool(last and last.final and last.after == len(self.body.groups))

    def _is_band(self, row: Row) -> bool:
        """A section written across the table instead of in a column of its own."""
        if len(row.cells) > 1:
            return False
        merge = self.table.merge_at(row.number, row.first.column)
        if merge and merge.width > 1 and merge.height == 1:
            return merge.first_column <= self._name <= merge.last_column
        if row.first.column == self._requirements != self._name:
            return False
        numbered = NUMBERED_BAND.match(folded(row.first.text))
        return SECTION not in self.header.columns and bool(numbered)

    def _enter(self, cell: Cell) -> None:
        self._leave_section()
        self._section, self._section_cell = heading(cell.text), cell
        self._unused, self._group = cell, None

    def _leave_section(self) -> None:
        if self._unused:
            self._tell_unread(self._unused)

    def _take_item(self, row: Row) -> None:
        section = row.cells.get(self.header.columns.get(SECTION, 0))
        if section and (self._section_cell is None or heading(section.text) != self._section):
            self._enter(section)
        name = row.cells.get(self._name)
        if name and not self._repeats(row, name):
            self._group, self._unused = Group(self._section, self._section_cell, name, [row]), None
            self.body.groups.append(self._group)
        elif self._group and (name or self._continues(row, self._group)):
            self._group.rows.append(row)
        elif section is None or len(row.cells) > 1:
            self._complain(row)

    def _repeats(self, row: Row, name: Cell) -> bool:
        """The item's name once more beside a further requirement.

        Where the points are there once more as well, the requirements' numbers have to go on:
        otherwise it is another item of the same name.
        """
        group = self._group
        if group is None or folded(group.name.text) != folded(name.text):
            return False
        points = row.cells.get(self._points or 0)
        return points is None or self._copied(row, group)

    def _copied(self, row: Row, group: Group) -> bool:
        last = group.rows[-1]
        same = all(
            column in last.cells and column in row.cells
            and folded(last.cells[column].text) == folded(row.cells[column].text)
            for column in (self._points or 0, self._name)
        )  # fmt: skip
        texts = [each.cells.get(self._requirements or 0) for each in (last, row)]
        return same and all(texts) and counts_on(texts[0].text, texts[1].text)

    def _continues(self, row: Row, group: Group) -> bool:
        """A further row of the item: its name reaches down here, or nothing is counted here."""
        if not self._telling & set(row.cells):
            return False
        merge = self.table.merge_at(row.number, self._name)
        if merge and merge.height > 1:
            return merge.first_row == group.name.row
        return self._points not in row.cells

    def _reaches(self, row: Row, group: Group) -> bool:
        """Whether the item's name is merged down to this row."""
        merge = self.table.merge_at(row.number, self._name)
        return bool(merge and merge.height > 1 and merge.first_row == group.name.row)

    def _complain(self, row: Row) -> None:
        """A row without an item; a figure or an empty number alone is a line left to fill in."""
        asking = self._telling - self._filled_in
        if self._points in row.cells or (self._group is None and asking & set(row.cells)):
            place = address(row.number, self._name)
            self.body.errors.append(Message("item_without_name", self.table.sheet, place))
        elif said := next(iter(self._said(row)), None):
            self._tell_unread(said)

    def _said(self, row: Row) -> list[Cell]:
        """What a row says besides its number and its section."""
        section = self.header.columns.get(SECTION)
        cells = (row.cells[column] for column in sorted(row.cells) if column != section)
        return [cell for cell in cells if cell.column != self._number or not _counts(cell)]

    def _tell_unread(self, cell: Cell) -> None:
        params = {"text": tidy(cell.text)[:40]}
        self.body.warnings.append(Message("row_unread", self.table.sheet, cell.address, params))


def _counts(cell: Cell) -> bool:
    """Whether it is a row's number: 3, 3., (3), 三、."""
    return bool(COUNT.fullmatch(folded(cell.text)))


def _matches(cell: Cell, *patterns: re.Pattern) -> bool:
    text = folded(cell.text) if len(cell.text) < 40 else ""
    return any(pattern.fullmatch(text) for pattern in patterns)
