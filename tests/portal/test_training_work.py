"""Surveys and trainings among what one has to do: to answer, to come to, to hold."""

from datetime import date, timedelta

import pytest

from inspections.training.needs import answer_needs
from inspections.training.trainings import cancel_training, mark_attendance
from portal.work import Work
from tests import cast
from tests.inspections.learning_needs import AFTER, AT, DAY, survey, topic, training
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
CLOSES = date(2011, 10, 22)


@pytest.fixture
def company():
    return cast.company()


def rows(person, at=AT):
    return [
        (each.title, each.state.code, each.due, each.action) for each in Work(person, at=at).few
    ]


def answered(company, asked, project):
    answer_needs(
        survey=asked, project=project, topics=[topic(asked, "投诉处理")], by=company.manager, at=AT
    )


def test_a_survey_is_each_leaders_until_the_project_answered(company):
    asked = survey(company)
    assert (asked.title, "not_started", CLOSES, "填写") in rows(company.manager)
    answered(company, asked, company.one)
    assert rows(company.manager) == []
    assert [row[0] for row in rows(company.other_manager)] == [asked.title]
    assert rows(company.head) == []


def test_who_leads_two_projects_answers_for_each(company):
    cast.post(company.manager, "project_manager", project=company.two)
    asked = survey(company)
    assert len(rows(company.manager)) == 2
    answered(company, asked, company.one)
    left = Work(company.manager, at=AT).few
    assert [row.url for row in left] == [f"{asked.get_absolute_url()}?project=P02"]


def test_a_survey_that_closed_or_does_not_concern_the_project_is_no_work(company):
    survey(company)
    assert rows(company.manager, AT + timedelta(days=3)) == []
    today = rows(company.manager, cast.moment(2011, 10, 22, 20))
    assert [row[1] for row in today] == ["due_today"]
    part = company.campaign.participations.get(project=company.one)
    part.lacks.add(company.lines["customer_service"])
    assert rows(company.manager) == []


def test_a_training_is_the_invited_ones_until_they_came_or_it_is_over(company):
    held = training(company, roles=["employee"])
    assert rows(company.worker) == [(held.title, "not_started", DAY.date(), "打开")]
    assert [row[1] for row in rows(company.worker, AFTER)] == ["due_today"]
    assert rows(company.manager) == []
    assert rows(company.worker, AFTER + timedelta(days=1)) == []
    mark_attendance(training=held, user=company.worker, came=True, by=company.lead, at=AFTER)
    assert rows(company.worker, AFTER) == []


def test_who_is_invited_by_two_posts_sees_it_once(company):
    cast.post(company.worker, "employee", project=company.two)
    training(company)
    assert len(rows(company.worker)) == 1


def test_its_lead_holds_it_and_says_who_came(company):
    held = training(company)
    assert (held.title, "not_started", DAY.date(), "打开") in rows(company.lead)
    late = (held.title, "overdue", DAY.date(), "登记到场")
    assert late in rows(company.lead, AFTER + timedelta(days=2))
    mark_attendance(training=held, user=company.worker, came=True, by=company.lead, at=AFTER)
    assert held.title not in [row[0] for row in rows(company.lead, AFTER)]


def test_what_was_cancelled_is_nobodys_work(company):
    held = training(company)
    cancel_training(training=held, reason="讲师生病", by=company.lead, at=AT)
    assert rows(company.worker) == []
    assert held.title not in [row[0] for row in rows(company.lead)]


def test_much_of_it_asks_as_often(company, django_assert_num_queries):
    def work():
        person = type(company.manager).objects.get(pk=company.manager.pk)
        return Work(person, at=AT).few

    survey(company)
    training(company)
    few = queries_of(work)
    for number in range(4):
        survey(company, title=f"调查 {number}")
        training(company, title=f"培训 {number}")
    with django_assert_num_queries(few):
        assert len(work()) == 10
