"""What is kept of attempts that are over says the same as the attempts themselves."""

from datetime import timedelta
from decimal import Decimal

from inspections.exam import rates
from inspections.exam.settling import settle_attempts
from inspections.exam.sitting import hand_in
from inspections.models import Attempt, Seat
from tests.inspections.examining import DURING, begun, online, question, seat, tap


def after(held):
    return held.closes_at + timedelta(minutes=5)


def sat(company):
    """One hands in, one has begun, one never came."""
    held = online(company, questions=[question(company), question(company, "几天巡查一次？")])
    attempt = begun(held, company.clerk)
    tap(attempt, 1, 0)
    hand_in(attempt=attempt, by=company.clerk, at=DURING)
    tap(begun(held, company.clerk_two), 1, 1)
    return held


def figures(held, at):
    seats = Seat.objects.all()
    return (
        rates.overall(held, seats, at=at),
        rates.by_project(held, seats, at=at),
        rates.project_page(held, seats, "1", at=at).object_list,
        rates.of_exams([held], seats, at=at),
        [(each.question, each.asked, each.right) for each in rates.hardness(held, at=at)],
        rates.topics(held, at=at),
    )


def test_settling_changes_no_figure(company):
    held = sat(company)
    before = figures(held, DURING)
    assert settle_attempts(at=DURING) == 1
    assert figures(held, DURING) == before
    assert seat(held, company.clerk).best is not None
    assert settle_attempts(at=DURING) == 0


def test_an_attempt_whose_time_is_up_counts_before_anybody_settles_it(company):
    held = sat(company)
    settle_attempts(at=DURING)
    before = figures(held, after(held))
    assert (before[0].sat, before[0].absent) == (2, before[0].invited - 2)
    assert settle_attempts(at=after(held)) == 1
    assert figures(held, after(held)) == before
    assert not Attempt.objects.filter(settled=False).exists()


def test_of_several_attempts_the_best_is_kept(company):
    held = sat(company)
    first = Attempt.objects.get(seat=seat(held, company.clerk))
    settle_attempts(at=DURING)
    Attempt.objects.create(
        seat=first.seat, number=2, seed=1, started_at=DURING, deadline=DURING, handed_in_at=DURING,
        possible=first.possible, points=Decimal(1),
    )  # fmt: skip
    before = rates.overall(held, Seat.objects.all(), at=DURING)
    settle_attempts(at=DURING)
    assert rates.overall(held, Seat.objects.all(), at=DURING) == before
    assert seat(held, company.clerk).best == first.points > 1


def test_projects_that_fill_more_than_a_page_come_by_their_rate(company, monkeypatch):
    held = sat(company)
    monkeypatch.setattr(rates, "FITS", 1)
    monkeypatch.setattr(rates, "PER_PAGE", 1)
    settle_attempts(at=after(held))
    every = rates.by_project(held, Seat.objects.all(), at=after(held))
    pages = [
        rates.project_page(held, Seat.objects.all(), number, at=after(held)).object_list[0]
        for number in range(1, len(every) + 1)
    ]
    assert len(every) > 1
    assert [rate.percent for _project, rate in pages] == [rate.percent for _p, rate in every]
    assert sorted(pages, key=str) == sorted(every, key=str)
