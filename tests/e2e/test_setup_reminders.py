"""The center sets when a campaign reminds, sees what it means, and keeps it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_looked_at_corrected_and_kept(live_server, open_page, sign_in, look, screen):
    open_page.expect("status of 422")
    world = settle_in("mobilize")
    address = reverse("setup_reminders", args=[world.campaign.code])
    page = sign_in("center", screen, world.campaign.get_absolute_url())
    page.get_by_role("link", name="提醒", exact=True).click()
    page.wait_for_url(f"**{address}")
    look(page, f"as-it-stands-{screen}")
    assert not Axe().run(page).violations_count
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0

    page.get_by_label("到期前几天").fill("十天")
    page.get_by_role("button", name="保存提醒设置").click()
    expect(page.get_by_text("请写整数天数")).to_be_visible()
    expect(page.get_by_label("到期前几天")).to_have_value("十天")
    look(page, f"a-mistake-{screen}")

    page.get_by_label("到期前几天").fill("10、5、1")
    page.get_by_role("button", name="只看效果，不保存").click()
    expect(page.get_by_label("到期前几天")).to_have_value("10、5、1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("到期前 7、3、1 天")
    page.reload()
    page.get_by_role("button", name="保存提醒设置").click()
    expect(page.get_by_role("status")).to_contain_text("提醒设置已保存。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("到期前 10、5、1 天")
    look(page, f"kept-{screen}")
