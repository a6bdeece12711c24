"""What a filled form says of each item."""

from decimal import Decimal

import pytest

from scoring.forms import read_score_form
from tests.corpus.forms import HEADER, calculated, form, item, workbook

WITH_REMARK = [*HEADER, "备注"]


def filled(*scores, header=WITH_REMARK, total=None, remarks=(), **kwargs):
    """A form with as many items of 5 points as there are scores."""
    remarks = [*remarks, *[None] * len(scores)]
    items = [
        [*item(f"项目{number}", score=score), remark]
        for number, (score, remark) in enumerate(zip(scores, remarks, strict=False), start=1)
    ]
    rows = form(items, header=header, total=5 * len(scores))
    rows[-1].append(total)
    return workbook(rows, **kwargs)


def read(*scores, **kwargs):
    return read_score_form(filled(*scores, **kwargs))


def told(messages):
    return [(message.code, message.cell) for message in messages]


def test_points_kept_and_remarks_are_read_with_their_cells():
    form = read(5, "4.5分", remarks=[None, "缺一份签到表"])
    assert [row.kept for row in form.rows] == [5, Decimal("4.5")]
    second = form.rows[1]
    assert (second.section, second.name, second.points) == ("内部管理", "项目2", 5)
    assert second.remark == "缺一份签到表"
    assert second.cells == {"name": "B4", "score": "E4", "remark": "G4"}
    assert (form.errors, form.warnings) == ([], [])


@pytest.mark.parametrize("word", ["不适用", " 不 适用", "N/A", "n/a"])
def test_an_item_may_be_not_applicable(word):
    form = read(5, word, remarks=[None, "没有发电机"])
    row = form.rows[1]
    assert (row.not_applicable, row.kept, row.remark) == (True, None, "没有发电机")
    assert form.errors == []


def test_zero_is_a_score():
    [row] = read(0).rows
    assert (row.kept, row.not_applicable) == (0, False)


def test_remarks_are_optional():
    form = read(5, header=HEADER)
    assert (form.rows[0].remark, form.errors) == ("", [])


@pytest.mark.parametrize(
    ("score", "code"),
    [
        (None, "score_empty"),
        ("很好", "score_not_a_number"),
        ("4-5", "score_not_a_number"),
        (4.123, "score_not_a_number"),
        (-1, "score_negative"),
        (5.1, "score_over_points"),
        ("=5-1", "formula"),
    ],
)
def test_a_score_that_can_not_be_is_an_error_with_its_address(score, code):
    form = read(5, score)
    assert told(form.errors) == [(code, "E4")]
    assert form.rows[1].kept is None


def test_a_score_that_a_formula_had_last_counts_and_is_told():
    form = read_score_form(calculated(filled(5, 4), "E4", "5-1", 4))
    assert ([row.kept for row in form.rows], form.errors) == ([5, 4], [])
    assert told(form.warnings) == [("formula_value", "E4")]


def test_a_sum_of_scores_has_to_be_theirs():
    assert read(5, 4, total=9).errors == []
    assert told(read(5, 4, total=10).errors) == [("score_total_differs", "E5")]


def test_a_sum_beside_items_that_are_not_applicable_is_not_held_against_them():
    assert read(5, "不适用", total=100).errors == []


def test_a_sum_that_nobody_calculated_is_not_needed():
    assert read(5, 4, total="=SUM(E3:E4)").errors == []
    wrong = calculated(filled(5, 4, total=1), "E5", "SUM(E3:E4)", 8)
    assert told(read_score_form(wrong).errors) == [("score_total_differs", "E5")]


def test_scores_beside_each_requirement_add_up():
    items = [item(text="1.上墙", points=2, score=2), [None, None, "2.归档", 3, 1]]
    form_rows = form(items, total=5)
    [row] = read_score_form(workbook(form_rows, merges=["B3:B4"])).rows
    assert (row.points, row.kept) == (5, 3)


def test_a_score_for_one_part_and_none_for_the_other_is_an_error():
    items = [item(text="1.上墙", points=2, score=2), [None, None, "2.归档", 3, "不适用"]]
    read = read_score_form(workbook(form(items, total=5), merges=["B3:B4"]))
    assert told(read.errors) == [("score_mixed", "E3")]


def test_a_form_without_scores_names_what_is_missing():
    header = [word for word in HEADER if word != "评分"]
    items = [["内部管理", "制度建设", "1.上墙", 5, "每缺一项扣1分"]]
    read = read_score_form(workbook(form(items, header=header, total=5)))
    assert told(read.errors) == [("no_score_column", "A2")]


def test_what_is_wrong_with_the_form_itself_is_an_error_too():
    rows = form([item(score=5), item("会议培训", score=5)], total=11)
    assert told(read_score_form(workbook(rows)).errors) == [("total_differs", "D5")]
    assert told(read_score_form(b"no form").errors) == [("not_a_workbook", None)]
