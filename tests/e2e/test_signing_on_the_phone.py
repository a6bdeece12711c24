"""Auditor and project sign on the auditor's phone, with their fingers."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from inspections.models import SignOff
from tests import cast
from tests.inspections.appealing import contested_sheet

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def draw(page, name):
    """Moves of a pointer over a field, down and up."""
    field = page.get_by_role("img", name=name)
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + 20 * step, box["y"] + 60 + (30 if step % 2 else -20))
    page.mouse.up()


def inked(page, name) -> bool:
    """Whether anything is drawn in a field."""
    return page.get_by_role("img", name=name).evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
        ".data.some((value) => value > 0)"
    )


def test_both_sign_and_a_reload_loses_nothing(sign_in, open_page, look):
    open_page.expect("status of 422")
    sheet = contested_sheet(cast.company())
    page = sign_in("auditor", "phone")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(sheet.get_absolute_url())
    page.get_by_role("link", name="现场签字").click()
    draw(page, "检查人签字")
    draw(page, "项目方签字")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_text("上次没保存的内容已经填回来了")).to_be_visible()
    assert inked(page, "检查人签字") and inked(page, "项目方签字")
    look(page, "drawn")
    assert Axe().run(page).response["violations"] == []

    page.get_by_role("button", name="清除重签 项目方签字").click()
    assert inked(page, "检查人签字") and not inked(page, "项目方签字")
    page.get_by_role("button", name="确认存档").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有签字")
    assert inked(page, "检查人签字")
    draw(page, "项目方签字")
    page.get_by_role("button", name="确认存档").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("双方已签字")
    assert page.locator(".signed-mark path").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    look(page, "signed")
    assert Axe().run(page).response["violations"] == []
    assert not SignOff.objects.get().refused
