"""A project's work from the first tap to the last word, as its people click it: self-check, plan,
return, filing, rectification, verification; with a reload and an expired session on the way."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from inspections.models import Finding, ImprovementPlan, ScoreSheet
from organization.history import history_of
from tests.cast import PASSWORD
from tests.e2e.material import photo
from tests.e2e.test_3_plan import line, pick
from tests.e2e.test_6_sheet import missing
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MEASURE = "按最新标准重印并上墙，每月核对一次"
BETTER = f"{MEASURE}；客服部主任签字"
FIXED = "已经重印，三处都上墙"


@pytest.fixture
def world(live_server):
    world = settle_in("self_check")
    world.publish_rubrics("customer_service")
    return world


def saved(page):
    expect(page.locator("#saving")).to_contain_text("已自动保存")


def check_oneself(page, look):
    """The manager scores the own project, and puts what is missing into the plan with a tap."""
    page.get_by_role("link", name="实施方案", exact=True).click()
    page.get_by_role("link", name="自查", exact=True).click()
    page.get_by_role("button", name="开始自查 客户服务").filter(visible=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("19")
    page.wait_for_load_state()
    row = missing(page, "CS01", 1)
    expect(page.get_by_text("全部已保存")).to_be_visible()
    row.get_by_role("button", name="列入方案").click()
    expect(row.get_by_text("已列入方案")).to_be_visible()
    look(page, "self-check")
    for section in ("内部管理", "现场管理", "其他业务"):
        nav = page.get_by_role("navigation", name="评分表分段")
        nav.get_by_role("link", name=section).click()
        page.get_by_role("button", name=f"“{section}”其余").click()
    expect(page.get_by_text("全部已保存")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("switch")).to_have_count(0)


def write_the_plan(page, open_page, world):
    """A reload while the network is away, and a session that expires while somebody types."""
    page.goto("/c/now/plans/P01/")
    expect(line(page, 1)).to_contain_text("自查评分")
    page.wait_for_load_state()
    line(page, 1).get_by_role("button", name="补上").click()
    field = line(page, 1).get_by_label("措施")
    expect(field).to_be_visible()  # the server has opened the line, the network may go
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    field.fill(MEASURE)
    expect(page.locator("#saving")).to_have_text("未保存，正在重试")
    page.context.set_offline(False)
    page.reload()
    # it goes by itself: before the reload as soon as there is a network, or else after it; then
    # the line is open once more
    expect(line(page, 1).get_by_text(MEASURE).or_(field).first).to_be_visible()
    if not field.is_visible():
        line(page, 1).get_by_role("button", name="补上").click()
    expect(field).to_have_value(MEASURE)
    kept(page, measure=MEASURE)
    # a session that ends within an answer is another story: the page shows both versions then
    expect(page.locator("#saving")).not_to_contain_text("正在保存")

    people = line(page, 1).get_by_label("责任人")
    person = people.locator("option", has_text="马超").get_attribute("value")
    Session.objects.all().delete()
    people.select_option(person)
    expect(page.locator("#saving")).to_contain_text("登录已过期")
    page.get_by_role("link", name="重新登录").click()
    page.get_by_label("用户名").fill("pm01")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/plans/P01/**")
    saved(page)
    expect(line(page, 1).get_by_label("责任人")).to_have_value(person)
    pick(line(page, 1), "专业", "客户服务")
    line(page, 1).get_by_label("期限").fill(str(world.day(11, 10)))
    line(page, 1).get_by_role("button", name="保存并收起").click()
    expect(line(page, 1).get_by_role("button", name="改")).to_be_visible()
    submit(page)


def kept(page, **fields):
    """The server has it, whatever the page says."""
    for _try in range(100):
        if Finding.objects.filter(**fields).exists():
            return
        page.wait_for_timeout(200)
    pytest.fail(f"never kept: {fields}")


def submit(page):
    page.get_by_role("button", name="提交审核").filter(visible=True).click()
    expect(page.get_by_text("已提交，等管理中心审核").first).to_be_visible()


def send_back(page):
    page.goto("/c/now/plans/P01/")
    page.get_by_text("写意见第 1 条").click()
    page.get_by_label("第 1 条的意见").fill("写明由谁签字")
    page.get_by_label("退回原因").fill("措施要能检查")
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("status")).to_contain_text("方案已退回")


def improve(page):
    page.goto("/c/now/plans/P01/")
    expect(page.get_by_text("写明由谁签字")).to_be_visible()
    page.wait_for_load_state()
    line(page, 1).get_by_role("button", name="改").click()
    line(page, 1).get_by_label("措施").fill(BETTER)
    line(page, 1).get_by_role("button", name="保存并收起").click()
    expect(line(page, 1)).to_contain_text(BETTER)
    submit(page)


def file(page):
    page.goto("/c/now/plans/P01/")
    page.get_by_role("button", name="备案").click()
    expect(page.get_by_role("status")).to_contain_text("方案已备案")


def rectify(page, problem):
    page.get_by_role("link", name="收件箱").click()
    page.get_by_role("link", name="锦澜府有 1 条问题由您整改").click()
    page.get_by_role("link", name=problem).click()
    page.wait_for_load_state()
    page.get_by_label("怎么改的").fill(FIXED)
    page.get_by_label("拍照或选图（整改前）").set_input_files(photo("前.jpg"))
    expect(page.get_by_text("照片已保存")).to_be_visible()
    page.get_by_label("拍照或选图（整改后）").set_input_files(photo("后.jpg"))
    expect(page.get_by_text("前后照片都有了").filter(visible=True)).to_be_visible()
    page.get_by_role("button", name="整改完成，送去验证").filter(visible=True).click()
    expect(page.get_by_role("status").first).to_contain_text("整改已送去验证")


def verify(page, finding):
    page.goto(finding.get_absolute_url())
    page.get_by_role("button", name="确认已整改").filter(visible=True).click()
    expect(page.locator(".story")).to_contain_text("确认已整改")


def test_from_self_check_to_verification(world, open_page, sign_in, look):
    manager = sign_in("pm01", "phone")
    manager.on("dialog", lambda dialog: dialog.accept())
    check_oneself(manager, look)
    sheet = ScoreSheet.objects.get()
    assert sheet.submitted_by == world.people["pm01"]
    write_the_plan(manager, open_page, world)
    look(manager, "submitted")
    finding = Finding.objects.get()
    assert (finding.measure, finding.responsible.username) == (MEASURE, "emp01")
    assert finding.observation in set(sheet.observations.values_list("pk", flat=True))

    center = sign_in("center")
    send_back(center)
    improve(manager)
    file(center)
    plan = ImprovementPlan.objects.get()
    states = [version.state.code for version in plan.versions.order_by("number")]
    assert states == ["returned", "filed"]

    worker = sign_in("emp01", "phone")
    rectify(worker, finding.problem)
    verify(center, finding)
    look(center, "verified")
    finding.refresh_from_db()
    assert (finding.measure, finding.rectification) == (BETTER, FIXED)
    assert finding.verified_by == world.people["center"]
    moves = [entry.verb for entry in history_of(finding).order_by("at", "id")]
    told = ("add_finding", "open_finding", "rectify", "verify")
    assert [verb for verb in moves if verb in told] == list(told)
    assert world.obligation("improvement_plan").accepted_at == plan.filed_at
