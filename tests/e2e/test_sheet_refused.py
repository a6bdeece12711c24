"""Bad input from a phone: refused with a reason that the app shows, while the rest goes through."""

import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from inspections.sheet.sheets import open_sheet
from tests import cast
from tests.e2e.test_sheet_on_the_phone import row, saved, standing, switch

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PUT = """async entries => {
    for (const entry of entries) {
        if (entry.photo) entry.photo.blob = new Blob(["text"], {type: "image/jpeg"});
        if (entry.event?.note === "long") entry.event.note = "长".repeat(3_500_000);
    }
    await outbox.put(entries);
    await outbox.send();
}"""
REASONS = {
    "超出": "0.5",
    "未知": "这条检查内容不在这张评分表上",
    "太长": "最多 1000 个字",
    "坏设备": "“device”",
    "坏照片": "“sha256”",
}
NO_PHOTO = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}


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
def filling(sign_in, sheet):
    page = sign_in("auditor", "phone")
    page.goto(sheet.get_absolute_url())
    saved(page)
    return page


@pytest.fixture
def entry(sheet):
    """An entry as the page makes it, of an item's first requirement, except for what is wrong."""
    items = list(sheet.rubric.items.order_by("order").prefetch_related("requirements"))

    def make(place, what, *, about=None, device=None, photo=None, **wrong):
        item = items[place]
        said = {"do": "observe", "observed_at": cast.NOW.isoformat(), "item": item.pk}
        said |= {
            "requirement": item.requirements.first().pk,
            "points": "1.0",
            "count": 1,
            "method": "open",
        }
        made = {"id": str(uuid.uuid4()), "sheet": about or sheet.pk, "label": {"what": what}}
        made["about"] = {"name": "P01 · 客户服务", "url": sheet.get_absolute_url()}
        made |= {"item": item.pk} | ({"device": device} if device else {})
        return made | ({"photo": photo} if photo else {"event": said | wrong})

    return make


def why(page, what):
    """What a list says of an entry."""
    line = page.locator("#unsent-list li, #device-list li").filter(has_text=what)
    return line.locator("[data-why]")


def stand_on_one_line(left, right):
    one, other = left.bounding_box(), right.bounding_box()
    return one["x"] < other["x"] and abs(middle(one) - middle(other)) < other["height"] / 2


def middle(box):
    return box["y"] + box["height"] / 2


def test_bad_entries_are_refused_one_by_one_and_the_rest_arrives(
    filling, company, sheet, entry, open_page, look
):
    page = filling
    open_page.expect("status of 422")
    switch(page, "I02", 1)
    row(page, "I02", 1).locator("[name=photos]").set_input_files([NO_PHOTO])
    expect(why(page, "现场.jpg")).to_contain_text("不是可以上传的文件类型")
    noted = str(standing().get().pk)
    misfit = {"observation": noted, "sha256": "no digest", "name": "x.jpg"}
    bad = [
        entry(0, "超出", points="9.0"),
        entry(1, "未知", requirement=10**9),
        entry(2, "太长", note="long"),
        entry(2, "别人的表", about=10**9),
        entry(2, "坏设备", device="no-uuid"),
        entry(2, "坏照片", photo=misfit | {"taken_at": cast.NOW.isoformat()}),
        entry(3, "好的"),
    ]
    page.evaluate(PUT, bad)
    expect(page.locator("#sync")).to_contain_text("6 条被退回，请查看")
    assert standing().filter(item=bad[-1]["item"]).count() == 1

    page.reload()
    for what, reason in REASONS.items():
        expect(why(page, what)).to_contain_text(reason)
    switched = row(page, "I01", 1)
    expect(switched.locator("[data-refused]")).to_be_visible()
    expect(switched.locator("[name=note]")).to_have_value("")
    assert stand_on_one_line(page.locator("#total-num"), page.get_by_role("link", name="下一项"))
    look(page, "refused")
    assert not Axe().run(page).response["violations"]
    switched.locator("[name=points]").fill("1.5")
    switched.locator("[name=note]").click()
    expect(page.locator("#sync")).to_contain_text("5 条被退回，请查看")
    assert str(standing().get(item=bad[0]["item"]).points) == "1.50"

    page.goto("/device/")
    expect(page.locator("#device-answer")).to_contain_text("6 项被退回，请更正或删除")
    expect(why(page, "别人的表")).to_contain_text("没有这张评分表，或者您不能填它")
    look(page, "refused-on-device")
    assert not Axe().run(page).response["violations"]
    drop = page.get_by_role("button", name="不发了，删除")
    for left in range(6, 0, -1):
        expect(drop).to_have_count(left)
        drop.first.click()
    expect(page.locator("#device-answer")).to_contain_text("全部已发送")
