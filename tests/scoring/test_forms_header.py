"""The header is found by its words, wherever it stands."""

import pytest

from scoring.forms import read_rubric, read_tables, understand
from scoring.forms.header import ALL_ROLES, WORDS, find_header, header_signature
from scoring.forms.messages import ROLE_NAMES
from tests.corpus.forms import HEADER, RULE, form, item, workbook


def header_of(rows, **kwargs):
    [table] = read_tables(workbook(rows, **kwargs))
    return find_header(table)


@pytest.mark.parametrize(
    "words",
    [
        HEADER,
        ["序号", "类别", "项目", "检查内容", "分值", "扣分标准", "备注"],
        ["类别", "检查项目", "检查内容", "满分", "得分", "扣分细则"],
        ["类 别", "项\n目", "标准及检查内容", "规定\n分值", "评分", "评分细则"],
        ["板块", "考核项目", "考核内容", "标准分（分）", "实得分", "得分标准"],
        ["评分细则", "规定分值", "标准及检查内容", "项目", "类别"],
        ["Category", "Item", "Requirements", "Points", "Score", "Rule"],
        ["项目", "检查内容", "分值（100分）", "扣分标准："],
    ],
)
def test_the_columns_are_known_by_their_words(words):
    header = header_of([["某某评分表"], ["编制：管理中心"], [None], words, ["x"]])
    assert header.first_row == 4
    roles = {"item", "requirements", "points", "rule"}
    assert roles <= set(header.columns)


def test_a_label_above_the_table_is_no_header():
    rows = [["项目", "阳光花园", "得分", 95], HEADER, item()]
    assert header_of(rows).first_row == 2


def test_without_an_item_column_the_standard_is_the_name():
    header = header_of([["类别", "标准内容", "检查内容", "规定分值", "评分细则"], ["x"]])
    assert (header.name_role, header.requirements_role) == ("standard", "requirements")


def test_a_header_in_two_rows_is_one():
    first = ["类别", "项目", "检查内容", "考核", None, "评分细则"]
    second = [None, None, None, "分值", "得分"]
    rows = [["评分表"], first, second, item(score=4), ["合计", None, None, 5]]
    merges = ["A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"]
    read = read_rubric(workbook(rows, merges=merges))
    assert (read.header.first_row, read.header.last_row) == (2, 3)
    assert (read.header.columns["points"], read.header.columns["score"]) == (4, 5)
    assert [entry.name for entry in read.items] == ["制度建设"]
    assert not read.errors


def test_wide_cells_may_be_divided_by_words_that_nobody_knows():
    header = ["类别", "项目", "检查内容", "规定分值", "评分", None, "评分细则"]
    rows = [header, [None, None, None, None, "自评", "督导评"]]
    rows += [["管理", "制度", "1.上墙", 5, None, None, RULE]]
    merges = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:G2"]
    read = read_rubric(workbook(rows, merges=merges))
    assert read.header.last_row == 2
    assert [entry.name for entry in read.items] == ["制度"]
    assert not read.errors


def test_a_header_repeated_on_each_page_is_no_item():
    rows = [
        ["评分表"],
        HEADER,
        item("制度建设"),
        HEADER,
        item("会议培训"),
        ["合计", None, None, 10],
    ]
    read = read_rubric(workbook(rows))
    assert [entry.name for entry in read.items] == ["制度建设", "会议培训"]


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5], [5, 3, 1, 2, 0, 4], [4, 2, 0, 5, 3, 1]])
def test_the_order_of_the_columns_is_no_matter(order):
    plain = form([item("制度建设"), item("会议培训")])
    rows = [plain[0], *([row[at] for at in order] for row in plain[1:4])]
    read = read_rubric(workbook(rows))
    expected = [("内部管理", "制度建设", 5), ("内部管理", "会议培训", 5)]
    assert [(entry.section, entry.name, entry.points) for entry in read.items] == expected


@pytest.mark.parametrize(
    ("rows", "merges", "code", "cell"),
    [
        ([["会议纪要"], ["一、时间"], ["二、地点"]], [], "no_header", "A1"),
        ([[None], [None, "采购清单", "数量"]], [], "no_header", "B2"),
        ([["评分表"], ["项目", "检查内容", "评分细则"]], [], "no_points_column", "A2"),
        (form(), ["A1:F2"], "merged_over_header", "A1"),
        (form(), ["A1:C2"], "merged_over_header", "A1"),
        (form(), ["A1:A2"], "merged_over_header", "A1"),
        (form(), ["D2:D4"], "merged_over_header", "D2"),
        (form([]), [], "no_items", "A2"),
    ],
)
def test_a_sheet_without_a_proper_header_is_refused_with_its_place(rows, merges, code, cell):
    read = read_rubric(workbook(rows, merges=merges))
    error = read.errors[0]
    assert (error.code, error.sheet, error.cell) == (code, "评分表", cell)
    assert not read.items


ISSUE_WORDS = {
    "number": ["序号", "No.", "Item No."],
    "section": ["类别", "检查类别", "Category"],
    "item": ["项目", "检查项目", "Item", "Inspection item"],
    "standard": ["标准内容", "服务标准", "Standard"],
    "requirements": ["检查内容", "标准及检查内容", "Inspection content", "Requirements"],
    "points": ["规定分值", "规 定\n分 值", "分值", "标准分", "满分", "Points",
               "Full marks", "Max score"],
    "score": ["评分", "得分", "实得分", "Score"],
    "lost": ["扣分", "扣分值", "Deduction"],
    "rule": ["评分细则", "评分标准", "扣分标准", "扣分细则", "得分标准", "Scoring rules",
             "Deduction rules", "Scoring criteria"],
    "remark": ["备注", "Remarks"],
}  # fmt: skip


@pytest.mark.parametrize("role", ISSUE_WORDS)
def test_every_word_for_a_column_is_known(role):
    others = {"item": "项目", "points": "分值", "requirements": "检查内容"}
    others.pop(role, None)
    for word in ISSUE_WORDS[role]:
        assert header_of([[*others.values(), word], ["x"]]).columns[role] == len(others) + 1


def test_a_page_can_name_every_role():
    assert set(ROLE_NAMES) == set(ALL_ROLES) == set(WORDS)


# what a person says of the columns


def read_with(rows, columns=None, **kwargs):
    [table] = read_tables(workbook(rows, **kwargs))
    return understand(table, columns)


COLUMNS = {"section": 1, "item": 2, "requirements": 3, "points": 4, "rule": 6}


def test_columns_that_a_person_names_replace_the_words():
    rows = [["表"], ["类别", "甲", "乙", "丙", "评分", "丁"], item("制度"), item("会议")]
    assert [error.code for error in read_with(rows).errors] == ["no_header"]
    read = read_with(rows, COLUMNS)
    assert (read.header.first_row, [entry.name for entry in read.items]) == (2, ["制度", "会议"])
    assert read.items[0].deduct_max == 2


def test_a_header_that_was_found_stays_where_it_is():
    rows = [["表"], ["类别", "项目", "检查内容", "旧分值", "分值", "评分细则"], item(score=7)]
    columns = {"section": 1, "item": 2, "requirements": 3, "points": 5, "rule": 6}
    assert read_with(rows).items[0].points == 7
    read = read_with(rows, columns | {"points": 4})
    assert (read.header.first_row, read.items[0].points) == (2, 5)


def test_columns_that_are_said_to_be_nothing_stay_as_they_were():
    assert read_with(form(), {"0000-00-00": 1, "item": 0}).header == read_with(form()).header


def test_columns_without_points_or_names_are_an_error_each():
    rows = form()
    assert [e.code for e in read_with(rows, {"item": 2}).errors] == ["no_points_column"]
    assert [e.code for e in read_with(rows, {"points": 4}).errors] == ["no_name_column"]


def signature(rows):
    [table] = read_tables(workbook(rows))
    return header_signature(table)


def test_a_header_is_known_by_its_words_whatever_stands_around_it():
    spaced = ["类 别", "项目", "标准及\n检查内容", "规定分值", "评分", "评分细则"]
    assert len(signature(form())) == 64
    assert signature(form()) == signature([["另一张表"], [None], spaced, item("别的")])
    assert signature(form()) != signature(form(header=HEADER[::-1]))
    assert signature([["会议纪要"]]) == ""


def test_hidden_rows_come_in_where_a_person_wants_them():
    [table] = read_tables(workbook(form(), hidden_rows=[4]))
    read = understand(table, with_hidden=True)
    assert [entry.name for entry in read.items] == ["制度建设", "会议培训"]
    told = [(warning.code, warning.cell) for warning in read.warnings]
    assert ("row_hidden_taken", "A4") in told
    assert "row_hidden" not in dict(told)


def test_a_sheet_whose_rows_are_all_hidden_has_no_header():
    rows = [["项目", "检查内容", "分值", "评分细则"], ["接待", "微笑", 5, "每缺一项扣1分"]]
    (table,) = read_tables(workbook(rows, hidden_rows=(1, 2)))
    assert find_header(table) is None
