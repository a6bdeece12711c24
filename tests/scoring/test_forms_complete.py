"""Nothing that stands below a header is passed over in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.forms import read_rubric
from scoring.forms.body import COUNT, read_body
from scoring.forms.cells import Cell, Merge, Row, Table
from scoring.forms.header import find_header
from scoring.forms.wording import folded
from tests.corpus.forms import workbook

HEADER = ["序号", "类别", "项目", "标准内容", "检查内容", "规定分值", "评分", "评分细则", "备注"]
WORDS = [
    "", "", "", "1", "三、", "内部管理", "制度上墙", "1.有制度；2.有记录", "5", "2.5分",
    "每缺一项扣0.5-2分", "合计", "合计3次", "小计", "备注：占总分25%", "项目经理：每月检查",
    "检查人：", "日期：", "说明", "项目", "规定分值", "不适用", "关键项",
]  # fmt: skip
ROWS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=len(HEADER), max_size=len(HEADER)), max_size=8
)
MERGES = st.lists(
    st.tuples(st.integers(2, 9), st.integers(1, 9), st.integers(0, 3), st.integers(0, 3)),
    max_size=4,
)


def table_of(rows, merges=()):
    kept = [
        Row(number, {c: Cell(number, c, text) for c, text in enumerate(texts, start=1) if text})
        for number, texts in enumerate([HEADER, *rows], start=1)
    ]
    return Table("评分表", [row for row in kept if row.cells], list(merges))


def apart(merges):
    """Merged ranges that don't overlap, as Excel keeps them."""
    kept, taken = [], set()
    for top, left, down, right in merges:
        places = {(top + i, left + j) for i in range(down + 1) for j in range(right + 1)}
        if not places & taken:
            taken |= places
            kept.append(Merge(top, left, top + down, left + right))
    return kept


def told_rows(table, header):
    """The rows that became something, or were told of."""
    body = read_body(table, header)
    rows = {row.number for group in body.groups for row in group.rows}
    rows |= {group.section_cell.row for group in body.groups if group.section_cell}
    rows |= {entry.row.number for entry in body.sums} | {cell.row for cell in body.notes}
    told = [*body.errors, *body.warnings]
    return rows | {int(message.cell.lstrip("ABCDEFGHIJ")) for message in told}


def says_something(row, header):
    """More than a number and the section that it is in, and not the header once more."""
    own = [cell for column, cell in row.cells.items() if column > 1 or not is_number(cell)]
    return bool(own) and not header.repeated_in(row)


def is_number(cell):
    return bool(COUNT.fullmatch(folded(cell.text)))


def only_repeats_its_section(row):
    return set(row.cells) <= {1, 2}


@given(rows=ROWS, merges=MERGES)
def test_every_row_becomes_an_item_a_sum_or_a_note_or_is_told_of(rows, merges):
    table = table_of(rows, apart(merges))
    header = find_header(table)
    told = told_rows(table, header)
    lost = [
        row.number
        for row in table.rows
        if row.number > header.last_row
        and says_something(row, header)
        and not only_repeats_its_section(row)
        and row.number not in told
    ]
    assert lost == []


def read(rows, merges=()):
    return read_rubric(workbook([HEADER, *rows], merges=merges))


def unread(rubric):
    return [message.cell for message in rubric.warnings if message.code == "row_unread"]


FIRST = ["1", "内部管理", "制度", "上墙", "1.有制度", "5", None, "每缺一项扣1分", None]
SECOND = [None, None, "记录", "齐全", "1.有记录", "5", None, "每缺一项扣1分", None]


def test_requirements_below_a_sum_of_a_section_stay_with_their_item():
    further = [None, None, None, None, "2.有签字", None, None, None, None]
    rubric = read([FIRST, ["合计", None, None, None, None, "5"], SECOND, further])
    assert [each.requirements for each in rubric.items] == [("有制度",), ("有记录", "有签字")]


@pytest.mark.parametrize(
    "text", ["项目经理：每月组织一次例会", "小计", "备注：挂在前台", "合计3次"]
)
def test_a_row_that_the_items_name_is_merged_down_to_is_a_requirement(text):
    further = [None, None, None, None, text]
    rubric = read([FIRST, further, SECOND], merges=["A2:A3", "B2:B3", "C2:C3", "F2:F3"])
    assert [len(each.requirements) for each in rubric.items] == [2, 1]
    assert rubric.items[0].requirements[1] == text


def test_what_might_be_an_item_below_the_total_is_told():
    total, late = ["合计", None, None, None, None, "5"], [*SECOND[:5], None, None, "扣1分"]
    assert unread(read([FIRST, total, late])) == ["C4"]
    assert unread(read([FIRST, total, ["检查人：", None, None, None, "日期："]])) == []


def test_remarks_in_a_row_of_their_own_belong_to_the_item_above():
    further = [*[None] * 8, "扣分须拍照"]
    assert [each.photo_required for each in read([FIRST, further]).items] == [True]


def test_a_section_without_items_is_told():
    rubric = read([FIRST, [None, "现场管理"]])
    assert unread(rubric) == ["B3"]


def test_a_column_that_nobody_knows_is_told_once_and_an_empty_one_is_not():
    header = [*HEADER, "检查频次", "检查人"]
    rubric = read_rubric(workbook([header, [*FIRST, "每周", None], [*SECOND, "每月", None]]))
    told = [each for each in rubric.warnings if each.code == "column_unread"]
    assert [(each.cell, each.params["text"]) for each in told] == [("J1", "检查频次")]


def test_words_in_the_column_of_numbers_are_told_and_numbers_are_not():
    rubric = read([FIRST, ["2"], ["另见附表"], ["三、"]])
    assert unread(rubric) == ["A4"]
