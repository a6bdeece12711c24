"""Rules, items and sheets by example, with the figures of the explained scores."""

import subprocess
import sys
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import pytest

from scoring.engine import (
    Critical,
    Item,
    Kind,
    Rule,
    Seen,
    amount_problem,
    deductions,
    points_lost,
    score_item,
    score_sheet,
)

RANGE = Rule(Kind.RANGE, D("0.5"), D("2"))


def seen(requirement, points, id="o1", item="A", **rest):
    return Seen(item, requirement, D(points), id, **rest)


def item(points="5", code="A", *rules):
    return Item(code, D(points), rules)


def test_the_engine_runs_without_django():
    program = (
        "import sys, scoring.engine;"
        "sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert done.returncode == 0


# --- Deductions (ruling 2) ------------------------------------------------------


def test_the_larger_of_two_observations_counts():
    found = deductions([seen("3", "1.0", "open"), seen("3", "1.5", "callback")])
    assert [(line.points, line.observation) for line in found] == [(D("1.5"), "callback")]


def test_two_requirements_cost_each():
    assert [line.requirement for line in deductions([seen("4", "1"), seen("3", "1")])] == ["3", "4"]


def test_the_same_requirement_number_of_two_items_costs_twice():
    assert len(deductions([seen("1", "1"), seen("1", "1", item="B")])) == 2


def test_an_observation_on_the_item_costs_beside_its_requirements():
    score = score_item(item(), [seen(None, "1.5"), seen("1", "1")])
    assert score.kept == D("2.5")


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_of_equal_observations_the_same_one_always_counts(ids):
    found = deductions([seen("1", "1", id) for id in ids])
    assert [line.observation for line in found] == ["b"]


def test_a_negative_deduction_is_refused():
    with pytest.raises(ValueError, match="o1"):
        seen("1", "-0.5")


# --- Items --------------------------------------------------------------------------


def test_customer_requests_as_the_explained_score_has_them():
    score = score_item(
        item("10"), [seen("3", "1.0", "a"), seen("3", "1.5", "b"), seen("4", "1.0", "c")]
    )
    assert (score.kept, score.lost, score.possible) == (D("7.5"), D("2.5"), D(10))


def test_an_item_never_falls_below_zero_and_its_lines_stay_whole():
    score = score_item(item("3"), [seen(number, "2", number) for number in "1234"])
    assert (score.kept, score.lost) == (0, 3)
    assert [line.points for line in score.lines] == [2, 2, 2, 2]


def test_an_item_without_observations_keeps_its_points():
    assert score_item(item("5"), []).kept == 5


def test_an_item_passes_over_the_observations_of_others():
    assert score_item(item("5"), [seen("1", "1", item="B")]).kept == 5


def test_an_item_that_is_not_applicable_leaves_both_sums():
    score = score_item(item("4"), [seen("1", "1")], not_applicable=True)
    assert (score.kept, score.possible, score.lines) == (0, 0, ())
    assert score.not_applicable


def test_an_item_of_negative_points_is_refused():
    with pytest.raises(ValueError, match="item A"):
        item("-1")


# --- Other tables' rules (ruling 4) -------------------------------------------------


def test_of_two_auditors_counts_the_largest_counts():
    counted = [
        seen(None, "2", "first", kind=Kind.PER_OCCURRENCE, rule="untrained"),
        seen(None, "6", "second", kind=Kind.PER_OCCURRENCE, rule="untrained"),
    ]
    assert score_item(item("10"), counted).kept == 4


def test_two_rules_of_an_item_cost_each():
    applied = [
        seen(None, "1", "a", kind=Kind.FIXED, rule="unissued"),
        seen(None, "2", "b", kind=Kind.LEVELS, rule="state"),
    ]
    assert score_item(item("5"), applied).kept == 2


def test_losing_the_item_takes_what_is_left_of_it():
    lost = seen(None, "0", "none", kind=Kind.LOSE_ITEM, rule="missing")
    score = score_item(item("4"), [lost, seen("1", "1.5")])
    assert score.kept == 0
    assert {line.observation: line.points for line in score.lines} == {
        "o1": D("1.5"),
        "none": D("2.5"),
    }


def test_losing_the_item_twice_takes_it_once():
    lost = [seen(None, "4", rule, kind=Kind.LOSE_ITEM, rule=rule) for rule in "xy"]
    assert [line.points for line in score_item(item("4"), lost).lines] == [4, 0]


def test_losing_the_item_outweighs_a_larger_amount_on_the_same_requirement():
    both = [seen("1", "1", "lose", kind=Kind.LOSE_ITEM), seen("1", "2", "range")]
    assert score_item(item("5"), both).kept == 0


def test_an_extra_goes_beyond_its_item_down_to_a_sheet_of_zero():
    applied = [
        seen("1", "4", "a", kind=Kind.FIXED),
        seen("1", "10", "b", kind=Kind.EXTRA),
    ]
    rows = [item("4"), item("5", "B")]
    assert score_sheet([*rows, item("20", "C")], applied, allow_extra=True).kept == 15
    assert score_sheet(rows, applied, allow_extra=True).kept == 0


def test_an_extra_counts_only_where_the_campaign_allows_it():
    applied = [seen("1", "10", kind=Kind.EXTRA)]
    sheet = score_sheet([item("4"), item("20", "B")], applied)
    assert (sheet.kept, sheet.lines) == (24, ())


def test_a_critical_requirement_makes_the_sheet_zero():
    rows, critical = [item(), item("5", "B")], {("A", "1"): Critical.ZERO}
    sheet = score_sheet(rows, [seen("1", "0.5")], critical=critical)
    assert (sheet.kept, sheet.possible, sheet.zeroed) == (0, 10, True)
    assert score_sheet(rows, [seen("2", "0.5")], critical=critical).kept == D("9.5")


def test_a_critical_requirement_caps_the_band_and_leaves_the_points():
    sheet = score_sheet([item()], [seen("1", "0")], critical={("A", "1"): Critical.CAP})
    assert (sheet.kept, sheet.capped, sheet.zeroed) == (5, True, False)


def test_a_critical_requirement_of_an_item_not_applicable_does_nothing():
    critical = {("A", "1"): Critical.ZERO}
    rows = [item(), item("5", "B")]
    assert score_sheet(rows, [seen("1", "1")], {"A"}, critical=critical).kept == 5


# --- Amounts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        ("0.5", None),
        ("1.3", None),
        ("2.0", None),
        ("0.4", "below"),
        ("2.1", "above"),
        ("1.25", "step"),
        ("-1", "below"),
    ],
)
def test_an_amount_stays_in_its_range_and_in_tenths(amount, problem):
    assert amount_problem(RANGE, D(amount)) == problem


def test_a_fixed_amount_is_as_the_rubric_has_it():
    rule = Rule(Kind.FIXED, D("0.25"), D("0.25"))
    assert [amount_problem(rule, D(a)) for a in ("0.25", "0.2", "0.3")] == [None, "below", "above"]


def test_a_level_is_one_of_the_rule():
    rule = Rule(Kind.LEVELS, levels=(D(0), D(1), D(2)))
    assert [amount_problem(rule, D(a)) for a in ("1.0", "1.5")] == [None, "level"]


def test_losing_the_item_costs_its_points_whatever_amount():
    rule = Rule(Kind.LOSE_ITEM, code="none")
    assert points_lost(item("4", "A", rule), rule="none", amount=D(1)) == 4
    assert amount_problem(rule, D(99)) is None


def test_an_amount_per_occurrence_is_multiplied():
    table = item("10", "A", RANGE, Rule(Kind.PER_OCCURRENCE, D(2), D(2), code="untrained"))
    assert points_lost(table, rule="untrained", amount=D(2), count=3) == 6
    assert points_lost(table, amount=D("1.5")) == D("1.5")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amount": D(3)}, "above"),
        ({"count": 2}, "count of 2"),
        ({"count": 0}, "count of 0"),
        ({"rule": "other"}, "no rule 'other'"),
    ],
)
def test_an_observation_that_no_rule_allows_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        points_lost(item("5", "A", RANGE), **{"amount": D(1), **change})


# --- Sheets ---------------------------------------------------------------------------


def test_a_sheet_without_an_item_the_project_cannot_have():
    rows = [item("96"), item("4", "GEN")]
    sheet = score_sheet(rows, [seen(None, "9.2"), seen("1", "1", item="GEN")], {"GEN"})
    assert (sheet.kept, sheet.possible) == (D("86.8"), 96)
    assert (sheet.percent, sheet.shown) == (Fraction(86800, 960), D("90.42"))


def test_a_running_sheet_shows_its_percent():
    sheet = score_sheet([item("60")], [seen(None, "7.5")])
    assert (sheet.kept, str(sheet.shown)) == (D("52.5"), "87.50")


def test_a_sheet_that_is_not_applicable_throughout_has_no_percent():
    sheet = score_sheet([item()], [], {"A"})
    assert (sheet.possible, sheet.percent, sheet.shown) == (0, None, None)


def test_a_sheet_lists_its_deductions_in_the_order_of_its_items():
    rows = [item("5", "B"), item("5", "A")]
    sheet = score_sheet(rows, [seen("1", "1", "x"), seen("1", "1", "y", item="B")])
    assert [line.observation for line in sheet.lines] == ["y", "x"]
    assert [score.code for score in sheet.items] == ["B", "A"]


@pytest.mark.parametrize(
    ("rows", "stranger", "marks"),
    [
        ([item()], "Z", ()),
        ([item()], "A", {"Z"}),
        ([item(), item()], "A", ()),
    ],
)
def test_a_sheet_refuses_items_it_lacks_or_has_twice(rows, stranger, marks):
    with pytest.raises(ValueError, match=r"not on this sheet: Z|same item twice"):
        score_sheet(rows, [seen("1", "1", item=stranger)], marks)
