"""An auditor fills a sheet on a phone: every tap saved at once, nothing lost without a network."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import Observation, ScoreSheet
from inspections.sheet import observations
from inspections.sheet.sheets import open_sheet
from inspections.words import Method, ObservationKind
from organization.models import StoredFile
from tests import cast
from tests.e2e.material import photo
from tests.inspections.entering import missing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# a device without room: neither of its stores takes anything
FULL = """
const full = () => { throw new DOMException("full", "QuotaExceededError") };
Storage.prototype.setItem = full;
IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = full;
"""
SAVED, WAITING = "全部已保存", re.compile(r"\d+ 条未发送，已存本机")


@pytest.fixture
def company():
    made = cast.company()
    cast.rubric(made.campaign, made.lines["customer_service"], sections=2, items=4, requirements=3)
    return made


@pytest.fixture
def sheet(company):
    return open_sheet(
        campaign=company.campaign,
        project=company.one,
        specialty=company.lines["customer_service"],
        by=company.auditor,
        at=cast.NOW,
    )


@pytest.fixture
def filling(sign_in, sheet):
    """The auditor's phone, on the sheet."""
    page = sign_in("auditor", "phone")
    page.goto(sheet.get_absolute_url())
    expect(page.locator("#sync")).to_contain_text(SAVED)
    return page


def row(page, code, number):
    """A requirement's row, its card opened."""
    card = page.locator(f"#{code}")
    if not card.locator(".item-box").evaluate("box => box.open"):
        card.locator("summary.item-head").click()
    return card.locator("form.req").nth(number - 1)


def switch(page, code, number):
    row(page, code, number).locator(".switch").click()


def saved(page):
    expect(page.locator("#sync")).to_contain_text(SAVED)


SHIFTS = """
window.shifted = 0;
const add = (list) => list.getEntries().forEach((each) => { window.shifted += each.value; });
new PerformanceObserver(add)
  .observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_jumps_while_the_page_comes(sign_in, sheet):
    page = sign_in("auditor", "phone")
    page.add_init_script(SHIFTS)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(sheet.get_absolute_url())
    saved(page)
    assert page.evaluate("shifted") < 0.05
    assert page.locator("[data-part]:visible").count() == 1


def standing():
    gone = Observation.objects.filter(kind=ObservationKind.WITHDRAWAL).values("withdraws")
    return Observation.objects.filter(kind=ObservationKind.MISSING).exclude(pk__in=gone)


def draw_an_arrow(page, editor, look):
    """On the first picture, after a circle that is taken back."""
    editor.locator(".shot a").first.click()
    page.locator("#pair-view [data-draw]").click()
    stage = page.locator(".draw-stage")
    for mark in ("圆圈", "箭头"):
        page.locator("#photo-draw").get_by_label(mark, exact=True).check()
        place = stage.bounding_box()
        page.mouse.move(place["x"] + 30, place["y"] + 30)
        page.mouse.down()
        page.mouse.move(place["x"] + 150, place["y"] + 120)
        page.mouse.up()
        if mark == "圆圈":
            page.get_by_role("button", name="撤销一步").click()
    look(page, "drawing")
    page.get_by_role("button", name="保存标注").click()


def test_a_sheet_from_the_first_tap_to_the_submission(filling, look):
    page = filling
    switch(page, "I01", 1)
    saved(page)
    expect(page.locator("#total-num")).to_contain_text("24.5")

    editor = row(page, "I01", 1)
    for _tap in range(3):
        editor.get_by_role("button", name="多扣 0.1").click()
    editor.get_by_label("岗位询问").check()
    editor.get_by_label("说明").fill("备用钥匙 6 把无标签")
    pictures = [photo("钥匙柜.jpg"), photo("台账.jpg", size=(600, 800))]
    editor.locator("[name=photos]").set_input_files(pictures)
    saved(page)
    expect(editor.locator(".shot")).to_have_count(2)
    look(page, "editor")
    seen = standing().get()
    assert (str(seen.points), seen.method, seen.note) == (
        "0.80",
        Method.POST_QUESTION,
        "备用钥匙 6 把无标签",
    )
    assert seen.photos.count() == 2
    draw_an_arrow(page, editor, look)
    saved(page)
    assert [mark["kind"] for mark in seen.photos.latest("pk").layer] == ["arrow"]
    expect(editor.locator(".shot svg.drawn")).to_have_count(1)

    editor.get_by_role("button", name="记好了").click()
    expect(editor.locator(".req-sum")).to_contain_text("扣 0.8 · 岗位询问 · 备用钥匙 6 把无标签")
    expect(page.locator("#title")).to_have_text("锦澜府：已评 1 / 4 项")

    page.get_by_role("link", name="下一项").click()
    expect(page.locator("#I02 .item-box")).to_have_attribute("open", "")
    page.locator("#I02").get_by_role("button", name="全部符合").click()
    expect(page.locator("#I02 .item-head")).to_contain_text("全部符合")

    page.get_by_role("link", name="下一项").click()
    card = page.locator("#I03")
    expect(card).to_be_visible()
    card.locator("summary", has_text="不适用").click()
    card.get_by_label("为什么不适用").fill("商场无住宅社区")
    card.get_by_role("button", name="标为不适用").click()
    expect(card).to_contain_text("理由：商场无住宅社区")
    look(page, "not-applicable")

    page.get_by_role("button", name=re.compile("其余 1 项全部符合")).click()
    expect(page.locator("#total-more")).to_contain_text("全部评完")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦澜府：客户服务 98.93 分")
    look(page, "submitted")
    expect(page.locator(".switch")).to_have_count(0)
    assert ScoreSheet.objects.get().submitted_at


def test_a_switch_taken_back_leaves_a_withdrawal(filling):
    page = filling
    switch(page, "I01", 2)
    saved(page)
    switch(page, "I01", 2)
    expect(page.locator("#title")).to_have_text("锦澜府：已评 0 / 4 项")
    saved(page)
    assert not standing().exists()
    assert Observation.objects.count() == 2


def test_what_is_entered_without_a_network_waits_on_the_phone_and_goes_by_itself(
    filling, open_page, sheet, look
):
    page = filling
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    switch(page, "I01", 1)
    row(page, "I01", 1).get_by_label("说明").fill("地下室没有信号")
    row(page, "I01", 1).locator("[name=photos]").set_input_files([photo("地下室.jpg")])
    expect(row(page, "I01", 1).locator("figcaption")).to_have_text("未发送")
    expect(page.locator("#sync")).to_contain_text("3 条未发送，已存本机")
    page.get_by_role("link", name="3 条未发送，已存本机").click()
    expect(page.locator("#unsent-list li")).to_have_count(3)
    look(page, "unsent")
    assert not Observation.objects.exists()

    page.context.set_offline(False)
    saved(page)
    seen = standing().get()
    assert (seen.note, seen.photos.count()) == ("地下室没有信号", 1)


def test_a_page_that_was_closed_sends_what_it_kept_when_it_is_opened_again(
    filling, open_page, sheet
):
    page = filling
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    switch(page, "I01", 1)
    expect(page.locator("#sync")).to_contain_text(WAITING)
    context = page.context
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(sheet.get_absolute_url())
    saved(again)
    expect(again.locator("#total-num")).to_contain_text("24.5")
    expect(row(again, "I01", 1).locator(".switch")).to_be_checked()
    assert standing().count() == 1


def test_two_pages_of_one_sheet_lose_nothing_of_each_other(filling, open_page, sheet):
    page, context = filling, filling.context
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    other = context.new_page()
    other.goto(sheet.get_absolute_url())
    saved(other)
    context.set_offline(True)
    switch(page, "I01", 1)
    switch(other, "I01", 2)
    switch(page, "I01", 3)
    expect(page.locator("#sync")).to_contain_text(WAITING)
    assert not Observation.objects.exists()
    context.set_offline(False)
    saved(page)
    saved(other)
    assert (standing().count(), Observation.objects.count()) == (3, 3)


def test_a_phone_that_stores_nothing_says_so_and_asks_before_it_is_left(sign_in, open_page, sheet):
    page = sign_in("auditor", "phone")
    page.add_init_script(FULL)
    page.goto(sheet.get_absolute_url())
    saved(page)
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    switch(page, "I01", 1)
    expect(page.locator("#sync")).to_contain_text("1 条未发送，本机存不下，请别关闭页面")
    leaving = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.evaluate(leaving)
    page.context.set_offline(False)
    saved(page)
    assert not page.evaluate(leaving)
    assert standing().count() == 1


def test_an_answer_that_gets_lost_does_not_double_the_entry(filling, open_page):
    page = filling
    open_page.expect("ERR_FAILED")
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())  # the server has it, the phone never hears
        return route.abort()

    page.route("**/api/v1/events", lose)
    switch(page, "I01", 1)
    saved(page)
    assert (len(lost), Observation.objects.count()) == (1, 1)


def mark_not_applicable(sheet, by):
    item = sheet.rubric.items.order_by("order").first()
    facts = {"sheet": sheet, "item": item, "reason": "本项目没有大堂"}
    observations.mark_not_applicable(**facts, by=by, at=timezone.now())


def test_a_refused_entry_stays_with_its_reason_until_somebody_deletes_it(filling, company, sheet):
    page = filling
    mark_not_applicable(sheet, company.center)  # meanwhile
    switch(page, "I01", 1)
    expect(page.locator("#unsent-list")).to_contain_text("本项已标为不适用。")
    expect(row(page, "I01", 1)).to_contain_text("本项已标为不适用。")
    page.reload()
    expect(page.locator("#unsent-list")).to_contain_text("本项已标为不适用。")
    page.get_by_role("button", name="不发了，删除").click()
    saved(page)
    assert not standing().exists()


def test_an_amount_outside_the_range_is_said_at_once_and_not_sent(filling):
    page = filling
    switch(page, "I01", 1)
    saved(page)
    amount = row(page, "I01", 1).get_by_label("扣分（0.5–2.0）")
    amount.fill("9")
    amount.blur()
    expect(row(page, "I01", 1).locator("[data-refused]")).to_contain_text("0.5–2.0")
    assert str(standing().get().points) == "0.50"
    row(page, "I01", 1).get_by_role("button", name="少扣 0.1").click()
    saved(page)
    expect(row(page, "I01", 1).locator("[data-refused]")).to_be_hidden()


def test_a_lost_token_is_asked_for_anew_and_the_entry_sent(filling, open_page):
    """As after the browser was killed before it wrote its cookies."""
    page = filling
    open_page.expect("status of 403")
    page.context.clear_cookies(name="csrftoken")
    switch(page, "I01", 1)
    expect(page.locator("#total-num")).not_to_contain_text("100")
    saved(page)
    assert standing().count() == 1


def test_signing_out_elsewhere_keeps_the_entries_until_one_signs_in_again(
    filling, open_page, sheet
):
    page = filling
    open_page.expect("status of 401")
    page.context.clear_cookies(name="sessionid")
    switch(page, "I01", 1)
    expect(page.locator("#sync")).to_contain_text("请重新登录")
    page.get_by_role("link", name=re.compile("请重新登录")).click()
    page.get_by_label("用户名").fill("auditor")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{sheet.get_absolute_url()}")
    saved(page)
    assert standing().count() == 1


# a device whose database opens late, and what the page said meanwhile
SLOW_TO_READ = """
window.marks = [];
const opening = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...what) {
  const asked = opening.apply(this, what);
  const add = asked.addEventListener.bind(asked);
  asked.addEventListener = (name, heard, ...more) => add(name, (event) => {
    if (name === "success") setTimeout(() => heard(event), 700);
    else heard(event);
  }, ...more);
  return asked;
};
document.addEventListener("DOMContentLoaded", () => {
  const mark = document.getElementById("sync");
  const note = () => marks.at(-1) !== mark.dataset.state && marks.push(mark.dataset.state);
  new MutationObserver(note).observe(mark, { attributes: true });
});
"""


def test_a_page_says_that_all_is_saved_only_when_it_has_looked_at_the_device(
    filling, open_page, sheet
):
    page = filling
    open_page.expect("net::ERR_FAILED")
    page.route("**/api/v1/events", lambda route: route.abort())
    switch(page, "I01", 1)
    expect(page.locator("#sync")).to_contain_text(WAITING)
    page.add_init_script(SLOW_TO_READ)
    page.reload()
    expect(page.locator("#sync")).to_contain_text(WAITING)
    assert "saved" not in page.evaluate("marks")
    page.unroute("**/api/v1/events")
    page.reload()
    saved(page)
    assert standing().count() == 1


def test_without_scripts_the_same_forms_work(open_page, company, sheet):
    page = open_page("phone", java_script_enabled=False)
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("auditor")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{sheet.get_absolute_url()}?item=I01")
    form = page.locator("#I01 form.req").first
    form.locator(".switch").check()
    form.get_by_label("扣分（0.5–2.0）").fill("1.2")
    form.get_by_label("暗访").check()
    form.locator("[name=photos]").set_input_files([photo()])
    form.get_by_role("button", name="保存").click()
    expect(page.locator("#total-num")).to_contain_text("23.8")
    seen = standing().get()
    assert (seen.method, seen.photos.count()) == (Method.COVERT, 1)
    page.locator("#I02").get_by_role("button", name="全部符合").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦澜府：已评 2 / 4 项")


def test_the_page_fits_a_narrow_phone(filling):
    page = filling
    switch(page, "I01", 1)
    saved(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
    assert StoredFile.objects.count() == 0


def test_at_a_desk_the_keys_do_what_taps_do(sign_in, company, sheet, look):
    missing(sheet, company.center, note="钥匙没有标签")
    page = sign_in("auditor")
    page.goto(sheet.get_absolute_url())
    saved(page)
    keys = page.keyboard
    keys.press("?")
    expect(page.get_by_role("heading", name="用键盘评分")).to_be_visible()
    look(page, "keys")
    keys.press("Escape")
    for key in ("j", "2", "+"):
        keys.press(key)
    editor = row(page, "I01", 2)
    expect(editor.locator("[name=points]")).to_have_value("0.6")
    keys.press("n")
    expect(editor.get_by_label("说明")).to_be_focused()
    keys.type("j 是字母")
    keys.press("Escape")
    editor = row(page, "I01", 1)
    editor.locator(".switch").click()
    editor.get_by_role("button", name="钥匙没有标签").click()
    expect(editor.get_by_label("说明")).to_have_value("钥匙没有标签")
    keys.press("Escape")
    keys.press("j")
    keys.press("c")
    expect(page.locator("#I02 .item-head")).to_contain_text("全部符合")
    saved(page)

    page.get_by_role("button", name="只看未评 2").click()
    expect(page.locator(".item:visible")).to_have_count(2)
    look(page, "only-left")
    keys.press("u")
    keys.press("r")
    expect(page.locator("#title")).to_have_text("锦澜府：已评 4 / 4 项")
    notes = standing().filter(by=company.auditor).values_list("note", flat=True)
    assert sorted(notes) == ["j 是字母", "钥匙没有标签"]


SLOW = """
() => {
  const small = window.photoScale;
  const go = new Promise((done) => { window.letGo = done; });
  window.photoScale = async (file) => { await go; return small(file); };
}
"""
WAITING_AFTERWARDS = """
async () => {
  const sheet = document.getElementById("sheet");
  const pictured = new Promise((done) => {
    sheet.addEventListener("pictured", () => setTimeout(done));
  });
  letGo();
  await pictured;
  await outbox.settled();
  return (await outbox.mine()).length;
}
"""


def test_a_picture_made_small_after_its_deduction_was_taken_back_goes_with_it(filling):
    """It would wait for ever: there is no observation that takes it."""
    filling.evaluate(SLOW)
    switch(filling, "I01", 1)
    row(filling, "I01", 1).locator("[name=photos]").set_input_files([photo("地下室.jpg")])
    switch(filling, "I01", 1)
    saved(filling)
    assert filling.evaluate(WAITING_AFTERWARDS) == 0
