"""The lead enters an exam's results with the keyboard; rows save themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import Exam, Seat
from tests import cast
from tests.inspections.examining import exam, staff

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held():
    now = timezone.now()
    window = {"opens_at": now - timedelta(hours=3), "closes_at": now - timedelta(hours=1)}
    return exam(staff(cast.company()), at=now - timedelta(days=1), **window)


@pytest.fixture
def entering(sign_in, held):
    return sign_in("lead-service", address=f"{held.get_absolute_url()}results/")


def marks():
    return {seat.name: (seat.points, seat.remark) for seat in Seat.objects.all()}


def saved(page):
    expect(page.locator("#sync")).to_have_text("全部已保存")


def test_points_are_typed_one_after_another_and_absence_has_its_reason(entering, open_page):
    page = entering
    open_page.expect("status of 422")
    page.get_by_label("林小雨的得分").fill("88.5")
    page.keyboard.press("Enter")
    expect(page.get_by_label("王芳的得分")).to_be_focused()
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    expect(page.get_by_text("得分要在 0 和 100 之间。")).to_be_visible()
    page.get_by_label("王芳的得分").fill("90")
    page.keyboard.press("Enter")
    page.locator("tr", has_text="赵欣").get_by_role("checkbox").check()
    page.get_by_label("赵欣的缺考原因").fill("病假")
    page.get_by_label("赵欣的缺考原因").blur()
    expect(page.get_by_role("heading", level=1)).to_have_text("成绩已录完")
    saved(page)
    page.reload()
    expect(page.get_by_label("王芳的得分")).to_have_value("90")
    assert marks() == {"林小雨": (88.5, ""), "王芳": (90, ""), "赵欣": (None, "病假")}
    page.get_by_role("link", name="录完了").click()
    page.get_by_role("button", name="公布成绩").click()
    expect(page.get_by_text("成绩已公布，应考的人收到了通知。")).to_be_visible()
    assert Exam.objects.get().published_at


def test_what_is_typed_without_a_network_is_there_after_a_closed_page(entering, open_page, held):
    page = entering
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    context, address = page.context, page.url
    context.set_offline(True)
    page.get_by_label("王芳的得分").fill("77")
    page.keyboard.press("Enter")
    expect(page.locator("#sync")).to_have_text("1 行未发送，已存本机")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    saved(again)
    expect(again.get_by_label("王芳的得分")).to_have_value("77")
    assert marks()["王芳"] == (77, "")


def test_what_is_left_is_its_typists_alone(entering, open_page):
    page = entering
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    context, address = page.context, page.url
    context.set_offline(True)
    page.get_by_label("王芳的得分").fill("77")
    page.keyboard.press("Enter")
    expect(page.locator("#sync")).to_have_text("1 行未发送，已存本机")
    page.close()
    context.set_offline(False)
    context.clear_cookies()
    other = context.new_page()
    other.goto(address)
    other.fill("[name=username]", "center")
    other.fill("[name=password]", cast.PASSWORD)
    other.press("[name=password]", "Enter")
    expect(other.get_by_label("王芳的得分")).to_have_value("")
    assert marks()["王芳"] == (None, "")


def test_what_is_typed_into_an_exam_survives_a_reload(entering, held):
    page = entering
    page.goto(f"/c/c11/exams/new/{held.specialty.code}/")
    page.get_by_label("名称").fill("夜班应知应会")
    page.get_by_role("radio", name="在线考试").check()
    page.get_by_label("项目经理", exact=True).check()
    page.get_by_label("员工", exact=True).uncheck()
    page.reload()
    expect(page.get_by_text("上次没保存的内容已经填回来了。")).to_be_visible()
    expect(page.get_by_label("名称")).to_have_value("夜班应知应会")
    expect(page.get_by_role("radio", name="在线考试")).to_be_checked()
    expect(page.get_by_label("项目经理", exact=True)).to_be_checked()
    expect(page.get_by_label("员工", exact=True)).not_to_be_checked()
    expect(page.get_by_role("heading", name="在线考试的题目")).to_be_visible()
