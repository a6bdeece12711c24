"""Step 1: the president approves the drafted campaign; everybody sees where it stands."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from campaign.setup import create_campaign, enter_projects
from organization.history import history_of
from organization.templatetags.ui import day
from tests.e2e.world import draft, settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    """A draft whose first day was ten days ago, with its projects."""
    world = draft("mobilize")
    projects = world.projects.values()
    enter_projects(campaign=world.campaign, projects=projects, by="command", at=world.now)
    return world


def test_the_center_hands_it_in_and_the_president_approves(world, sign_in, look):
    campaign = world.campaign
    center = sign_in("center")
    center.get_by_role("link", name=campaign.title).click()
    center.get_by_role("link", name="方案与批准").click()
    expect(center.get_by_role("heading", level=1)).to_have_text("草稿，还没有提交审批")
    center.get_by_role("button", name="提交总经理审批").click()
    expect(center.get_by_role("status")).to_contain_text("已提交总经理审批")

    president = sign_in("president")
    expect(president.get_by_role("heading", level=1)).to_have_text("1 项等您处理")
    look(president, "president-home")
    president.get_by_role("link", name="审批").click()
    expect(president.get_by_role("heading", level=1)).to_have_text("等您批准")
    expect(president.get_by_text("开始前要有的都齐了")).to_be_visible()
    look(president, "to-approve")
    president.get_by_role("button", name="批准", exact=True).click()
    expect(president.get_by_role("status")).to_contain_text("已批准，专项工作开始")
    look(president, "approved")

    campaign.refresh_from_db()
    assert campaign.approved_by == world.people["president"]
    assert campaign.started_at
    # 4 of each of 3 projects, 4 of each of 4 specialties, 5 of the company
    assert campaign.obligations.count() == 12 + 16 + 5
    verbs = [entry.verb for entry in history_of(campaign)]
    assert verbs[:3] == ["start_campaign", "approve_campaign", "submit_campaign"]


def test_one_that_the_president_sends_back_returns_to_the_center(world, sign_in):
    campaign = world.campaign
    center = sign_in("center")
    center.goto(campaign.get_absolute_url())
    center.get_by_role("button", name="提交总经理审批").click()

    president = sign_in("president")
    president.get_by_role("link", name="审批").click()
    president.get_by_text("退回管理中心").click()
    president.get_by_label("退回理由").fill("总结阶段只有三天，请加长")
    president.get_by_role("button", name="退回", exact=True).click()
    expect(president.get_by_role("status")).to_contain_text("已退回管理中心")

    center.get_by_role("link", name="收件箱").click()
    center.get_by_role("link", name="已退回").click()
    expect(center.get_by_role("heading", level=1)).to_have_text("已退回，请修改后再提交")
    expect(center.get_by_text("总结阶段只有三天，请加长").first).to_be_visible()
    campaign.refresh_from_db()
    assert campaign.is_draft


def test_one_approved_early_starts_by_itself_on_its_first_day(world, sign_in):
    coming = create_campaign(code="next", year=world.now.year + 2, by="command", at=world.now)
    center, president = sign_in("center"), sign_in("president")
    center.goto(coming.get_absolute_url())
    center.get_by_role("button", name="提交总经理审批").click()
    president.goto(coming.get_absolute_url())
    president.get_by_role("button", name="批准", exact=True).click()
    first_day = coming.phases.first().start
    expect(president.get_by_role("heading", level=1)).to_have_text(
        f"已批准，{day(first_day)}自动开始"
    )

    call_command("send_reminders", at=str(first_day - timedelta(days=1)), verbosity=0)
    coming.refresh_from_db()
    assert not coming.started_at
    call_command("send_reminders", at=str(first_day), verbosity=0)
    coming.refresh_from_db()
    assert coming.started_at
    president.reload()
    expect(president.get_by_role("heading", level=1)).to_contain_text("进行中")


@pytest.mark.parametrize(
    ("username", "screen"),
    [("president", "phone"), ("center", "desktop"), ("pm01", "phone"), ("admin", "desktop")],
)
def test_everybody_sees_the_five_phases_with_today_and_the_gap(
    live_server, sign_in, look, username, screen
):
    world = settle_in("mobilize")
    page = sign_in(username, screen)
    page.get_by_role("link", name="第 11 天 · 动员宣讲 · 还剩 10 天").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("动员宣讲还剩 10 天")
    look(page, f"timeline-{username}-{screen}")
    picture = page.locator(".timeline")
    for phase in world.campaign.phases.all():
        expect(picture.get_by_role("rowheader", name=phase.name).first).to_be_visible()
    expect(picture.get_by_text("今天", exact=False).locator("visible=true")).to_be_visible()
    expect(picture.get_by_text("空档 30 天").locator("visible=true")).to_be_visible()
    expect(picture.get_by_text("进行中")).to_be_visible()
    # the one thing overdue is the center's: project people see it and are not asked to act
    act = page.get_by_role("link", name="处理 1 项逾期")
    expect(act).to_have_count(0 if username == "pm01" else 1)
