"""From a reminder in the mail to the thing itself; My work, inbox and search by keyboard."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from campaign.tasks import play_round
from organization.clock import local_day
from tests.cast import PASSWORD
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TITLE = "各项目召开动员会，正式启动"


@pytest.fixture
def world(live_server):
    return settle_in("mobilize")


def remind(world):
    """A round at ten: these tests also run in quiet hours and before the day's reminders."""
    play_round(at=timezone.localtime(world.now).replace(hour=10, minute=0))


def test_a_link_in_a_mail_lands_on_the_thing_after_signing_in(
    world, live_server, open_page, settings
):
    settings.SITE_URL = live_server.url
    owed = world.obligation("project_kickoff")
    world.people["pm01"].email = "pm01@example.test"
    world.people["pm01"].save()
    type(owed).objects.filter(pk=owed.pk).update(due=local_day(world.now))
    remind(world)
    text = next(sent.body for sent in mail.outbox if sent.to == ["pm01@example.test"])
    address = re.search(rf"\S+{re.escape(owed.get_absolute_url())}", text)[0]

    page = open_page("phone")
    page.goto(address)
    page.get_by_label("用户名").fill("pm01")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{owed.get_absolute_url()}")
    expect(page.get_by_text(TITLE).first).to_be_visible()


def test_the_inbox_empties_as_it_is_read(world, sign_in, look):
    owed = world.obligation("project_kickoff")
    type(owed).objects.filter(pk=owed.pk).update(due=local_day(world.now))
    remind(world)
    page = sign_in("pm01", "phone")
    page.get_by_role("link", name="收件箱").click()
    look(page, "inbox")
    unread = page.locator(".is-unread")
    before = unread.count()
    page.get_by_role("link", name="今天到期：锦澜府").click()
    page.wait_for_url(f"**{owed.get_absolute_url()}")
    page.go_back()
    page.reload()
    expect(unread).to_have_count(before - 1)
    if before > 1:
        page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有未读消息")


def test_keys_move_through_work_and_lead_to_search(world, sign_in, look):
    page = sign_in("pm01")
    titles = page.locator(".work-title")
    page.keyboard.press("j")
    expect(page.locator(".first .btn")).to_be_focused()
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()

    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("动员/")
    expect(field).to_have_value("动员/")
    field.fill("动员会 锦澜")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("找到 1 项")
    look(page, "search")
    page.get_by_role("link", name=TITLE).focus()
    page.keyboard.press("/")
    expect(field).to_be_focused()
