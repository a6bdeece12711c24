"""A call-back on a phone: the number is shown to be dialled, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from inspections.models import Call
from organization.models import HistoryEntry
from tests import cast
from tests.inspections.calling import callees, drawn

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_call_survives_the_dialling_and_a_reload(sign_in, look):
    company = cast.company()
    callee = callees(drawn(company, count=3))[0]
    page = sign_in("auditor", "phone", callee.get_absolute_url())
    page.locator(".grade").nth(4).click()
    page.get_by_label("投诉内容").fill("等了一个星期")
    page.get_by_role("button", name="显示号码，拨打").click()
    expect(page.locator("a[href^='tel:199']")).to_be_visible()
    page.goto(callee.get_absolute_url())
    expect(page.get_by_label("投诉内容")).to_have_value("等了一个星期")
    page.locator(".grade").nth(8).click()
    look(page, "call")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.locator(".grade input").nth(8).press("Enter")  # saves, and shows no number
    expect(page.get_by_role("status")).to_contain_text("已保存")
    kept = Call.objects.get()
    grades = kept.answers.order_by("question__order").values_list("grade", flat=True)
    assert HistoryEntry.objects.filter(verb="reveal_number").count() == 1
    assert (list(grades), kept.complaint) == ([5, 4], "等了一个星期")
