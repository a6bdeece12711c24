"""The center sets next year's campaign up from this one's, and lets a gate pass."""

import pytest
from playwright.sync_api import expect

from campaign.models import Campaign
from tests.cast import PASSWORD
from tests.e2e.barriers import barriers
from tests.e2e.test_every_page import TOO_WIDE
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    return settle_in("rectify")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_from_an_earlier_campaign_to_a_draft_whose_dates_fit(world, sign_in, look):
    year = world.campaign.year + 1
    page = sign_in("center", address="/campaigns/")
    page.get_by_label("依据").select_option(label=str(world.campaign))
    page.get_by_label("年度").fill(str(year))
    page.get_by_label("编码").fill("again")
    press(page, "建立草稿")
    expect(page.get_by_role("heading", level=1)).to_have_text("草稿，还没有提交审批")
    page.get_by_role("link", name="日期与关卡").click()

    made = Campaign.objects.get(code="again")
    milestone = made.milestones.get(code="project_kickoff")
    field = page.locator("#due-project_kickoff")
    expect(field).to_have_value(milestone.due.isoformat())
    # what looks wrong is said while it is typed
    field.fill(made.phases.last().end.isoformat())
    expect(page.locator("#due-project_kickoff-says")).to_contain_text("阶段后")
    look(page, "dates-warned")

    # a reload and an expired session lose nothing
    page.reload()
    expect(page.get_by_text("上次没保存的内容已经填回来了。")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    press(page, "保存日期")
    page.get_by_label("用户名").fill("center")
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")
    expect(field).to_have_value(made.phases.last().end.isoformat())
    press(page, "保存日期")
    expect(page.get_by_role("status")).to_contain_text("已保存，调整了 1 处。")
    milestone.refresh_from_db()
    assert milestone.due == made.phases.last().end


@pytest.mark.parametrize("screen", ["desktop", "phone"])
@pytest.mark.parametrize("place", ["dates", "projects", "scoring", "rewards"])
def test_every_page_of_the_set_up_fits_and_keeps_nobody_out(
    world, sign_in, look, open_page, place, screen
):
    page = sign_in("center", screen, address=f"/c/{world.campaign.code}/setup/{place}/")
    look(page, f"{place}-{screen}")
    assert page.evaluate(TOO_WIDE) == []
    assert list(barriers(page)) == []


def test_ticks_survive_an_expired_session_each_for_itself(world, sign_in):
    page = sign_in("center", address=f"/c/{world.campaign.code}/setup/projects/")
    row = page.get_by_role("row", name="翠屏苑")
    row.get_by_label("秩序维护").check()
    page.context.clear_cookies(name="sessionid")
    press(page, "保存不涉及的专业")
    page.get_by_label("用户名").fill("center")
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")
    expect(row.get_by_label("秩序维护")).to_be_checked()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    press(page, "保存不涉及的专业")
    expect(page.get_by_role("status")).to_contain_text("已保存。")
    lacking = world.campaign.participations.get(project__code="P02").lacks
    assert [each.code for each in lacking.all()] == ["order"]


def test_the_center_lets_a_gate_pass_with_a_reason(world, sign_in, look):
    page = sign_in("center")
    page.get_by_role("link", name="动员宣讲的关卡").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("没通过")
    look(page, "gate")
    page.get_by_label("放行的理由").fill("资料下周补齐")
    press(page, "放行这个关卡")
    expect(page.get_by_role("status")).to_contain_text("已放行")
    page.goto("/")
    expect(page.get_by_role("link", name="动员宣讲的关卡")).to_have_count(0)
