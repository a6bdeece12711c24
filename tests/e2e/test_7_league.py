"""Step 7: an executive reads the league table, down to one deduction and its photo."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scoring.models import Standing
from tests.e2e.results import inspected
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    world = settle_in("summary")
    inspected(world)
    return world


def row(page, project):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=project))


def test_from_the_table_to_a_deduction_and_its_photo(world, sign_in, look):
    executive = sign_in("exec")
    look(executive, "executive-home")
    executive.get_by_role("link", name="排名", exact=True).click()
    look(executive, "league")
    best, worst, open_one = (Standing.objects.get(project__code=c) for c in ("P01", "P02", "P03"))
    assert (best.composite, best.provisional) == (Decimal("99.75"), False)
    cells = row(executive, "锦澜府")
    expect(cells).to_contain_text("99.75")
    expect(cells).to_contain_text("优秀")
    expect(cells).to_contain_text("99.00")  # customer service
    expect(cells.get_by_role("cell").first).to_have_text("1")
    cells = row(executive, "翠屏苑")
    expect(cells).to_contain_text(f"{worst.composite}")
    expect(cells).to_contain_text("不及格")
    assert open_one.provisional
    expect(executive.get_by_text("暂列：评分未完成，不排名、不定等级、不计奖惩")).to_be_visible()
    expect(row(executive, "云栖里").get_by_role("cell").first).to_have_text("—")
    chart = executive.get_by_role("img", name="3 个项目的综合得分分布，数值见表格")
    expect(chart.locator("canvas").first).to_be_visible()

    executive.wait_for_load_state()
    executive.get_by_role("button", name="展开 锦澜府").click()
    detail = executive.get_by_role("table", name="锦澜府的各张评分表")
    expect(detail).to_contain_text("99.0 / 100")
    look(executive, "league-open-row")
    executive.get_by_role("link", name="99.75 怎么来的").click()
    expect(executive.get_by_role("listitem").filter(has_text="按权重合成").last).to_contain_text(
        "99 ÷ 100 × 25 = 24.75"
    )
    look(executive, "explained")
    executive.get_by_role("link", name="锦澜府", exact=True).click()
    expect(executive.get_by_role("heading", level=1)).to_contain_text("99.75")
    look(executive, "result")
    cost = executive.get_by_role("list").filter(has_text="制度建设").first
    expect(cost).to_contain_text("−1.0")
    executive.get_by_role("link", name="制度建设").first.click()
    expect(executive.get_by_text("操作间没有张贴制度").last).to_be_in_viewport()
    photo = executive.get_by_role("region", name="客户服务").get_by_role("img").first
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("image => image.naturalWidth")
    full = photo.locator("..").get_attribute("href")
    assert executive.request.get(full).headers["content-type"] == "image/jpeg"


def test_on_a_phone_rows_are_cards(world, sign_in, look):
    executive = sign_in("exec", "phone")
    executive.get_by_role("link", name="排名", exact=True).click()
    look(executive, "league-phone")
    expect(executive.get_by_text("99.75").filter(visible=True).first).to_be_visible()
    executive.get_by_role("link", name="翠屏苑").last.click()
    expect(executive.get_by_role("heading", level=1)).to_contain_text("不及格")
    look(executive, "result-phone")


def test_what_is_seen_is_what_the_export_holds(world, sign_in):
    executive = sign_in("exec")
    executive.get_by_role("link", name="排名", exact=True).click()
    executive.wait_for_load_state()
    executive.keyboard.press("j")
    best = executive.locator(".league").get_by_role("link", name="锦澜府", exact=True)
    expect(best).to_be_focused()
    moved = Standing.objects.filter(project__code="P01")
    moved.update(composite=Decimal("99.50"), updated_at=timezone.now())
    expect(row(executive, "锦澜府")).to_contain_text("99.50")  # without anybody asking for it
    expect(best).to_be_focused()
    executive.get_by_role("link", name="不及格 1").click()
    expect(row(executive, "锦澜府")).to_have_count(0)
    with executive.expect_download() as download:
        executive.get_by_role("link", name="导出 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = [str(cell) for line in book.active.iter_rows(values_only=True) for cell in line]
    assert "翠屏苑" in cells
    assert "锦澜府" not in cells


def test_who_filters_and_sorts_by_keys_finds_the_focus_again(world, sign_in):
    executive = sign_in("exec")
    executive.goto("/c/now/league/")
    size = executive.get_by_label("规模")
    size.focus()
    size.select_option("small")
    executive.wait_for_url("**size=small**")
    expect(executive.get_by_label("规模")).to_be_focused()
    executive.goto("/c/now/league/")
    head = executive.locator(".league").get_by_role("link", name="项目", exact=True)
    head.focus()
    executive.keyboard.press("Enter")
    executive.wait_for_url("**sort=project**")
    expect(executive.locator(".league").get_by_role("link", name="项目 ↑")).to_be_focused()


def test_a_project_tries_what_would_bring_which_band(world, sign_in, look):
    manager = sign_in("pm02", "phone")
    manager.goto("/c/now/results/P02/")
    manager.mouse.wheel(0, 400)  # on a phone charts come once the page is used
    chart = manager.get_by_role("img", name="各板块得分与全公司中位数、最好成绩，数值见下表")
    expect(chart.locator("canvas").first).to_be_visible()
    manager.get_by_role("link", name="补上哪几项").click()
    outcome = manager.locator("#recovery-outcome")
    composite = Standing.objects.get(project__code="P02").composite
    expect(outcome).to_contain_text(f"{composite}")
    manager.wait_for_load_state()
    manager.get_by_role("region", name="补上哪几项，就是哪个等级").get_by_role(
        "checkbox"
    ).first.check()
    expect(outcome).to_contain_text("补上勾选的 1 项以后")
    manager.reload()
    expect(outcome).to_contain_text("补上勾选的 1 项以后")  # the address keeps it
    manager.get_by_role("link", name="照此勾选，看优秀").click()
    expect(outcome).to_contain_text("优秀")
    expect(outcome).not_to_contain_text(f"{composite}")
    look(manager, "recovery-phone")


def test_people_of_a_project_see_their_own_result_only(world, open_page, sign_in, look):
    open_page.expect("status of 40")  # 403 and 404
    manager = sign_in("pm02", "phone")
    manager.get_by_role("link", name="成绩", exact=True).click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("不及格")
    assert manager.goto("/c/now/league/").status in {403, 404}
    assert manager.goto("/c/now/results/P01/").status == 404
