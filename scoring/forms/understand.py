"""From a table to a rubric: items with points, requirements and deductions, and what is amiss.

Points are exact decimals. Everything understood names the cell it came from. Errors are what
does not add up and must not come in; warnings are what is missing or worth a look. A rubric with
something missing is a draft: it can be kept, not published.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.engine import Kind

from .amounts import plain
from .body import Body, Group, read_body, row_numbers
from .cells import Cell, Table, address
from .header import NAMING, POINTS, REMARK, STANDARD, Header, header_for, merge_over
from .messages import Message
from .notebook import Notebook
from .remarks import Remarks, read_remarks
from .rubric import Item, Understood
from .rules import Rule
from .rulings import RulesRead, parse_rules
from .sums import FULL_TOTAL, check_sums
from .wording import folded, heading, split_requirements, tidy

__all__ = ["Item", "Understood", "understand"]

WEIGHT = re.compile(r"(?:占|权重)[^%。;]{0,12}?(\d{1,3}(?:\.\d{1,2})?)%")
NO_TITLE = re.compile(r"附件|.*[:：]")
# What programs call a sheet that nobody has named; CSV is the reader's own word.
UNNAMED = re.compile(r"(?:sheet|工作表|表|csv)\s*\d*", re.IGNORECASE)


def understand(
    table: Table, columns: Mapping[str, int] | None = None, with_hidden: bool = False
) -> Understood:
    """The rubric that the table holds. Never raises: what is amiss is in `errors`.

    `columns` (role → column number, one of `header.ALL_ROLES` each) says which column is what in
    place of the header's words; `with_hidden` reads hidden rows as well.
    """
    hidden = [row.number for row in table.rows if row.hidden]
    if with_hidden:
        table = replace(table, rows=[replace(row, hidden=False) for row in table.rows])
    header = header_for(table, columns)
    result = Understood(sheet=table.sheet, title=table.sheet, header=header)
    fault = _header_fault(table, header)
    if fault is None and header is not None:
        taken = [number for number in hidden if number > header.last_row] if with_hidden else []
        return _Reading(table, header, result).read(taken)
    result.errors += [fault] if fault else []
    return result


def _header_fault(table: Table, header: Header | None) -> Message | None:
    if merge := merge_over(table, header):
        place = address(merge.first_row, merge.first_column)
        return Message("merged_over_header", table.sheet, place, {"range": merge.range})
    if header is None:
        first = table.rows[0].first.address if table.rows else None
        return Message("no_header", table.sheet, first)
    place = address(max(header.first_row, 1), min(header.columns.values()))
    if POINTS not in header.columns:
        return Message("no_points_column", table.sheet, place)
    if not set(NAMING) & set(header.columns):
        return Message("no_name_column", table.sheet, place)
    return None


class _Reading:
    """One table being read under its header."""

    def __init__(self, table: Table, header: Header, result: Understood):
        self.table, self.header, self.result = table, header, result
        self.notes = Notebook(table.sheet)
        self.body: Body = read_body(table, header)
        self._names: set[tuple[str, str]] = set()

    def read(self, taken: Sequence[int] = ()) -> Understood:
        """`taken` are the hidden rows among those read."""
        result, notes = self.result, self.notes
        if taken:
            notes.warn("row_hidden_taken", address(taken[0], 1), rows=row_numbers(taken))
        above = [cell for row in self._rows_above() for cell in row.cells.values()]
        result.title = self._title(above)
        remarks = [cell for group in self.body.groups for cell in self._own(group, REMARK)]
        result.weight_percent = self._weight([*self.body.notes, *above, *remarks])
        result.items = [self._item(group) for group in self.body.groups]
        if not result.items:
            notes.error("no_items", address(self.header.last_row, min(self._columns())))
        check_sums(self.body.sums, result, notes)
        self._tell_unread_columns()
        result.errors += self.body.errors + notes.errors
        result.warnings += notes.warnings + self.body.warnings
        return result

    def _columns(self):
        return self.header.columns.values()

    def _tell_unread_columns(self) -> None:
        """Columns that nobody knows and that say something of an item, each once."""
        rows = [row for group in self.body.groups for row in group.rows]
        used = {column for row in rows for column in row.cells} - set(self._columns())
        for column in sorted(used):
            heading = self.table.shown_at(self.header.last_row, column)
            first = next(row.cells[column] for row in rows if column in row.cells)
            cell = heading or first
            self.notes.warn("column_unread", cell.address, text=tidy(cell.text)[:40])

    def _rows_above(self):
        rows = self.table.rows
        return [row for row in rows if row.number < self.header.first_row and not row.hidden]

    def _title(self, above: list[Cell]) -> str:
        titles = (cell.text for cell in above if not NO_TITLE.match(cell.text))
        named = "" if UNNAMED.fullmatch(self.table.sheet.strip()) else self.table.sheet
        return tidy(next(titles, named))

    def _weight(self, cells: list[Cell]) -> Decimal | None:
        found = (match for cell in cells if (match := WEIGHT.search(folded(cell.text))))
        weights = (plain(Decimal(match[1])) for match in found)
        return next((weight for weight in weights if 0 < weight <= FULL_TOTAL), None)

    # one item

    def _item(self, group: Group) -> Item:
        if group.section_cell:
            self.notes.usable(group.section_cell)
        name = heading(group.name.text) if self.notes.usable(group.name) else ""
        requirements, requirement_cells = self._requirements(group, name)
        points = self._points(group, name)
        remarks = self._remarks(group, name, len(requirements))
        rules, rule, rule_cell = self._rules(group, name, points)
        self._check_name(group, name)
        return Item(
            section=group.section,
            name=name,
            standard=self._standard(group),
            requirements=requirements,
            points=points,
            rules=rules.rules,
            rule=rule,
            cells=self._sources(group, rule_cell),
            requirement_cells=requirement_cells,
            rows=tuple(row.number for row in group.rows),
            photo_required=remarks.photo_required,
            critical=remarks.marks(len(requirements)),
        )

    def _sources(self, group: Group, rule_cell: str) -> dict[str, str]:
        sources = {
            "name": group.name.address,
            "standard": self._place(group, STANDARD),
            "requirements": self._place(group, self.header.requirements_role),
            "points": self._place(group, POINTS),
            "rule": rule_cell,
            "section": group.section_cell.address if group.section_cell else "",
        }
        return {role: cell for role, cell in sources.items() if cell}

    def _place(self, group: Group, role: str) -> str:
        """Where the item's value in this column stands, or should."""
        column = self.header.columns.get(role)
        return address(group.rows[0].number, column) if column else ""

    def _own(self, group: Group, role: str) -> list[Cell]:
        """The item's own cells in this column, not those that reach down from above."""
        column = self.header.columns.get(role, 0)
        return [row.cells[column] for row in group.rows if column in row.cells]

    def _check_name(self, group: Group, name: str) -> None:
        key = (folded(group.section), folded(name))
        if not name and self.notes.usable(group.name):
            self.notes.error("item_without_name", group.name.address)
        elif name and key in self._names:
            params = {"section": group.section, "name": name}
            self.notes.error("duplicate_item", group.name.address, **params)
        self._names.add(key)

    def _standard(self, group: Group) -> str:
        cells = self._own(group, STANDARD)
        return "\n".join(tidy(cell.text) for cell in cells if self.notes.usable(cell))

    def _requirements(self, group: Group, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        role = self.header.requirements_role
        cells = self._own(group, role)
        usable = [cell for cell in cells if self.notes.usable(cell)]
        pairs = [(text, c.address) for c in usable for text in split_requirements(c.text)]
        if not pairs and len(usable) == len(cells):
            self.notes.warn("requirements_missing", self._place(group, role) or None, name=name)
        return tuple(text for text, _ in pairs), tuple(place for _, place in pairs)

    def _remarks(self, group: Group, name: str, count: int) -> Remarks:
        cells = [cell for cell in self._own(group, REMARK) if not cell.error]
        remarks = read_remarks("；".join(cell.text for cell in cells))
        if unknown := sorted(number for number in remarks.critical if not 1 <= number <= count):
            number = row_numbers(unknown)
            self.notes.warn("critical_unknown", cells[0].address, name=name, number=number)
        return remarks

    def _points(self, group: Group, name: str) -> Decimal | None:
        cells = self._own(group, POINTS)
        if not cells:
            self._note_no_points(group, name)
            return None
        copied = len(cells) > 1 and self._named_again(group)
        points = self.notes.points_together(cells[:1] if copied else cells)
        if points is None:
            return None
        if copied:
            self.notes.warn("points_repeated", cells[0].address, name=name, points=points)
        elif len(cells) > 1:
            self.notes.warn("points_in_parts", cells[0].address, name=name, points=points)
        elif not points:
            self.notes.warn("points_zero", cells[0].address, name=name)
        return points

    def _named_again(self, group: Group) -> bool:
        """Whether the rows are copies of each other: their points are one figure."""
        name = self.header.columns[self.header.name_role]
        return all(name in row.cells for row in group.rows)

    def _note_no_points(self, group: Group, name: str) -> None:
        merge = self.table.merge_at(group.rows[0].number, self.header.columns[POINTS])
        shared = merge and merge.first_row < group.rows[0].number
        code = "points_shared" if shared else "points_missing"
        self.notes.warn(code, self._place(group, POINTS), name=name)

    def _rules(self, group: Group, name: str, points: Decimal | None) -> tuple[RulesRead, str, str]:
        """The item's rules, the text they were read from, and where it stands."""
        cells = self._rule_cells(group)
        place = cells[0].address if cells else self._place(group, self.header.rule_role)
        texts = dict.fromkeys(cell.text for cell in cells if self.notes.usable(cell))
        text = "\n".join(texts)
        read = parse_rules(text)
        if not cells or (texts and not read.rules):
            self.notes.warn("rule_missing", place or None, name=name)
        for rule in read.unsettled:
            self.notes.warn("rule_not_understood", place, name=name, rule=rule.text)
        self._check_rules(read, place, points)
        return read, text, place

    def _rule_cells(self, group: Group) -> list[Cell]:
        """The item's rules; one merged over several items holds for each of them."""
        own = self._own(group, self.header.rule_role)
        column = self.header.columns.get(self.header.rule_role)
        above = self.table.shown_at(group.rows[0].number, column) if column and not own else None
        return own or ([above] if above else [])

    def _check_rules(self, read: RulesRead, place: str, points: Decimal | None) -> None:
        if read.full_marks is not None and points is not None and read.full_marks != points:
            params = {"stated": read.full_marks, "points": points}
            self.notes.warn("full_marks_differ", place, **params)
        for rule in read.rules:
            self._check_figures(rule, place, points)

    def _check_figures(self, rule: Rule, place: str, points: Decimal | None) -> None:
        """An amount may be as large as the item, unless it is taken beyond it."""
        low, high = rule.minimum, rule.maximum
        if low is None or high is None:
            return
        if low > high:
            params = {"minimum": low, "maximum": high}
            self.notes.error("range_upside_down", place, **params)
        elif points is not None and high > points and rule.kind != Kind.EXTRA:
            params = {"maximum": high, "points": points}
            self.notes.error("range_over_points", place, **params)
