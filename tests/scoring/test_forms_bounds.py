"""Files made to hurt are read or refused in little time: counted, not timed, where it can be."""

import pytest

from scoring.forms import read_rubric
from scoring.forms.cells import Merge, Table
from scoring.forms.limits import COLUMNS_LIMIT, TABLES_LIMIT
from scoring.forms.remarks import read_remarks
from scoring.forms.rulings import LONGEST_CELL, parse_rules
from tests.corpus.forms import workbook

HEADER = ["类别", "项目", "检查内容", "规定分值", "评分细则", "备注"]
ITEM = ["内部管理", "制度", "1.有制度", "5", "每缺一项扣1分", None]


def text_file(*rows):
    return "\n".join(",".join(cell or "" for cell in row) for row in rows).encode()


def refused(data):
    return [(message.code, message.cell) for message in read_rubric(data, "表.csv").errors]


def test_a_cell_far_to_the_right_is_no_form_any_more():
    assert refused(text_file(HEADER, ITEM, [None] * COLUMNS_LIMIT + ["字"])) == [
        ("too_much", "IW3")
    ]
    assert refused(text_file(HEADER, ITEM, [None] * 100_000)) == []


def test_a_file_of_hundreds_of_forms_is_refused():
    forms = [HEADER, ITEM, ["合计", None, None, "5"]] * (TABLES_LIMIT + 1)
    assert refused(text_file(*forms)) == [("too_much", None)]


def test_rules_too_long_to_be_rules_are_left_to_a_person():
    [rule] = parse_rules("每缺一项扣1分；" * LONGEST_CELL).rules
    assert not rule.understood
    assert rule.text.startswith("每缺一项扣1分；每缺一项扣1分")


def test_remarks_about_many_requirements_that_are_not_there_are_told_once():
    item = [*ITEM[:-1], "关键项：第2-999条缺失本表零分"]
    read = read_rubric(workbook([HEADER, item]))
    [message] = [each for each in read.warnings if each.code == "critical_unknown"]
    assert "第 2、3、4、5、6、7、8、9、10、11、… 条" in message.message


def test_remarks_are_looked_at_only_so_far():
    assert read_remarks("字" * 3_000 + "；扣分须拍照").photo_required is False


@pytest.mark.parametrize("label", ["小计", "合计"])
def test_many_sums_are_held_against_what_stands_above_each(label):
    rows = [row for _ in range(50) for row in (ITEM, [label, None, None, "5"])]
    items = [[row[0], f"第{at}块", *row[2:]] if row is ITEM else row for at, row in enumerate(rows)]
    read = read_rubric(workbook([HEADER, *items, ["总分", None, None, "250"]]))
    assert (len(read.items), read.errors) == (50, [])


def test_ranges_over_whole_rows_are_looked_up_by_column():
    table = Table("表", [], [Merge(row, 1, row, 16_384) for row in range(1, 100)])
    assert table.merge_at(50, 16_384).first_row == 50
