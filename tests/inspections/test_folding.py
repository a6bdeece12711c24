"""The fold: what stands, what was looked at, the running score; and that order is nothing to it."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inspections.sheet.folding import Event, Running, fold
from inspections.words import ObservationKind as Kind
from scoring import engine

RANGE = engine.Rule(engine.Kind.RANGE, minimum=Decimal("0.5"), maximum=Decimal(2))
ITEMS = [engine.Item(f"I{n}", Decimal(5), (RANGE,)) for n in range(4)]
CODES = [item.code for item in ITEMS]


def missing(id, item="I0", requirement="1", points="1.5"):
    return Event(id, Kind.MISSING, item, requirement, Decimal(points))


def withdrawal(id, of):
    return Event(id, Kind.WITHDRAWAL, of.item, of.requirement, withdraws=of.id)


@st.composite
def histories(draw):
    """Events as auditors make them: some observations, some of them taken back."""
    events = []
    for number in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from([Kind.MISSING] * 4 + [Kind.CONFORMS, Kind.NOT_APPLICABLE]))
        item = draw(st.sampled_from(CODES))
        if kind == Kind.MISSING:
            tenths = draw(st.integers(5, 20))
            requirement = draw(st.sampled_from(["1", "2", "3", None]))
            events.append(Event(number, kind, item, requirement, Decimal(tenths) / 10))
        else:
            events.append(Event(number, kind, item))
    for event in draw(st.lists(st.sampled_from(events), unique=True)) if events else []:
        events.append(withdrawal(f"w{event.id}", event))
    return events


@st.composite
def decided_histories(draw):
    """The same with appeals decided on some of the deductions, one each."""
    events = draw(histories())
    abouts = sorted({e.about for e in events if e.kind == Kind.MISSING}, key=str)
    chosen = draw(st.lists(st.sampled_from(abouts), unique=True)) if abouts else []
    for item, requirement, rule in chosen:
        tenths = draw(st.none() | st.integers(1, 20))
        points = None if tenths is None else Decimal(tenths) / 10
        id = f"d{item}{requirement}"
        events.append(Event(id, Kind.DECIDED, item, requirement, points, rule=rule))
    return events


def as_if_seen(events):
    """Without appeals: the decided amount as the only thing that was seen of each deduction."""
    decided = {e.about: e for e in events if e.kind == Kind.DECIDED}
    for e in events:
        if e.kind == Kind.DECIDED and e.points is not None:
            yield Event(e.id, Kind.MISSING, e.item, e.requirement, e.points)
        elif e.kind == Kind.DECIDED or (e.kind == Kind.MISSING and e.about in decided):
            yield Event(e.id, Kind.CONFORMS, e.item)
        else:
            yield e


def naive(events):
    """The same in the plainest words: points kept, possible, items looked at."""
    taken_back = [e.withdraws for e in events if e.kind == Kind.WITHDRAWAL]
    left = [e for e in events if e.kind != Kind.WITHDRAWAL and e.id not in taken_back]
    kept = possible = Decimal(0)
    for item in ITEMS:
        of_item = [e for e in left if e.item == item.code]
        if not of_item or any(e.kind == Kind.NOT_APPLICABLE for e in of_item):
            continue
        largest = {}
        for e in of_item:
            if e.kind == Kind.MISSING:
                largest[e.requirement] = max(largest.get(e.requirement, Decimal(0)), e.points)
        possible += item.points
        kept += max(Decimal(0), item.points - sum(largest.values()))
    return kept, possible, {e.item for e in left}


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_observations_does_not_matter(events, order):
    shuffled = random.Random(order.random()).sample(events, len(events))
    assert fold(ITEMS, events) == fold(ITEMS, shuffled)


@given(decided_histories(), st.randoms(use_true_random=False))
def test_nor_does_it_matter_when_an_appeal_was_decided(events, order):
    shuffled = random.Random(order.random()).sample(events, len(events))
    assert fold(ITEMS, events) == fold(ITEMS, shuffled)
    assert fold(ITEMS, events).score == fold(ITEMS, shuffled).score


@given(decided_histories())
def test_a_decided_amount_stands_in_place_of_all_that_was_seen_of_its_deduction(events):
    mine, plain = fold(ITEMS, events).score, fold(ITEMS, list(as_if_seen(events))).score
    assert (mine.kept, mine.possible, mine.lines) == (plain.kept, plain.possible, plain.lines)


@given(histories())
def test_the_fold_agrees_with_a_naive_one(events):
    folded = fold(ITEMS, events)
    assert (folded.score.kept, folded.score.possible, folded.looked_at) == naive(events)


@given(histories(), st.sampled_from(CODES), st.integers(5, 20))
def test_taking_back_and_noting_anew_is_the_same_as_having_noted_it_at_once(events, code, tenths):
    first = missing("first", code, "1", "0.7")
    anew = missing("anew", code, "1", str(Decimal(tenths) / 10))
    changed = fold(ITEMS, [*events, first, withdrawal("w", first), anew])
    assert changed == fold(ITEMS, [*events, anew])


@given(histories())
def test_an_observation_more_never_raises_what_an_item_keeps(events):
    before = {
        s.code: s for s in fold(ITEMS, [*events, Event("c", Kind.CONFORMS, "I0")]).score.items
    }
    more = [*events, Event("c", Kind.CONFORMS, "I0"), missing("x")]
    after = {s.code: s for s in fold(ITEMS, more).score.items}
    assert after["I0"].kept <= before["I0"].kept


@given(histories())
def test_every_event_stands_was_taken_back_or_takes_back(events):
    folded = fold(ITEMS, events)
    gone = {e.withdraws for e in events if e.kind == Kind.WITHDRAWAL}
    withdrawals = {e.id for e in events if e.kind == Kind.WITHDRAWAL}
    assert folded.standing_ids | gone | withdrawals == {e.id for e in events}


def test_a_sheet_that_nobody_touched_has_no_points_yet():
    folded = fold(ITEMS, [])
    assert (folded.score.possible, folded.missing_of(CODES)) == (Decimal(0), CODES)


def test_the_running_total_is_of_the_items_looked_at():
    folded = fold(ITEMS, [missing(1), Event(2, Kind.CONFORMS, "I1")])
    assert (folded.score.kept, folded.score.possible) == (Decimal("8.5"), Decimal(10))


def test_of_two_auditors_the_larger_deduction_counts():
    folded = fold(ITEMS, [missing("mine", points="0.5"), missing("hers", points="1.5")])
    assert [(line.points, line.observation) for line in folded.score.lines] == [
        (Decimal("1.5"), "hers")
    ]


def test_what_is_not_applicable_leaves_both_points_even_where_somebody_saw_a_fault():
    folded = fold(ITEMS, [missing(1), Event(2, Kind.NOT_APPLICABLE, "I0")])
    assert (folded.score.possible, folded.looked_at) == (Decimal(0), {"I0"})


def test_an_item_whose_only_observation_was_taken_back_is_to_be_looked_at_again():
    first = missing(1)
    assert fold(ITEMS, [first, withdrawal(2, first)]).looked_at == frozenset()


@given(histories(), st.randoms(use_true_random=False))
def test_what_runs_along_says_after_each_event_what_the_fold_says(events, chance):
    shuffled = events[:]
    chance.shuffle(shuffled)
    running = Running(shuffled[:3])
    for end in range(3, len(shuffled) + 1):
        running.take(shuffled[end - 1])
        folded = fold(ITEMS, shuffled[:end])
        assert set(running.all()) == folded.standing
        assert {e.id for e in shuffled if running.stands(e.id)} == folded.standing_ids
        assert {c for c in CODES if running.of(c)} == folded.looked_at
        assert {c for c in CODES if running.is_not_applicable(c)} == folded.not_applicable
