"""A rubric as the company keeps it in Excel; reading the form again gives the same rubric.

Text that the reader would take for something else (a numbering, a sum, a heading) is written so
that it stays text: with another numbering, or with a mark before it that reading takes away.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from scoring.content import Content, Entry, of_rubric
from scoring.forms.amounts import plain
from scoring.forms.body import NOTE, SIGNATURE, SUBTOTAL, TOTAL
from scoring.forms.header import OTHER_THAN_CHINESE, OTHER_THAN_LATIN, ROLES, UNIT
from scoring.forms.remarks import remark_words
from scoring.forms.ruling_words import rules_text
from scoring.forms.rulings import parse_rules
from scoring.forms.wording import folded, heading, split_requirements, tidy
from scoring.models import Rubric

FONT = "微软雅黑"
THIN = Border(**dict.fromkeys(("left", "right", "top", "bottom"), Side(style="thin")))
GREY = PatternFill("solid", fgColor="F2F2F2")
WIDTHS = {
    "类别": 12, "项目": 18, "标准内容": 28, "检查内容": 48, "标准及检查内容": 60, "规定分值": 10,
    "评分": 8, "评分细则": 30, "备注": 20,
}  # fmt: skip
NUMBERINGS = ("{}. ", "{}、", "{}) ", "({}) ")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
SHEET_NAME = re.compile(r"[\[\]:*?/\\：]")
UNSORTED = "未分类"
# Nothing longer is taken for the label of a sum.
LONGEST_LABEL = 40
HEADER_ROW = 2


def company_form(rubric: Rubric) -> bytes:
    """The rubric as a workbook in the company's form: importing it gives the same rubric.

    Sections, items, names, standards, points, requirements, rules, what is critical or needs a
    photo, and the weight survive; codes and English words do not stand in the form and come back
    with the earlier versions.
    """
    return form_of(of_rubric(rubric), rubric.name_zh_hans, rubric.proposed_weight)


def form_of(content: Content, title: str, weight: Decimal | None = None) -> bytes:
    """The same of a rubric's inside."""
    return _Form(content).drawn(title, weight)


@dataclass(frozen=True)
class _Texts:
    """What an item's cells say, in the words that reading understands."""

    name: str
    standards: list[str]
    requirements: list[str]
    rules: str
    remarks: str

    @property
    def height(self) -> int:
        return max(1, len(self.standards), len(self.requirements))


class _Form:
    """One form being drawn, row by row."""

    def __init__(self, content: Content):
        self.content = content
        self.names = {code: name for code, name, _english in content.sections}
        self.texts = list(_texts(content.entries))
        self.columns = {word: n for n, word in enumerate(self._words(), start=1)}
        self.book = Workbook()
        self.sheet = self.book.active
        self.row = HEADER_ROW + 1

    def _words(self) -> Iterable[str]:
        """The form's columns; those that no item needs are left out."""
        entries = self.content.entries
        named = any(not _is_its_standard(entry) for entry in entries) or not entries
        standard = any(entry.standard[0] for entry in entries)
        yield "类别"
        if named:
            yield "项目"
        if standard or not named:
            yield "标准内容"
        yield "检查内容" if standard or not named else "标准及检查内容"
        yield from ("规定分值", "评分", "评分细则")
        if any(text.remarks for text in self.texts):
            yield "备注"

    def drawn(self, title: str, weight: Decimal | None) -> bytes:
        self.sheet.title = (SHEET_NAME.sub(" ", title).strip(" '") or "评分细则")[:31]
        self._title(title)
        for word, column in self.columns.items():
            cell = self._put(HEADER_ROW, column, word, bold=True, centred=True)
            cell.fill = GREY
            letter = get_column_letter(column)
            self.sheet.column_dimensions[letter].width = WIDTHS[word]
        self._items()
        self._total()
        if weight:
            self._band(self.row + 1, f"备注：本专业版块评分占总分{plain(weight):f}%权重。")
        self._set_up_print()
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def _title(self, title: str) -> None:
        cell = self._band(1, title)
        cell.font = Font(name=FONT, bold=True, size=16)
        cell.alignment = Alignment(horizontal="center", vertical="center")
        self.sheet.row_dimensions[1].height = 32

    def _band(self, row: int, text: str):
        """Text over the whole width."""
        self.sheet.merge_cells(start_row=row, start_column=1, end_row=row,
                               end_column=len(self.columns))  # fmt: skip
        cell = self.sheet.cell(row, 1)
        _write(cell, text)
        cell.font = Font(name=FONT, size=11)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        return cell

    def _items(self) -> None:
        section, first = None, self.row
        for entry, texts in zip(self.content.entries, self.texts, strict=True):
            if entry.section != section:
                self._merge("类别", first, self.row - 1)
                section, first = entry.section, self.row
                self._put(self.row, 1, self._section(section), bold=True, centred=True)
            self._item(entry, texts)
        self._merge("类别", first, self.row - 1)

    def _section(self, code: str) -> str:
        """Only the first section may be without a name: an empty cell carries the one above."""
        name = self.names[code]
        return _shielded_name(name) if name else "" if self.row == HEADER_ROW + 1 else UNSORTED

    def _item(self, entry: Entry, texts: _Texts) -> None:
        rows = range(self.row, self.row + texts.height)
        for row in rows:
            for column in range(1, len(self.columns) + 1):
                self._style(self.sheet.cell(row, column))
        self._down("项目", [texts.name], rows)
        self._down("标准内容", texts.standards, rows)
        self._down("检查内容", texts.requirements, rows)
        self._down("标准及检查内容", texts.requirements, rows)
        self._down("评分细则", [texts.rules], rows)
        self._down("备注", [texts.remarks], rows)
        points = [] if entry.points is None else [plain(entry.points)]
        self._down("规定分值", points, rows)
        self._merge("评分", rows[0], rows[-1])
        self.row = rows[-1] + 1

    def _down(self, word: str, values: Sequence, rows: range) -> None:
        """The values one below the other; a single one reaches over all of the item's rows."""
        column = self.columns.get(word)
        if column is None:
            return
        for row, value in zip(rows, values, strict=False):
            centred = word in {"项目", "规定分值"}
            self._put(row, column, value, centred=centred)
        if len(values) <= 1:
            self._merge(word, rows[0], rows[-1])

    def _merge(self, word: str, first: int, last: int) -> None:
        column = self.columns[word]
        if last > first:
            self.sheet.merge_cells(
                start_row=first, start_column=column, end_row=last, end_column=column
            )

    def _total(self) -> None:
        points = [entry.points for entry in self.content.entries if entry.points is not None]
        for column in range(1, len(self.columns) + 1):
            self._style(self.sheet.cell(self.row, column))
        self._put(self.row, 1, "合计", bold=True, centred=True)
        total = plain(sum(points, Decimal(0)))
        self._put(self.row, self.columns["规定分值"], total, bold=True, centred=True)

    def _put(self, row: int, column: int, value, *, bold: bool = False, centred: bool = False):
        cell = self.sheet.cell(row, column)
        if isinstance(value, str):
            _write(cell, value)
        else:
            cell.value = value
        self._style(cell, bold=bold, centred=centred)
        return cell

    def _style(self, cell, *, bold: bool = False, centred: bool = False) -> None:
        cell.font = Font(name=FONT, size=11, bold=bold)
        cell.alignment = Alignment(
            horizontal="center" if centred else "left", vertical="center", wrap_text=True
        )
        cell.border = THIN

    def _set_up_print(self) -> None:
        sheet = self.sheet
        sheet.freeze_panes = f"A{HEADER_ROW + 1}"
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "&P / &N"


def _write(cell, text: str) -> None:
    """Words stay words: what begins with = + - @ must not become a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in "=+-@"


# --- words that reading takes for what they are ------------------------------------------------


def _texts(entries: Sequence[Entry]) -> Iterable[_Texts]:
    previous = ""
    for entry in entries:
        name = entry.name[0]
        yield _Texts(
            name=_shielded_name(name, also=folded(name) == folded(previous)),
            standards=[_shielded(line) for line in entry.standard[0].splitlines()],
            requirements=requirement_cells([line.text[0] for line in entry.requirements]),
            rules=_rules(entry),
            remarks=remark_words(entry.photo_required, [e.critical for e in entry.requirements]),
        )
        previous = name


def _is_its_standard(entry: Entry) -> bool:
    """Named by its standard, as in forms without a column for names."""
    name, standard = entry.name[0], entry.standard[0]
    return name == standard and heading(name) == name and _shielded(name) == name


def _shielded_name(name: str, *, also: bool = False) -> str:
    """A section's or an item's name: with a number before it, which reading takes away, where
    it looks like something else.
    """
    safe = heading(name) == name and not _looks_like_more(name) and not also
    return name if safe else f"1. {name}"


def _shielded(line: str) -> str:
    """A line of text that stays what it is: reading takes closing marks away at both ends."""
    ways = (line, f"；{line}", f"{line}；", "；" * LONGEST_LABEL + line)
    return next((way for way in ways if not _looks_like_more(way)), line)


def _looks_like_more(text: str) -> bool:
    """Whether a cell with this text would be a heading, a sum or a note."""
    words = folded(text)
    bare = UNIT.sub("", words).rstrip(":*")
    halves = OTHER_THAN_CHINESE.sub("", bare), OTHER_THAN_LATIN.sub("", bare)
    patterns = (TOTAL.fullmatch, SUBTOTAL.fullmatch, NOTE.match, SIGNATURE.match)
    named = words in ROLES or bare in ROLES or all(half in ROLES for half in halves)
    return named or any(matches(words) for matches in patterns)


def requirement_cells(texts: Sequence[str]) -> list[str]:
    """The requirements numbered in one cell, in the first numbering that reads back as they are;
    where none does, each in a cell of its own.
    """
    if not texts:
        return []
    for style in NUMBERINGS:
        cell = "\n".join(f"{style.format(n)}{text}；" for n, text in enumerate(texts, start=1))
        if split_requirements(cell) == list(texts):
            return [cell]
    if len(texts) <= len(CIRCLED):
        cell = "\n".join(f"{mark}{text}；" for mark, text in zip(CIRCLED, texts, strict=False))
        if split_requirements(cell) == list(texts):
            return [cell]
    return [_alone(text) for text in texts]


def _alone(text: str) -> str:
    """One requirement in its cell."""
    numbered = [style.format(1) + text for style in NUMBERINGS]
    tries = [text, *numbered, f"①{text}", f"⑴{text}", f"⒈{text}"]
    found = (cell for cell in tries if split_requirements(cell) == [text])
    return next((c for c in found if not _looks_like_more(c)), _shielded(text))


def _rules(entry: Entry) -> str:
    """The cell that the rules came from while it still says them, else words for each."""
    rules = [rule for rule, _english in entry.rules]
    if entry.rule_text and _same(parse_rules(entry.rule_text).rules, rules):
        return entry.rule_text
    return rules_text(rules, entry.points)


def _same(read, rules) -> bool:
    """Whether a text says these rules; the price's own words are not kept."""
    return [_telling(rule) for rule in read] == [_telling(rule) for rule in rules]


def _telling(rule) -> tuple:
    text = "" if rule.each else tidy(rule.text)
    return text, rule.kind, rule.minimum, rule.maximum, rule.levels, rule.each
