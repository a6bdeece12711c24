"""Exams among what one has to do: to sit them, to enter what came of them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inspections.exam.results import enter_result
from inspections.exam.sitting import hand_in
from portal.work import Work
from tests import cast
from tests.inspections.examining import AFTER, DURING, OPENS, begun, exam, online, staff
from tests.queries import queries_of


@pytest.fixture
def company(db):
    return staff(cast.company())


def rows(person, at):
    return [
        (each.title, each.state.code, each.due, each.action) for each in Work(person, at=at).few
    ]


def test_an_open_exam_is_due_until_it_was_sat(company):
    held = online(company, closes_at=OPENS + timedelta(days=3))
    last = (OPENS + timedelta(days=3)).date()
    assert rows(company.clerk, DURING) == [(held.title, "open", last, "去考试")]
    hand_in(attempt=begun(held, company.clerk), by=company.clerk, at=DURING)
    assert rows(company.clerk, DURING) == []
    assert len(rows(company.clerk_two, DURING)) == 1


def test_an_exam_of_today_says_so_and_one_that_is_over_is_nobodys_work(company):
    exam(company)
    assert [row[1] for row in rows(company.clerk, DURING)] == ["due_today"]
    assert rows(company.clerk, AFTER) == []
    assert rows(company.worker, DURING) == []


def test_results_to_enter_are_the_leads_and_the_centers_until_they_are_entered(company):
    held = exam(company)
    due = OPENS.date() + timedelta(days=3)
    for person in (company.lead, company.center):
        assert (held.title, "to_enter", due, "录成绩") in rows(person, AFTER)
        late = [row[1] for row in rows(person, AFTER + timedelta(days=9)) if row[0] == held.title]
        assert late == ["overdue"]
    for seat in held.seats.all():
        enter_result(seat=seat, points=Decimal(80), by=company.lead, at=AFTER)
    assert held.title not in [row[0] for row in rows(company.lead, AFTER)]


@pytest.mark.parametrize("person", ["clerk", "center"])
@pytest.mark.parametrize("at", [DURING, AFTER])
def test_many_exams_ask_as_often_as_one(company, person, at, django_assert_num_queries):
    def work():
        fresh = type(company.clerk).objects.get(pk=getattr(company, person).pk)
        return Work(fresh, at=at).few

    exam(company)
    few = queries_of(work)
    for number in range(3):
        exam(company, title=f"考试 {number}")
    with django_assert_num_queries(few):
        work()
