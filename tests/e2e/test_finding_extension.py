"""In a real browser: a later due date is asked for and granted; findings are handed on together."""

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from inspections.finding.findings import open_finding
from inspections.models import Extension, Finding
from tests import cast
from tests.e2e.barriers import barriers
from tests.inspections.writing import LATER

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LATEST = date(2099, 3, 1)
NARROW = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def company(live_server):
    return cast.company()


@pytest.fixture
def findings(company):
    return [
        open_finding(
            campaign=company.campaign, project=company.one, problem=problem, by=company.center,
            specialty=company.lines["order"], due=date(2099, 1, 1), at=LATER,
            responsible=company.worker,
        )
        for problem in ("北门岗夜间脱岗", "监控缺 3 路“录像”", "巡更点漏打")
    ]  # fmt: skip


def type_password(page, username):
    page.fill("[name=username]", username)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/findings/**")


@pytest.fixture
def enter(open_page):
    def as_person(username, address, screen="phone"):
        page = open_page(screen)
        page.goto(f"/accounts/login/?next={address}")
        type_password(page, username)
        return page

    return as_person


def test_more_time_is_asked_for_on_a_phone_and_granted(enter, findings, look):
    found = findings[0]
    worker = enter("emp01", found.get_absolute_url())
    worker.get_by_text("申请延长期限").click()
    worker.get_by_label("申请延到").fill(LATEST.isoformat())
    worker.get_by_label("延期原因").fill("配件未到")
    Session.objects.all().delete()  # it expires while the reason is typed
    worker.get_by_role("button", name="送管理中心").click()
    type_password(worker, "emp01")
    worker.get_by_text("申请延长期限").click()
    expect(worker.get_by_label("延期原因")).to_have_value("配件未到")
    expect(worker.get_by_label("申请延到")).to_have_value(LATEST.isoformat())
    worker.get_by_role("button", name="送管理中心").click()
    expect(worker.get_by_role("status").first).to_contain_text("延期申请已送管理中心")
    assert worker.evaluate(NARROW)
    assert list(barriers(worker)) == []  # the head leads to the request by a link among words
    look(worker, "asked")

    center = enter("center", "/c/c11/findings/", "desktop")
    center.goto("/c/c11/review/?show=extensions")
    center.get_by_role("link", name="答复 北门岗夜间脱岗").click()
    center.get_by_role("button", name="同意", exact=True).click()
    expect(center.get_by_role("status").first).to_contain_text("已同意延期")
    expect(center.locator(".story")).to_contain_text("同意延期")
    look(center, "granted")
    found.refresh_from_db()
    assert (found.due, found.first_due) == (LATEST, date(2099, 1, 1))
    assert Extension.objects.get().decided_at <= timezone.now()


def test_ticked_findings_are_handed_on_together(open_page, enter, findings, company, look):
    open_page.expect("status of 422")  # what was sent without a person or a reason
    page = enter("pm01", "/c/c11/findings/?specialty=order", "desktop")
    bar = page.get_by_role("button", name="改派所选问题")
    expect(bar).to_be_hidden()
    page.get_by_label("选择 北门岗夜间脱岗").check()
    page.get_by_role("button", name="全选本页").click()
    page.get_by_label("选择 巡更点漏打").uncheck()
    bar.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("改派 2 条问题")
    page.get_by_role("button", name="改派", exact=True).click()
    expect(page.locator(".form-error").first).to_be_visible()
    page.get_by_label("改由谁负责").select_option(str(company.head.pk))
    page.get_by_label("为什么改派").fill("调“班”😀")
    Session.objects.all().delete()  # it expires while the reason is typed
    page.get_by_role("button", name="改派", exact=True).click()
    type_password(page, "pm01")
    expect(page.get_by_role("heading", level=1)).to_have_text("改派 2 条问题")
    expect(page.get_by_label("为什么改派")).to_have_value("调“班”😀")
    expect(page.get_by_label("改由谁负责")).to_have_value(str(company.head.pk))
    look(page, "reassign")
    page.get_by_role("button", name="改派", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已改派 2 条问题")
    assert page.url.endswith("/findings/?specialty=order")
    handed = Finding.objects.filter(responsible=company.head).values_list("problem", flat=True)
    assert set(handed) == {"北门岗夜间脱岗", "监控缺 3 路“录像”"}


def test_the_board_shows_one_column_at_a_time_on_a_phone(enter, findings, look):
    page = enter("center", "/c/c11/findings/?view=board")
    expect(page.locator(".board-col").locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("link", name="北门岗夜间脱岗", exact=True)).to_be_visible()
    page.get_by_role("link", name="待验证 0").click()
    expect(page.get_by_role("link", name="北门岗夜间脱岗", exact=True)).to_be_hidden()
    assert page.evaluate(NARROW)
    look(page, "board")
