"""An administrator writes a rubric from nothing, puts it in order, publishes it, takes it out as
the company's form and brings it in again.
"""

import re

import pytest
from playwright.sync_api import expect

from scoring.content import of_rubric
from scoring.models import Rubric
from tests.cast import PASSWORD
from tests.e2e.world import settle_in
from tests.pdf import codes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    return settle_in("mobilize")


def begin(page, specialty="秩序维护"):
    page.goto("/c/now/rubrics/")
    page.get_by_role("link", name="新写一份").click()
    page.get_by_label("专业口").select_option(label=specialty)
    page.get_by_role("button", name="开始写").click()
    page.get_by_role("link", name="加一项").click()


def fill(page, section, name, points, lines, rules):
    page.get_by_label("类别").fill(section)
    page.get_by_label("规定分值").fill(points)
    page.get_by_label("项目", exact=True).fill(name)
    for n, (text, critical) in enumerate(lines):
        row = rows(page, "检查内容", n, "加一条检查内容")
        row.get_by_label("检查内容").fill(text)
        row.get_by_label("关键项").select_option(critical)
    for n, (kind, amount, text) in enumerate(rules):
        row = rows(page, "评分细则", n, "加一条细则")
        row.get_by_label("扣法").select_option(kind)
        if amount:
            row.get_by_label("扣多少分").fill(amount)
        if text:
            row.get_by_label("什么情形").fill(text)


def rows(page, group, n, button):
    """The n-th row of a group, added where there is none."""
    found = page.get_by_role("group", name=group).get_by_role("listitem")
    if found.count() <= n:
        page.get_by_role("button", name=button).click()
    return found.nth(n)


def save(page, *, another=False):
    name = "保存，再加一项" if another else "保存"
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")


def write_all(page, look):
    lines = [("制度上墙公示", ""), ("持证上岗", "zero")]
    rules = [("each:range", "0.5-2", ""), ("lose_item", "", "无该项制度的")]
    fill(page, "内部管理", "制度建设", "40", lines, rules)
    page.get_by_label("扣分须拍照").check()
    look(page, "item")
    save(page, another=True)
    rules = [("fixed", "1", "未以文件形式发布的"), ("per_occurrence", "2", "未经培训上岗的"),
             ("levels", "0/1/2", "符合、基本符合、不符合")]  # fmt: skip
    fill(page, "内部管理", "会议培训", "30", [("记录完整", "")], rules)
    save(page, another=True)
    rules = [("each:per_occurrence", "0.1", ""), ("extra", "10", "扣满4分的")]
    fill(page, "现场管理", "夜间巡逻", "30", [("按时巡逻", "cap")], rules)
    save(page)


def test_a_rubric_is_written_ordered_published_and_comes_back(sign_in, world, look, tmp_path):
    page = sign_in("admin")
    begin(page)
    write_all(page, look)
    expect(page.get_by_role("heading", level=1)).to_contain_text("共 100 分")
    page.get_by_role("button", name="下移 OR01").click()
    expect(page.get_by_role("heading", level=3).first).to_have_text("会议培训")
    look(page, "draft")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("button", name="以此为底稿改一版")).to_be_visible()
    look(page, "published")
    written = of_rubric(Rubric.objects.get())

    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel").click()
    path = tmp_path / "form.xlsx"
    download.value.save_as(path)
    page.get_by_role("link", name="导入新版").click()
    page.get_by_label("评分表文件").set_input_files(path)
    page.get_by_role("button", name="读取并核对").click()
    expect(page.get_by_text("每一项都和现行版一样")).to_be_visible()
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("status").first).to_contain_text("已存为草稿")
    again = of_rubric(Rubric.objects.drafts().get())
    assert [bare(entry) for entry in again.entries] == [bare(entry) for entry in written.entries]


def bare(entry) -> tuple:
    rules = [(rule.text, rule.kind, rule.minimum, rule.maximum, rule.levels, rule.each)
             for rule, _english in entry.rules]  # fmt: skip
    return (entry.code, entry.name, entry.points, entry.requirements, rules, entry.photo_required)


def test_a_published_rubric_is_copied_changed_and_printed(sign_in, world, look):
    world.publish_rubrics("order")
    page = sign_in("admin")
    page.goto(Rubric.objects.get().get_absolute_url())
    page.get_by_role("button", name="以此为底稿改一版").click()
    page.get_by_role("link", name="改", exact=True).first.click()
    page.get_by_label("规定分值").fill("9")
    save(page)
    expect(page.get_by_role("region", name="与现行版的差别")).to_contain_text("分值 1")
    look(page, "difference")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除", exact=True).first.click()
    expect(page.get_by_role("region", name="与现行版的差别")).to_contain_text("删除 1")
    address = page.get_by_role("link", name="打印空白表").get_attribute("href")
    [code] = codes(page.request.get(address).body())
    assert code.endswith("/c/now/sheets/?specialty=order")


def test_rows_are_added_moved_and_dropped_on_the_phone(sign_in, world, look):
    page = sign_in("admin", "phone")
    begin(page)
    lines = [("甲", ""), ("乙", ""), ("丙", "")]
    fill(page, "内部", "制度", "5", lines, [("each:fixed", "1", "")])
    found = page.get_by_role("group", name="检查内容").get_by_role("listitem")
    found.nth(2).get_by_role("button", name="上移").click()
    found.nth(0).get_by_role("button", name="删除").click()
    look(page, "item-phone")
    save(page)
    assert [line.text[0] for line in of_rubric(Rubric.objects.get()).entries[0].requirements] == [
        "丙", "乙",
    ]  # fmt: skip
    look(page, "draft-phone")


def test_an_item_is_dragged_to_another_section(sign_in, world, look):
    page = sign_in("admin")
    begin(page)
    write_all(page, look)
    page.locator("#OR03 .code").drag_to(page.locator("#OR01"))
    expect(page.locator("#s1")).to_contain_text("夜间巡逻")
    expect(page).to_have_url(re.compile("#OR03$"))


def test_what_was_typed_survives_a_mistake(sign_in, world, open_page):
    open_page.expect("status of 422")
    page = sign_in("admin")
    begin(page)
    fill(page, "内部", "制度", "5", [("制度上墙公示", "")], [("each:range", "0.5-9", "")])
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("超过了该项的 5 分")).to_be_visible()
    expect(page.get_by_label("检查内容").first).to_have_value("制度上墙公示")
    assert not Rubric.objects.get().items.exists()


def test_what_was_typed_is_there_after_a_reload_and_an_expired_session(sign_in, world):
    page = sign_in("admin")
    page.on("dialog", lambda dialog: dialog.accept())
    begin(page)
    lines = [("甲", ""), ("乙", ""), ("丙", "zero")]
    fill(page, "内部", "制度", "5", lines, [("each:fixed", "1", "")])
    page.reload()
    expect(page.get_by_text("上次没保存的内容已经填回来了")).to_be_visible()
    expect(page.get_by_label("检查内容").nth(2)).to_have_value("丙")
    address = page.url
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(address)
    expect(page.get_by_label("项目", exact=True)).to_have_value("制度")
    save(page)
    assert [line.text[0] for line in of_rubric(Rubric.objects.get()).entries[0].requirements] == [
        "甲", "乙", "丙",
    ]  # fmt: skip
    page.get_by_role("link", name="加一项", exact=True).click()
    expect(page.get_by_label("项目", exact=True)).to_have_value("")
