"""Sitting an exam here, with the clock in hand: the paper, taps, time, another attempt."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inspections.exam.sitting import allow_again, hand_in, start_attempt
from inspections.models import Attempt, Seat
from inspections.models.exams import GRACE
from organization.errors import Refused
from organization.history import history_of
from tests.inspections.examining import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    bank,
    begun,
    online,
    place_of,
    question,
    seat,
    tap,
)

MINUTE = timedelta(minutes=1)


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def start(held, person, at=DURING):
    return start_attempt(seat=seat(held, person), by=person, at=at)


def result_of(held, person, at):
    return held.seats.with_result(at=at).get(person=person).result


# --- beginning -----------------------------------------------------------------------------


def test_the_deadline_is_the_minutes_or_the_end_of_the_window(company):
    held = online(company)
    assert begun(held, company.clerk).deadline == DURING + 30 * MINUTE
    late = begun(held, company.clerk_two, at=CLOSES - 10 * MINUTE)
    assert late.deadline == CLOSES


@pytest.mark.parametrize(("at", "code"), [(BEFORE, "early"), (CLOSES, "closed"), (AFTER, "closed")])
def test_nobody_begins_outside_the_window(company, at, code):
    held = online(company)
    assert code_of(lambda: start(held, company.clerk, at)) == code
    assert not Attempt.objects.exists()


def test_beginning_again_goes_on_with_the_same_paper(company):
    held = online(company, is_shuffled=True)
    first = begun(held, company.clerk)
    again = begun(held, company.clerk, at=DURING + MINUTE, seed=99)
    assert (again, again.seed, again.deadline) == (first, 1, first.deadline)
    assert history_of(first.seat).count() == 1


def test_the_seed_on_record_draws_the_same_paper_for_anybody(company):
    for number in range(8):
        question(company, f"第 {number} 题", topic="抽")
    held = online(company, questions=[], draws={"抽": 5}, is_shuffled=True)
    papers = [
        list(begun(held, person, seed=seed).answers.values_list("question", "order"))
        for person, seed in [(company.clerk, 7), (company.clerk_two, 7), (company.clerk_other, 8)]
    ]
    assert papers[0] == papers[1] != papers[2]
    assert len(papers[0]) == 5


def test_true_stays_before_false_on_every_paper(company):
    held = online(company, is_shuffled=True)
    attempt = begun(held, company.clerk, seed=5)
    truth = attempt.answers.get(question__kind="truth")
    assert truth.order == ""


def test_retired_questions_are_not_drawn(company):
    for number in range(3):
        question(company, f"第 {number} 题", topic="抽")
    held = online(company, questions=[], draws={"抽": 3})
    company.lines["customer_service"].questions.filter(text="第 1 题").update(retired_at=BEFORE)
    assert begun(held, company.clerk).answers.count() == 2


# --- tapping -------------------------------------------------------------------------------


def test_answers_are_scored_as_they_are_tapped_and_count_when_it_is_over(company):
    held = online(company)  # three questions of 5 points
    attempt = begun(held, company.clerk)
    tap(attempt, 1, 0)
    tap(attempt, 2, 0, 2)
    tap(attempt, 3, 1)
    assert attempt.points == Decimal("50.00")
    assert result_of(held, company.clerk, DURING) is None
    hand_in(attempt=attempt, by=company.clerk, at=DURING + MINUTE)
    assert result_of(held, company.clerk, DURING + MINUTE) == Decimal("50.00")


def test_half_points_are_a_setting(company):
    held = online(company, gives_half=False)
    attempt = begun(held, company.clerk)
    tap(attempt, 2, 0, 2)
    assert attempt.points == 0


def test_places_are_those_of_the_shuffled_paper(company):
    held = online(company, is_shuffled=True)
    for seed, person in enumerate((company.clerk, company.clerk_two)):
        attempt = begun(held, person, seed=seed)
        at = attempt.answers.get(question__kind="single").position
        tap(attempt, at, place_of(attempt, at, "起身微笑问候"))
        assert attempt.answers.get(position=at).chosen == "A"


def test_a_tap_taken_back_leaves_nothing_chosen(company):
    attempt = begun(online(company), company.clerk)
    tap(attempt, 1, 0)
    tap(attempt, 1)
    assert (attempt.answers.get(position=1).chosen, attempt.points) == ("", 0)


def test_what_arrives_late_does_not_take_the_place_of_a_later_tap(company):
    attempt = begun(online(company), company.clerk)
    tap(attempt, 1, 2, at=DURING + 2 * MINUTE)
    tap(attempt, 1, 0, at=DURING + 3 * MINUTE, ago=150)  # tapped first, stuck on its way
    assert attempt.answers.get(position=1).chosen == "C"
    tap(attempt, 1, 1, at=DURING + 4 * MINUTE)
    assert attempt.answers.get(position=1).chosen == "B"


@pytest.mark.parametrize(
    ("position", "places", "code"),
    [(9, [0], "no_question"), (1, [7], "no_option"), (3, [2], "no_option"),
     (1, [0, 1], "one_only")],
)  # fmt: skip
def test_what_is_not_on_the_paper_is_refused(company, position, places, code):
    attempt = begun(online(company), company.clerk)
    assert code_of(lambda: tap(attempt, position, *places)) == code


# --- time ----------------------------------------------------------------------------------


def test_what_arrives_within_the_grace_counts_and_later_does_not(company):
    attempt = begun(online(company), company.clerk)
    tap(attempt, 1, 0, at=attempt.deadline + GRACE - timedelta(seconds=1))
    assert attempt.points > 0
    late = attempt.deadline + GRACE
    assert code_of(lambda: tap(attempt, 3, 0, at=late)) == "time_up"
    assert attempt.answers.get(position=3).chosen == ""


def test_time_that_is_up_hands_in_by_itself_with_what_was_saved(company):
    held = online(company)
    attempt = begun(held, company.clerk)
    tap(attempt, 1, 0)
    over = attempt.deadline + GRACE
    assert not attempt.is_over(at=over - timedelta(seconds=1))
    assert attempt.is_over(at=over) and attempt.handed_in_at is None
    assert result_of(held, company.clerk, over) == Decimal("33.33")


def test_handing_in_twice_is_handing_in_once_and_then_nothing_is_saved(company):
    attempt = begun(online(company), company.clerk)
    hand_in(attempt=attempt, by=company.clerk, at=DURING + MINUTE)
    hand_in(attempt=attempt, by=company.clerk, at=DURING + 2 * MINUTE)
    assert attempt.handed_in_at == DURING + MINUTE
    assert history_of(attempt.seat).filter(verb="hand_in").count() == 1
    assert code_of(lambda: tap(attempt, 1, 0)) == "handed_in"


# --- attempts ------------------------------------------------------------------------------


def done(held, person, *places, at=DURING):
    attempt = start(held, person, at)
    tap(attempt, 1, *places, at=at)
    return hand_in(attempt=attempt, by=person, at=at + MINUTE)


def test_one_attempt_unless_more_are_allowed(company):
    held = online(company)
    done(held, company.clerk, 0)
    assert code_of(lambda: start(held, company.clerk, DURING + 5 * MINUTE)) == "no_attempt"


def test_of_several_attempts_the_best_counts(company):
    held = online(company, attempts_allowed=2)
    done(held, company.clerk, 0)
    done(held, company.clerk, 1, at=DURING + 5 * MINUTE)
    assert result_of(held, company.clerk, AFTER) == Decimal("33.33")
    assert code_of(lambda: start(held, company.clerk, DURING + 9 * MINUTE)) == "no_attempt"


def test_one_more_is_allowed_with_a_reason_on_record(company):
    held = online(company)
    done(held, company.clerk)
    mine = seat(held, company.clerk)
    again = {"seat": mine, "by": company.lead, "at": DURING + 5 * MINUTE}
    assert code_of(lambda: allow_again(reason=" ", **again)) == "reason"
    allow_again(reason="手机没电", **again)
    assert history_of(mine).first().reason == "手机没电"
    assert code_of(lambda: allow_again(reason="再来", **again)) == "left"
    assert start(held, company.clerk, DURING + 6 * MINUTE).number == 2


def test_nobody_is_allowed_again_once_the_window_has_closed(company):
    held = online(company)
    done(held, company.clerk)
    again = {"seat": seat(held, company.clerk), "reason": "手机没电", "by": company.lead}
    assert code_of(lambda: allow_again(at=AFTER, **again)) == "closed"


def test_an_empty_bank_starts_no_clock(company):
    questions = bank(company)
    held = online(company, questions=questions)
    held.questions.clear()
    assert code_of(lambda: start(held, company.clerk)) == "no_questions"
    assert not Attempt.objects.exists() and Seat.objects.count() == 3
