"""An item's card on a narrow phone: where its parts stand, and what it says of others' entries."""

import pytest
from playwright.sync_api import expect

from inspections.sheet.sheets import open_sheet
from tests import cast
from tests.e2e.test_sheet_on_the_phone import row, switch
from tests.inspections.entering import missing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    made = cast.company()
    cast.rubric(made.campaign, made.lines["customer_service"], sections=1, items=2, requirements=2)
    return made


@pytest.fixture
def sheet(company):
    line = company.lines["customer_service"]
    facts = {"campaign": company.campaign, "project": company.one, "specialty": line}
    return open_sheet(**facts, by=company.auditor, at=cast.NOW)


def test_the_reason_why_an_item_does_not_apply_has_a_line_of_its_own(sign_in, sheet):
    page = sign_in("auditor", "phone", sheet.get_absolute_url())
    foot = page.locator("#I02 > .item-foot")
    foot.get_by_text("不适用", exact=True).click()
    reason, whole = foot.get_by_role("textbox").bounding_box(), foot.bounding_box()
    assert reason["width"] > 0.85 * whole["width"]
    assert foot.get_by_role("button", name="全部符合").bounding_box()["y"] < reason["y"]


def test_what_another_saw_missing_is_not_said_to_conform(sign_in, company, sheet):
    missing(sheet, by=company.center)
    page = sign_in("auditor", "phone", sheet.get_absolute_url())
    theirs, free = row(page, "I01", 1), row(page, "I01", 2)
    expect(page.locator("#I01 .seen")).to_contain_text(str(company.center))
    expect(theirs.get_by_text("符合", exact=True)).to_be_hidden()
    expect(free.get_by_text("符合", exact=True)).to_be_visible()
    switch(page, "I01", 1)
    expect(theirs.get_by_text("缺失", exact=True)).to_be_visible()
