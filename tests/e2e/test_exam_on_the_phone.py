"""Somebody sits an exam on a phone: each tap saved at once, nothing lost on the way."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.exam.sitting import start_attempt
from inspections.models import Answer, Attempt
from tests import cast
from tests.inspections.examining import bank, online, seat, staff

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SAVED = "全部已保存"


@pytest.fixture
def held():
    company = staff(cast.company())
    bank(company)
    now = timezone.now()
    window = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=2)}
    made = online(company, at=now - timedelta(days=1), is_shuffled=True, **window)
    made.clerk = company.clerk
    return made


@pytest.fixture
def sitting(sign_in, held):
    """The clerk's phone, on the paper that has just begun."""
    page = sign_in("clerk1", "phone")
    page.goto(held.get_absolute_url())
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="开始考试").click()
    expect(page.locator("#sync")).to_contain_text(SAVED)
    return page


def choose(page, *words):
    for word in words:
        page.get_by_text(word, exact=True).click()


def saved(page):
    expect(page.locator("#sync")).to_contain_text(SAVED)


def chosen():
    return sorted(Answer.objects.exclude(chosen="").values_list("question__kind", "chosen"))


def test_an_exam_with_a_reload_in_the_middle(sitting, held, look):
    page = sitting
    choose(page.locator(".asked", has_text="接待来访客户"), "起身微笑问候")
    saved(page)
    look(page, "begun")
    page.reload()
    first = page.locator(".asked", has_text="接待来访客户")
    expect(first.get_by_label("起身微笑问候")).to_be_checked()
    expect(page.locator("#answered")).to_have_text("1")
    several = page.locator(".asked", has_text="交接班")
    choose(several, "起身微笑问候", "请对方稍等", "查看手机")
    choose(page.locator(".asked", has_text="投诉要在"), "对")
    saved(page)
    expect(page.locator("#clock")).to_have_text(re.compile(r"^(29|30):\d\d$"))
    page.get_by_role("button", name="交卷").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("100 分，及格")
    look(page, "handed-in")
    assert Attempt.objects.get().handed_in_at
    assert chosen() == [("multiple", "ACD"), ("single", "A"), ("truth", "A")]


def test_what_is_tapped_without_a_network_survives_a_closed_page(sitting, open_page, held):
    page = sitting
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    context = page.context
    context.set_offline(True)
    choose(page.locator(".asked", has_text="接待来访客户"), "查看手机")
    expect(page.locator("#sync")).to_contain_text("1 题未发送，已存本机")
    assert chosen() == []
    address = page.url
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    saved(again)
    first = again.locator(".asked", has_text="接待来访客户")
    expect(first.get_by_label("查看手机")).to_be_checked()
    assert chosen() == [("single", "D")]


def test_an_expired_session_keeps_the_taps_until_one_signs_in_again(sitting, held):
    page = sitting
    page.context.clear_cookies(name="sessionid")
    choose(page.locator(".asked", has_text="投诉要在"), "错")
    expect(page.locator("#sync")).to_contain_text("请重新登录")
    page.locator("#sync a").click()
    page.get_by_label("用户名").fill("clerk1")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    saved(page)
    assert chosen() == [("truth", "B")]


def test_two_pages_of_one_paper_show_what_the_other_tapped(sitting, held):
    page = sitting
    other = page.context.new_page()
    other.goto(page.url)
    choose(page.locator(".asked", has_text="接待来访客户"), "查看手机")
    saved(page)
    choose(other.locator(".asked", has_text="投诉要在"), "对")
    saved(other)
    expect(other.locator("#answered")).to_have_text("2")
    choose(other.locator(".asked", has_text="接待来访客户"), "起身微笑问候")
    saved(other)
    assert chosen() == [("single", "A"), ("truth", "A")]


def test_the_paper_is_taken_away_when_the_time_is_up(sign_in, held):
    start_attempt(seat=seat(held, held.clerk), by=held.clerk, at=timezone.now())
    Attempt.objects.update(deadline=timezone.now() + timedelta(seconds=12))
    page = sign_in("clerk1", "phone")
    page.goto(f"{held.get_absolute_url()}sit/")
    choose(page.locator(".asked", has_text="投诉要在"), "对")
    page.wait_for_url(f"**{held.get_absolute_url()}", timeout=40_000)
    assert chosen() == [("truth", "A")]
