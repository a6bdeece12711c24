"""Step 6: an auditor fills a score sheet on a phone; everything counts at once."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inspections.models import Observation, ScoreSheet
from inspections.words import ObservationKind
from scoring.models import Score, Standing
from tests.e2e.material import photo
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    world = settle_in("inspect")
    world.publish_rubrics()
    return world


@pytest.fixture
def auditor(world, sign_in, look):
    """On the customer-service sheet of P01, just opened."""
    page = sign_in("auditor", "phone")
    page.get_by_role("link", name="评分表", exact=True).click()
    look(page, "sheets")
    page.get_by_role("button", name="开始 锦澜府 客户服务").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦澜府：已评 0 / 19 项")
    page.wait_for_load_state()
    return page


def item(page, code):
    return page.locator(f"#{code}")


def missing(page, code, number):
    """Tap the switch of one requirement; its row."""
    card = item(page, code)
    if not card.get_by_role("switch").first.is_visible():
        card.locator("summary").first.click()
    card.get_by_role("switch", name=f"{number}. ").check()
    return card.locator(".req-box").nth(number - 1)


def go_to(page, section):
    page.get_by_role("navigation", name="评分表分段").get_by_role("link", name=section).click()


def total(page):
    return page.get_by_role("region", name="本表累计")


def test_filled_and_submitted(world, auditor, look):
    look(auditor, "opened")
    expect(total(auditor)).to_contain_text("余 19 项")

    # opened, an item has full marks; each missing requirement takes some of them
    item(auditor, "CS02").get_by_role("button", name="全部符合").click()
    expect(total(auditor)).to_contain_text("5.0 / 5 分")
    row = missing(auditor, "CS01", 1)
    expect(total(auditor)).to_contain_text("9.5 / 10 分")
    row.get_by_label("扣分（0.5–2.0）").fill("3")
    row.get_by_label("扣分（0.5–2.0）").blur()
    expect(row.get_by_text("扣分应在 0.5–2.0 分之间")).to_be_visible()
    expect(auditor.get_by_text("标出的地方还没有保存")).to_be_visible()
    look(auditor, "out-of-bounds")
    row.get_by_label("扣分（0.5–2.0）").fill("1.9")
    row.get_by_role("button", name="多扣 0.1").click()
    expect(row.get_by_label("扣分（0.5–2.0）")).to_have_value("2.0")
    row.get_by_role("button", name="多扣 0.1").click()
    expect(row.get_by_label("扣分（0.5–2.0）")).to_have_value("2.0")
    row.get_by_label("暗访").check()
    row.get_by_label("说明").fill("操作间没有张贴")
    row.get_by_label("第 1 项拍照").set_input_files(photo("操作间.jpg"))
    expect(row.get_by_role("img")).to_have_count(1)
    expect(auditor.get_by_text("全部已保存")).to_be_visible()
    expect(total(auditor)).to_contain_text("8.0 / 10 分")
    look(auditor, "one-missing")
    row.get_by_role("button", name="记好了").click()

    sheet = ScoreSheet.objects.get()
    seen = sheet.observations.get(kind=ObservationKind.MISSING, withdrawal=None)
    assert (seen.points, seen.method, seen.note) == (Decimal("2"), "covert", "操作间没有张贴")
    assert seen.by == world.people["auditor"]
    assert seen.photos.count() == 1

    missing(auditor, "CS03", 2)
    expect(total(auditor)).to_contain_text("17.0 / 20 分")
    item(auditor, "CS03").get_by_role("switch", name="2. ").uncheck()
    expect(total(auditor)).to_contain_text("8.0 / 10 分")

    go_to(auditor, "现场管理")
    item(auditor, "CS11").get_by_text("不适用", exact=True).first.click()
    item(auditor, "CS11").get_by_label("为什么不适用").fill("项目没有钥匙寄存")
    item(auditor, "CS11").get_by_role("button", name="标为不适用").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("锦澜府：已评 3 / 19 项")
    expect(total(auditor)).to_contain_text("8.0 / 10 分")

    for section in ("内部管理", "现场管理", "其他业务"):
        go_to(auditor, section)
        auditor.get_by_role("button", name=f"“{section}”其余").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("锦澜府：已评 19 / 19 项")
    expect(total(auditor)).to_contain_text("93.0 / 95 分")
    expect(auditor.get_by_text("全部已保存")).to_be_visible()
    look(auditor, "all-looked-at")
    auditor.on("dialog", lambda dialog: dialog.accept())
    auditor.get_by_role("button", name="提交", exact=True).click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("锦澜府：客户服务 97.89 分")
    expect(auditor.get_by_role("switch")).to_have_count(0)
    look(auditor, "submitted")

    sheet.refresh_from_db()
    assert sheet.submitted_by == world.people["auditor"]
    score = Score.objects.get(project=world.projects["P01"])
    assert (score.kept, score.possible) == (93, 95)
    at_project = Standing.objects.get(project=world.projects["P01"])
    assert at_project.provisional
    assert at_project.composite == Decimal("97.89")


def test_what_is_entered_without_a_connection_is_sent_later(auditor, open_page, look):
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    auditor.context.set_offline(True)
    missing(auditor, "CS01", 1)
    expect(auditor.get_by_text("1 条未发送，已存本机")).to_be_visible()
    look(auditor, "offline")
    assert not Observation.objects.exists()
    auditor.context.set_offline(False)
    expect(auditor.get_by_text("全部已保存")).to_be_visible(timeout=15_000)
    expect(total(auditor)).to_contain_text("4.5 / 5 分")
    assert Observation.objects.get().kind == ObservationKind.MISSING


def test_a_sheet_with_items_nobody_looked_at_cannot_be_submitted(world, auditor):
    """The page has no button for it; a request without the page is refused as well."""
    expect(auditor.get_by_role("button", name="提交", exact=True)).to_have_count(0)
    sheet = ScoreSheet.objects.get()
    token = auditor.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = auditor.request.post(
        f"{sheet.get_absolute_url()}submit/", form={"csrfmiddlewaretoken": token}
    )
    assert answer.status == 422
    assert "还有 19 项没有评" in answer.text()
    sheet.refresh_from_db()
    assert sheet.submitted_at is None


def test_a_lead_fills_sheets_of_the_own_specialty_only(world, sign_in, look):
    lead = sign_in("lead-service")
    lead.get_by_role("link", name="评分表", exact=True).click()
    look(lead, "lead-sheets")
    expect(lead.get_by_role("button", name="开始 锦澜府 客户服务")).to_be_visible()
    expect(lead.get_by_role("button", name="开始 锦澜府 设施设备")).to_have_count(0)
