"""Findings in their project's calendar."""

from datetime import date

import pytest

from campaign.feeds.opening import make_feed
from campaign.feeds.reading import read_feed
from campaign.models import CalendarFeed
from inspections.models import Finding
from tests import cast
from tests.campaign.icalendars import events_of
from tests.queries import queries_of

DUE = date(2011, 11, 20)


@pytest.fixture
def read(company):
    """The events of the first project's calendar."""

    def events():
        made = make_feed(person=company.worker, project=company.one, by=company.worker, at=cast.NOW)
        return events_of(read_feed(CalendarFeed.objects.get(pk=made.pk), at=cast.NOW).ics)

    return events


@pytest.fixture
def find(company):
    def find(project=company.one, **facts):
        facts = {"opened_at": cast.NOW, "due": DUE, "problem": "消防通道\n堆放杂物"} | facts
        return Finding.objects.create(
            campaign=company.campaign, project=project, created_at=cast.NOW, **facts
        )

    return find


def test_an_open_finding_stands_on_its_day_and_says_that_it_is_late(find, read):
    finding = find()
    event = read()[f"finding:{finding.pk}"]
    assert (event.start, event.summary) == (DUE, "【已逾期】问题：消防通道 堆放杂物")
    assert event.url.endswith(finding.get_absolute_url())


def test_a_verified_one_stays_as_such(find, read):
    in_time = cast.moment(2011, 11, 19)
    finding = find(rectified_at=in_time, verified_at=in_time)
    assert read()[f"finding:{finding.pk}"].summary == "【已验证】问题：消防通道 堆放杂物"


def test_drafts_withdrawn_ones_and_other_projects_are_not_there(company, find, read):
    find(opened_at=None)
    find(withdrawn_at=cast.NOW)
    find(company.two)
    find(due=None)
    assert not [thing for thing in read() if thing.startswith("finding:")]


def test_many_findings_are_read_in_as_many_queries(find, read):
    find()
    one = queries_of(read)
    find()
    find()
    assert queries_of(read) == one
