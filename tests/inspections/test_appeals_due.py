"""Appeals that wait for a decision are due from the center before the project's window ends."""

from datetime import date

from inspections.models import Appeal
from inspections.words import Outcome
from organization.models import Post
from tests.inspections.appealing import LATER, decided, made
from tests.owed import owed_in

LAST_DAY = date(2011, 11, 30)


def owed(company):
    return owed_in(company.campaign, LATER, "appeal")


def test_an_undecided_one_is_due_from_the_center_but_not_from_who_saw_it(company):
    found = made(company)
    (due,) = owed(company).values()
    assert due.thing == f"appeal:{found.pk}"
    assert (due.due, due.projects) == (LAST_DAY, {company.one.pk})
    assert due.people == {company.center.pk}
    assert due.title == "决定申诉：锦澜府 · 客户服务 · I01 项目1"
    assert due.url == found.get_absolute_url()


def test_where_all_the_center_saw_it_the_executives_owe_the_decision(company):
    made(company)
    Post.objects.filter(user=company.center).delete()
    (due,) = owed(company).values()
    assert due.people == {company.executive.pk}


def test_one_that_is_decided_or_taken_back_is_not(company):
    decided(company, made(company), Outcome.KEPT)
    assert not owed(company)
    Appeal.objects.update(decided_at=None, taken_back_at=LATER)
    assert not owed(company)
