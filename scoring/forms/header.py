"""Finds the header of a table by its words, wherever it stands and in whatever order."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .amounts import parse_points
from .cells import Cell, Merge, Row, Table
from .wording import folded

SECTION, ITEM, STANDARD, REQUIREMENTS = "section", "item", "standard", "requirements"
POINTS, SCORE, LOST, RULE, REMARK, NUMBER = "points", "score", "lost", "rule", "remark", "number"

ALL_ROLES = (
    NUMBER, SECTION, ITEM, STANDARD, REQUIREMENTS, POINTS, SCORE, LOST, RULE, REMARK,
)  # fmt: skip

WORDS = {
    NUMBER: ("序号 编号 序 序列 no no. # number serial serialno serialno. sn s/n itemno itemno."),
    SECTION: (
        "类别 类型 分类 类目 大类 板块 版块 模块 大项 检查类别 考核类别 项目类别"
        " 所属类别 业务模块 检查板块 一级指标 category categories section type class"
        " area"
    ),
    ITEM: (
        "项目 检查项目 考核项目 评分项目 督导项目 评价项目 考评项目 项目名称 检查项"
        " 考核项 评分项 子项 小项 二级指标 item items itemname inspectionitem"
        " inspectionitems checkitem scoringitem assessmentitem name"
    ),
    STANDARD: (
        "标准内容 标准 服务标准 工作标准 质量标准 管理标准 标准要求 考核标准"
        " 服务内容及标准 质量要求 standard standards standardcontent servicestandard"
        " qualitystandard"
    ),
    REQUIREMENTS: (
        "检查内容 标准及检查内容 检查要点 检查要求 检查标准 检查内容及标准"
        " 检查内容与标准 标准与检查内容 检查内容及要求 检查标准及内容 检查细则 检查点"
        " 考核内容 考核要求 考评内容 评价内容 督导内容 评分内容 内容 内容及要求"
        " 具体内容 具体要求 要求 requirement requirements content contents criteria"
        " inspectioncontent inspectioncontents inspectionrequirements"
        " inspectionstandard checkpoints standardandinspectioncontent"
        " standardsandinspectioncontent description"
    ),
    POINTS: (
        "规定分值 分值 标准分 标准分值 标准分数 满分 满分值 配分 规定分 规定分数 基本分"
        " 基础分 应得分 总分值 分数 项目分值 单项分值 points point marks maxpoints"
        " maximumpoints maxmarks fullmarks fullmark fullscore maxscore maximumscore"
        " pointsavailable"
    ),
    SCORE: (
        "评分 得分 实得分 检查得分 检查评分 实际得分 评定得分 考核得分 自评分 自评得分"
        " 打分 score scored actualscore pointsawarded awarded result"
    ),
    LOST: (
        "扣分 扣分值 扣减分 扣分数 实扣分 扣分情况 deduction deductions pointslost"
        " pointsdeducted deductedpoints lost"
    ),
    RULE: (
        "评分细则 评分标准 评分办法 评分方法 评分规则 评分说明 评分依据 评定标准"
        " 评价标准 扣分标准 扣分细则 扣分办法 扣分方法 扣分规则 扣分原则 扣分说明"
        " 得分标准 得分细则 计分标准 计分办法 计分规则 打分标准 rule rules scoringrule"
        " scoringrules scoringcriteria scoringstandard scoringmethod deductionrule"
        " deductionrules deductionstandard deductioncriteria"
    ),
    REMARK: "备注 说明 备注说明 其他说明 remark remarks note notes comment comments",
}
ROLES = {word: role for role, words in WORDS.items() for word in words.split()}
NAMING = (ITEM, STANDARD, REQUIREMENTS)
GIVING = (POINTS, SCORE, RULE)
UNIT = re.compile(r"(?:[(\[【].*[)\]】]|/分)$")
OTHER_THAN_CHINESE, OTHER_THAN_LATIN = re.compile(r"[^\u4e00-\u9fff]"), re.compile("[^a-z]")
# A word of a label such as 项目：, which is no header, is not among the words above.
LONGEST = 50


@dataclass(frozen=True)
class Header:
    """Where the header stands and which column holds what (role → column)."""

    first_row: int
    last_row: int
    columns: dict[str, int]
    lines: tuple[frozenset[tuple[int, str]], ...] = field(default=(), compare=False, repr=False)

    @property
    def name_role(self) -> str:
        """The column with an item's name; without 项目 it is the standard's text."""
        return next(role for role in NAMING if role in self.columns)

    @property
    def requirements_role(self) -> str:
        """The column with the requirements; a table with standards only has them there."""
        return REQUIREMENTS if REQUIREMENTS in self.columns else STANDARD

    @property
    def rule_role(self) -> str:
        """The column with the deduction rules; some forms call it 扣分 and nothing else."""
        return RULE if RULE in self.columns else LOST

    def repeated_in(self, row: Row) -> bool:
        """Whether the row is the header, or a part of it, once more, as on each printed page."""
        if any(len(cell.text) > LONGEST for cell in row.cells.values()):
            return False
        words = _words(row)
        if any(words <= line and len(words) * 2 > len(line) for line in self.lines):
            return True
        at = {column: role for role, column in self.columns.items()}
        same = sum(_role(cell) == at.get(column, "") for column, cell in row.cells.items())
        return same == len(row.cells) or same > 2


def find_header(table: Table) -> Header | None:
    """The header with the most known columns; of equals the first."""
    best = max(_candidates(table), key=lambda header: len(header.columns), default=None)
    return best and _with_rows_below(table, best)


def header_for(table: Table, columns: Mapping[str, int] | None) -> Header | None:
    """The header as found, or with the columns that a person says (role → column number).

    Where no words are known but columns are said, the header is the row before the first points.
    """
    found = find_header(table)
    if not columns:
        return found
    said = {role: int(columns[role]) for role in ALL_ROLES if columns.get(role)}
    if not said:  # what they were said to be is nothing that a form has
        return found
    return replace(found, columns=said) if found else _header_before_points(table, said)


def header_signature(table: Table) -> str:
    """A header's mark: the same for tables with the same words in the same columns.

    It takes no account of case, width and spaces; "" for a table without a header.
    """
    header = find_header(table)
    if header is None:
        return ""
    rows = [row for row in table.rows if header.first_row <= row.number <= header.last_row]
    cells = [cell for row in rows for cell in row.cells.values()]
    words = sorted((cell.column, cell.row - header.first_row, folded(cell.text)) for cell in cells)
    return hashlib.sha256(repr(words).encode()).hexdigest()


def merge_over(table: Table, header: Header | None) -> Merge | None:
    """A merged range that hides the header or reaches from it into the rows around it.

    Without a header: a block of cells, which may have swallowed it.
    """
    if header is None:
        return next((m for m in table.merges if m.width > 1 and m.height > 1), None)
    right = max(header.columns.values())
    over = (m for m in table.merges if m.crosses(header.first_row, header.last_row))
    return next((merge for merge in over if merge.first_column <= right), None)


def _header_before_points(table: Table, columns: dict[str, int]) -> Header | None:
    """The fullest row above the first points; without one that is a header, the first row."""
    if not table.rows:
        return None
    above: list[Row] = []
    for row in table.rows:
        if _has_points(row, columns.get(POINTS, 0)):
            break
        above.append(row)
    said = set(columns.values())
    fullest = max((len(said & set(row.cells)) for row in above), default=0)
    full = [row.number for row in above if len(said & set(row.cells)) == fullest]
    first = above[0].number if above else table.rows[0].number - 1
    number = full[-1] if fullest > 1 else first
    return Header(number, number, columns)


def _has_points(row: Row, column: int) -> bool:
    cell = row.cells.get(column)
    if cell is None or row.hidden:
        return False
    try:
        return parse_points(cell.text) >= 0
    except ValueError:
        return False


def _candidates(table: Table) -> Iterator[Header]:
    visible = [row for row in table.rows if not row.hidden]
    for row, below in zip(visible, [*visible, None][1:], strict=True):
        columns, second = _columns(row), _second_row(below)
        kept = {role: at for role, at in columns.items() if at not in second.values()}
        both = {**kept, **second}
        if below and second and _is_header(both) and set(NAMING) & set(columns):
            yield Header(row.number, below.number, both)
        elif below and (upper := _headings_over(row, below)):
            yield Header(row.number, below.number, {**upper, **_columns(below)})
        elif _is_header(columns):
            yield Header(row.number, row.number, columns)


def _headings_over(row: Row, below: Row) -> dict[str, int]:
    """Columns that only the row above a header names, beside headings over several columns."""
    columns = _columns(row)
    if len(row.cells) < 2 or below.number != row.number + 1 or set(NAMING) & set(columns):
        return {}
    named = _columns(below)
    clash = set(columns.values()) & set(below.cells) or set(columns) & set(named)
    return columns if _is_header(named) and not clash else {}


def _second_row(row: Row | None) -> dict[str, int]:
    """Columns named under a heading of the row above: a row of such words, no header itself."""
    columns = _columns(row) if row and all(map(_role, row.cells.values())) else {}
    return {} if _is_header(columns) else columns


def _with_rows_below(table: Table, header: Header) -> Header:
    """The header with rows that only divide its wide cells, whatever their words are."""
    last = header.last_row
    while _divides(table, header, last + 1):
        last += 1
    rows = [row for row in table.rows if header.first_row <= row.number <= last]
    return replace(header, last_row=last, lines=tuple(map(_words, rows)))


def _words(row: Row) -> frozenset[tuple[int, str]]:
    return frozenset((cell.column, folded(cell.text)) for cell in row.cells.values())


def _divides(table: Table, header: Header, number: int) -> bool:
    row = next((row for row in table.rows if row.number == number), None)
    over = [table.merge_at(header.first_row, column) for column in row.cells] if row else []
    return bool(over) and all(merge and merge.width > 1 and merge.height == 1 for merge in over)


def _is_header(columns: dict[str, int]) -> bool:
    return any(role in columns for role in NAMING) and any(role in columns for role in GIVING)


def _columns(row: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for cell in sorted(row.cells.values(), key=lambda cell: cell.column):
        if role := _role(cell):
            columns.setdefault(role, cell.column)
    return columns


def _role(cell: Cell) -> str | None:
    return _role_of(cell.text) if len(cell.text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _role_of(text: str) -> str | None:
    word = folded(text)
    bare = UNIT.sub("", word).rstrip(":*")
    return ROLES.get(word) or ROLES.get(bare) or _in_two_languages(bare)


def _in_two_languages(word: str) -> str | None:
    """项目 Item, 规定分值/Points."""
    chinese, latin = OTHER_THAN_CHINESE.sub("", word), OTHER_THAN_LATIN.sub("", word)
    return ROLES.get(chinese) if len(latin) > 1 and latin in ROLES else None
