"""Reminding from the filing matrix, and attendance taken on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from campaign.models import Campaign, Message, Participation
from inspections.models import Attendance, NeedsAnswer, NeedsSurvey, Training
from inspections.training.trainings import plan_training
from organization.clock import local_day
from organization.models import Project, User
from tests.cast import PASSWORD
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    return settle_in("inspect")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_row_is_reminded_from_the_matrix(world, sign_in, look, screen):
    page = sign_in("center", screen)
    page.get_by_role("link", name="报送", exact=True).first.click()
    look(page, f"matrix-{screen}")
    assert fits(page)
    page.locator("button[name=subject]").first.click()
    expect(page.locator(".note").first).to_contain_text("已提醒")
    expect(page.locator(".mx-note").first).to_have_text("今天已提醒")
    assert Message.objects.filter(title__startswith="逾期").exists()


def test_taps_are_kept_at_once_on_a_phone(world, sign_in, look):
    campaign, lead = Campaign.objects.running().get(), User.objects.get(username="lead-service")
    training = plan_training(
        campaign=campaign,
        specialty=lead.main_post.specialty,
        projects=campaign.projects.all(),
        title="投诉处理实务",
        topics="投诉处理",
        starts_at=timezone.now() - timedelta(minutes=1),
        place="总部",
        trainer="孙浩",
        roles=["project_manager", "employee"],
        by=lead,
        at=timezone.now(),
    )
    page = sign_in("lead-service", "phone")
    page.goto(training.get_absolute_url())
    page.locator(".tr-tap").first.click()
    expect(page.locator(".tr-tap").first).to_have_attribute("aria-pressed", "true")
    look(page, "attendance-phone")
    assert fits(page)
    assert Attendance.objects.get().came


KEPT = "上次没保存的内容已经填回来了。"


def sign_in_again(page, username):
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def sent_after_the_session_expired(page, username, button):
    """A reload first, then an expired session in the middle of sending."""
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name=button).click()
    sign_in_again(page, username)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_be_visible()


def test_a_survey_is_asked_and_answered_over_a_reload_and_an_expired_session(world, sign_in):
    address = f"/c/{world.campaign.code}/needs/new/"
    page = sign_in("lead-service", address=address)
    page.get_by_label("标题").fill("客服“需求”😀")
    page.get_by_label("可选的培训内容，一行一项").fill("接待礼仪\n投诉处理")
    page.get_by_label("截止日期").fill(str(local_day(timezone.now()) + timedelta(days=2)))
    sent_after_the_session_expired(page, "lead-service", "发给各项目")
    asked = NeedsSurvey.objects.get()
    assert asked.title == "客服“需求”😀"
    page.goto(address)
    expect(page.get_by_text(KEPT)).to_be_hidden()
    page = sign_in("pm01", "phone", address=asked.get_absolute_url())
    page.get_by_label("投诉处理").check()
    page.get_by_label("还需要什么（可不填）").fill("装修管理")
    sent_after_the_session_expired(page, "pm01", "提交")
    answer = NeedsAnswer.objects.get()
    assert (answer.line, str(answer.needed.get())) == ("装修管理", "投诉处理")


def test_a_training_is_planned_over_a_reload_and_an_expired_session(world, sign_in):
    page = sign_in("lead-service", address=f"/c/{world.campaign.code}/trainings/new/")
    page.get_by_label("主题").fill("投诉处理实务")
    page.get_by_label("培训内容，一行一项").fill("投诉处理")
    page.get_by_label("时间").fill((timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT10:00"))
    page.get_by_label("地点").fill("总部三楼")
    page.get_by_label("讲师").fill("孙浩")
    sent_after_the_session_expired(page, "lead-service", "安排并通知")
    assert Training.objects.get().place == "总部三楼"


# who, the page, a field of its form, and how its projects are narrowed
PICKS = {
    "training": ("lead-service", "training_new", "地点", "只邀请选中的"),
    "exam": ("lead-service", "exam_new", "地点", "只考部分项目"),
    "case": ("center", "case_new", "要各项目查什么", "只问选中的"),
}


def narrow(page, words):
    """By a radio, or by opening what is folded."""
    if (radio := page.get_by_role("radio", name=words)).count():
        radio.check()
    else:
        page.get_by_text(words).click()


@pytest.mark.parametrize("form", ["training", "exam", "case"])
def test_projects_ticked_on_two_pages_survive_a_reload(world, sign_in, look, form):
    some = [Project(code=f"X{n:02}", name=f"项目{n:02}", region="高新") for n in range(30)]
    Participation.objects.bulk_create(
        Participation(campaign=world.campaign, project=each)
        for each in Project.objects.bulk_create(some)
    )
    person, name, field, some_only = PICKS[form]
    found = [world.finding("电梯底坑积水", responsible="emp01").pk] if form == "case" else []
    line = ["customer_service"] if form == "exam" else []
    address = reverse(name, args=[world.campaign.code, *found, *line])
    page = sign_in(person, "phone", address=address)
    page.get_by_label(field).fill("总部三楼")
    narrow(page, some_only)
    page.get_by_label("锦澜府").check()
    page.get_by_role("button", name="下一页").click()
    page.get_by_label("项目29").check()
    expect(page.get_by_text(KEPT)).to_be_hidden()
    expect(page.get_by_label(field)).to_have_value("总部三楼")
    look(page, f"pick-projects-{form}")
    assert fits(page)
    page.goto(address)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label(field)).to_have_value("总部三楼")
    ticked = page.locator("input[name=projects]:checked")
    expect(ticked).to_have_count(2)
    assert {box.get_attribute("value") for box in ticked.all()} == {"P01", "X29"}
