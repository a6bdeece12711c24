"""The steps of an explanation say what the engine says, over random sheets and weights."""

import re
from fractions import Fraction
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from portal.explain.figures import exact
from portal.explain.steps import Sight, Verdict, sheet_step
from portal.explain.weighing import Place, composite_step
from scoring import engine
from scoring.engine import Kind
from tests.scoring.test_engine_properties import part_lists, quick, sheets

NUMBER = re.compile(r"\d+(?:\.\d+)?")
SIGNS = str.maketrans({"−": "-", "×": "*", "÷": "/"})


def sides(formula):
    """Both sides of a printed sum, worked out by nobody's code but Python's."""
    text = NUMBER.sub(lambda figure: f"Fraction('{figure[0]}')", formula.translate(SIGNS))
    names = {"Fraction": Fraction, "max": max}
    return [eval(side, {"__builtins__": {}}, names) for side in text.split("=")]  # noqa: S307


def adds_up(formula):
    left, right = sides(formula)
    return left == right


def outlined(items):
    """Items in two sections, as a rubric's outline has them."""
    lines = [SimpleNamespace(scored=item, item=item.code) for item in items]
    halves = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    return [SimpleNamespace(section=n, lines=half) for n, half in enumerate(halves)]


@st.composite
def told(draw):
    """A random sheet with its score, some of its observations withdrawn, and its steps."""
    sheet = draw(sheets())
    gone = draw(st.sets(st.integers(0, 11), max_size=4))
    sights = [Sight(seen, seen.id not in gone) for seen in sheet["seen"]]
    standing = [sight.seen for sight in sights if sight.stands]
    score = engine.score_sheet(**{**sheet, "seen": standing})
    return sheet, score, sheet_step(outlined(sheet["items"]), score, sights)


@quick
@given(told())
def test_every_item_keeps_its_place_and_its_points(drawn):
    sheet, score, step = drawn
    items = [item for section in step.sections for item in section.items]
    assert [item.score for item in items] == list(score.items)
    assert [item.full for item in items] == [item.points for item in sheet["items"]]


@quick
@given(told())
def test_the_sums_that_are_shown_add_up_to_what_the_engine_says(drawn):
    _sheet, score, step = drawn
    for item in (item for section in step.sections for item in section.items):
        if item.formula:
            left, right = sides(item.formula)
            assert left == right == item.score.kept
        for cut in item.cuts:
            if cut.formula:
                assert sides(cut.formula) == [cut.points, cut.points]
    left, right = sides(step.items_kept)
    assert left == right
    assert score.kept == (0 if score.zeroed else right)
    assert sum(section.possible for section in step.sections) == score.possible
    assert step.full - step.left_out == score.possible


@quick
@given(told())
def test_the_observations_that_count_are_the_engines_deductions(drawn):
    _sheet, score, step = drawn
    counting = {
        judged.sight.seen.id: cut.points
        for item in step.told
        for cut in item.cuts
        for judged in cut.sights
        if judged.counts
    }
    free = {line.observation for line in score.lines if line.rule and not line.points}
    shown = {line.observation: line.points for line in score.lines if line.points}
    assert {id: points for id, points in counting.items() if points} == shown
    assert counting.keys() - shown.keys() <= {line.observation for line in score.lines} | free


@quick
@given(told())
def test_what_does_not_count_says_why(drawn):
    sheet, score, step = drawn
    capped = {item.code for item in score.items if item.not_applicable}
    for item in step.told:
        for cut in item.cuts:
            assert sum(judged.counts for judged in cut.sights) == bool(cut.line)
            for judged in cut.sights:
                expected = {
                    Verdict.WITHDRAWN: not judged.sight.stands,
                    Verdict.NOT_APPLICABLE: item.score.code in capped,
                    Verdict.UNCOUNTED: judged.sight.seen.kind == Kind.EXTRA
                    and not sheet["allow_extra"],
                    Verdict.SMALLER: cut.line is not None,
                    Verdict.COUNTS: True,
                }
                assert expected[judged.verdict]


@quick
@given(part_lists())
def test_the_weights_add_up_to_the_composite(parts):
    step = composite_step(parts)
    made = engine.composite(parts)
    assert step.composite == made
    for weight in step.weights:
        counted = weight.place == Place.COUNTED
        if made.value is not None:
            assert (weight.brings is not None) == counted
        if weight.brings is not None:
            assert weight.brings == weight.percent * weight.scaled / 100
            if "…" not in weight.formula:
                assert adds_up(weight.formula)
            if weight.scaling and "…" not in weight.scaling:
                assert adds_up(weight.scaling)
    if made.value is not None:
        assert engine.half_up(step.sum) == made.value
        if "…" not in step.formula:
            assert adds_up(step.formula)


@quick
@given(st.fractions(0, 200))
def test_an_exact_figure_is_the_whole_of_it_or_says_that_it_is_cut(value):
    text = exact(value)
    if text.endswith("…"):
        assert 0 < value - Fraction(text[:-1]) < Fraction(1, 10_000)
    else:
        assert Fraction(text) == value
