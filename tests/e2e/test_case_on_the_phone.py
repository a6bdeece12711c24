"""One case, many sites: projects answer on a phone, the center's count moves by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.case.cases import spread
from inspections.finding.findings import open_finding
from inspections.models import CaseSite, Finding
from inspections.words import Reply
from organization.clock import local_day
from tests import cast
from tests.e2e.material import photo

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def case(company):
    now = timezone.now()
    finding = open_finding(
        campaign=company.campaign,
        project=company.two,
        problem="电梯底坑积水",
        specialty=company.lines["facilities"],
        due=local_day(now) + timedelta(days=7),
        by=company.center,
        at=now,
    )
    return spread(
        finding=finding,
        question="查电梯底坑有没有积水",
        hours=24,
        projects=[company.one, company.two],
        by=company.center,
        at=now,
    )


def choose(page, word):
    page.locator(".case-answer").get_by_label(word).check()


def test_not_here_is_answered_with_a_picture(sign_in, open_page, case, look):
    open_page.expect("status of 422")
    page = sign_in("pm01", "phone", case.sites.get(project__code="P01").get_absolute_url())
    choose(page, "本项目没有")
    page.get_by_role("button", name="答复").click()
    expect(page.get_by_text("至少要有一张照片或一个文件")).to_be_visible()
    page.locator("[name=camera]").set_input_files([photo("底坑.jpg")])
    expect(page.locator("[data-chosen]").first).to_have_text("已选 1 个")
    page.get_by_label("说明").fill("三部都是干的")
    look(page, "answer")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_role("button", name="答复").click()
    expect(page.get_by_text("已答复。关闭前还可以改。")).to_be_visible()
    assert CaseSite.objects.get(project__code="P01").reply == Reply.NOT_HERE


def test_found_opens_a_finding(sign_in, case):
    page = sign_in("pm01", "phone", case.sites.get(project__code="P01").get_absolute_url())
    expect(page.get_by_label("责任人")).to_be_hidden()
    choose(page, "本项目也有")
    page.get_by_label("问题", exact=True).fill("2 号梯底坑积水")
    page.locator("[name=files]").set_input_files([photo("底坑.jpg")])
    page.get_by_role("button", name="答复").click()
    page.get_by_role("link", name="看开出的问题：2 号梯底坑积水").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 号梯底坑积水")
    assert Finding.objects.get(project__code="P01").photos.count() == 1


def test_what_was_typed_outlives_a_reload_and_an_expired_session(sign_in, case):
    address = case.sites.get(project__code="P01").get_absolute_url()
    page = sign_in("pm01", "phone", address)
    choose(page, "本项目没有")
    page.get_by_label("说明").fill("写到一半")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("说明")).to_have_value("写到一半")
    page.locator("[name=camera]").set_input_files([photo("底坑.jpg")])
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="答复").click()
    page.get_by_label("用户名").fill("pm01")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(address)
    expect(page.get_by_label("说明")).to_have_value("写到一半")
    expect(page.locator("[value=not_here]")).to_be_checked()


def test_the_count_moves_by_itself(sign_in, case):
    center = sign_in("center", "desktop", case.get_absolute_url())
    expect(center.get_by_role("heading", level=1)).to_have_text("0 / 2 个项目已答复")
    CaseSite.objects.filter(project__code="P01").update(
        reply=Reply.NOT_HERE, answered_at=timezone.now()
    )
    center.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(center.get_by_role("heading", level=1)).to_have_text("1 / 2 个项目已答复")
    center.get_by_role("button", name="催办 1 个项目").click()
    expect(center.get_by_text("已催办 1 个项目。")).to_be_visible()
