"""Whom a call-back calls follows from list and seed alone."""

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from inspections.callback.drawing import drawn

KINDS = st.sampled_from(["owner", "tenant", "commercial", ""])
PEOPLE = st.dictionaries(st.integers(1, 5000), st.tuples(KINDS, st.booleans()), max_size=80)
FRAMES = PEOPLE.map(lambda found: [(number, *about) for number, about in found.items()])
SEEDS = st.text("0123456789abcdef", min_size=1, max_size=32)


@given(FRAMES, SEEDS, st.randoms())
def test_the_order_follows_from_the_list_and_the_seed_whatever_the_lists_order(frame, seed, rng):
    shuffled = list(frame)
    rng.shuffle(shuffled)
    assert drawn(shuffled, seed) == drawn(frame, seed)


@given(FRAMES, SEEDS)
def test_everybody_comes_once_and_who_was_called_last_time_at_the_end(frame, seed):
    order = drawn(frame, seed)
    assert sorted(order) == sorted(frame)
    asked = [place[2] for place in order]
    assert asked == sorted(asked)


@given(FRAMES, SEEDS, st.integers(1, 80))
def test_every_beginning_has_the_kinds_in_proportion(frame, seed, size):
    fresh = [(number, kind, False) for number, kind, _asked in frame]
    counts, size = Counter(kind for _n, kind, _a in fresh), min(size, len(fresh))
    beginning = Counter(kind for _n, kind, _a in drawn(fresh, seed)[:size])
    for kind, count in counts.items():
        assert abs(beginning[kind] - size * count / len(fresh)) < len(counts)


def test_another_seed_is_another_order():
    frame = [(number, "owner", False) for number in range(1, 101)]
    assert len({tuple(drawn(frame, seed)) for seed in "abcdef"}) == 6


def test_the_order_is_that_of_the_documented_hash():
    frame = [(number, "", False) for number in range(1, 6)]
    assert [place[0] for place in drawn(frame, "2011")] == sorted(
        range(1, 6), key=lambda number: sha256(f"2011:{number}".encode()).digest()
    )
