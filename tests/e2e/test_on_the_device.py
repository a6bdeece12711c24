"""What stays on a device, and what does not: when a page of an older release had entries, when
somebody signs out, when much was sent.
"""

import uuid

import pytest
from playwright.sync_api import expect

from inspections.sheet.sheets import open_sheet
from tests import cast
from tests.e2e.test_sheet_on_the_phone import standing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
OLDER = """([id, item, requirement]) => {
    const { keep } = document.getElementById("sheet").dataset;
    const fields = {do: "observe", item, requirement, points: "1.0", count: "1", method: "open",
                    note: "旧版本记的"};
    const label = {do: "observe", what: "旧版本记的"};
    localStorage.setItem(`${keep}${Date.now()}-${id}`, JSON.stringify({id, item, fields, label}));
    localStorage.setItem(`${keep}0-broken`, "{");
}"""
KEPT = """async () => {
    localStorage.setItem("form:sign:7:/c/c11/sheets/1/sign/", "strokes");
    localStorage.setItem("form:other", "typed");
    await caches.open("pinzhi-person-7");
    const event = {do: "withdraw", observation: outbox.newId()};
    const said = {sheet: 1, about: {name: "P01", url: "/"}, label: {}, refused: {detail: ""}};
    await outbox.put([{id: outbox.newId(), event, ...said}]);
}"""
LEFT = """async () => [
    Object.keys(localStorage).filter((name) => name.startsWith("form:")), await caches.keys(),
]"""
MANY = """async () => {
    const row = (number) => ({id: String(number), person: "0", at: String(10_000 + number)});
    const rows = Array.from({length: 2200}, (_none, number) => row(number));
    await outbox.change({}, rows);
    await outbox.change({}, [row(9999)]);
    const left = await (await outbox.database()).getAllKeys("sent");
    return [left.length, left.includes("9999"), left.includes("0")];
}"""


def test_what_an_older_page_kept_is_taken_over_and_sent_once(sign_in):
    company = cast.company()
    line = company.lines["customer_service"]
    cast.rubric(company.campaign, line, sections=1, items=2, requirements=2)
    facts = {"campaign": company.campaign, "project": company.one, "specialty": line}
    sheet = open_sheet(**facts, by=company.auditor, at=cast.NOW)
    item = sheet.rubric.items.order_by("order").first()
    page = sign_in("auditor", "phone", sheet.get_absolute_url())
    id = str(uuid.uuid4())
    page.evaluate(OLDER, [id, str(item.pk), str(item.requirements.first().pk)])
    page.reload()
    expect(page.locator("#sync")).to_contain_text("全部已保存")
    noted = standing().get()
    assert (str(noted.pk), noted.note) == (id, "旧版本记的")
    assert page.evaluate(f"Object.keys(localStorage).every((name) => !name.includes('{id}'))")


def test_signing_out_takes_pages_and_signatures_along_and_leaves_the_entries(sign_in):
    cast.company()
    page = sign_in("auditor", "phone", "/device/")
    page.evaluate(KEPT)
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(LEFT) == [["form:other"], []]
    page.get_by_label("用户名").fill("auditor")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#outbox-count [data-count]")).to_have_text("1")


def test_of_much_that_was_sent_the_newest_stays(sign_in):
    cast.company()
    page = sign_in("auditor", "phone", "/device/")
    assert page.evaluate(MANY) == [2000, True, False]
