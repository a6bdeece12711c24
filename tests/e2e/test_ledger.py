"""An administrator sees that mails failed, finds whose, and sends them once more."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from campaign.models import Reminder
from campaign.models.reminders import Delivery
from organization.models import User
from tests.campaign import ledgers
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def failed():
    """Sixty notices did not reach anybody, one reached the manager."""
    world = settle_in("mobilize")
    Reminder.objects.all().delete()  # what the campaign's start told
    manager = User.objects.get(username="pm01")
    for number in range(60):
        ledgers.told(
            world.campaign,
            manager,
            world.obligation("project_kickoff").thing,
            "notice",
            title=f"已退回：第 {number} 次",
            url="/me/",
            occurrence=str(number),
            delivery=Delivery.FAILED if number else Delivery.SENT,
            error="450 <pm01@example.test> try later" if number else "",
        )


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_failed_ones_are_found_and_sent_again(failed, sign_in, look, screen):
    page = sign_in("admin", screen, "/reminders/")
    expect(page.get_by_role("heading", level=1)).to_have_text("60 条提醒")
    look(page, f"ledger-{screen}")
    page.get_by_label("结果").select_option("trouble")
    expect(page.get_by_role("heading", level=1)).to_have_text("59 条提醒")
    expect(page.get_by_text("450 … try later").first).to_be_visible()
    for number in (30, 1):  # what one and two pages back have
        page.get_by_role("link", name="较早的").click()
        expect(page.get_by_role("link", name=f"已退回：第 {number} 次")).to_be_visible()
    assert not Axe().run(page).violations_count

    page.get_by_role("row").filter(has_text="第 1 次").get_by_role("checkbox").check()
    page.get_by_label("重新发送的理由").fill("邮件服务器修好了")
    look(page, f"ticked-{screen}")
    page.get_by_role("button", name="重新发送所选").click()
    expect(page.get_by_text("已安排重新发送 1 条。")).to_be_visible()

    page.get_by_label("筛选出的 58 条").fill("邮件服务器修好了")
    page.get_by_role("button", name="全部重新发送").click()
    expect(page.get_by_text("已安排重新发送 58 条。")).to_be_visible()
    assert Reminder.objects.wanted().exclude(repeat_of=None).count() == 59


def test_the_file_has_what_is_seen(failed, sign_in):
    page = sign_in("center", address="/reminders/?result=failed")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    assert download.value.suggested_filename.startswith("提醒台账")
    assert download.value.path().stat().st_size > 5000
