"""Step 8: the center draws up the settlement, the president approves it, and it is final."""

import io
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import expect

from inspections.models import ScoreSheet
from organization.clock import local_day
from organization.errors import Refused
from organization.templatetags.ui import day
from rewards.models import Settlement
from rewards.settlement import draw_up
from tests.e2e.results import finish, inspected, opened
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
# P01 excellent: manager +1000, head +600, team +3000; P02 failed: manager -500, head -300
NET = "+¥3,800"


@pytest.fixture
def world(live_server):
    world = settle_in("summary")
    inspected(world)
    return world


def amounts(page):
    """{name: amount} of the list as it is shown."""
    rows = page.get_by_role("table", name="奖惩名单").locator("tbody tr").all()
    return {
        row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").last.inner_text()
        for row in rows
    }


def test_drawn_up_approved_downloaded_and_final(world, open_page, sign_in, look):
    open_page.expect("status of 422")  # the wrong total
    center = sign_in("center")
    center.get_by_role("link", name="排名", exact=True).click()
    center.get_by_role("link", name="结算", exact=True).click()
    look(center, "not-drawn-up")
    center.get_by_role("button", name="生成结算").click()
    expect(center.get_by_role("heading", level=1)).to_have_text(f"净额 {NET}")
    attention = center.get_by_role("region", name="要留意的")
    expect(attention.get_by_role("listitem").filter(has_text="云栖里")).to_contain_text("暂列")
    assert amounts(center) == {
        "陈立群": "+¥1,000", "刘晓燕": "+¥600", "锦澜府团队": "+¥3,000",
        "彭海燕": "−¥500", "罗建": "−¥300",
    }  # fmt: skip
    look(center, "drawn-up")
    center.get_by_role("button", name="提交总经理批准").click()
    expect(center.get_by_role("status")).to_contain_text("等总经理批准")

    president = sign_in("president")
    president.get_by_role("link", name="审批 奖惩结算").click()
    look(president, "to-approve")
    president.get_by_label("输入净额以确认").fill("4800")
    president.get_by_role("button", name="批准结算").click()
    expect(president.get_by_text("输入的金额与净额不一致，请核对。")).to_be_visible()
    expect(president.get_by_label("输入净额以确认")).to_have_value("4800")
    assert Settlement.objects.get().approved_at is None
    president.get_by_label("输入净额以确认").fill(NET)
    president.get_by_role("button", name="批准结算").click()
    expect(president.get_by_role("heading", level=1)).to_have_text(f"已批准：净额 {NET}")
    expect(president.get_by_label("输入净额以确认")).to_have_count(0)
    look(president, "approved")
    settlement = Settlement.objects.get()
    assert settlement.approved_by == world.people["president"]

    with president.expect_download() as download:
        president.get_by_role("link", name="导出 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), data_only=True)
    lines = list(book.active.iter_rows(min_row=5, values_only=True))
    paid = {line[2]: line[6] for line in lines if line[2] and isinstance(line[6], int | float)}
    assert sum(paid.values()) == 3800
    assert paid["陈立群"] == 1000
    assert paid["彭海燕"] == -500
    assert settlement.fingerprint in str(book.active["A2"].value)

    # nothing that it was made of can change any more, and neither can it
    center.reload()
    for word in ("生成结算", "按最新成绩重新生成", "提交总经理批准"):
        expect(center.get_by_role("button", name=word)).to_have_count(0)
    with pytest.raises(Refused):
        draw_up(campaign=world.campaign, by=world.people["center"], at=world.now)
    sheet = ScoreSheet.objects.get(project__code="P03", specialty__code="facilities")
    with pytest.raises(Refused):
        finish(world, sheet, at=world.now)


def test_the_president_sends_it_back_with_a_reason(world, sign_in, look):
    center, president = sign_in("center"), sign_in("president", "phone")
    center.goto("/c/now/settlement/")
    center.get_by_role("button", name="生成结算").click()
    center.get_by_role("button", name="提交总经理批准").click()
    president.goto("/c/now/settlement/")
    look(president, "to-approve-phone")
    president.get_by_text("退回管理中心").click()
    president.get_by_label("退回原因").fill("先等云栖里评完")
    president.get_by_role("button", name="退回", exact=True).click()
    expect(president.get_by_role("status")).to_contain_text("已退回管理中心")
    center.reload()
    expect(center.get_by_text("先等云栖里评完")).to_be_visible()
    expect(center.get_by_role("button", name="按最新成绩重新生成")).to_be_visible()


def test_it_waits_for_those_who_may_still_object(world, sign_in, look):
    finish(world, opened(world, "P03", "order", at=world.now), at=world.now)
    center, president = sign_in("center"), sign_in("president")
    center.goto("/c/now/settlement/")
    center.get_by_role("button", name="生成结算").click()
    center.get_by_role("button", name="提交总经理批准").click()
    president.goto("/c/now/settlement/")
    expect(president.get_by_role("heading", level=1)).to_contain_text("还要等 1 个项目的申诉期")
    expect(president.get_by_role("button", name="批准结算")).to_be_disabled()
    until = day(local_day(world.now) + timedelta(days=world.campaign.appeal_days))
    expect(president.get_by_text(f"申诉期到 {until}")).to_be_visible()
    look(president, "waiting")


def test_from_an_amount_to_the_photo_behind_it_in_three_clicks(world, sign_in, look):
    center = sign_in("center")
    center.goto("/c/now/settlement/")
    center.get_by_role("button", name="生成结算").click()
    row = center.get_by_role("row").filter(has_text="陈立群")
    row.get_by_role("link", name="怎么来的").click()
    expect(center.get_by_role("heading", level=1)).to_contain_text("99.75")
    expect(center.get_by_role("table", name="按岗位的奖惩")).to_contain_text("陈立群")
    look(center, "explained")
    seen = center.get_by_role("listitem").filter(has_text="操作间没有张贴制度").last
    seen.get_by_role("link", name="−1.0").click()
    record = center.locator(":target")
    expect(record).to_contain_text("操作间没有张贴制度")
    expect(record).to_be_in_viewport()
    expect(record.get_by_role("img")).to_have_js_property("complete", True)
    third = record.get_by_role("link").get_attribute("href")  # the browser's viewer is not ours
    assert center.request.get(third).headers["content-type"] == "image/jpeg"


def test_a_line_begun_for_one_person_never_stands_in_anothers_form(world, sign_in):
    center = sign_in("center")
    center.goto("/c/now/settlement/")
    center.get_by_role("button", name="生成结算").click()

    def begin(name):
        center.goto("/c/now/settlement/")
        row = center.get_by_role("row").filter(has_text=name)
        row.get_by_role("link", name="调整").click()
        return center.get_by_label("用户名"), center.get_by_label("金额（元）")

    person, amount = begin("陈立群")
    whose = person.input_value()
    amount.fill("+200")
    person, amount = begin("彭海燕")
    expect(amount).to_have_value("")
    expect(person).not_to_have_value(whose)
    person, amount = begin("陈立群")
    expect(person).to_have_value(whose)
    expect(amount).to_have_value("+200")  # nothing typed is lost


def test_on_a_phone_one_reads_where_the_own_amount_comes_from(world, sign_in, look):
    center, president = sign_in("center"), sign_in("president")
    center.goto("/c/now/settlement/")
    center.get_by_role("button", name="生成结算").click()
    center.get_by_role("button", name="提交总经理批准").click()
    president.goto("/c/now/settlement/")
    president.get_by_label("输入净额以确认").fill(NET)
    president.get_by_role("button", name="批准结算").click()
    manager = sign_in("pm01", "phone")
    manager.goto("/inbox/")
    manager.get_by_role("link", name="奖励已批准").first.click()
    expect(manager.get_by_role("heading", name="您的奖惩")).to_be_visible()
    expect(manager.get_by_role("table", name="按岗位的奖惩")).to_contain_text("+¥1,000")
    expect(manager.get_by_text("刘晓燕")).to_have_count(0)
    look(manager, "explained-own")


def test_project_people_do_not_see_it(world, open_page, sign_in):
    open_page.expect("status of 40")
    manager = sign_in("pm01")
    expect(manager.get_by_role("link", name="结算", exact=True)).to_have_count(0)
    assert manager.goto("/c/now/settlement/").status in {403, 404}
