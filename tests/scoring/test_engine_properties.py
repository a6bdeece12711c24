"""What holds for every rubric, every auditor and every order of events."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import engine
from scoring.engine import FLOOR, HALF_UP, Band, Critical, Item, Kind, Part, Seen
from tests.scoring import naive

# A busy machine makes neither an example wrong nor a rule: no deadline, no speed check.
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CODES = ["CS01", "CS02", "CS03", "CS04"]
ROUNDINGS = st.sampled_from([HALF_UP, FLOOR])


def tenths(highest):
    return st.integers(0, highest * 10).map(lambda n: D(n).scaleb(-1))


def hundredths(highest):
    return st.integers(0, highest * 100).map(lambda n: D(n).scaleb(-2))


def sights(codes):
    return st.builds(
        Seen,
        item=st.sampled_from(codes),
        requirement=st.sampled_from([None, "1", "2"]),
        # Few amounts, so that two observations of a requirement often cost the same.
        points=st.sampled_from([D("0"), D("0.1"), D("0.5"), D("1.5"), D("2.0"), D("4")]),
        id=st.just("further"),
        # Mostly the plan's kind: a lost item would too often hide the ranges.
        kind=st.sampled_from([Kind.RANGE] * 4 + [Kind.EXTRA] * 2 + list(Kind)),
        rule=st.sampled_from(["", "x", "y"]),
    )


@st.composite
def sheets(draw):
    """Arguments of score_sheet: any rubric, any observations, any marks."""
    codes = CODES[: draw(st.integers(1, len(CODES)))]
    wheres = st.tuples(st.sampled_from(codes), st.sampled_from(["1", "2"]))
    seen = draw(st.lists(sights(codes), max_size=12))
    return {
        "items": [Item(code, draw(tenths(12))) for code in codes],
        "seen": [sight._replace(id=n) for n, sight in enumerate(seen)],
        "not_applicable": draw(st.sets(st.sampled_from(codes), max_size=2)),
        "allow_extra": draw(st.booleans()),
        "critical": draw(st.dictionaries(wheres, st.sampled_from(Critical), max_size=1)),
    }


@st.composite
def part_lists(draw):
    parts = []
    for code in CODES[: draw(st.integers(1, len(CODES)))]:
        possible = draw(tenths(120))
        kept = draw(st.integers(0, int(possible * 10)).map(lambda n: D(n).scaleb(-1)))
        state = {"finished": draw(st.booleans()), "absent": draw(st.booleans())}
        parts.append(Part(code, draw(hundredths(60)), kept, possible, **state))
    return parts


@st.composite
def band_sets(draw):
    """Bands that cover 0 to 100 once, in any order."""
    starts = [0, *sorted(draw(st.sets(st.integers(1, 100), max_size=5)))]
    ends = [*(start - 1 for start in starts[1:]), 100]
    bands = [Band(f"b{low}", low, high) for low, high in zip(starts, ends, strict=True)]
    return draw(st.permutations(bands))


@st.composite
def shaken_bands(draw):
    """Bands of which some may have moved an end by a point or more."""
    bands = draw(band_sets())
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(bands) - 1))
        end = draw(st.sampled_from(["lowest", "highest"]))
        moved = getattr(bands[at], end) + draw(st.sampled_from([-30, -1, 1, 30]))
        bands[at] = replace(bands[at], **{end: moved})
    return bands


def points_of(ends):
    return [point for low, high in ends for point in range(low, high + 1)]


def place(code, bands):
    return sorted(band.lowest for band in bands).index(int(code[1:]))


# --- Sheets ---------------------------------------------------------------------------


@quick
@given(sheets())
def test_a_sheet_stays_between_nothing_and_everything(sheet):
    score = engine.score_sheet(**sheet)
    assert 0 <= score.kept <= score.possible
    assert all(0 <= item.kept <= item.possible for item in score.items)
    assert score.percent is None or 0 <= score.percent <= 100


@quick
@given(sheets())
def test_an_item_keeps_what_it_has_not_lost(sheet):
    for item in engine.score_sheet(**sheet).items:
        assert item.kept + item.lost == item.possible
        within = sum(line.points for line in item.lines if line.kind != Kind.EXTRA)
        assert item.lost == min(within, item.possible)


@quick
@given(sheets())
def test_full_marks_reach_a_hundred(sheet):
    score = engine.score_sheet(**{**sheet, "seen": []})
    assert score.kept == score.possible
    assert score.percent in (None, 100)


@quick
@given(sheets(), st.data())
def test_a_further_observation_never_raises_a_sheet(sheet, data):
    further = data.draw(sights([item.code for item in sheet["items"]]))
    before = engine.score_sheet(**sheet)
    after = engine.score_sheet(**{**sheet, "seen": [*sheet["seen"], further]})
    assert after.kept <= before.kept
    assert after.possible == before.possible
    assert after.capped >= before.capped


@quick
@given(sheets(), st.data())
def test_the_order_of_observations_does_not_matter(sheet, data):
    shuffled = data.draw(st.permutations(sheet["seen"]))
    assert engine.score_sheet(**{**sheet, "seen": shuffled}) == engine.score_sheet(**sheet)


@quick
@given(sheets())
def test_no_requirement_costs_twice(sheet):
    found = engine.deductions(s for s in sheet["seen"] if s.kind == Kind.RANGE)
    about = [
        (line.item, line.requirement, line.requirement is None and line.rule) for line in found
    ]
    assert len(set(about)) == len(about)


@quick
@given(sheets())
def test_sheets_agree_with_the_naive_ones(sheet):
    score = engine.score_sheet(**sheet)
    assert (score.kept, score.possible, score.capped) == naive.sheet(**sheet)


@quick
@given(sheets())
def test_a_shown_score_is_the_nearest_hundredth(sheet):
    score = engine.score_sheet(**sheet)
    if score.percent is not None:
        assert score.shown == Fraction(naive.nearest(score.percent, 100), 100)


# --- Composites -------------------------------------------------------------------------


@quick
@given(part_lists())
def test_composites_agree_with_the_naive_ones(parts):
    result = engine.composite(parts)
    hundredths = None if result.value is None else result.value * 100
    assert (hundredths, result.provisional) == naive.composite(parts)


@quick
@given(part_lists())
def test_a_composite_stays_between_0_and_100_and_is_the_sum_of_its_shares(parts):
    result = engine.composite(parts)
    if result.value is None:
        assert not result.shares
    else:
        assert 0 <= result.value <= 100
        assert sum(result.weights.values()) == 100
        assert engine.half_up(sum(result.shares.values())) == result.value


@quick
@given(part_lists())
def test_full_marks_on_every_sheet_are_a_composite_of_100(parts):
    full = [replace(part, kept=part.possible) for part in parts]
    assert engine.composite(full).value in (None, D("100.00"))


@quick
@given(part_lists(), band_sets(), ROUNDINGS, st.data())
def test_fewer_points_never_raise_composite_or_band(parts, bands, rounding, data):
    at = data.draw(st.integers(0, len(parts) - 1))
    lower = data.draw(st.integers(0, int(parts[at].kept * 10))) / D(10)
    before = engine.composite(parts).value
    after = engine.composite([*parts[:at], replace(parts[at], kept=lower), *parts[at + 1 :]]).value
    if before is not None:
        assert after <= before
        worse, better = (engine.band(value, bands, rounding) for value in (after, before))
        assert place(worse, bands) <= place(better, bands)


@quick
@given(part_lists(), st.data())
def test_the_order_of_rubrics_does_not_matter(parts, data):
    shuffled = data.draw(st.permutations(parts))
    assert engine.composite(shuffled) == engine.composite(parts)


@quick
@given(sheets(), sheets(), st.data(), hundredths(100))
def test_a_further_observation_never_raises_the_composite(first, second, data, weight):
    further = data.draw(sights([item.code for item in first["items"]]))
    worse = {**first, "seen": [*first["seen"], further]}
    before, after = (_composite(weight, sheet, second) for sheet in (first, worse))
    assert (after is None) == (before is None)
    assert before is None or after <= before


def _composite(weight, *pair):
    scores = [engine.score_sheet(**sheet) for sheet in pair]
    weighted = zip("ab", (weight, 100 - weight), scores, strict=True)
    return engine.composite([Part(c, w, s.kept, s.possible) for c, w, s in weighted]).value


# --- Bands, ranks, checks -----------------------------------------------------------------


@quick
@given(band_sets(), hundredths(100), ROUNDINGS)
def test_every_composite_has_exactly_one_band(bands, value, rounding):
    assert engine.check_bands(bands) == []
    assert [engine.band(value, bands, rounding)] == naive.bands_of(value, bands, rounding)


def test_the_plans_bands_cover_every_composite_under_both_roundings():
    bands = [Band("fail", 0, 79), Band("good", 80, 90), Band("excellent", 91, 100)]
    for rounding in (HALF_UP, FLOOR):
        ends = engine.thresholds(bands, rounding)
        for n in range(10_001):
            value = D(n).scaleb(-2)
            assert [engine.band(value, bands, rounding)] == selected(value, ends)


def selected(value, ends):
    """The bands that a query by thresholds would select."""
    return [code for code, (low, up) in ends.items() if low <= value and (up is None or value < up)]


@quick
@given(band_sets(), hundredths(100), ROUNDINGS)
def test_thresholds_select_the_band_that_band_gives(bands, value, rounding):
    ends = engine.thresholds(bands, rounding)
    assert selected(value, ends) == [engine.band(value, bands, rounding)]


@quick
@given(hundredths(100), st.integers(0, 100), ROUNDINGS)
def test_the_least_composite_is_the_one_that_rounds_to_the_points(value, points, rounding):
    reached = engine.rounded(value, rounding) >= points
    assert (value >= engine.least(points, rounding)) == reached


@quick
@given(shaken_bands())
def test_gaps_and_overlaps_are_named_to_the_point(bands):
    problems = engine.check_bands(bands)
    held = points_of((band.lowest, band.highest) for band in bands)
    if not {"reversed", "outside"} & {problem.code for problem in problems}:
        gaps, overlaps = (
            set(points_of(p.figures for p in problems if p.code == code))
            for code in ("gap", "overlap")
        )
        assert gaps == {point for point in range(101) if point not in held}
        assert overlaps == {point for point in held if held.count(point) > 1}


@quick
@given(shaken_bands())
def test_bands_are_refused_unless_every_point_is_held_once(bands):
    held = points_of((band.lowest, band.highest) for band in bands)
    sound = sorted(held) == list(range(101)) and all(b.lowest <= b.highest for b in bands)
    assert (engine.check_bands(bands) == []) is sound


@quick
@given(band_sets(), hundredths(100), ROUNDINGS, st.data())
def test_a_cap_only_ever_lowers_a_band(bands, value, rounding, data):
    cap = data.draw(st.sampled_from(bands)).code
    capped, free = (engine.band(value, bands, rounding, c) for c in (cap, None))
    assert place(capped, bands) == min(place(free, bands), place(cap, bands))


@quick
@given(st.dictionaries(st.integers(), st.sampled_from([D("80"), D("80.0"), D("90.5"), D("79.99")])))
def test_ranks_agree_with_the_naive_ones(composites):
    assert engine.rank(composites) == naive.ranks(composites)


@quick
@given(st.lists(hundredths(60), min_size=1, max_size=5))
def test_weights_pass_when_they_add_up_to_a_hundred(weights):
    named = {str(n): weight for n, weight in enumerate(weights)}
    assert (engine.check_weights(named) == []) == (sum(map(Fraction, weights)) == 100)
    named["last"] = 100 - sum(weights)
    assert (engine.check_weights(named) == []) == (named["last"] >= 0)
