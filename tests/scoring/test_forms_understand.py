"""From a form to a rubric: the company's own two, and what is written differently or wrongly."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from scoring.forms import read_rubric
from tests.corpus.forms import (
    HEADER,
    RULE,
    calculated,
    error_value,
    form,
    item,
    two_items,
    workbook,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
RUBRICS = yaml.safe_load((FIXTURES / "rubrics.yaml").read_text(encoding="utf-8"))
SHEET = "评分表"


def read(items=None, *, merges=(), hidden_rows=(), **kwargs):
    return read_rubric(workbook(form(items, **kwargs), merges=merges, hidden_rows=hidden_rows))


def told(messages):
    return [(message.code, message.cell) for message in messages]


def company_form(name):
    return read_rubric(FIXTURES / "forms" / f"form-{name}.xlsx")


def exact(figure):
    return None if figure is None else Decimal(str(figure))


def as_planned(code, entry):
    """An item of rubrics.yaml in the words of the form."""
    rubric = RUBRICS[code]
    low, high = entry["deduct"] or (None, None)
    return (
        rubric["sections"][entry["section"]]["zh"],
        entry.get("standard_zh", entry["zh"]),
        exact(entry["points"]),
        exact(low),
        exact(high),
        tuple(entry["requirements_zh"]),
    )


def as_read(entry):
    amounts = (entry.points, entry.deduct_min, entry.deduct_max)
    return (entry.section, entry.name, *amounts, entry.requirements)


# the company's forms


@pytest.mark.parametrize(
    ("name", "code"), [("customer-service", "customer_service"), ("facilities", "facilities")]
)
def test_a_company_form_is_read_as_the_plan_has_it(name, code):
    planned = [as_planned(code, entry) for entry in RUBRICS[code]["items"]]
    assert [as_read(entry) for entry in company_form(name).items] == planned


def test_the_customer_service_form_is_complete():
    rubric = company_form("customer-service")
    assert rubric.title == "客户服务督导评分细则"
    assert rubric.sections == ["内部管理", "现场管理", "其他业务"]
    assert (rubric.total, rubric.stated_total, rubric.weight_percent) == (100, 100, 25)
    assert (rubric.complete, rubric.errors, rubric.warnings) == (True, [], [])


def test_the_facilities_form_is_a_draft_that_names_what_is_missing():
    rubric = company_form("facilities")
    assert (len(rubric.items), rubric.total, rubric.complete) == (7, 20, False)
    assert (rubric.stated_total, rubric.weight_percent, rubric.errors) == (None, None, [])
    assert told(rubric.warnings) == [
        ("points_missing", "D9"),
        ("rule_missing", "F9"),
        ("total_missing", None),
        ("total_not_100", None),
    ]


def test_every_value_names_its_cell():
    last = company_form("customer-service").items[-1]
    places = {
        "section": "A19",
        "name": "B21",
        "requirements": "C21",
        "points": "D21",
        "rule": "F21",
    }
    assert last.cells == places
    assert last.requirement_cells == ("C21", "C21", "C21")
    assert last.rows == (21,)


# what carries down and what is counted once


def test_a_section_carries_down_from_a_merge_and_over_empty_cells():
    items = [
        item("甲"),
        item("乙", section=None),
        item("丙", section="现场"),
        item("丁", section=None),
    ]
    merged = read(items, total=20, merges=["A3:A4"])
    assert [entry.section for entry in merged.items] == ["内部管理", "内部管理", "现场", "现场"]
    assert merged.sections == ["内部管理", "现场"]


def test_a_row_across_the_table_begins_a_section():
    header = ["项目", "检查内容", "分值", "评分细则"]
    rows = [
        ["表"],
        header,
        ["一、内部管理"],
        ["甲", "1.有", 5, RULE],
        ["二、现场管理"],
        ["乙", "1.有", 5, RULE],
    ]
    rubric = read_rubric(workbook(rows, merges=["A3:D3"]))
    assert [(e.section, e.name) for e in rubric.items] == [("内部管理", "甲"), ("现场管理", "乙")]


@pytest.mark.parametrize("merges", [[], ["B3:B5"], ["B3:B5", "D3:D5", "F3:F5"]])
def test_one_requirement_per_row_is_one_item_whose_points_count_once(merges):
    further = [[None, None, "2.归档"], [None, None, "3.更新"]]
    rubric = read([item(text="1.上墙"), *further], total=5, merges=merges)
    [only] = rubric.items
    assert only.requirements == ("上墙", "归档", "更新")
    assert only.requirement_cells == ("C3", "C4", "C5")
    assert (only.points, only.rows, rubric.errors) == (5, (3, 4, 5), [])


def test_a_name_repeated_beside_a_further_requirement_is_the_same_item():
    again = ["内部管理", "制度建设", "2.归档", None, None, None]
    [only] = read([item(text="1.上墙"), again], total=5).items
    assert only.requirements == ("上墙", "归档")


def test_points_copied_into_each_row_of_an_item_count_once():
    rubric = read([item(text="1.上墙"), item(text="2.归档")], total=5)
    [only] = rubric.items
    assert (only.points, only.requirements, rubric.errors) == (5, ("上墙", "归档"), [])
    assert ("points_repeated", "D3") in told(rubric.warnings)


def test_points_in_parts_of_one_item_add_up():
    items = [item(points=2), [None, None, "3.更新", 3]]
    rubric = read(items, total=5, merges=["B3:B4"])
    assert rubric.total == 5
    assert ("points_in_parts", "D3") in told(rubric.warnings)


def test_points_merged_over_two_items_are_counted_once():
    rubric = read(total=5, merges=["D3:D4"])
    assert [entry.points for entry in rubric.items] == [5, None]
    assert ("points_shared", "D4") in told(rubric.warnings)
    assert not rubric.complete


def test_a_rule_merged_over_two_items_holds_for_both():
    rubric = read(merges=["F3:F4"])
    assert [entry.deduct_max for entry in rubric.items] == [2, 2]
    assert [entry.cells["rule"] for entry in rubric.items] == ["F3", "F3"]
    assert not rubric.errors


def test_blank_rows_and_signatures_are_no_items():
    rows = form(notes=["检查人：          日期：", "备注：占总分25%"])
    rows.insert(3, [None])
    rubric = read_rubric(workbook(rows))
    assert (len(rubric.items), rubric.errors) == (2, [])


# what stands around the items


@pytest.mark.parametrize(
    ("note", "weight"),
    [
        ("备注：本专业版块评分占总分25%权重。", "25"),
        ("备注:本版块占总分的２５％", "25"),
        ("注：权重为12.5%", "12.5"),
        ("备注：满意度不低于90%", None),
        ("备注：占总分120%", None),
    ],
)
def test_a_note_proposes_the_weight(note, weight):
    assert read(notes=[note]).weight_percent == exact(weight)


@pytest.mark.parametrize("label", ["合计", "合  计", "总计", "总分", "共计", "Total", "合计："])
def test_the_sum_is_no_item_however_it_is_called(label):
    rubric = read_rubric(workbook([*form(total=None), [label, None, None, "10分"]]))
    assert (len(rubric.items), rubric.stated_total, rubric.total_row) == (2, 10, 5)


def test_a_sum_may_stand_behind_its_label():
    rubric = read_rubric(workbook([*form(total=None), ["合计：10分"]]))
    assert (rubric.stated_total, rubric.errors) == (10, [])


def test_subtotals_check_their_part():
    sums = [["小计", None, None, 5]]
    items = [item("甲"), *sums, item("乙", section="现场"), *sums]
    assert read(items).errors == []
    items[3] = ["小计", None, None, 6]
    assert told(read(items).errors) == [("subtotal_differs", "D6")]


def test_a_calculated_sum_counts_with_the_value_it_had():
    rubric = read_rubric(calculated(workbook(form()), "D5", "SUM(D3:D4)", 10))
    assert (rubric.stated_total, rubric.errors) == (10, [])
    wrong = read_rubric(calculated(workbook(form()), "D5", "SUM(D3:D4)", 9))
    assert told(wrong.errors) == [("total_differs", "D5")]


def test_a_formula_in_the_score_column_of_an_empty_form_is_no_matter():
    content = workbook([*form(total=None), ["合计", None, None, 10, "=SUM(E3:E4)"]])
    assert read_rubric(content).errors == []


def test_what_is_hidden_is_left_out_and_said():
    rubric = read(hidden_rows=[4], total=5)
    assert [entry.name for entry in rubric.items] == ["制度建设"]
    assert ("row_hidden", "A4") in told(rubric.warnings)


def test_other_sheets_are_named_and_a_second_form_is_refused():
    more = {"说明": [["填表说明"]], "旧版": form()}
    rubric = read_rubric(workbook(form(), more=more, hidden_sheets=["旧版"]))
    left_out = [(m.code, m.sheet) for m in rubric.warnings if m.code.startswith("sheet")]
    assert left_out == [("sheet_unread", "说明"), ("sheet_hidden", "旧版")]
    assert rubric.complete
    assert told(read_rubric(workbook(form(), more=more)).errors) == [("several_tables", None)]


# what is missing


def test_a_rubric_is_complete_only_with_points_rules_and_requirements():
    assert read().complete
    assert not read([item(points=None)], total=None).complete
    assert not read([item(rule=None)], total=5).complete
    assert not read([item(text=None)], total=5).complete


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"points": None}, ("points_missing", "D3")),
        ({"points": 0, "rule": None}, ("points_zero", "D3")),
        ({"rule": None}, ("rule_missing", "F3")),
        ({"rule": "酌情扣分"}, ("rule_not_understood", "F3")),
        ({"rule": "1.符合6分；2.每缺一项扣1分"}, ("full_marks_differ", "F3")),
        ({"text": None}, ("requirements_missing", "C3")),
        ({"text": "1.；2.。"}, ("requirements_missing", "C3")),
    ],
)
def test_what_is_missing_or_odd_is_a_warning_with_its_cell(change, warning):
    rubric = read([item(**change)], total=None)
    assert warning in told(rubric.warnings)
    assert rubric.errors == []


def test_a_total_of_another_size_is_a_warning_at_the_sum():
    assert told(read().warnings) == [("total_not_100", "D5")]


# what does not add up


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"points": "五分"}, ("points_not_a_number", "D3")),
        ({"points": "1.234"}, ("points_not_a_number", "D3")),
        ({"points": True}, ("points_not_a_number", "D3")),
        ({"points": -5}, ("points_negative", "D3")),
        ({"rule": "每缺一项扣2-0.5分"}, ("range_upside_down", "F3")),
        ({"rule": "每缺一项扣1-6分"}, ("range_over_points", "F3")),
        ({"rule": "每发现一处扣6分"}, ("range_over_points", "F3")),
        ({"rule": "每缺一项扣1分；未公示的，扣6分"}, ("range_over_points", "F3")),
        ({"rule": "未公示的，扣3-1分"}, ("range_upside_down", "F3")),
        ({"points": "=2+3"}, ("formula", "D3")),
        ({"rule": '="扣"&"1分"'}, ("formula", "F3")),
        ({"text": "=C9"}, ("formula", "C3")),
        ({"name": "=B9"}, ("formula", "B3")),
        ({"name": "。"}, ("item_without_name", "B3")),
        ({"section": "=A9"}, ("formula", "A3")),
    ],
)
def test_a_cell_that_makes_no_sense_is_an_error_with_its_address(change, error):
    rubric = read([item(**change)], total=None)
    assert told(rubric.errors) == [error]
    assert {message.sheet for message in rubric.errors} == {SHEET}
    assert not rubric.complete


def test_an_extra_may_be_more_than_the_item():
    rubric = read([item(rule="每缺一项扣1分；发生火灾的，追加扣除10分")], total=5)
    assert ([rule.kind for rule in rubric.items[0].rules], rubric.errors) == (
        ["fixed", "extra"],
        [],
    )


def test_each_clause_that_is_not_understood_is_told():
    rubric = read([item(rule="每缺一项扣1分；酌情扣分；一票否决")], total=5)
    told_of = [m.params["rule"] for m in rubric.warnings if m.code == "rule_not_understood"]
    assert (told_of, rubric.complete) == (["酌情扣分", "一票否决"], False)


def test_points_of_several_items_together_count_once_in_every_sum():
    items = [item("甲", points=10), item("乙", section=None, points=None)]
    sums = [["小计", None, None, 10]]
    rubric = read([*items, *sums], merges=["D3:D4"], total=10)
    assert (rubric.total, rubric.errors) == (10, [])


def test_a_stated_total_off_by_a_tenth_is_an_error():
    rubric = read(total=10.1)
    assert told(rubric.errors) == [("total_differs", "D5")]
    assert rubric.errors[0].message == "写的合计是 10.1 分，各项相加是 10 分。"


def test_a_total_that_is_a_formula_nobody_calculated_is_an_error():
    assert told(read(total="=SUM(D3:D4)").errors) == [("formula", "D5")]


def test_what_a_formula_had_last_counts_and_is_told():
    rubric = read_rubric(calculated(workbook(form()), "D3", "2+3", 5))
    assert (rubric.items[0].points, rubric.errors) == (5, [])
    assert told(rubric.warnings) == [("formula_value", "D3"), ("total_not_100", "D5")]


def test_an_error_cell_is_an_error_with_its_address():
    rubric = read_rubric(error_value(workbook(form(total=None)), "D4"))
    assert told(rubric.errors) == [("error_cell", "D4")]
    assert rubric.errors[0].message == "这里是错误值 #REF!。"


def test_two_items_of_one_name_are_an_error_in_one_section_only():
    assert told(read([item("甲"), item("甲 ", section=None)]).errors) == [("duplicate_item", "B4")]
    assert read([item("甲"), item("甲", section="现场")]).errors == []


def test_points_without_an_item_are_an_error():
    rows = two_items()
    rows[1][1] = None
    assert told(read(rows, total=5).errors) == [("item_without_name", "B4")]


def test_sums_of_tenths_are_exact():
    items = [item(name, points=0.1, rule="每缺一项扣0.1分") for name in "甲乙丙"]
    rubric = read(items, total=0.3)
    assert (rubric.total, rubric.errors) == (Decimal("0.3"), [])


def test_a_second_form_below_the_first_does_not_pass_unnoticed():
    rows = [*form(), ["另一张表"], HEADER, *form([item("丙")], total=5)[2:]]
    assert ("total_differs", "D5") not in told(read_rubric(workbook(rows)).errors)
    assert read_rubric(workbook(rows)).errors
