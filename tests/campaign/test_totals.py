import pytest
from django.urls import reverse

from campaign import matrix, totals
from campaign.models import Obligation
from campaign.obligations import tallies
from campaign.owing import make_obligations
from campaign.participants import leave_projects
from campaign.setup import enter_projects
from campaign.totals import kept_totals
from tests import cast


@pytest.fixture
def company(db, monkeypatch):
    """The cast in a campaign that counts as one with very many projects."""
    found = cast.company()
    cast.milestone(found.campaign)
    make_obligations(found.campaign, projects=found.campaign.projects.all())
    monkeypatch.setattr(totals, "MANY", 1)
    monkeypatch.setattr(matrix, "MANY", 1)
    return found


def counted(campaign):
    return kept_totals(campaign, campaign.participations.count())


def by_hand(campaign):
    return {pk: each.total for pk, each in tallies(campaign.obligations.all(), at=cast.NOW).items()}


def test_what_is_kept_is_what_there_is(company):
    assert counted(company.campaign) == by_hand(company.campaign) != {}


def test_projects_that_enter_or_leave_are_counted_at_once(company):
    campaign, new = company.campaign, cast.project("N01", "新一")
    before = counted(campaign)
    enter_projects(campaign=campaign, projects=[new], by="x", at=cast.NOW)
    assert counted(campaign) == by_hand(campaign) != before
    leave_projects(campaign=campaign, projects=[new], by="x", at=cast.NOW)
    assert counted(campaign) == by_hand(campaign) == before


def test_a_campaign_with_few_projects_is_counted_on_each_page(company, monkeypatch):
    monkeypatch.setattr(totals, "MANY", 1000)
    assert counted(company.campaign) is None


def test_nothing_is_kept_of_a_campaign_before_its_start(company):
    company.campaign.started_at = None
    assert counted(company.campaign) is None


@pytest.mark.parametrize("page", ["timeline", "matrix"])
def test_pages_say_the_same_of_kept_figures_as_of_counted_ones(client, company, monkeypatch, page):
    Obligation.objects.filter(project=company.one).update(
        submitted_at=cast.NOW, accepted_at=cast.NOW
    )
    client.force_login(company.center)
    address = reverse(page, args=[company.campaign.code])
    kept = client.get(address).content.decode().partition("<main")[2]
    monkeypatch.setattr(totals, "MANY", 1000)
    monkeypatch.setattr(matrix, "MANY", 1000)
    assert without_token(client.get(address)) == without_token(kept)


def without_token(shown) -> str:
    text = shown if isinstance(shown, str) else shown.content.decode().partition("<main")[2]
    return "".join(part.partition('"')[2] for part in text.split('csrfmiddlewaretoken" value="'))
