"""A filed plan is revised in a real browser, saved by itself, reviewed line by line and filed."""

import pytest
from playwright.sync_api import expect

from inspections.models import Finding, PlanRevision
from inspections.plan.plans import add_finding, draft_plan, file_plan, submit_plan
from tests import cast
from tests.inspections.writing import AT, LATER, line

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PLAN = "/c/c11/plans/P01/"
NEW = "换不锈钢挡鼠板"


@pytest.fixture
def company(live_server):
    company = cast.company()
    plan = draft_plan(campaign=company.campaign, project=company.one, by=company.manager, at=AT)
    for problem in ("配电房缺少挡鼠板", "北门岗夜间脱岗"):
        fields = line(company, problem=problem)
        add_finding(plan=plan, by=company.manager, at=AT, **fields)
    submit_plan(plan=plan, by=company.manager, at=AT)
    file_plan(plan=plan, by=company.center, at=LATER)
    return company


def row(page, number):
    return page.locator("#lines > li").nth(number - 1)


def test_a_filed_plan_is_revised_and_the_center_files_what_changed(company, sign_in, look):
    manager = sign_in("pm01", "phone", PLAN)
    manager.get_by_label("为什么修订").fill("检查后补充")
    manager.get_by_role("button", name="开始修订").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("改要改的，其余不动")
    manager.wait_for_load_state()
    row(manager, 1).get_by_role("button", name="改").click()
    row(manager, 1).get_by_label("措施").fill(NEW)
    expect(manager.locator("#saving")).to_contain_text("已自动保存")
    row(manager, 1).get_by_role("button", name="保存并收起").click()
    expect(row(manager, 1).locator("ins")).to_have_text(NEW)
    row(manager, 2).get_by_role("button", name="改").click()
    row(manager, 2).get_by_text("撤销这一条").click()
    row(manager, 2).get_by_label("为什么撤销").fill("岗位已取消")
    row(manager, 2).get_by_role("button", name="确认撤销").click()
    expect(row(manager, 2).get_by_role("button", name="恢复")).to_be_visible()
    expect(row(manager, 2)).to_contain_text("岗位已取消")
    look(manager, "revision")
    assert Finding.objects.opened().count() == 2
    manager.get_by_role("button", name="提交审核").filter(visible=True).click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("修订已提交，等管理中心审核")

    center = sign_in("center", "desktop", "/c/c11/review/")
    center.get_by_role("link", name="检查后补充", exact=True).click()
    expect(center.get_by_role("heading", level=1)).to_contain_text("改动 1 条，撤销 1 条")
    look(center, "review")
    center.get_by_role("button", name="备案").click()
    expect(center.get_by_role("status")).to_contain_text("修订已备案")
    assert PlanRevision.objects.get().filed_by == company.center
    assert [each.measure for each in Finding.objects.opened()] == [NEW]
    center.get_by_role("link", name="比较各版本").click()
    expect(center.get_by_role("heading", name="第 1 版和第 2 版的差别")).to_be_visible()
    look(center, "versions")
