"""What people put right, laid over what was read: what is settled, and what is said anew."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scoring.corrections import corrected, sum_of
from scoring.forms import read_tables, understand
from scoring.item_data import data_of
from tests.corpus import forms as corpus
from tests.scoring import excel


def read(*items, total=None):
    return understand(read_tables(excel.book(*items, total=total))[0])


def said(understood) -> list[tuple[str, str | None]]:
    return [(each.code, each.cell) for each in (*understood.errors, *understood.warnings)]


def with_item(understood, place, **changed):
    item = understood.items[place]
    return corrected(understood, {str(item.rows[0]): data_of(item) | changed})


PRICE = {"kind": "range", "text": "", "min": "1", "max": "2", "levels": [], "each": True}
TWO = (excel.item("制度", points=60), excel.item("档案", points=40))


def test_without_corrections_it_is_as_it_was_read():
    understood = read(*TWO, total=100)
    assert corrected(understood, {}) is understood


def test_an_item_that_was_saved_as_it_is_changes_nothing():
    understood = read(*TWO, total=100)
    saved = with_item(understood, 0)
    assert said(saved) == []
    assert list(map(data_of, saved.items)) == list(map(data_of, understood.items))


@pytest.mark.parametrize(
    ("item", "changed"),
    [
        ({"points": "六十"}, {"points": "60"}),
        ({"points": -60}, {"points": "60"}),
        ({"points": None}, {"points": "60"}),
        ({"points": 60, "rule": "每缺一项扣2-1分"}, {"rules": [PRICE]}),
        ({"points": 60, "rule": "看情况扣分，由检查人决定"}, {"rules": [PRICE]}),
        ({"points": 60, "text": None}, {"requirements": [{"text": "上墙", "critical": ""}]}),
    ],
)
def test_what_was_amiss_with_an_item_is_settled_once_it_is_put_right(item, changed):
    understood = read(excel.item("制度", **item), TWO[1], total=100)
    assert said(understood)
    assert said(with_item(understood, 0, **changed)) == []


@pytest.mark.parametrize(
    ("changed", "code", "cell"),
    [
        ({"points": None}, "points_missing", "D3"),
        ({"requirements": []}, "requirements_missing", "C3"),
        ({"rules": []}, "rule_missing", "F3"),
        ({"name": "档案"}, "duplicate_item", "B4"),
        ({"name": ""}, "item_without_name", "B3"),
        ({"points": "1"}, "range_over_points", "F3"),
        ({"points": "61"}, "total_differs", "D5"),
    ],
)
def test_an_item_that_a_person_leaves_amiss_is_said_again_with_its_cell(changed, code, cell):
    understood = with_item(read(*TWO, total=100), 0, **changed)
    assert (code, cell) in said(understood)


def test_an_item_that_is_left_out_takes_what_was_said_about_it_along():
    understood = read(excel.item("制度", points="六十"), excel.item("档案", points=100), total=100)
    left = corrected(understood, {"3": None})
    assert [item.name for item in left.items] == ["档案"]
    assert said(left) == []


def test_nothing_is_left_when_all_items_are():
    codes = [code for code, _cell in said(corrected(read(*TWO), {"3": None, "4": None}))]
    assert "no_items" in codes


def test_a_section_with_another_name_may_make_two_items_the_same():
    understood = read(excel.item("制度", section="一区"), excel.item("制度", section="二区"))
    assert "duplicate_item" not in [code for code, _cell in said(understood)]
    merged = corrected(understood, {"sections": {"二区": "一区"}})
    assert ("duplicate_item", "B4") in said(merged)


def test_a_subtotal_that_differs_is_settled_by_the_items_above_it():
    rows = [*TWO, ["小计", None, None, 90], excel.item("会议", section="客户接待", points=10)]
    understood = understand(read_tables(corpus.workbook(corpus.form(rows, total=None)))[0])
    assert ("subtotal_differs", "D5") in said(understood)
    assert ("subtotal_differs", "D5") not in said(with_item(understood, 0, points="50"))


def test_a_total_or_subtotal_that_was_written_wrong_is_settled_and_checked_against():
    rows = [*TWO, ["小计", None, None, 90], excel.item("会议", section="客户接待", points=10)]
    understood = understand(read_tables(corpus.workbook(corpus.form(rows, total=100)))[0])
    edits = {"totals": {"D5": "100", "D7": "110"}}
    assert corrected(understood, edits).errors == []
    again = corrected(understood, edits | {"3": None})
    assert [(each.code, each.cell) for each in again.errors] == [
        ("subtotal_differs", "D5"), ("total_differs", "D7"),
    ]  # fmt: skip


def test_rows_that_are_not_there_any_more_are_passed_over():
    understood = read(*TWO, total=100)
    assert corrected(understood, {"77": None, "seen": "1.2"}).items == understood.items


figures = some.integers(0, 400).map(lambda n: Decimal(n) / 4)


@given(some.lists(figures, min_size=2, max_size=2), figures)
def test_the_total_is_right_exactly_when_the_items_add_up_to_it(points, stated):
    understood = read(*TWO, total=float(stated))
    edits = {
        str(item.rows[0]): data_of(item) | {"points": f"{value:f}"}
        for item, value in zip(understood.items, points, strict=True)
    }
    left = corrected(understood, edits)
    differs = "total_differs" in [message.code for message in left.errors]
    assert differs == (sum_of(left.items) != stated)
