"""What an answer earns and what is drawn: pure functions, checked over everything there is."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.exam.drawing import draw
from inspections.exam.scoring import average, earned, percent, result
from inspections.exam.words import LETTERS, QuestionKind

SUBSETS = ["".join(some) for n in range(9) for some in combinations(LETTERS, n)]
letters = st.sampled_from(SUBSETS)
right = st.sampled_from(SUBSETS[1:])
points = st.integers(1, 10_000).map(lambda cents: Decimal(cents) / 100)


def judge(answer, chosen, *, half=True, kind=QuestionKind.MULTIPLE, points=Decimal(4)):
    return earned(kind=kind, right=answer, chosen=chosen, points=points, half=half)


@pytest.mark.parametrize(
    ("chosen", "half", "got"),
    [
        ("ACD", True, 4), ("DCA", True, 4), ("AC", True, 2), ("A", True, 2), ("AC", False, 0),
        ("AB", True, 0), ("ABCD", True, 0), ("", True, 0),
    ],
)  # fmt: skip
def test_all_right_is_full_a_part_without_a_wrong_one_half_anything_else_nothing(chosen, half, got):
    assert judge("ACD", chosen, half=half) == got


@given(right, letters, points, st.booleans(), st.sampled_from(QuestionKind.values))
def test_an_answer_earns_nothing_half_or_all_of_its_points(answer, chosen, points, half, kind):
    got = judge(answer, chosen, points=points, half=half, kind=kind)
    assert got in (0, points / 2, points)
    assert (got == points) == (set(chosen) == set(answer))
    assert not set(chosen) - set(answer) or got == 0


@given(right, letters, points)
def test_half_points_need_the_setting_and_several_answers(answer, chosen, points):
    strict = judge(answer, chosen, points=points, half=False)
    assert strict in (0, points)
    assert judge(answer, chosen, points=points, kind=QuestionKind.SINGLE) == strict
    assert judge(answer, chosen, points=points) >= strict


@given(st.lists(points, min_size=1, max_size=30), st.data(), st.integers(1, 1000))
def test_a_result_lies_within_the_full_marks_and_is_rounded_once(worth, data, full):
    got = [data.draw(st.sampled_from([Decimal(0), each / 2, each])) for each in worth]
    mark = result(points=sum(got), possible=sum(worth), full=Decimal(full))
    assert 0 <= mark <= full
    assert abs(mark - sum(got) * full / sum(worth)) <= Decimal("0.005")
    assert result(points=sum(worth), possible=sum(worth), full=Decimal(full)) == full


def test_rates_round_half_up_and_say_nothing_about_nobody():
    assert (percent(1, 8), percent(2, 3), percent(0, 0)) == (Decimal("12.5"), Decimal("66.7"), None)
    assert (average(Decimal("80.25"), 1), average(Decimal(0), 0)) == (Decimal("80.3"), None)
    assert result(points=Decimal(0), possible=Decimal(0), full=Decimal(100)) == 0


POOLS = {"a": [1, 2, 3, 4, 5], "b": [6, 7, 8], "": [9]}
OPTIONS = dict.fromkeys(range(1, 10), 4) | {9: 0}


def drawn(seed=1, *, chosen=(2, 6), numbers=None, shuffled=True, pools=POOLS):
    return draw(
        chosen=chosen, pools=pools, numbers={"a": 2, "b": 1, "": 1} if numbers is None else numbers,
        options=OPTIONS, shuffled=shuffled, seed=seed,
    )  # fmt: skip


@given(st.integers(0, 2**31 - 1))
def test_the_same_seed_draws_the_same_paper(seed):
    assert drawn(seed) == drawn(seed)


@given(st.integers(0, 2**31 - 1))
def test_a_paper_has_what_was_chosen_and_so_many_of_each_topic_no_question_twice(seed):
    paper = [each.question for each in drawn(seed)]
    assert len(paper) == len(set(paper)) == 6
    assert {2, 6, 9} <= set(paper)
    assert len(set(paper) & set(POOLS["a"])) == 3 and len(set(paper) & set(POOLS["b"])) == 2


@given(st.integers(0, 2**31 - 1))
def test_options_are_only_put_in_another_order(seed):
    for each in drawn(seed):
        assert sorted(each.order) == list(range(OPTIONS[each.question]))


def test_seeds_differ_and_without_shuffling_all_stays_in_order():
    assert len({tuple(drawn(seed)) for seed in range(20)}) > 10
    paper = drawn(3, numbers={}, shuffled=False)
    assert [each.question for each in paper] == [2, 6]
    assert all(each.order == (0, 1, 2, 3) for each in paper)


def test_a_pool_that_became_too_small_gives_what_it_has():
    assert [each.question for each in drawn(chosen=(), numbers={"": 3}, shuffled=False)] == [9]
