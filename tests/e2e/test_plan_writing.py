"""Writing a plan in a real browser: nothing typed is lost, whatever happens to the page."""

import json
import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from inspections.models import Finding
from inspections.plan.plans import add_finding, draft_plan
from tests import cast
from tests.faults.house import wait_for
from tests.inspections.writing import AT, line

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PLAN = "/c/c11/plans/P01/"


@pytest.fixture
def company(live_server):
    return cast.company()


@pytest.fixture
def written(company):
    plan = draft_plan(campaign=company.campaign, project=company.one, by=company.manager, at=AT)
    add_finding(plan=plan, by=company.manager, at=AT, **line(company))
    return plan.findings.get()


@pytest.fixture
def sign_in(open_page):
    def as_person(username, screen="desktop", **options):
        page = open_page(screen, **options)
        page.goto(f"/accounts/login/?next={PLAN}")
        type_password(page, username)
        return page

    return as_person


def type_password(page, username="pm01"):
    page.fill("[name=username]", username)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{PLAN}**")


def saved(page):
    expect(page.locator("#saving")).to_contain_text("已自动保存")


def open_line(page, number=1):
    row = page.locator("#lines > li").nth(number - 1)
    row.get_by_role("button").first.click()
    expect(row.get_by_label("措施")).to_be_visible()
    return row


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_list_grows_by_typing_and_saves_itself(sign_in, company, screen):
    page = sign_in("pm01", screen)
    for problem in ("配电房无挡鼠板", "北门岗夜间脱岗"):
        page.fill("#new", problem)
        page.press("#new", "Enter")
    expect(page.get_by_text("还缺 来源、专业、整改措施、责任人、期限")).to_have_count(2)
    row = open_line(page)
    row.get_by_label("措施").fill("加装挡鼠板")
    row.get_by_role("radio", name="遗留问题").check()
    row.get_by_role("radio", name="设施设备").check()
    row.locator("select").select_option(label="马超 · 秩序部 员工")
    row.locator("[type=date]").fill("2011-11-20")
    expect(page.locator("h1")).to_have_text("还差 5 处，补齐就能提交")
    saved(page)
    found = Finding.objects.get(problem="配电房无挡鼠板")
    assert found.missing_fields() == []
    assert found.due.isoformat() == "2011-11-20"


def test_the_plan_is_submitted_from_the_page(sign_in, company, written):
    page = sign_in("pm01")
    row = open_line(page)
    row.get_by_label("措施").fill("全部换新")
    page.get_by_role("button", name="提交审核").first.click()
    expect(page.locator("h1")).to_have_text("已提交，等管理中心审核")
    written.refresh_from_db()
    assert written.measure == "全部换新"
    assert written.plan.submitted_at


def test_a_reload_loses_nothing_that_the_network_did_not_take(sign_in, open_page, written):
    page = sign_in("pm01")
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    row = open_line(page)
    page.context.set_offline(True)
    row.get_by_label("措施").fill("断网时写的措施")
    page.fill("#new", "断网时写的问题")
    page.press("#new", "Enter")
    page.locator("#new").press_sequentially("还没写完")
    expect(page.locator("#saving")).to_have_text("未保存，正在重试")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#new")).to_have_value("还没写完")
    expect(page.get_by_role("heading", name="断网时写的问题")).to_be_visible()
    # the next try may have saved everything before the reload: then no save is told again
    wait_for(lambda: Finding.objects.filter(problem="断网时写的问题").exists(), "the new line")
    wait_for(lambda: Finding.objects.get(pk=written.pk).measure == "断网时写的措施", "the measure")
    page.reload()
    expect(page.get_by_role("heading", name="断网时写的问题")).to_have_count(1)
    assert Finding.objects.filter(problem="断网时写的问题").count() == 1


def test_a_retry_saves_once_the_network_is_back(sign_in, open_page, written):
    page = sign_in("pm01")
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    row = open_line(page)
    page.context.set_offline(True)
    row.get_by_label("措施").fill("网络回来再存")
    expect(page.locator("#saving")).to_have_text("未保存，正在重试")
    page.context.set_offline(False)
    saved(page)
    written.refresh_from_db()
    assert written.measure == "网络回来再存"


def test_an_expired_session_keeps_the_text_until_after_the_sign_in(sign_in, written):
    page = sign_in("pm01")
    row = open_line(page)
    Session.objects.all().delete()
    row.get_by_label("措施").fill("登录过期时写的")
    expect(page.locator("#saving")).to_contain_text("登录已过期")
    page.get_by_role("link", name="重新登录").click()
    type_password(page)
    saved(page)
    expect(page.get_by_label("措施")).to_have_value("登录过期时写的")
    written.refresh_from_db()
    assert written.measure == "登录过期时写的"


def test_of_two_people_the_second_sees_both_versions_and_chooses(
    sign_in, open_page, company, written
):
    cast.post(company.head, "deputy_project_manager", project=company.one)
    first, second = sign_in("pm01"), sign_in("head01")
    open_page.expect("status of 409")
    one, two = open_line(first), open_line(second)
    one.get_by_label("措施").fill("经理写的")
    saved(first)
    two.get_by_label("措施").fill("副经理写的")
    expect(second.get_by_text("两个版本都在这里")).to_be_visible()
    expect(second.locator(".versions")).to_contain_text("经理写的")
    expect(second.locator(".versions")).to_contain_text("副经理写的")
    written.refresh_from_db()
    assert written.measure == "经理写的"
    second.get_by_role("button", name="用选中的版本").click()
    saved(second)
    written.refresh_from_db()
    assert written.measure == "副经理写的"
    assert second.evaluate("Object.keys(localStorage).length") == 0


def test_two_people_on_different_fields_are_asked_only_about_their_own(
    sign_in, open_page, company, written
):
    cast.post(company.head, "deputy_project_manager", project=company.one)
    first, second = sign_in("pm01"), sign_in("head01")
    open_page.expect("status of 409")
    one, two = open_line(first), open_line(second)
    one.get_by_label("措施").fill("经理写的措施")
    saved(first)
    two.get_by_role("textbox", name="问题").fill("副经理写的问题")
    expect(second.locator(".versions")).to_have_count(1)
    second.get_by_role("button", name="用选中的版本").click()
    saved(second)
    written.refresh_from_db()
    assert (written.problem, written.measure) == ("副经理写的问题", "经理写的措施")


def test_a_removed_line_comes_back_as_it_is_typed(sign_in, company, written):
    page, other = sign_in("pm01"), sign_in("pm01")
    row = open_line(page)
    other.on("dialog", lambda dialog: dialog.accept())
    open_line(other).get_by_role("button", name="删除这一条").click()
    expect(other.locator("#lines > li")).to_have_count(0)
    row.get_by_label("措施").fill("删了也还在写")
    expect(page.locator("#saving")).to_contain_text("已经重新加入")
    found = Finding.objects.get()
    assert (found.problem, found.measure) == (written.problem, "删了也还在写")


def test_removing_one_line_keeps_what_is_typed_in_another(sign_in, company, written):
    add_finding(plan=written.plan, by=company.manager, at=AT, problem="要删的")
    page = sign_in("pm01")
    page.on("dialog", lambda dialog: dialog.accept())
    row = open_line(page, 1)
    doomed = open_line(page, 2)
    row.get_by_label("措施").fill("写到一半")
    doomed.get_by_role("button", name="删除这一条").click()
    expect(page.locator("#lines > li")).to_have_count(1)
    expect(row.get_by_label("措施")).to_have_value("写到一半")
    saved(page)
    written.refresh_from_db()
    assert written.measure == "写到一半"


def test_a_wrong_day_is_named_beside_its_field_and_the_rest_is_saved(sign_in, written):
    page = sign_in("pm01")
    row = open_line(page)
    row.get_by_label("措施").fill("其余的照存")
    row.locator("[type=date]").fill("2011-09-01")
    expect(row.get_by_text("期限早于专项工作的第一天")).to_be_visible()
    expect(page.locator("#saving")).to_have_text("标出的地方还没有保存")
    written.refresh_from_db()
    assert (written.measure, written.due.isoformat()) == ("其余的照存", "2011-11-20")


def test_an_answer_that_got_lost_is_no_conflict_with_oneself(sign_in, open_page, written):
    page = sign_in("pm01")
    open_page.expect("ERR_FAILED")
    open_page.expect("status of 409")
    row = open_line(page)

    def lose_the_answer(route):
        route.fetch()
        route.abort()
        page.unroute(f"**{PLAN}")

    page.route(f"**{PLAN}", lose_the_answer)
    row.get_by_label("措施").fill("第一次")
    expect(page.locator("#saving")).to_have_text("未保存，正在重试")
    row.get_by_label("措施").fill("第一次，又写了些")
    saved(page)
    written.refresh_from_db()
    assert written.measure == "第一次，又写了些"
    assert page.locator(".versions").count() == 0


def test_the_page_works_without_scripts(sign_in, written):
    page = sign_in("pm01", java_script_enabled=False)
    page.fill("#new", "没有脚本也能写")
    page.get_by_role("button", name="添加").click()
    page.locator("#lines > li").nth(0).get_by_role("button").first.click()
    page.get_by_label("措施").fill("照样能改")
    page.get_by_role("button", name="保存并收起").click()
    expect(page.locator("#lines > li")).to_have_count(2)
    written.refresh_from_db()
    assert written.measure == "照样能改"


def test_what_was_typed_before_the_plan_left_is_shown_to_be_copied(sign_in, written, company):
    page = sign_in("pm01")
    key = f"plan:{company.manager.pk}:{PLAN}:new"
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, json.dumps("最后一条")])
    from inspections.plan.plans import submit_plan

    submit_plan(plan=written.plan, by=company.manager, at=AT)
    page.reload()
    expect(page.locator("#leftover")).to_contain_text("最后一条")
    page.get_by_role("button", name="不要了").click()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_page_that_was_asked_for_before_the_last_save_is_asked_for_again(sign_in, written):
    page = sign_in("pm01")
    row = open_line(page)
    before = page.request.get(PLAN).text()
    saving, reloaded = [], []

    def hold(route):
        if route.request.method == "POST":
            saving.append(route)
        elif reloaded:
            route.continue_()
        else:
            # the server reads the page, then takes what was typed, and answers both
            reloaded.append(route)
            typed = saving.pop()
            typed.fulfill(response=typed.fetch())
            time.sleep(0.5)
            route.fulfill(body=before, content_type="text/html; charset=utf-8")

    page.route(f"**{PLAN}", hold)
    row.get_by_label("措施").fill("每月核对一次")
    expect(page.locator("#saving")).to_contain_text("正在保存")
    page.reload()
    expect(page.locator("#lines > li").first).to_contain_text("每月核对一次")
    assert reloaded
    assert Finding.objects.get().measure == "每月核对一次"


def test_a_line_whose_answer_was_lost_stands_once(sign_in, open_page, company):
    open_page.expect("ERR_FAILED")
    page = sign_in("pm01")

    def lose_the_answer(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{PLAN}", lose_the_answer)
    page.fill("#new", "答复没收到的问题")
    page.press("#new", "Enter")
    expect(page.locator("#saving")).to_have_text("未保存，正在重试")
    page.unroute(f"**{PLAN}")
    page.reload()
    expect(page.get_by_role("heading", name="答复没收到的问题")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("heading", name="答复没收到的问题")).to_have_count(1)
    assert Finding.objects.count() == 1
