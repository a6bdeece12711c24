"""A sheet is filled without a network and goes by itself afterwards, or as a file; a browser in
which that cannot work says so.
"""

import json
import time
import uuid
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from inspections.api import field
from inspections.models import Observation, ObservationPhoto
from inspections.sheet.sheets import open_sheet
from inspections.sync.crowd import Crowd
from organization.models import ApiToken
from tests import cast
from tests.e2e.material import photo
from tests.e2e.test_sheet_on_the_phone import draw_an_arrow, row, standing, switch

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DEVICE = "/device/"
SYSTEM = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
APPS = ("MicroMessenger/8.0.44", "wxwork/4.1.20 MicroMessenger/7.0.1", "DingTalk/7.1.0")


@pytest.fixture
def sheet():
    company = cast.company()
    line = company.lines["customer_service"]
    cast.rubric(company.campaign, line, sections=2, items=4, requirements=3)
    facts = {"campaign": company.campaign, "project": company.one, "specialty": line}
    return open_sheet(**facts, by=company.auditor, at=cast.NOW)


@pytest.fixture
def enter(open_page):
    """A browser that may keep pages, signed in."""

    def sign_in(username, address, **options):
        page = open_page("phone", service_workers="allow", **options)
        page.goto(address)
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(cast.PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"**{address}")
        return page

    return sign_in


def test_a_sheet_that_is_ready_is_filled_without_a_network(enter, open_page, sheet, look):
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    address = sheet.get_absolute_url()
    page = enter("auditor", address)
    page.get_by_role("button", name="离线准备").click()
    expect(page.locator(".ready")).to_contain_text("已备好，没有网络也能填")
    look(page, "ready")
    context = page.context
    context.set_offline(True)
    page.close()

    page = context.new_page()
    page.goto(address)
    switch(page, "I01", 1)
    row(page, "I01", 1).locator("[name=photos]").set_input_files([photo("地下室.jpg")])
    draw_an_arrow(page, row(page, "I01", 1), look)
    expect(row(page, "I01", 1).locator(".shot .drawn")).to_be_attached()
    page.locator("#I02").get_by_role("button", name="全部符合").click()
    expect(page.locator("#total-num")).to_contain_text("49.5 / 50 分")
    expect(page.locator("#total-more")).to_contain_text("暂计，发送后以服务器为准")
    expect(page.locator("#I02 .item-head")).to_contain_text("全部符合")
    expect(page.locator("#title")).to_contain_text("已评 2 / 4 项")
    look(page, "provisional")
    assert not Axe().run(page).response["violations"]
    page.close()

    page = context.new_page()
    page.goto(address)
    expect(row(page, "I01", 1).locator(".switch")).to_be_checked()
    expect(row(page, "I01", 1).locator(".shot .drawn")).to_be_attached()
    expect(page.locator("#total-num")).to_contain_text("49.5 / 50 分")
    page.goto("/device/")
    expect(page.locator("#device-answer")).to_contain_text("3 项待传，其中照片 1 张")
    look(page, "on-device")
    page.goto("/inbox/")
    expect(page.get_by_role("heading")).to_have_text("没有网络，这一页不在本机")
    assert not standing().exists()

    context.set_offline(False)
    page.goto("/device/")
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")
    expect(page.locator("#receipts .state-ok")).to_have_count(3)
    look(page, "receipts")
    assert not Axe().run(page).response["violations"]
    sent = ObservationPhoto.objects.get(observation=standing().get())
    assert [mark["kind"] for mark in sent.layer] == ["arrow"]


def test_a_file_whose_form_goes_elsewhere_is_not_read_in(enter, sheet):
    """Whoever is talked into reading in a stranger's file must not send the stranger's forms."""
    page = enter("auditor", "/device/")
    person = page.locator("body").get_attribute("data-person")
    entry = {
        "id": str(uuid.uuid4()), "person": person, "device": str(uuid.uuid4()), "sheet": sheet.pk,
        "about": {"name": "P01", "url": sheet.get_absolute_url()},
        "form": {"url": "/me/tokens/", "fields": {"name": "手机", "days": ""}},
    }  # fmt: skip
    content = {"format": "pinzhi-outbox", "version": 1, "person": person, "entries": [entry]}
    data = json.dumps(content).encode()
    queue = {"name": "q.json", "mimeType": "application/json", "buffer": data}
    page.locator("[name=outbox]").set_input_files(queue)
    expect(page.locator("#device-file")).to_contain_text("没有读入")
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")
    assert not ApiToken.objects.exists()


@pytest.fixture
def kept(sign_in, open_page, sheet, tmp_path):
    """The file of a phone on which an observation and its photo wait; the phone stays away."""
    open_page.expect("ERR_FAILED")
    page = sign_in("auditor", "phone", DEVICE)
    page.goto(sheet.get_absolute_url())
    page.route("**/api/v1/**", lambda route: route.abort())
    switch(page, "I01", 1)
    row(page, "I01", 1).locator("[name=photos]").set_input_files([photo("地下室.jpg")])
    expect(page.locator("#sync")).to_contain_text("2 条未发送，已存本机")
    page.goto(DEVICE)
    with page.expect_download() as download:
        page.get_by_role("button", name="存成文件").click()
    path = tmp_path / "待传.json"
    download.value.save_as(path)
    assert not Observation.objects.exists()
    return path


def test_what_waits_goes_from_any_page(sign_in, open_page, sheet):
    """A page that has nothing to do with it loads the outbox only where something waits."""
    open_page.expect("ERR_FAILED")
    page = sign_in("auditor", "phone", "/inbox/")
    assert page.evaluate("!window.outbox && Boolean(window.device)")
    page.route("**/api/v1/events", lambda route: route.abort())
    page.goto(sheet.get_absolute_url())
    switch(page, "I01", 1)
    expect(page.locator("#sync")).to_contain_text("1 条未发送")
    page.goto("/inbox/")
    expect(page.locator("#outbox-count [data-count]")).to_have_text("1")
    page.unroute("**/api/v1/events")
    with page.expect_response("**/api/v1/events"):
        page.goto("/inbox/")
    expect(page.locator("#outbox-count")).to_be_hidden()
    assert standing().count() == 1


def test_photos_wait_while_other_devices_send_entries(sign_in, sheet, monkeypatch):
    monkeypatch.setattr(field, "CROWD", Crowd())
    for _other in range(4):
        field.CROWD.sent(uuid.uuid4(), at=timezone.now() + timedelta(minutes=1))
    page = sign_in("auditor", "phone", sheet.get_absolute_url())
    came = []
    page.on("request", lambda asked: came.append((asked.url.split("/")[-1], time.monotonic())))
    switch(page, "I01", 1)
    row(page, "I01", 1).locator("[name=photos]").set_input_files([photo("地下室.jpg")])
    with page.expect_response("**/photos"):
        expect(page.locator("#sync")).to_contain_text("1 条未发送")
    entered, shown = (next(at for name, at in came if name == end) for end in ("events", "photos"))
    assert shown - entered >= 2
    assert standing().get().photos.count() == 1


def test_without_a_network_the_page_says_so_in_the_reader_s_language(enter, open_page, sheet):
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page = enter("auditor", "/inbox/")
    page.evaluate("navigator.serviceWorker.ready")
    page.locator("button[value=en]").evaluate("button => button.click()")
    page.wait_for_selector("html[lang=en]")
    page.context.set_offline(True)
    page.goto(sheet.get_absolute_url())
    expect(page.get_by_role("heading")).to_contain_text("No network")


def read_in(page, path):
    page.locator("[name=outbox]").set_input_files(path)
    return page.locator("#device-file")


def test_a_file_is_read_in_on_another_device_and_everything_arrives_once(sign_in, kept):
    page = sign_in("auditor", address=DEVICE)
    expect(read_in(page, kept)).to_contain_text("已读入 2 项")
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")
    expect(page.locator("#receipts .state-ok")).to_have_count(2)
    expect(read_in(page, kept)).to_contain_text("已读入 2 项")
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")
    assert standing().get().photos.count() == ObservationPhoto.objects.count() == 1


def test_nobody_else_reads_a_file_in(sign_in, kept):
    page = sign_in("center", address=DEVICE)
    expect(read_in(page, kept)).to_contain_text("这个文件是别人存的，只能由本人登录后读入")
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")
    assert not Observation.objects.exists()


@pytest.mark.parametrize("app", APPS)
def test_the_browser_inside_an_app_says_what_it_cannot_and_works_online(enter, sheet, app):
    page = enter("auditor", sheet.get_absolute_url(), user_agent=f"{SYSTEM} {app}")
    expect(page.locator("[data-not-offline]")).to_contain_text("在浏览器打开")
    expect(page.locator("[data-prepare]")).to_be_hidden()
    switch(page, "I01", 1)
    expect(page.locator("#sync")).to_contain_text("全部已保存")
    assert standing().count() == 1


def test_a_browser_of_the_system_offers_to_get_ready(enter, sheet):
    page = enter("auditor", sheet.get_absolute_url(), user_agent=SYSTEM)
    expect(page.locator("[data-prepare]")).to_be_visible()
    expect(page.locator("[data-not-offline]")).to_be_hidden()
