"""From a table to a rubric: items with points, requirements and deductions, and what is amiss.

Points are exact decimals. Everything understood names the cell it came from. Errors are what
does not add up and must not come in; warnings are what is missing or worth a look. A rubric with
something missing is a draft: it can be kept, not published.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine import Kind

from .amounts import parse_points, plain
from .body import Body, Group, Sum, read_body
from .cells import Cell, Table, address
from .header import POINTS, STANDARD, Header, find_header, merge_over
from .messages import Message
from .rules import Rule
from .rulings import RulesRead, parse_rules
from .wording import folded, heading, split_requirements, tidy

WEIGHT = re.compile(r"(?:占|权重)[^%。;]{0,12}?(\d{1,3}(?:\.\d{1,2})?)%")
IN_LABEL = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,2})?)分?\)?$")
NO_TITLE = re.compile(r"附件|.*[:：]")
FULL_TOTAL = Decimal(100)


@dataclass(frozen=True)
class Item:
    """One item as it was understood; what is unknown is None or empty.

    `points` are points; `rule` is the cell's whole text and `rules` what it says. `critical` says
    for each requirement whether it is critical: "", "zero" or "cap". `cells` says for section,
    name, standard, requirements, points and rule which cell each was read from, or should have
    been. `rows` are the numbers of the item's rows on the sheet.
    """

    section: str
    name: str
    standard: str
    requirements: tuple[str, ...]
    points: Decimal | None
    rules: tuple[Rule, ...]
    rule: str
    cells: dict[str, str]
    requirement_cells: tuple[str, ...]
    rows: tuple[int, ...]
    code: str | None = None
    photo_required: bool = False
    critical: tuple[str, ...] = ()

    @property
    def price(self) -> Rule | None:
        """What a missing requirement costs, where the form says so."""
        return next((rule for rule in self.rules if rule.each), None)

    @property
    def deduct_min(self) -> Decimal | None:
        return self.price.minimum if self.price else None

    @property
    def deduct_max(self) -> Decimal | None:
        return self.price.maximum if self.price else None

    @property
    def settled(self) -> bool:
        """Whether there are rules and all of them are understood."""
        return bool(self.rules) and all(rule.understood for rule in self.rules)

    @property
    def complete(self) -> bool:
        return bool(self.points and self.settled and self.requirements)


@dataclass
class Understood:
    """A rubric as read from one table.

    `stated_total` are the points that the table's own 合计 claims, `weight_percent` what its 备注
    proposes; either may be None. `header` and `total_row` say where on the sheet they stand.
    """

    sheet: str | None = None
    title: str = ""
    items: list[Item] = field(default_factory=list)
    stated_total: Decimal | None = None
    weight_percent: Decimal | None = None
    header: Header | None = None
    total_row: int | None = None
    errors: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """The points of all items together; None while no item has any."""
        known = [item.points for item in self.items if item.points is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def sections(self) -> list[str]:
        """The sections' names in order, each once."""
        return list(dict.fromkeys(item.section for item in self.items))

    @property
    def complete(self) -> bool:
        """Whether nothing is amiss and nothing is missing that publishing needs."""
        return not self.errors and bool(self.items) and all(item.complete for item in self.items)


class Notebook:
    """Notes what is amiss on one sheet, each cell's own fault only once."""

    def __init__(self, sheet: str):
        self.sheet = sheet
        self.errors: list[Message] = []
        self.warnings: list[Message] = []
        self._faulty: set[str] = set()

    def error(self, code: str, cell: str | None, **params) -> None:
        self.errors.append(Message(code, self.sheet, cell, params))

    def warn(self, code: str, cell: str | None, **params) -> None:
        self.warnings.append(Message(code, self.sheet, cell, params))

    def usable(self, cell: Cell, *, calculated: bool = False) -> bool:
        """Whether the cell has a value of its own; a sum may be `calculated` by a formula."""
        kept = calculated and cell.value is not None
        if not cell.error and (kept or not cell.formula):
            return True
        if cell.address not in self._faulty:
            self._faulty.add(cell.address)
            self._report(cell)
        return False

    def points(self, cell: Cell, kind: str = "points") -> Decimal | None:
        """The cell's points, or None after an error was noted; `kind` is points or score."""
        try:
            points = parse_points(cell.text)
        except ValueError:
            self.error(f"{kind}_not_a_number", cell.address, value=tidy(cell.text)[:40])
            return None
        if points < 0:
            self.error(f"{kind}_negative", cell.address, value=points)
            return None
        return points

    def points_together(self, cells: list[Cell], kind: str = "points") -> Decimal | None:
        """The points of all the cells, or None after an error was noted at any."""
        read = [self.points(cell, kind) for cell in cells if self.usable(cell)]
        known = [points for points in read if points is not None]
        return sum(known, Decimal(0)) if len(known) == len(cells) else None

    def _report(self, cell: Cell) -> None:
        if cell.error:
            self.error("error_cell", cell.address, value=cell.text)
        else:
            self.error("formula", cell.address)


def understand(table: Table) -> Understood:
    """The rubric that the table holds. Never raises: what is amiss is in `errors`."""
    header = find_header(table)
    result = Understood(sheet=table.sheet, title=table.sheet, header=header)
    fault = _header_fault(table, header)
    if fault is None and header is not None:
        return _Reading(table, header, result).read()
    result.errors += [fault] if fault else []
    return result


def _header_fault(table: Table, header: Header | None) -> Message | None:
    if merge := merge_over(table, header):
        place = address(merge.first_row, merge.first_column)
        return Message("merged_over_header", table.sheet, place, {"range": merge.range})
    if header is None:
        first = table.rows[0].first.address if table.rows else None
        return Message("no_header", table.sheet, first)
    if POINTS not in header.columns:
        place = address(header.first_row, min(header.columns.values()))
        return Message("no_points_column", table.sheet, place)
    return None


class _Reading:
    """One table being read under its header."""

    def __init__(self, table: Table, header: Header, result: Understood):
        self.table, self.header, self.result = table, header, result
        self.notes = Notebook(table.sheet)
        self.body: Body = read_body(table, header)
        self._names: set[tuple[str, str]] = set()

    def read(self) -> Understood:
        result, notes = self.result, self.notes
        above = [cell for row in self._rows_above() for cell in row.cells.values()]
        result.title = self._title(above)
        result.weight_percent = self._weight([*self.body.notes, *above])
        result.items = [self._item(group) for group in self.body.groups]
        if not result.items:
            notes.error("no_items", address(self.header.last_row, min(self._columns())))
        self._check_sums()
        result.errors += self.body.errors + notes.errors
        result.warnings += notes.warnings + self.body.warnings
        return result

    def _columns(self):
        return self.header.columns.values()

    def _rows_above(self):
        rows = self.table.rows
        return [row for row in rows if row.number < self.header.first_row and not row.hidden]

    def _title(self, above: list[Cell]) -> str:
        titles = (cell.text for cell in above if not NO_TITLE.match(cell.text))
        return tidy(next(titles, self.table.sheet))

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

    def _points(self, group: Group, name: str) -> Decimal | None:
        cells = self._own(group, POINTS)
        if not cells:
            self._note_no_points(group, name)
            return None
        points = self.notes.points_together(cells)
        if points is None:
            return None
        if len(cells) > 1:
            self.notes.warn("points_in_parts", cells[0].address, name=name, points=points)
        elif not points:
            self.notes.warn("points_zero", cells[0].address, name=name)
        return points

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

    # sums

    def _check_sums(self) -> None:
        stated = [(entry, *self._stated(entry)) for entry in self.body.sums]
        final = next((found for found in reversed(stated) if found[0].final), None)
        before = 0
        for found in stated:
            if found is not final:
                self._check_subtotal(*found, since=before)
                before = found[0].after
        self._check_total(final)

    def _stated(self, entry: Sum) -> tuple[str, Decimal | None]:
        """Where a sum stands and what it says: in the points column, or behind its label."""
        cell = entry.row.cells.get(self.header.columns[POINTS])
        if cell is not None and cell != entry.label:
            usable = self.notes.usable(cell, calculated=True)
            return cell.address, self.notes.points(cell) if usable else None
        match = IN_LABEL.search(folded(entry.label.text))
        return entry.label.address, parse_points(match[1]) if match else None

    def _check_subtotal(self, entry: Sum, place: str, stated: Decimal | None, since: int) -> None:
        """It may add up what stands since the last one, all so far, or its section."""
        so_far = self.result.items[: entry.after]
        section = [item for item in so_far if so_far and item.section == so_far[-1].section]
        sums = [_points_of(items) for items in (so_far[since:], so_far, section)]
        if stated is not None and stated not in sums:
            self.notes.error("subtotal_differs", place, stated=stated, read=sums[0])

    def _check_total(self, final: tuple[Sum, str, Decimal | None] | None) -> None:
        entry, place, stated = final or (None, None, None)
        self.result.total_row = entry.row.number if entry else None
        self.result.stated_total = stated
        read = _points_of(self.result.items)
        if stated is None:
            self.notes.warn("total_missing", place)
        elif stated != read:
            self.notes.error("total_differs", place, stated=stated, read=read)
        if read != FULL_TOTAL and self.result.items:
            self.notes.warn("total_not_100", place, total=read)


def _points_of(items: list[Item]) -> Decimal:
    return sum((item.points for item in items if item.points is not None), Decimal(0))
