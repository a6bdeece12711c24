"""Lays a rubric out as a table, in the ways that people use: rows and merged ranges as data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from openpyxl.utils import get_column_letter

HEADS = {
    "number": "序号", "section": "类别", "item": "项目", "requirements": "标准及检查内容",
    "points": "规定分值", "score": "评分", "rule": "评分细则", "remark": "备注",
}  # fmt: skip
COMPANY = ("section", "item", "requirements", "points", "score", "rule")
NUMBERED: dict[str, Callable[[int], str]] = {
    "dot": lambda n: f"{n}. ",
    "bare dot": lambda n: f"{n}.",
    "comma": lambda n: f"{n}、",
    "bracket": lambda n: f"({n})",
    "wide bracket": lambda n: f"（{n}）",
    "half bracket": lambda n: f"{n})",
    "circle": lambda n: "①②③④⑤⑥"[n - 1],
    "numeral": lambda n: f"{'一二三四五六'[n - 1]}、",
}


@dataclass(frozen=True)
class Layout:
    """One way of writing a table. `reach` is how a section or an item reaches down its rows."""

    columns: tuple[str, ...] = COMPANY
    heads: dict[str, str] = field(default_factory=dict)
    above: tuple[str, ...] = ("某某项目评分表",)
    reach: str = "merge"  # or "empty", "repeat", "copy": points and rules as well
    band: bool = False  # a section is a row across the table
    one_per_row: bool = False
    numbering: str = "dot"
    separator: str = "；\n"
    points: str = "{}"
    page: int = 0  # the header again after so many items
    blank: bool = False
    subtotals: str = ""
    total: str | None = "合计"
    shift: int = 0  # empty columns before the table
    below: tuple[str, ...] = ()


def lay_out(tree, layout: Layout) -> tuple[list[list], tuple[str, ...]]:
    """The rows of a table and its merged ranges."""
    writer = _Writer(layout)
    writer.write(tree)
    return writer.rows, tuple(writer.merges)


class _Writer:
    def __init__(self, layout: Layout):
        self.layout = layout
        self.rows: list[list] = []
        self.merges: list[str] = []

    def write(self, tree) -> None:
        layout = self.layout
        for line in layout.above:
            self._across(line)
        self._header()
        number = 0
        for section, entries in groupby(tree, key=lambda each: each.section):
            entries = list(entries)
            if layout.band:
                self._across(section, merged=True)
            first = len(self.rows) + 1
            for each in entries:
                number += 1
                self._entry(each, number, first=each is entries[0])
                if layout.page and number % layout.page == 0 and number < len(tree):
                    self._header()
            self._reach("section", first)
            if layout.subtotals:
                self._sum(layout.subtotals, entries)
        if layout.total is not None:
            self._sum(layout.total, tree)
        for line in layout.below:
            self._across(line)

    def _header(self) -> None:
        heads = HEADS | self.layout.heads
        self._row(**{role: heads[role] for role in self.layout.columns})

    def _entry(self, each, number: int, *, first: bool) -> None:
        layout = self.layout
        begin = len(self.rows) + 1
        mark = NUMBERED[layout.numbering]
        lines = [f"{mark(n)}{text}" for n, text in enumerate(each.requirements, start=1)]
        cells = lines if layout.one_per_row else [layout.separator.join(lines)]
        for at, text in enumerate(cells):
            again = layout.reach in ("repeat", "copy")
            own = {} if at and layout.reach != "copy" else {
                "number": number, "points": layout.points.format(f"{each.points:f}"),
                "rule": each.cell, "remark": each.remark or None,
            }  # fmt: skip
            self._row(
                section=each.section if again or (first and not at) else None,
                item=each.name if again or not at else None,
                requirements=text,
                **own,
            )
        for role in ("number", "item", "points", "rule"):
            self._reach(role, begin)
        if layout.blank:
            self.rows.append([None])

    def _reach(self, role: str, first: int) -> None:
        last = len(self.rows) - (1 if self.layout.blank and role == "section" else 0)
        merged = self.layout.reach == "merge" and role in self.layout.columns and last > first
        whole = not (self.layout.page and role == "section")
        if merged and whole and not (role == "section" and self.layout.band):
            letter = get_column_letter(self.layout.shift + self.layout.columns.index(role) + 1)
            self.merges.append(f"{letter}{first}:{letter}{last}")

    def _sum(self, label: str, entries) -> None:
        total = sum((each.points for each in entries), Decimal(0))
        first = next(role for role in self.layout.columns if role != "points")
        self._row(**{first: label, "points": self.layout.points.format(f"{total:f}")})

    def _across(self, text: str, merged: bool = False) -> None:
        self.rows.append([*[None] * self.layout.shift, text])
        if merged:
            first = get_column_letter(self.layout.shift + 1)
            last = get_column_letter(self.layout.shift + len(self.layout.columns))
            self.merges.append(f"{first}{len(self.rows)}:{last}{len(self.rows)}")

    def _row(self, **cells) -> None:
        values = [cells.get(role) for role in self.layout.columns]
        self.rows.append([*[None] * self.layout.shift, *values])
