"""An auditor taps rules of every kind on a phone: with a count, a level, a picture demanded."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inspections.models import Observation, ScoreSheet
from inspections.words import ObservationKind
from scoring.models import CampaignResults
from tests import cast
from tests.e2e.material import photo
from tests.inspections.ruling import opened

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def filling(sign_in, sheet):
    page = sign_in("auditor", "phone")
    page.goto(sheet.get_absolute_url())
    saved(page)
    return page


def saved(page):
    expect(page.locator("#sync")).to_contain_text("全部已保存")


def card(page, code):
    """An item's card, opened."""
    found = page.locator(f"#{code}")
    if not found.locator(".item-box").evaluate("box => box.open"):
        found.locator("summary.item-head").click()
    return found


def row(page, code, words):
    return card(page, code).locator("form.req", has_text=words)


def tap(page, code, words):
    found = row(page, code, words)
    found.get_by_role("switch").click()
    saved(page)
    return found


def total(page):
    return page.get_by_role("region", name="本表累计")


def standing():
    gone = Observation.objects.filter(kind=ObservationKind.WITHDRAWAL).values("withdraws")
    return Observation.objects.filter(kind=ObservationKind.MISSING).exclude(pk__in=gone)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_sheet_with_rules_of_every_kind_from_the_first_tap_to_the_submission(
    filling, sheet, look
):
    page = filling
    look(page, "opened")

    # one tap is enough where the rule leaves no choice
    fixed = tap(page, "R01", "未以文件形式发布的")
    expect(total(page)).to_contain_text("9.0 / 10 分")
    expect(fixed.locator("[name=points], [name=count]")).to_have_count(0)
    fixed.get_by_label("暗访").check()
    fixed.get_by_label("说明").fill("只有口头通知")
    fixed.get_by_role("button", name="记好了").click()
    expect(fixed.locator(".req-sum")).to_contain_text("扣 1.0 · 暗访 · 只有口头通知")

    counted = tap(page, "R01", "未经培训上岗的")
    expect(total(page)).to_contain_text("7.0 / 10 分")
    counted.get_by_role("button", name="多一次").click()
    counted.get_by_role("button", name="多一次").click()
    expect(counted.get_by_label("次数")).to_have_value("3")
    expect(total(page)).to_contain_text("3.0 / 10 分")
    look(page, "counted")
    counted.get_by_role("button", name="记好了").click()
    expect(counted.locator(".req-sum")).to_contain_text("扣 6.0（2.0 × 3）")

    extra = row(page, "R01", "追加扣除10分")
    expect(extra).to_contain_text("本次专项工作不计项外扣分")
    expect(page.locator("#R01 .item-head")).to_contain_text("扣分 2 处")

    lost = tap(page, "R01", "无该项制度的")
    expect(total(page)).to_contain_text("0.0 / 10 分")
    lost.get_by_role("switch").click()
    expect(total(page)).to_contain_text("3.0 / 10 分")
    saved(page)

    # levels stand as words with what they cost; an item without a price has no other taps
    expect(card(page, "R02").get_by_role("switch")).to_have_count(1)
    levels = tap(page, "R02", "基本符合1.0")
    expect(levels.get_by_role("radio", name="基本符合 扣 1 分")).to_be_checked()
    levels.get_by_role("radio", name="不符合 扣 2 分").check()
    expect(total(page)).to_contain_text("3.0 / 12 分")
    look(page, "levels")

    # a price per occurrence, on an item that demands a picture
    dirt = tap(page, "R03", "1. 地面无杂物")
    expect(dirt.get_by_text("扣分须拍照，还没有照片")).to_be_visible()
    expect(page.locator("#R03 .item-head")).to_contain_text("扣分须拍照，还没有照片")
    dirt.get_by_label("次数").fill("4")
    expect(total(page)).to_contain_text("7.6 / 17 分")
    saved(page)
    page.get_by_role("button", name=re.compile("其余 1 项全部符合")).click()
    expect(total(page)).to_contain_text("90.6 / 100 分")
    expect(page.get_by_role("heading", name="提交前还差照片")).to_be_visible()
    expect(page.get_by_role("button", name="提交", exact=True)).to_have_count(0)
    look(page, "picture-demanded")
    page.get_by_role("link", name="R03 环境卫生").click()
    dirt.locator("[name=photos]").set_input_files([photo("地面.jpg")])
    saved(page)
    expect(dirt.get_by_text("扣分须拍照，还没有照片")).to_be_hidden()
    expect(page.locator("#R03 .item-head")).not_to_contain_text("还没有照片")

    # critical requirements say at once what they do
    lanes = tap(page, "R04", "1. 消防通道畅通")
    expect(total(page)).to_contain_text("关键项缺失：本表计 0 分")
    expect(total(page)).to_contain_text("0.0 / 100 分")
    look(page, "critical")
    lanes.get_by_role("switch").click()
    saved(page)
    tap(page, "R04", "2. 应急预案齐全")
    expect(total(page)).to_contain_text("关键项缺失：等级最高为良好")
    assert fits(page)

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦澜府：客户服务 89.60 分")
    look(page, "submitted")
    assert fits(page)
    assert ScoreSheet.objects.get().submitted_at
    by_rule = {(seen.item.code, seen.rule_id and seen.rule.code): seen for seen in standing()}
    counts = {key: (seen.points, seen.count) for key, seen in by_rule.items()}
    assert counts == {
        ("R01", "r1"): (Decimal(1), 1),
        ("R01", "r2"): (Decimal(6), 3),
        ("R02", "r1"): (Decimal(2), 1),
        ("R03", None): (Decimal("0.4"), 4),
        ("R04", None): (Decimal(1), 1),
    }


def test_rules_and_counts_entered_without_a_network_go_later(filling, open_page, sheet):
    page = filling
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    row(page, "R01", "未经培训上岗的").get_by_role("switch").click()
    row(page, "R01", "未经培训上岗的").get_by_label("次数").fill("5")
    row(page, "R02", "基本符合1.0").get_by_role("switch").click()
    row(page, "R02", "基本符合1.0").get_by_role("radio", name="不符合 扣 2 分").check()
    row(page, "R03", "1. 地面无杂物").get_by_role("switch").click()
    expect(row(page, "R03", "1.").get_by_text("扣分须拍照，还没有照片")).to_be_visible()
    expect(page.locator("#sync")).to_contain_text("5 条未发送，已存本机")
    context = page.context
    page.close()

    page = context.new_page()
    context.set_offline(False)
    page.goto(sheet.get_absolute_url())
    saved(page)
    expect(row(page, "R01", "未经培训上岗的").get_by_label("次数")).to_have_value("5")
    assert sorted(seen.points for seen in standing()) == [Decimal("0.1"), 2, 10]


def test_a_count_out_of_bounds_is_said_at_once_and_not_sent(filling):
    page = filling
    counted = tap(page, "R01", "未经培训上岗的")
    counted.get_by_label("次数").fill("500")
    counted.get_by_label("次数").blur()
    expect(counted.locator("[data-refused]")).to_contain_text("次数应在 1–99 之间")
    assert standing().get().count == 1
    counted.get_by_role("button", name="少一次").click()
    saved(page)
    assert standing().get().count == 99


def test_what_was_noted_by_rules_stands_there_when_the_page_is_opened_again(filling):
    page = filling
    counted = tap(page, "R01", "未经培训上岗的")
    counted.get_by_label("次数").fill("2")
    levels = tap(page, "R02", "基本符合1.0")
    levels.get_by_role("radio", name="不符合 扣 2 分").check()
    saved(page)
    page.reload()
    for code, words in (("R01", "未经培训上岗的"), ("R02", "基本符合1.0")):
        row(page, code, words).get_by_text("改", exact=True).click()
    expect(row(page, "R01", "未经培训上岗的").get_by_label("次数")).to_have_value("2")
    expect(row(page, "R02", "基本符合1.0").get_by_role("radio", name="不符合 扣 2")).to_be_checked()
    row(page, "R01", "未经培训上岗的").get_by_label("暗访").check()
    saved(page)
    assert {(seen.method, seen.count) for seen in standing()} == {("covert", 2), ("open", 1)}


def test_extras_are_offered_as_counted_where_the_campaign_counts_them(filling, company):
    CampaignResults.objects.update(extra_allowed=True)
    page = filling
    page.reload()
    expect(row(page, "R01", "追加扣除10分")).not_to_contain_text("不计项外扣分")
    page.get_by_role("button", name=re.compile("其余 4 项全部符合")).click()
    tap(page, "R01", "追加扣除10分")
    expect(total(page)).to_contain_text("90.0 / 100 分")


def test_rules_are_noted_with_the_keyboard_alone(sign_in, sheet, look):
    page = sign_in("auditor")
    page.goto(sheet.get_absolute_url())
    page.locator("#R02 summary.item-head").press("Enter")
    page.locator("#R02").get_by_role("switch").press("Space")
    page.locator("#R02").get_by_role("radio", name="基本符合 扣 1 分").press("ArrowRight")
    expect(total(page)).to_contain_text("0.0 / 2 分")
    page.locator("#R01 summary.item-head").press("Enter")
    counted = row(page, "R01", "未经培训上岗的")
    counted.get_by_role("switch").press("Space")
    counted.get_by_label("次数").press("ArrowUp")
    expect(total(page)).to_contain_text("6.0 / 12 分")
    look(page, "desktop")


def test_without_scripts_the_same_rules_are_noted(open_page, sheet, look):
    page = open_page("phone", java_script_enabled=False)
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("auditor")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{sheet.get_absolute_url()}?item=R01")
    counted = page.locator("#R01 form.req", has_text="未经培训上岗的")
    counted.get_by_role("switch").check()
    counted.get_by_label("次数").fill("3")
    look(page, "no-scripts")
    counted.get_by_role("button", name="保存").click()
    expect(total(page)).to_contain_text("4.0 / 10 分")
    page.goto(f"{sheet.get_absolute_url()}?item=R02")
    levels = page.locator("#R02 form.req")
    levels.get_by_role("switch").check()
    levels.get_by_role("radio", name="不符合 扣 2 分").check()
    levels.get_by_role("button", name="保存").click()
    expect(total(page)).to_contain_text("4.0 / 12 分")
    assert sorted(seen.count for seen in standing()) == [1, 3]
