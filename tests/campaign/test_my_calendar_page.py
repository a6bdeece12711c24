"""The page where people get their calendars' addresses, and what programs get at them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.feeds.addresses import address_of
from campaign.feeds.opening import make_feed
from campaign.models import CalendarFeed
from tests import cast
from tests.campaign.icalendars import events_of
from tests.queries import queries_of

PAGE = "/me/calendar/"


@pytest.fixture
def manager(client, company):
    client.force_login(company.manager)
    return client


def make(person, project=None):
    return make_feed(person=person, project=project, by=person, at=cast.NOW)


def path_of(feed) -> str:
    return address_of(feed).removeprefix("http://127.0.0.1:8000")


def text_of(response) -> str:
    return response.content.decode()


def press(client, **fields):
    return client.post(PAGE, fields, follow=True)


# --- the page ----------------------------------------------------------------------------


def test_who_has_no_address_is_offered_one(manager):
    page = text_of(manager.get(PAGE))
    assert "<h1>把期限放进自己的日历</h1>" in page
    assert "生成我的日历地址" in page


def test_the_page_asks_for_a_sign_in(client):
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_one_press_makes_the_address(manager, company):
    page = text_of(press(manager, do="make"))
    feed = CalendarFeed.objects.get()
    assert (feed.person, feed.project) == (company.manager, None)
    assert f'value="{address_of(feed)}"' in page
    assert f'href="webcal://127.0.0.1:8000{path_of(feed)}"' in page


def test_a_projects_calendar_is_made_from_the_list(manager, company):
    page = text_of(press(manager, do="make", project="P01"))
    feed = CalendarFeed.objects.get()
    assert feed.project == company.one
    assert address_of(feed) in page


def test_a_project_that_one_cannot_see_does_not_exist(manager, company):
    assert company.two.name not in text_of(manager.get(PAGE))
    assert press(manager, do="make", project="P02").status_code == 404
    assert not CalendarFeed.objects.exists()


def test_renewing_shows_the_new_address_only(manager, company):
    feed = make(company.manager)
    page = text_of(press(manager, do="renew", feed=feed.pk))
    assert "旧地址已失效" in page
    assert address_of(feed) not in page
    assert address_of(CalendarFeed.objects.open().get()) in page


def test_revoking_leads_back_to_the_offer(manager, company):
    feed = make(company.manager)
    page = text_of(press(manager, do="revoke", feed=feed.pk))
    assert "地址已停用" in page
    assert "生成我的日历地址" in page


def test_revoking_twice_says_so(manager, company):
    feed = make(company.manager)
    press(manager, do="revoke", feed=feed.pk)
    assert "这个日历地址已经停用" in text_of(press(manager, do="revoke", feed=feed.pk))


@pytest.mark.parametrize("move", ["renew", "revoke"])
def test_other_peoples_addresses_do_not_exist(manager, company, move):
    feed = make(company.other_manager)
    assert press(manager, do=move, feed=feed.pk).status_code == 404
    feed.refresh_from_db()
    assert feed.revoked_at is None


@pytest.mark.parametrize("fields", [{}, {"do": "x"}])
def test_an_unknown_button_changes_nothing(manager, fields):
    assert manager.post(PAGE, fields).url == PAGE
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("feed", ["", "x", "9" * 30])
def test_a_feed_that_is_no_number_is_nobodys(manager, feed):
    assert press(manager, do="renew", feed=feed).status_code == 404


def test_a_calendar_of_a_project_that_one_left_is_not_shown(manager, company):
    feed = make(company.manager, company.one)
    company.manager.posts.update(until=cast.NOW.date())
    assert address_of(feed) not in text_of(manager.get(PAGE))


def test_the_page_says_when_it_was_read_last(manager, company):
    feed = make(company.manager)
    assert "还没有日历读取过" in text_of(manager.get(PAGE))
    manager.get(path_of(feed))
    assert "<h1>日历在自动更新</h1>" in text_of(manager.get(PAGE))


def test_it_asks_as_often_for_many_calendars(manager, company):
    def costs(*projects):
        for project in projects:
            make(company.center, project)
        manager.force_login(company.center)
        return queries_of(lambda: manager.get(PAGE))

    assert costs(company.one) == costs(company.two)


# --- the address -------------------------------------------------------------------------


def test_programs_read_it_without_a_session(client, company):
    response = client.get(path_of(make(company.manager)))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies
    assert len(events_of(response.content)) == 5


def test_it_is_in_the_persons_language_whoever_asks(client, company):
    company.manager.language = "en"
    company.manager.save()
    response = client.get(path_of(make(company.manager)))
    assert response["Content-Language"] == "en"
    assert "Mobilisation phase" in text_of(response)


def test_head_says_the_same_without_the_calendar(client, company):
    path = path_of(make(company.manager))
    whole, head = client.get(path), client.head(path)
    assert head["ETag"] == whole["ETag"]
    assert not head.content


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client, company, method):
    assert getattr(client, method)(path_of(make(company.manager))).status_code == 405


@pytest.mark.parametrize("token", ["x", "x.y", "中文", ".", "A" * 600])
def test_an_address_that_was_never_ours_is_not_there(client, db, token):
    assert client.get(reverse("calendar", args=[token])).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(client, company):
    path = path_of(make(company.manager))
    first = client.get(path)
    same = client.get(path, headers={"If-None-Match": first["ETag"]})
    dated = client.get(path, headers={"If-Modified-Since": first["Last-Modified"]})
    assert [(answer.status_code, answer.content) for answer in (same, dated)] == [(304, b"")] * 2


def test_a_changed_one_is(client, company):
    path = path_of(make(company.manager))
    first = client.get(path)
    phase = company.campaign.phases.first()
    phase.end += timedelta(days=1)
    phase.save()
    second = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert events_of(second.content)[f"phase:{phase.pk}"].sequence == 1


def test_reading_it_again_writes_nothing(client, company):
    path = path_of(make(company.manager, company.one))
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    assert asked
    assert not [each for each in asked if not each["sql"].startswith("SELECT")]
