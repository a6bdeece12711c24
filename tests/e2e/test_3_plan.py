"""Step 3: a project writes its improvement plan; the center returns it, then files it."""

import pytest
from playwright.sync_api import expect

from inspections.models import Finding, ImprovementPlan
from organization.history import history_of
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LAMP = "地下车库照明损坏"
LOG = "电梯机房温度记录缺失"
DOG = "宠物粪便无人清理"


@pytest.fixture
def world(live_server):
    return settle_in("self_check")


def line(page, number):
    return page.locator("#lines > li").nth(number - 1)


def add(page, problem):
    field = page.get_by_label("写下一个问题")
    expect(field).to_be_visible()
    page.wait_for_load_state()  # before the scripts are there, Enter would send the form
    field.fill(problem)
    field.press("Enter")
    row = page.locator("#lines > li").filter(has_text=problem)
    expect(row.get_by_role("button", name="补上")).to_be_visible()


def pick(editor, legend, choice):
    editor.get_by_role("group", name=legend).get_by_label(choice, exact=True).check()


def complete(page, number, *, measure, source, specialty, who, due):
    row = line(page, number)
    row.get_by_role("button", name="补上").click()
    row.get_by_label("措施").fill(measure)
    pick(row, "来源", source)
    pick(row, "专业", specialty)
    people = row.get_by_label("责任人")
    people.select_option(people.locator("option", has_text=who).get_attribute("value"))
    row.get_by_label("期限").fill(str(due))
    row.get_by_role("button", name="保存并收起").click()
    expect(row.get_by_role("button", name="改")).to_be_visible()


def test_written_returned_with_remarks_and_filed(world, open_page, sign_in, look):
    open_page.expect("status of 409")  # the return without a reason
    manager = sign_in("pm01", "phone")
    manager.on("dialog", lambda dialog: dialog.accept())
    manager.get_by_role("link", name="实施方案", exact=True).click()
    look(manager, "empty")
    submit = manager.get_by_role("button", name="提交审核").locator("visible=true")
    expect(submit).to_be_disabled()
    for problem in (LAMP, LOG, DOG):
        add(manager, problem)
    expect(submit).to_be_disabled()
    look(manager, "three-problems")

    # while one line is being typed into, another one comes and a third one goes
    line(manager, 2).get_by_role("button", name="补上").click()
    line(manager, 2).get_by_label("措施").fill("装温度计，每班记录一次")
    look(manager, "editor")
    add(manager, "绿化带枯死")
    line(manager, 3).get_by_role("button", name="补上").click()
    line(manager, 3).get_by_role("button", name="删除这一条").click()
    expect(manager.get_by_text(DOG)).to_have_count(0)
    expect(line(manager, 2).get_by_label("措施")).to_have_value("装温度计，每班记录一次")
    line(manager, 2).get_by_role("button", name="保存并收起").click()
    expect(line(manager, 2).get_by_text("还缺 来源、专业、责任人、期限")).to_be_visible()
    line(manager, 3).get_by_role("button", name="补上").click()
    line(manager, 3).get_by_role("button", name="删除这一条").click()
    expect(manager.locator("#lines > li")).to_have_count(2)

    due = world.day(11, 10)
    complete(
        manager, 1, measure="更换损坏灯管，每周巡查一次", source="部门服务现状",
        specialty="设施设备", who="陈立群", due=due,
    )  # fmt: skip
    expect(submit).to_be_disabled()
    assert not ImprovementPlan.objects.get().submitted_at
    complete(
        manager, 2, measure="装温度计，每班记录一次", source="遗留问题",
        specialty="客户服务", who="刘晓燕", due=due,
    )  # fmt: skip
    expect(submit).to_be_enabled()
    look(manager, "complete")
    submit.click()
    expect(manager.get_by_text("已提交，等管理中心审核").first).to_be_visible()
    plan = ImprovementPlan.objects.get()
    assert plan.submitted_by == world.people["pm01"]
    lamp = plan.findings.get(problem=LAMP)
    assert (lamp.measure, lamp.due, lamp.specialty.code) == (
        "更换损坏灯管，每周巡查一次", due, "facilities",
    )  # fmt: skip

    center = sign_in("center")
    center.get_by_role("link", name="报送", exact=True).first.click()
    center.get_by_role("link", name="审核", exact=True).first.click()
    center.get_by_role("link", name="审核 品质提升实施方案 锦澜府").click()
    look(center, "to-review")
    center.get_by_text("写意见第 2 条").click()
    center.get_by_label("第 2 条的意见").fill("温度计要校准，写明由谁校准")
    center.get_by_role("button", name="退回修改").click()
    expect(center.get_by_text("写明退回的原因，项目才知道改什么。")).to_be_visible()
    expect(center.get_by_label("第 2 条的意见")).to_have_value("温度计要校准，写明由谁校准")
    center.get_by_label("退回原因").fill("措施要能检查")
    center.get_by_role("button", name="退回修改").click()
    expect(center.get_by_role("status")).to_contain_text("方案已退回")
    plan.refresh_from_db()
    assert plan.submitted_at is None

    manager.get_by_role("link", name="收件箱").click()
    manager.get_by_role("link", name="锦澜府的实施方案被退回").click()
    expect(manager.get_by_text("措施要能检查")).to_be_visible()
    expect(line(manager, 2).get_by_text("温度计要校准，写明由谁校准")).to_be_visible()
    look(manager, "returned")
    line(manager, 2).get_by_role("button", name="改").click()
    line(manager, 2).get_by_label("措施").fill("装温度计，每班记录，每季度由工程部校准")
    line(manager, 2).get_by_role("button", name="保存并收起").click()
    submit.click()
    expect(manager.get_by_text("已提交，等管理中心审核").first).to_be_visible()

    center.reload()
    center.get_by_role("button", name="备案").click()
    expect(center.get_by_role("status")).to_contain_text("方案已备案")
    look(center, "filed")
    plan.refresh_from_db()
    assert plan.filed_by == world.people["center"]
    assert Finding.objects.opened().count() == 2
    assert world.obligation("improvement_plan").accepted_at == plan.filed_at
    verbs = [entry.verb for entry in reversed(history_of(plan))]
    assert [verb for verb in verbs if "plan" in verb] == [
        "draft_plan", "submit_plan", "send_back_plan", "submit_plan", "file_plan",
    ]  # fmt: skip
    assert world.people["head01"].messages_received.filter(title__contains="由您整改").count() == 1


def test_two_people_in_one_line_see_both_versions(world, open_page, sign_in, look):
    open_page.expect("status of 409")
    one, other = sign_in("pm01"), sign_in("pm01")
    one.get_by_role("link", name="实施方案", exact=True).click()
    add(one, LAMP)
    other.get_by_role("link", name="实施方案", exact=True).click()
    for page in (one, other):
        line(page, 1).get_by_role("button", name="补上").click()
    line(one, 1).get_by_label("措施").fill("第一个人的办法")
    expect(one.get_by_text("已自动保存")).to_be_visible()
    line(other, 1).get_by_label("措施").fill("第二个人的办法")
    both = line(other, 1)
    expect(both).to_contain_text("两个版本都在这里")
    expect(both.get_by_text("第一个人的办法")).to_be_visible()
    expect(both.get_by_text("第二个人的办法")).to_be_visible()
    look(other, "conflict")
    assert Finding.objects.get().measure == "第一个人的办法"
    both.get_by_role("button", name="用选中的版本").click()
    expect(line(other, 1).get_by_role("button", name="补上")).to_be_visible()
    expect(line(other, 1)).to_contain_text("第二个人的办法")
    assert Finding.objects.get().measure == "第二个人的办法"


def lose_what_is_sent(way):
    if way.request.method == "POST":
        way.abort()
    else:
        way.continue_()


def test_a_reload_before_the_words_are_saved_loses_nothing(world, open_page, sign_in):
    open_page.expect("ERR_FAILED")
    manager = sign_in("pm01")
    manager.get_by_role("link", name="实施方案", exact=True).click()
    add(manager, LAMP)
    line(manager, 1).get_by_role("button", name="补上").click()
    saving = "**/plans/**"
    manager.route(saving, lose_what_is_sent)
    line(manager, 1).get_by_label("措施").fill("断网时写的")
    expect(manager.get_by_text("未保存，正在重试")).to_be_visible()
    manager.reload()
    expect(line(manager, 1).get_by_label("措施")).to_have_value("断网时写的")
    assert Finding.objects.get().measure == ""
    manager.unroute(saving)
    expect(manager.get_by_text("已自动保存")).to_be_visible(timeout=10_000)
    assert Finding.objects.get().measure == "断网时写的"
