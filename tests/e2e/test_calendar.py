"""A person gets a calendar's address from the page, and a program reads it without signing in."""

import urllib.request
from urllib.error import HTTPError

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.campaign.icalendars import events_of
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 our own address
        return answer.read()


def address_on(page) -> str:
    return page.get_by_label("日历地址").first.input_value()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_made_copied_read_renewed_and_switched_off(live_server, settings, sign_in, look, screen):
    world = settle_in("mobilize")
    settings.SITE_URL = live_server.url
    owed = world.obligation("project_kickoff")

    page = sign_in("pm01", screen, "/me/calendar/")
    look(page, f"nothing-yet-{screen}")
    page.get_by_role("button", name="生成我的日历地址").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("地址已生成，还没有日历读取过")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制地址").first.click()
    expect(page.get_by_text("已复制")).to_be_visible()
    address = address_on(page)
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert events_of(read(address))[owed.thing].start == owed.due

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="换新地址").click()
    expect(page.get_by_text("旧地址已失效")).to_be_visible()
    with pytest.raises(HTTPError, match="404"):
        read(address)
    fresh = address_on(page)
    assert owed.thing in events_of(read(fresh))

    page.get_by_role("button", name="生成项目的日历地址").click()
    expect(page.get_by_role("heading", name="锦澜府")).to_be_visible()
    look(page, f"two-{screen}")
    assert not Axe().run(page).violations_count

    page.get_by_role("button", name="停用这个地址").first.click()
    expect(page.get_by_text("地址已停用")).to_be_visible()
    with pytest.raises(HTTPError, match="404"):
        read(fresh)
