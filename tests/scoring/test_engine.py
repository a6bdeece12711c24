"""The engine by example: the rulings' own figures, and those of the explained scores."""

import subprocess
import sys
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import pytest

from scoring.engine import (
    FLOOR,
    Band,
    Critical,
    Item,
    Kind,
    Part,
    Problem,
    Rule,
    Seen,
    amount_problem,
    band,
    check_bands,
    check_weights,
    composite,
    deductions,
    half_up,
    least,
    points_lost,
    rank,
    rounded,
    score_item,
    score_sheet,
    thresholds,
)

BANDS = (Band("fail", 0, 79), Band("good", 80, 90), Band("excellent", 91, 100))
WEIGHTS = {
    "customer_service": D(25),
    "facilities": D(30),
    "order": D(25),
    "environment": D(20),
}
RANGE = Rule(Kind.RANGE, D("0.5"), D("2"))


def seen(requirement, points, id="o1", item="A", **rest):
    return Seen(item, requirement, D(points), id, **rest)


def item(points="5", code="A", *rules):
    return Item(code, D(points), rules)


def parts(*scores, **changes):
    """Finished parts with the demo weights; a score is points of 100 or of a given total."""
    pairs = [score if isinstance(score, tuple) else (score, "100") for score in scores]
    return [
        Part(code, weight, D(kept), D(possible))
        for (code, weight), (kept, possible) in zip(WEIGHTS.items(), pairs, strict=True)
    ]


def test_the_engine_runs_without_django():
    program = (
        "import sys, scoring.engine;"
        "sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)  # noqa: S603
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
    assert band(D("98"), BANDS, cap="good") == "good"
    assert band(D("60"), BANDS, cap="good") == "fail"


def test_a_critical_requirement_of_an_item_not_applicable_does_nothing():
    critical = {("A", "1"): Critical.ZERO}
    rows = [item(), item("5", "B")]
    assert score_sheet(rows, [seen("1", "1")], {"A"}, critical=critical).kept == 5


def test_a_cap_at_an_unknown_band_is_refused():
    with pytest.raises(ValueError, match="superb"):
        band(D("98"), BANDS, cap="superb")


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


# --- Composite (rulings 5 to 8) -------------------------------------------------------


def test_the_explained_composite_and_its_shares():
    result = composite(parts("90.5", ("86.8", "96"), "91", "90"))
    assert (str(result.value), result.provisional) == ("90.50", False)
    assert [float(share) for share in result.shares.values()] == [22.625, 27.125, 22.75, 18]


def test_the_composite_is_made_of_unrounded_sheet_scores():
    # Shown as 79.50 and 79.49, whose mean would round to 79.50 and be good.
    halves = [
        Part(code, D(50), D(kept), D(100)) for code, kept in (("a", "79.496"), ("b", "79.486"))
    ]
    assert composite(halves).value == D("79.49")


def test_an_unfinished_sheet_makes_the_composite_provisional_over_the_others():
    waiting = [*parts("89", "87.6", "0", "88.5")]
    waiting[2] = Part("order", D(25), D(0), D(100), finished=False)
    result = composite(waiting)
    assert (result.value, result.provisional) == (D("88.31"), True)
    assert result.weights["facilities"] == 40


def test_nothing_finished_gives_no_composite():
    result = composite([Part("order", D(100), finished=False)])
    assert (result.value, result.provisional, result.shares) == (None, True, {})


@pytest.mark.parametrize(
    "left", [Part("x", D(50), absent=True, finished=False), Part("x", D(50), D(0), D(0))]
)
def test_what_a_project_cannot_have_leaves_with_its_weight(left):
    result = composite([Part("order", D(50), D(80), D(100)), left])
    assert (result.value, result.provisional, result.weights) == (80, False, {"order": 100})


def test_nothing_to_score_at_all_is_not_provisional():
    result = composite([Part("order", D(100), absent=True)])
    assert (result.value, result.provisional) == (None, False)


def test_a_weight_of_zero_alone_gives_no_composite():
    assert composite([Part("order", D(0), D(80), D(100))]).value is None


@pytest.mark.parametrize(
    "figures", [("-1", "0", "0"), ("25", "101", "100"), ("25", "-1", "100"), ("25", "1", "0")]
)
def test_a_part_that_cannot_be_is_refused(figures):
    with pytest.raises(ValueError, match="order"):
        Part("order", *map(D, figures))


def test_a_rubric_that_counts_twice_is_refused():
    with pytest.raises(ValueError, match="rubric twice"):
        composite([Part("order", D(50), D(1), D(1))] * 2)


# Project, its four sheet scores, its composite and band on the league page.
LEAGUE = [
    ("天府新座", parts("95.79", "95.20", "97.00", "96.50"), "96.06", "excellent"),
    ("湖岸北里", parts("93.50", "94.00", "92.50", "95.00"), "93.70", "excellent"),
    ("锦澜府", parts("90.5", ("86.8", "96"), "91", "90"), "90.50", "excellent"),
    ("高新国际中心", parts(("92", "95"), "89.60", "87", "88"), "90.44", "good"),
    ("金沙汇广场", parts("90.00", "91.20", "88.00", "90.50"), "89.96", "good"),
    ("云栖里", parts("88.50", ("85.4", "96"), "90.00", "87.50"), "88.81", "good"),
    ("望江东庭", parts("86.00", ("84.8", "96"), "85.50", "89.00"), "87.18", "good"),
    ("青溪印象", parts("84.00", "86.40", "83.50", "85.00"), "84.80", "good"),
    ("东湖花园", parts("81.50", "82.20", "80.00", "83.00"), "81.64", "good"),
    ("蜀汉大厦", parts(("80", "95"), "76.40", "78.50", "79.00"), "79.40", "fail"),
    ("翠屏苑", parts("74.00", ("71.6", "96"), "77.50", "76.00"), "75.45", "fail"),
]


@pytest.mark.parametrize(("project", "sheets", "value", "code"), LEAGUE)
def test_the_league_page_adds_up(project, sheets, value, code):
    result = composite(sheets)
    assert (str(result.value), band(result.value, BANDS)) == (value, code)


def test_the_league_page_ranks_in_its_order():
    composites = {project: composite(sheets).value for project, sheets, *_ in LEAGUE}
    assert list(rank(composites).values()) == list(range(1, 12))


def test_half_a_point_on_appeal_lifts_a_project_over_the_line():
    appealed = parts(("80", "95"), "76.40", "79.00", "79.00")
    assert composite(appealed).value == D("79.52")
    assert band(D("79.52"), BANDS) == "good"


# --- Bands (ruling 1) ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("0.00", "fail"),
        ("79.49", "fail"),
        ("79.50", "good"),
        ("90.49", "good"),
        ("90.50", "excellent"),
        ("100.00", "excellent"),
    ],
)
def test_bands_go_by_the_composite_rounded_half_up(value, code):
    assert band(D(value), BANDS) == code


@pytest.mark.parametrize(("value", "code"), [("79.99", "fail"), ("80", "good"), ("90.99", "good")])
def test_bands_by_whole_points_reached(value, code):
    assert band(D(value), BANDS, FLOOR) == code


@pytest.mark.parametrize(("value", "earned"), [("95.49", False), ("95.50", True), ("96.00", True)])
def test_the_team_reward_goes_by_the_rounded_composite(value, earned):
    assert (rounded(D(value)) >= 96) is earned
    assert (D(value) >= least(96)) is earned


def test_the_stored_two_decimals_are_banded_not_what_was_before_them():
    result = composite([Part("order", D(100), D("79.495"), D(100))])
    assert (result.value, band(result.value, BANDS)) == (D("79.50"), "good")


def test_thresholds_for_queries():
    assert thresholds(BANDS) == {
        "fail": (0, D("79.5")),
        "good": (D("79.5"), D("90.5")),
        "excellent": (D("90.5"), None),
    }
    assert thresholds(BANDS, FLOOR)["good"] == (80, 91)


@pytest.mark.parametrize("ask", [rounded, least, lambda _, rule: band(D(1), BANDS, rule)])
def test_an_unknown_rounding_is_refused(ask):
    with pytest.raises(ValueError, match="bankers"):
        ask(D(80), "bankers")


def test_a_composite_in_a_gap_has_no_band():
    with pytest.raises(ValueError, match="no band for 80"):
        band(D("79.5"), BANDS[::2])


@pytest.mark.parametrize(
    ("bands", "problems"),
    [
        (BANDS, []),
        ((), [Problem("gap", figures=(0, 100))]),
        (BANDS[::2], [Problem("gap", figures=(80, 90))]),
        (BANDS[1:], [Problem("gap", figures=(0, 79))]),
        (BANDS[:2], [Problem("gap", figures=(91, 100))]),
        (
            (*BANDS, Band("fine", 85, 92)),
            [
                Problem("overlap", "fine", (85, 90)),
                Problem("overlap", "excellent", (91, 92)),
            ],
        ),
        ((Band("a", 0, 100), Band("a", 0, 100)), [Problem("duplicate", "a", (0, 100))] * 2),
        ((*BANDS, Band("odd", 9, 5)), [Problem("reversed", "odd", (9, 5))]),
        ((Band("all", -1, 101),), [Problem("outside", "all", (-1, 101))]),
    ],
)
def test_bands_that_do_not_cover_the_scale_once_are_named(bands, problems):
    assert check_bands(bands) == problems


# --- Weights, ranks, rounding -----------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "problems"),
    [
        (WEIGHTS, []),
        ({"order": D("33.3"), "facilities": D("66.7")}, []),
        ({}, [Problem("sum", figures=(D(0),))]),
        ({"order": D("99.99")}, [Problem("sum", figures=(D("99.99"),))]),
        ({"order": D(-5), "facilities": D(105)}, [Problem("negative", "order", (D(-5),))]),
    ],
)
def test_weights_add_up_to_a_hundred(weights, problems):
    assert check_weights(weights) == problems


def test_ties_share_a_rank():
    composites = {"a": D("88.1"), "b": D("90.50"), "c": D("90.5"), "d": D("95")}
    assert rank(composites) == {"d": 1, "b": 2, "c": 2, "a": 4}


@pytest.mark.parametrize(
    ("exact", "figure"),
    [
        (Fraction(1, 3), "0.33"),
        (Fraction("0.005"), "0.01"),
        (Fraction("0.0049999"), "0.00"),
        (Fraction("2.675"), "2.68"),
        (Fraction(100), "100.00"),
    ],
)
def test_figures_are_rounded_half_up_to_two_decimals(exact, figure):
    assert str(half_up(exact)) == figure
