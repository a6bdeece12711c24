"""What would bring which band: never lower, the fewest, and no way that is shorter."""

from decimal import Decimal as D
from itertools import combinations
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from scoring import engine
from scoring.engine import Critical, Finished, Fix, Item, Kind, Seen
from tests.scoring.test_engine_properties import hundredths, quick, sheets


@st.composite
def finished(draw, most=6):
    """One or two finished sheets with few enough observations to try every set of fixes."""
    made = []
    for code in ("a", "b")[: draw(st.integers(1, 2))]:
        sheet = draw(sheets())
        sheet["seen"] = sheet["seen"][:most]
        made.append(Finished(code, draw(hundredths(60)), **sheet))
    return made


def every_fix(sheets):
    return [fix for sheet in sheets for fix in sheet.fixes()]


def reaches(sheets, met, lowest, uncapped):
    made = engine.composite_with(sheets, met)
    return made.value is not None and made.value >= lowest and not (uncapped and made.capped)


def by_trying(sheets, lowest, uncapped):
    """The size of the smallest set that reaches it, by trying all of them."""
    fixes = every_fix(sheets)
    for number in range(len(fixes) + 1):
        if any(reaches(sheets, met, lowest, uncapped) for met in combinations(fixes, number)):
            return number
    return None


@quick
@given(finished(most=4), hundredths(100), st.booleans())
def test_no_smaller_set_reaches_it(sheets, lowest, uncapped):
    found = engine.fewest(sheets, lowest, uncapped=uncapped)
    assert (None if found is None else len(found)) == by_trying(sheets, lowest, uncapped)


@quick
@given(finished(), hundredths(100), st.booleans())
def test_what_is_suggested_reaches_it(sheets, lowest, uncapped):
    found = engine.fewest(sheets, lowest, uncapped=uncapped)
    if found is not None:
        assert len(set(found)) == len(found)
        assert set(found) <= set(every_fix(sheets))
        assert reaches(sheets, found, lowest, uncapped)


@quick
@given(finished(), st.data())
def test_a_met_requirement_never_lowers_a_score(sheets, data):
    fixes = every_fix(sheets)
    met = data.draw(st.sets(st.sampled_from(fixes))) if fixes else set()
    more = met | (data.draw(st.sets(st.sampled_from(fixes))) if fixes else set())
    before, after = (engine.composite_with(sheets, each) for each in (met, more))
    assert (before.value is None) == (after.value is None)
    assert before.value is None or before.value <= after.value
    assert before.capped >= after.capped


@quick
@given(finished())
def test_nothing_met_is_the_score_as_it_is(sheets):
    scores = [sheet.score() for sheet in sheets]
    parts = [
        engine.Part(sheet.code, sheet.weight, score.kept, score.possible, capped=score.capped)
        for sheet, score in zip(sheets, scores, strict=True)
    ]
    assert engine.composite_with(sheets) == engine.composite(parts)


# --- worked examples ----------------------------------------------------------------------------


def missing(item, requirement, points, kind=Kind.RANGE):
    return Seen(item, requirement, D(points), id=f"{item}{requirement}{kind}", kind=kind)


def sheet(*seen, code="a", weight="100", points="25", **marks):
    items = [Item(f"I{n}", D(points)) for n in range(1, 5)]
    return Finished(code, D(weight), items, list(seen), **marks)


def test_the_dearest_comes_first():
    scored = sheet(missing("I1", "1", "8"), missing("I2", "1", "2"), missing("I3", "1", "0.5"))
    assert engine.composite_with([scored]).value == D("89.50")
    assert engine.fewest([scored], D("90.5")) == (Fix("a", "I1", "1"),)
    assert engine.fewest([scored], D("100")) == tuple(scored.fixes())


def test_an_item_below_zero_has_to_come_up_first():
    # I1 lost 30 of 25: the first fix of 5 brings nothing, one of 10 elsewhere brings 10
    deep = [missing("I1", str(n), "5") for n in range(1, 7)]
    scored = sheet(*deep, missing("I2", "1", "4"))
    assert engine.composite_with([scored], [Fix("a", "I1", "1")]).value == D("71.00")
    assert engine.fewest([scored], D("75")) == (Fix("a", "I2", "1"),)


def test_half_a_point_is_rounded_as_the_band_rounds_it():
    scored = sheet(missing("I1", "1", "9.6"), missing("I2", "1", "0.1"))
    bands = [engine.Band("good", 80, 90), engine.Band("excellent", 91, 100)]
    lowest = {mode: engine.thresholds(bands, mode)["excellent"][0] for mode in ("half_up", "floor")}
    assert engine.composite_with([scored]).value == D("90.30")
    assert engine.fewest([scored], lowest["half_up"]) == (Fix("a", "I1", "1"),)
    near = sheet(missing("I1", "1", "9.4"), missing("I2", "1", "0.1"))
    assert engine.fewest([near], lowest["half_up"]) == ()
    assert engine.fewest([near], lowest["floor"]) == (Fix("a", "I1", "1"),)


def test_a_zeroed_sheet_first_needs_its_critical_requirement():
    scored = sheet(
        missing("I1", "1", "1"), missing("I2", "1", "20"),
        critical={("I1", "1"): Critical.ZERO},
    )  # fmt: skip
    assert engine.composite_with([scored]).value == 0
    assert engine.fewest([scored], D("79.5")) == (Fix("a", "I1", "1"),)
    assert len(engine.fewest([scored], D("90.5"))) == 2


def test_a_capped_band_needs_the_cap_gone():
    scored = sheet(missing("I1", "1", "1"), critical={("I1", "1"): Critical.CAP})
    assert engine.fewest([scored], D("90.5")) == ()
    assert engine.fewest([scored], D("90.5"), uncapped=True) == (Fix("a", "I1", "1"),)


def test_a_lighter_rubric_gives_way():
    heavy = sheet(missing("I1", "1", "5"), code="a", weight="80")
    light = sheet(missing("I1", "1", "6"), code="b", weight="20")
    assert engine.fewest([heavy, light], D("98")) == (Fix("a", "I1", "1"),)


def test_without_a_way_there_is_none():
    assert engine.fewest([sheet(missing("I1", "1", "5"))], D("100.01")) is None


def test_a_dreadful_project_is_worked_out_at_once():
    seen = [missing(f"I{n}", str(line), "0.7") for n in range(1, 5) for line in range(1, 21)]
    worst = [sheet(*seen, code=code, weight="25") for code in "abcd"]
    begun = perf_counter()
    assert engine.fewest(worst, D("90.5")) is not None
    assert perf_counter() - begun < 5
