import pytest

from campaign.models import Obligation
from campaign.owing import OBLIGATIONS, owners_of, people_owing
from campaign.permissions import is_author, owes, reviews
from campaign.registry import DUE_SOURCES
from campaign.words import Scope
from organization.roles import Role
from tests import cast
from tests.owed import owed_in
from tests.queries import queries_of

EVERYBODY = (
    "president",
    "executive",
    "center",
    "auditor",
    "lead",
    "admin",
    "manager",
    "head",
    "worker",
    "other_manager",
)


@pytest.fixture
def owed(company):
    """One obligation of each scope."""
    made = {scope: cast.milestone(company.campaign, scope.value, scope=scope) for scope in Scope}
    return {
        "project": cast.obligation(made[Scope.PROJECT], project=company.one),
        "specialty": cast.obligation(
            made[Scope.SPECIALTY], specialty=company.lines["customer_service"]
        ),
        "company": cast.obligation(made[Scope.COMPANY]),
    }


OWNERS = {
    "project": {"manager"},
    "specialty": {"lead"},
    "company": {"center", "auditor"},
}


@pytest.mark.parametrize("scope", OWNERS)
def test_it_is_known_whose_it_is(company, owed, scope):
    owners = {getattr(company, name) for name in OWNERS[scope]}
    assert set(people_owing(owed[scope])) == owners
    assert set(owners_of([owed[scope]])[owed[scope].pk]) == {person.pk for person in owners}
    for name in EVERYBODY:
        person = getattr(company, name)
        assert owes(person, owed[scope]) == (person in owners)
        assert (owed[scope] in Obligation.objects.owed_by(person)) == (person in owners)


def test_a_deputy_owes_with_the_manager(company, owed):
    deputy = cast.person("deputy01", "郑凯", Role.DEPUTY_PROJECT_MANAGER, project=company.one)
    assert set(people_owing(owed["project"])) == {company.manager, deputy}


def test_who_left_the_post_or_the_company_owes_nothing(company, owed):
    company.manager.posts.update(until=cast.NOW.date())
    assert not people_owing(owed["project"]).exists()
    company.lead.is_active = False
    company.lead.save()
    assert owners_of(owed.values())[owed["specialty"].pk] == []


SEES = {
    "project": set(EVERYBODY) - {"other_manager"},
    "specialty": {"president", "executive", "center", "auditor", "lead", "admin"},
    "company": set(EVERYBODY),
}


@pytest.mark.parametrize("scope", SEES)
def test_it_is_seen_by_the_company_and_by_its_own_people(company, owed, scope):
    for name in EVERYBODY:
        visible = Obligation.objects.visible_to(getattr(company, name))
        assert (owed[scope] in visible) == (name in SEES[scope]), name


def test_the_center_reviews_where_the_plan_names_nobody(company, owed):
    reviewers = {name for name in EVERYBODY if reviews(getattr(company, name), owed["project"])}
    assert reviewers == {"center", "auditor"}


def test_who_submitted_is_the_author(company, owed):
    owed["project"].submitted_by = company.manager
    assert is_author(company.manager, owed["project"])
    assert not is_author(company.center, owed["project"])


# What is due


def test_open_ones_are_due_with_people_title_and_address(company, owed):
    due = owed_in(company.campaign, cast.NOW, "obligation")
    one = due[owed["project"].thing]
    assert len(due) == 3
    assert (one.people, one.due) == ({company.manager.pk}, owed["project"].due)
    assert one.projects == {company.one.pk}
    assert due[owed["specialty"].thing].people == {company.lead.pk}
    assert due[owed["company"].thing].people == {company.center.pk, company.auditor.pk}
    assert one.url == owed["project"].get_absolute_url()
    assert one.title == "锦澜府 · 各项目召开动员会，正式启动"
    assert one.line("en").title.endswith("Each project holds its kick-off meeting")


def test_what_was_submitted_is_due_from_nobody(company, owed):
    Obligation.objects.update(submitted_at=cast.NOW)
    assert owed_in(company.campaign, cast.NOW, "obligation") == {}


def test_nothing_is_due_in_a_campaign_that_does_not_run(company, owed):
    company.campaign.closed_at = cast.NOW
    assert owed_in(company.campaign, cast.NOW, "obligation") == {}
    company.campaign.closed_at = company.campaign.started_at = None
    assert owed_in(company.campaign, cast.NOW, "obligation") == {}


def test_obligations_are_among_everything_that_is_due(company, owed):
    assert OBLIGATIONS in DUE_SOURCES
    things = set(owed_in(company.campaign, cast.NOW))
    assert {each.thing for each in owed.values()} <= things


def test_more_of_them_ask_no_more_of_the_database(company, owed, django_assert_num_queries):
    few = queries_of(lambda: owed_in(company.campaign, cast.NOW, "obligation"))
    milestone = owed["project"].milestone
    for number in range(9):
        project = cast.project(f"N{number}", f"新{number}")
        cast.post(company.manager, Role.PROJECT_MANAGER, project=project)
        cast.obligation(milestone, project=project)
    with django_assert_num_queries(few):
        assert len(owed_in(company.campaign, cast.NOW, "obligation")) == 12
