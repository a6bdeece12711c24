"""An appeal from the result page on a phone to the decision at a desk, and what it moves."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import Appeal
from scoring.models import Standing
from tests import cast
from tests.e2e.material import photo
from tests.inspections.appealing import contested_sheet, made
from tests.uploads import picture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WIDTHS = (360, 1440)


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def sheet(company):
    seen = [picture("台账.jpg", size=(800, 600))]
    return contested_sheet(company, at=timezone.now(), photos=seen)


def result_of(sheet):
    return f"/c/{sheet.campaign.code}/results/P01/deductions/"


def sound(page, look, name):
    """Fits both widths, without a barrier."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        look(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert not Axe().run(page).response["violations"]


def test_a_project_appeals_the_center_decides_and_the_standing_moves(sign_in, sheet, look):
    phone = sign_in("pm01", "phone", result_of(sheet))
    phone.get_by_role("link", name="申诉", exact=True).and_(phone.locator(".btn")).click()
    phone.get_by_label("为什么不同意这处扣分").fill("当天的台账在前台，已拍照")
    phone.locator("[name=camera]").set_input_files([photo("台账.jpg")])
    expect(phone.locator("[data-chosen]").first).to_have_text("已选 1 个")
    sound(phone, look, "new")
    phone.get_by_role("button", name="提交申诉").click()
    expect(phone.get_by_text("申诉已提交")).to_be_visible()
    assert Appeal.objects.get().files.count() == 1

    desk = sign_in("center")
    desk.get_by_role("link", name="1 件申诉待处理").first.click()
    desk.get_by_role("link", name="项目1").click()
    expect(desk.get_by_label("减为扣多少分")).to_be_hidden()
    desk.get_by_label("减少扣分").check()
    desk.get_by_label("减为扣多少分").fill("0.5")
    desk.get_by_label("理由").fill("台账属实，补记不全")
    sound(desk, look, "decide")
    desk.get_by_role("button", name="作出决定").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("锦澜府：扣分由 1.5 改为 0.5")
    sound(desk, look, "decided")
    assert str(Standing.objects.get(project__code="P01").composite) == "99.50"

    phone.goto(result_of(sheet))
    expect(phone.locator(".cost s")).to_have_text("−1.5")
    expect(phone.get_by_text("已减少扣分").first).to_be_visible()
    sound(phone, look, "result")
    phone.goto(f"/c/{sheet.campaign.code}/appeals/")
    sound(phone, look, "list")
    phone.goto(sheet.get_absolute_url())
    sound(phone, look, "sheet")


def test_chosen_files_survive_whatever_happens_before_they_are_saved(sign_in, open_page, sheet):
    open_page.expect("status of 422")
    page = sign_in("pm01", "phone", result_of(sheet))
    page.get_by_role("link", name="申诉", exact=True).and_(page.locator(".btn")).click()
    page.get_by_label("为什么不同意这处扣分").fill("当天的台账在前台")
    page.locator("[name=camera]").set_input_files([photo("台账.jpg")])
    empty = {"name": "空.pdf", "mimeType": "application/pdf", "buffer": b""}
    page.locator("[name=files]").set_input_files([empty])
    chosen = page.locator("[data-chosen]")
    expect(chosen).to_have_text(["已选 1 个", "已选 1 个"])
    page.reload()
    expect(chosen).to_have_text(["已选 1 个", "已选 1 个"])

    page.get_by_role("button", name="提交申诉").click()
    expect(page.locator(".form-error")).to_have_count(1)
    expect(chosen).to_have_text(["已选 1 个", "已选 1 个"])
    assert not Appeal.objects.exists()
    page.locator("[name=files]").set_input_files([])

    Session.objects.all().delete()
    page.get_by_role("button", name="提交申诉").click()
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_label("用户名").fill("pm01")
    page.get_by_role("button", name="登录").click()
    expect(chosen).to_have_text(["已选 1 个", ""])
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_text("申诉已提交")).to_be_visible()
    assert Appeal.objects.get().files.get().name.endswith(".jpg")


def test_english_pages_hold_their_words(sign_in, company, sheet, look):
    found = made(company, sheet, at=timezone.now())
    page = sign_in("center", "desktop", found.get_absolute_url())
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "锦澜府: appeal against −1.5 points: Undecided"
    )
    sound(page, look, "english")
    page.goto(f"/c/{sheet.campaign.code}/appeals/")
    sound(page, look, "english-list")


def test_a_reason_outlives_a_reload(sign_in, sheet):
    page = sign_in("pm01", "phone", result_of(sheet))
    page.get_by_role("link", name="申诉", exact=True).and_(page.locator(".btn")).click()
    expect(page.get_by_label("为什么不同意这处扣分")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("为什么不同意这处扣分").fill("写了很久")
    page.reload()
    expect(page.get_by_label("为什么不同意这处扣分")).to_have_value("写了很久")
    expect(page.get_by_text("上次没保存的内容已经填回来了")).to_be_visible()
