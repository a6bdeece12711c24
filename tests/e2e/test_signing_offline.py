"""Both sign in a basement: the sign-off waits after the sheet's entries, outlives the browser,
goes by itself, and says what became of it.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import SignOff
from inspections.sheet.sheets import open_sheet, submit_sheet
from tests import cast
from tests.e2e.field.device import Device
from tests.e2e.field.network import Network
from tests.e2e.test_sheet_on_the_phone import row, standing
from tests.e2e.test_signing_on_the_phone import draw, inked
from tests.inspections.entering import confirm_all, missing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    made = cast.company()
    cast.rubric(made.campaign, made.lines["customer_service"], sections=2, items=4, requirements=3)
    return made


@pytest.fixture
def sheet(company):
    line = company.lines["customer_service"]
    facts = {"campaign": company.campaign, "project": company.one, "specialty": line}
    return open_sheet(**facts, by=company.auditor, at=cast.NOW)


@pytest.fixture
def network(live_server):
    network = Network(live_server.url)
    yield network
    network.close()


@pytest.fixture
def phone(browser, network, company, sheet, tmp_path):
    """A phone with the sheet made ready, and without a network from then on."""
    device = Device(browser, network, sheet, company.auditor, profile=tmp_path)
    device.open()
    device.get_ready()
    device.keep_cookies()
    network.is_down = True
    yield device
    device.close()
    assert not device.complaints


def open_again(phone):
    phone.page = phone.context.new_page()
    phone.page.goto(phone.sheet.get_absolute_url(), wait_until="domcontentloaded")
    return phone.page


def sign_all(phone, look=None):
    """Entries that finish the sheet, and both signatures; the page that is shown then."""
    page = open_again(phone)
    row(page, "I01", 1).locator(".switch").click()
    for part in page.locator(".part-foot button").all():
        page.evaluate("button => button.click()", part.element_handle())
    page.get_by_role("link", name="签字并提交").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("99.50 分")
    expect(page.locator(".signed-seen")).to_contain_text("要求1")
    page.get_by_role("button", name="确认并提交评分表").click()
    expect(page.locator("#sign-lacks")).to_contain_text("检查人还没有签字")
    draw(page, "检查人签字")
    draw(page, "项目方签字")
    if look:
        look(page, "offline")
        assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="确认并提交评分表").click()
    expect(page.locator("#signing")).to_contain_text("现场签字已存本机，还没有发送")
    return page


def back(phone):
    phone.network.is_down = False
    phone.page.evaluate("hand.hurry = 1; dispatchEvent(new Event('online'))")


def test_a_sheet_signed_without_a_network_goes_by_itself(phone, network, sheet, look):
    page = sign_all(phone, look)
    assert page.locator(".sheet-part").first.evaluate("part => part.inert")
    phone.kill_browser()
    page = open_again(phone)
    expect(page.locator("#signing")).to_contain_text("现场签字已存本机，还没有发送")
    assert page.locator(".sheet-part").first.evaluate("part => part.inert")
    look(page, "waiting")
    assert Axe().run(page).response["violations"] == []
    assert not standing().exists()

    back(phone)
    expect(page.locator("#signing")).to_contain_text("签字已送达并存档")
    made = SignOff.objects.get()
    expect(page.locator("[data-fingerprint]")).to_have_text(made.fingerprint[:16])
    look(page, "arrived")
    sheet.refresh_from_db()
    assert sheet.submitted_at
    page.goto("/device/")
    signed = page.locator("#receipts li").filter(has_text=made.fingerprint[:16])
    expect(signed).to_contain_text("服务器已有")
    page.goto(made.get_absolute_url())
    expect(page.locator(".signed-mark path")).to_have_count(2)


def test_what_changed_meanwhile_is_seen_before_it_is_signed(phone, network, company, sheet, look):
    page = sign_all(phone)
    missing(sheet, company.center, 2, points="1.0", at=timezone.now())
    back(phone)
    expect(page.locator("#signing")).to_contain_text("签字没有被接受")
    expect(page.locator("#signing")).to_contain_text("I02")
    assert not page.locator(".sheet-part").first.evaluate("part => part.inert")
    look(page, "conflict")
    assert not SignOff.objects.exists()
    page.get_by_role("link", name="看现在的内容，再确认签字").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("98.5")
    expect(page.locator("#sign-notes")).to_contain_text("签的字已经填回来了")
    assert inked(page, "检查人签字") and inked(page, "项目方签字")
    look(page, "again")
    page.get_by_role("button", name="确认并提交评分表").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("双方已签字")
    page.goto("/device/")
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")


def test_a_sheet_that_was_handed_in_unsigned_is_signed_without_a_network(
    browser, network, company, sheet, tmp_path, look
):
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=timezone.now())
    device = Device(browser, network, sheet, company.auditor, profile=tmp_path)
    device.page = device.context.new_page()
    device.page.goto(sheet.get_absolute_url())
    device.get_ready()
    device.keep_cookies()
    network.is_down = True
    device.kill_browser()
    page = open_again(device)
    page.get_by_role("link", name="现场签字").click()
    draw(page, "检查人签字")
    draw(page, "项目方签字")
    page.get_by_role("button", name="确认存档").click()
    expect(page.locator("#signing")).to_contain_text("现场签字已存本机，还没有发送")
    look(page, "handed-in")
    back(device)
    expect(page.locator("#signing")).to_contain_text("签字已送达并存档")
    page.goto(SignOff.objects.get().get_absolute_url())
    expect(page.locator(".signed")).to_contain_text("送达")
    device.close()
    assert not device.complaints


PUT = """([sheet, refused, other]) => {
    const about = {name: "P01", url: location.pathname};
    const made = (what) => ({id: outbox.newId(), sheet, about, label: {}, item: null, ...what});
    const event = {do: "withdraw", observation: outbox.newId()};
    const others = other ? [made({event, refused: {detail: "不行"}})] : [];
    return outbox.put([...others, made({sign: {body: {}, fields: []}, refused})]);
}"""


def test_a_sign_off_that_cannot_go_says_why_and_what_to_do(sign_in, sheet):
    page = sign_in("auditor", "phone", sheet.get_absolute_url())
    page.on("dialog", lambda dialog: dialog.accept())
    signed = {"code": "signed", "detail": "这张评分表已经签过字，不能再签。"}
    page.evaluate(PUT, [sheet.pk, signed, False])
    expect(page.locator("#signing")).to_contain_text("已经签过字")
    expect(page.get_by_role("link", name="看签字页")).to_be_visible()
    page.get_by_role("button", name="删除本机的签字").click()
    expect(page.locator("#signing")).to_be_empty()

    page.evaluate(PUT, [sheet.pk, None, True])
    expect(page.locator("#signing")).to_contain_text("有记录被退回，签字先不发送")
    page.get_by_role("button", name="撤回签字").click()
    expect(page.locator("#signing")).to_be_empty()
    assert not page.locator(".sheet-part").first.evaluate("part => part.inert")
    assert not SignOff.objects.exists()


def test_what_is_on_its_way_is_sent_before_it_is_signed(sign_in, open_page, sheet):
    open_page.expect("ERR_FAILED")
    page = sign_in("auditor", "phone", sheet.get_absolute_url())
    page.route("**/api/v1/events", lambda route: route.abort())
    row(page, "I01", 1).locator(".switch").click()
    expect(page.locator("#sync")).to_contain_text("1 条未发送")
    page.goto(f"{sheet.get_absolute_url()}sign/")
    expect(page.locator("#sign-notes")).to_contain_text("还有记录没有发送")
    expect(page.get_by_role("button", name="确认并提交评分表")).to_be_disabled()
    page.unroute("**/api/v1/events")
    page.evaluate("outbox.send()")
    expect(page.locator(".signed-seen")).to_contain_text("要求1")
    expect(page.locator("#sign-notes")).to_be_empty()
    expect(page.get_by_role("button", name="确认并提交评分表")).to_be_enabled()
