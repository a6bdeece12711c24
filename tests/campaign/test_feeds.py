"""Addresses of calendars: private, revocable, and gone with whoever may read them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.db import IntegrityError, transaction

from campaign.feeds.addresses import SIGNER, address_of, feed_at, token_of
from campaign.feeds.opening import make_feed, renew_feed, revoke_feed
from campaign.models import CalendarFeed
from organization.errors import Refused
from organization.history import history_of
from organization.models import HistoryEntry
from tests import cast
from tests.queries import queries_of


def make(person, project=None):
    return make_feed(person=person, project=project, by=person, at=cast.NOW)


@pytest.fixture
def feed(company):
    return make(company.manager)


def opens(client, feed) -> int:
    return client.get(address_of(feed).removeprefix("http://127.0.0.1:8000")).status_code


def test_an_address_opens_its_feed_and_no_other(company, feed):
    theirs = make(company.other_manager)
    assert feed_at(token_of(feed)) == feed
    assert feed_at(token_of(theirs)) == theirs


def test_it_is_made_once_and_on_record(company, feed):
    assert make(company.manager) == feed
    (entry,) = HistoryEntry.objects.filter(verb="make_feed")
    assert (entry.by, entry.object_id) == (company.manager, str(feed.pk))


def test_the_database_keeps_one_open_feed_for_each_thing(company, feed):
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(person=company.manager, made_at=cast.NOW)
    assert make(company.manager, company.one) != feed


def test_the_key_alone_gives_no_address(feed):
    token = token_of(feed)
    key, _dot, signature = token.partition(".")
    for guess in (key, str(feed.key), feed.key.hex, f"{key}.", f"{key}.{'A' * len(signature)}"):
        assert feed_at(guess) is None


def test_another_secret_gives_other_addresses(feed, settings):
    token = token_of(feed)
    other = Signer(key="another", salt="campaign.feeds", sep=".")
    assert feed_at(other.sign(token.partition(".")[0])) is None


def test_what_is_not_signed_does_not_reach_the_database(db):
    assert queries_of(lambda: feed_at("AAAAAAAAAAAAAAAAAAAAAA.forged")) == 0


@pytest.mark.parametrize("signed", ["", "x", "A" * 22, "中", "A" * 500])
def test_what_is_signed_and_no_key_opens_nothing(db, signed):
    assert feed_at(SIGNER.sign(signed)) is None


def test_a_key_that_nobody_has_opens_nothing(db):
    assert feed_at(token_of(CalendarFeed(key=uuid4()))) is None


def test_a_revoked_address_opens_nothing_and_never_again(client, feed):
    assert opens(client, feed) == 200
    revoke_feed(feed=feed, by=feed.person, at=cast.NOW)
    assert opens(client, feed) == 404
    assert make(feed.person) != feed
    assert opens(client, feed) == 404


def test_revoking_is_on_record_and_done_once(feed):
    revoke_feed(feed=feed, by=feed.person, at=cast.NOW)
    assert history_of(feed).first().verb == "revoke_feed"
    with pytest.raises(Refused) as refused:
        revoke_feed(feed=feed, by=feed.person, at=cast.NOW + timedelta(days=1))
    assert refused.value.code == "revoked"
    feed.refresh_from_db()
    assert feed.revoked_at == cast.NOW


def test_renewing_stops_the_old_address_at_once(client, feed):
    fresh = renew_feed(feed=feed, by=feed.person, at=cast.NOW)
    assert (opens(client, feed), opens(client, fresh)) == (404, 200)
    assert fresh.key != feed.key


def test_a_revoked_one_is_not_renewed(feed):
    revoke_feed(feed=feed, by=feed.person, at=cast.NOW)
    with pytest.raises(Refused):
        renew_feed(feed=feed, by=feed.person, at=cast.NOW)
    assert not CalendarFeed.objects.open().exists()


def test_it_dies_with_its_person(client, feed):
    feed.person.is_active = False
    feed.person.save()
    assert opens(client, feed) == 404


def test_a_projects_calendar_dies_with_the_post(client, company):
    feed = make(company.manager, company.one)
    assert opens(client, feed) == 200
    company.manager.posts.update(until=cast.NOW.date())
    assert opens(client, feed) == 404


def test_nobody_gets_the_calendar_of_a_project_that_they_cannot_see(company):
    with pytest.raises(Refused) as refused:
        make(company.other_manager, company.one)
    assert refused.value.code == "no_access"
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("who", ["manager", "worker", "center", "president", "lead", "admin"])
def test_who_may_see_a_project_may_have_its_calendar(company, who):
    assert make(getattr(company, who), company.one).project == company.one
