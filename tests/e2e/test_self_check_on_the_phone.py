"""A project checks itself on a phone, and what is missing ends in its improvement plan."""

import re

import pytest
from playwright.sync_api import expect

from inspections.models import Finding, Observation, ScoreSheet
from inspections.words import Source
from scoring.models.results import ScoreKind
from tests import cast
from tests.e2e.material import photo
from tests.e2e.test_sheet_on_the_phone import row, saved, switch

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    made = cast.company()
    cast.rubric(made.campaign, made.lines["customer_service"], sections=2, items=4, requirements=3)
    return made


@pytest.fixture
def checking(sign_in, company):
    """The manager's phone, on a self-check that was just begun."""
    page = sign_in("pm01", "phone")
    page.goto(f"/c/{company.campaign.code}/self-check/")
    page.locator(".head-act").get_by_role("button", name="开始自查").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦澜府自查：客户服务已评 0 / 4 项")
    return page


def test_a_self_check_ends_in_the_plan(checking, look):
    page = checking
    switch(page, "I01", 1)
    editor = row(page, "I01", 1)
    editor.get_by_label("说明").fill("钥匙柜没有编号")
    editor.locator("[name=photos]").set_input_files([photo("钥匙柜.jpg")])
    saved(page)
    expect(page.get_by_text("检查方式")).to_have_count(0)
    switch(page, "I01", 2)
    saved(page)

    first = page.locator("#I01 .take").first
    first.get_by_role("button", name="列入方案").click()
    expect(first).to_contain_text("已列入方案")
    expect(page.locator("#to-plan")).to_contain_text("缺失 2 处，已列入 1 处")
    line = Finding.objects.get()
    assert (line.source, line.photos.count()) == (Source.SELF_CHECK, 1)
    look(page, "taken-up")

    page.get_by_role("button", name=re.compile("其余 . 项全部符合")).first.click()
    saved(page)
    page.locator(".step-strip a").nth(1).click()
    page.get_by_role("button", name=re.compile("其余 2 项全部符合")).click()
    expect(page.locator("#total-more")).to_contain_text("全部评完")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#total-act").get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("锦澜府自查：客户服务")
    sheet = ScoreSheet.objects.get()
    assert sheet.submitted_at
    assert sheet.kind == ScoreKind.SELF

    page.get_by_role("button", name="全部列入（1 处）").click()
    expect(page.get_by_text("列入了 1 条")).to_be_visible()
    expect(page.locator(f"#line-{line.pk}")).to_contain_text("钥匙柜没有编号")
    assert Finding.objects.count() == 2
    look(page, "plan")


def test_a_tap_without_a_network_waits_and_is_taken_up_once(checking, open_page):
    page = checking
    switch(page, "I01", 1)
    saved(page)
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.locator("#I01 .take").get_by_role("button", name="列入方案").click()
    expect(page.locator("#sync")).to_contain_text("1 条未发送，已存本机")
    expect(page.locator("#I01 .item-box")).to_have_attribute("open", "")
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#I01 .take").first).to_contain_text("已列入方案")
    assert Finding.objects.count() == 1


def test_a_page_opened_again_still_shows_what_waits_to_be_taken_up(checking, open_page):
    page, context = checking, checking.context
    address = page.url
    switch(page, "I01", 1)
    saved(page)
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    context.set_offline(True)
    page.locator("#I01 .take").get_by_role("button", name="列入方案").click()
    expect(page.locator("#sync")).to_contain_text("1 条未发送")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    saved(again)
    expect(row(again, "I01", 1).locator(".switch")).to_be_checked()
    assert (Finding.objects.count(), Observation.objects.count()) == (1, 1)


def test_the_pages_fit_a_narrow_phone(checking, company):
    page = checking
    switch(page, "I01", 1)
    saved(page)
    for address in (page.url, f"/c/{company.campaign.code}/self-check/P01/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
