"""Buttons that no page has: every page with several says so and changes nothing."""

from datetime import date

import pytest
from django.conf import settings

from campaign.visits import log_visit
from campaign.words import Scope
from inspections.case.cases import spread
from organization.models import HistoryEntry
from tests import cast
from tests.inspections.examining import exam, staff
from tests.inspections.learning import drafted, seminar_of
from tests.inspections.learning_needs import survey, training
from tests.inspections.writing import finding_of, submitted

pytestmark = pytest.mark.django_db
AT = cast.moment(2011, 11, 10, 10)


@pytest.fixture
def company():
    return staff(cast.company())


def visit(company):
    milestone = cast.milestone(
        company.campaign, "on_site_support", scope=Scope.SPECIALTY, evidence=["visit_log"]
    )
    owed = cast.obligation(milestone, specialty=company.lines["customer_service"])
    facts = {"day": date(2011, 11, 9), "went": "孙浩", "found": "前台无值班表"}
    return log_visit(obligation=owed, project=company.one, **facts, by=company.lead, at=AT)


def case(company):
    about = {"question": "查一查", "hours": 6, "projects": None}
    return spread(finding=finding_of(company), **about, by=company.center, at=AT)


PAGES = {
    "campaign": lambda company: company.campaign.get_absolute_url(),
    "obligation": lambda company: visit(company).obligation.get_absolute_url(),
    "visit": lambda company: visit(company).get_absolute_url(),
    "finding": lambda company: finding_of(company).get_absolute_url(),
    "case": lambda company: case(company).get_absolute_url(),
    "seminar": lambda company: seminar_of(company).get_absolute_url(),
    "policy": lambda company: f"/c/c11/policies/{drafted(company).policy_id}/",
    "survey": lambda company: survey(company).get_absolute_url(),
    "training": lambda company: training(company).get_absolute_url(),
    "exam": lambda company: exam(company).get_absolute_url() + "move/",
    "plan": lambda company: submitted(company).get_absolute_url() + "review/",
    "summary": lambda company: "/c/c11/summary/",
}


@pytest.mark.parametrize("sent", [{}, {"move": "fly", "do": "fly"}])
@pytest.mark.parametrize("page", PAGES)
def test_what_no_page_offers_changes_nothing(client, company, page, sent):
    address = PAGES[page](company)
    client.force_login(company.center)
    before = HistoryEntry.objects.count()
    answer = client.post(address, {"revision": "0", "reason": "写了原因"} | sent)
    assert answer.status_code == 400
    assert "没看懂这个请求，什么都没有改动" in answer.content.decode()
    assert HistoryEntry.objects.count() == before


def test_it_is_said_in_the_readers_language(client, company):
    client.force_login(company.center)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.post(company.campaign.get_absolute_url(), {"move": "fly"})
    assert "That request made no sense; nothing was changed" in answer.content.decode()
