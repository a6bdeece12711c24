"""Composites, bands, ranks and weights by example: the rulings' and the league page's figures."""

from decimal import Decimal as D
from fractions import Fraction

import pytest

from scoring.engine import (
    FLOOR,
    Band,
    Part,
    Problem,
    band,
    check_bands,
    check_weights,
    composite,
    half_up,
    least,
    rank,
    rounded,
    thresholds,
)

BANDS = (Band("fail", 0, 79), Band("good", 80, 90), Band("excellent", 91, 100))
WEIGHTS = {
    "customer_service": D(25),
    "facilities": D(30),
    "order": D(25),
    "environment": D(20),
}


def parts(*scores):
    """Finished parts with the demo weights; a score is points of 100 or of a given total."""
    pairs = [score if isinstance(score, tuple) else (score, "100") for score in scores]
    return [
        Part(code, weight, D(kept), D(possible))
        for (code, weight), (kept, possible) in zip(WEIGHTS.items(), pairs, strict=True)
    ]


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


@pytest.mark.parametrize(("value", "code"), [("98", "good"), ("80", "good"), ("60", "fail")])
def test_a_cap_leaves_no_higher_band(value, code):
    assert band(D(value), BANDS, cap="good") == code


def test_a_cap_at_an_unknown_band_is_refused():
    with pytest.raises(ValueError, match="superb"):
        band(D("98"), BANDS, cap="superb")


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
    assert thresholds([]) == {}


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
            [Band("a", 0, 49), Band("b", 51, 99)],
            [
                Problem("gap", figures=(50, 50)),
                Problem("gap", figures=(100, 100)),
            ],
        ),
        ([Band("a", 0, 100), Band("b", 40, 50)], [Problem("overlap", "b", (40, 50))]),
        (
            (*BANDS, Band("fine", 85, 92)),
            [
                Problem("overlap", "fine", (85, 90)),
                Problem("overlap", "excellent", (91, 92)),
            ],
        ),
        ((Band("a", 0, 100), Band("a", 0, 100)), [Problem("duplicate", "a", (0, 100))] * 2),
        ((*BANDS, Band("odd", 9, 5)), [Problem("reversed", "odd", (9, 5))]),
        ([Band("low", -1, 100)], [Problem("outside", "low", (-1, 100))]),
        ([Band("high", 0, 101)], [Problem("outside", "high", (0, 101))]),
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
        ({"order": D(60), "facilities": D(41)}, [Problem("sum", figures=(D(101),))]),
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
