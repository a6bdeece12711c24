"""Asking at posts in a basement: answers wait on the device, outlive the browser, go by themselves,
and what the server refuses says why and leads back to its question.
"""

import time
from contextlib import suppress
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Error, expect

from inspections.audit_visit.carrying_out import finish_visit
from inspections.models import PostAnswer
from inspections.post_question.asking import draw_questions
from organization.models import Post
from organization.roles import Role
from tests import cast
from tests.e2e.field.device import IS_EMPTY, Device
from tests.e2e.field.network import Network
from tests.inspections.asking import AT, bank, visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def held(company):
    cast.rubric(company.campaign, company.lines["customer_service"])
    bank(company, item="I01", requirement=1)
    made = visit(company)
    line = company.lines["customer_service"]
    draw_questions(
        visit=made, specialty=line, role=Role.EMPLOYEE, number=3, by=company.auditor, at=AT, seed=7
    )
    return made


@pytest.fixture
def network(live_server):
    network = Network(live_server.url)
    yield network
    network.close()


@pytest.fixture
def signal(browser, network, company, held, tmp_path):
    """A phone that has a network, with nothing made ready."""
    device = Device(browser, network, held, company.auditor, profile=tmp_path)
    device.context.set_default_timeout(25_000)
    yield device
    device.close()
    assert not device.complaints


@pytest.fixture
def phone(signal, network):
    """A phone with the visit made ready, and without a network from then on."""
    page = opened(signal)
    page.locator("[data-prepare]").click()
    page.wait_for_selector(".ready[data-state=done]", state="attached")
    signal.keep_cookies()
    network.is_down = True
    return signal


def opened(phone, address=None):
    phone.page = phone.context.new_page()
    phone.page.goto(address or phone.sheet.get_absolute_url(), wait_until="domcontentloaded")
    return phone.page


def answer(page, result, who="马超", note=""):
    page.get_by_label(result, exact=True).check()
    page.get_by_label("问了谁").select_option(label=next_to(page, who))
    page.get_by_label("说明（可不写）").fill(note)
    page.get_by_role("button", name="记下").click()


def next_to(page, who):
    return page.locator("[name=person] option", has_text=who).first.text_content()


def back_online(phone, network):
    """Until everything is sent; the page may come anew meanwhile."""
    network.is_down = False
    with suppress(Error):  # on its way to the next page, which sends by itself
        phone.page.evaluate("dispatchEvent(new Event('online'))")
    give_up = time.monotonic() + 60
    while not is_empty(phone.page):
        assert time.monotonic() < give_up
        phone.page.wait_for_timeout(100)


def is_empty(page) -> bool:
    try:
        return page.evaluate(IS_EMPTY)
    except Error:
        return False


def test_answers_wait_on_the_device_and_go_by_themselves(phone, network, held, look):
    page = opened(phone)
    page.locator("a.pq-ask").first.click()
    first = page.get_by_role("heading", level=1).text_content()
    answer(page, "答对")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    second = page.url
    answer(page, "答错", note="说不出来")
    expect(page.locator("#answers-waiting")).to_contain_text("答错 · 马超")
    expect(page.locator("#answers-waiting")).to_contain_text("说不出来")
    assert Axe().run(page).response["violations"] == []
    look(page, "waiting")
    phone.kill_browser()
    page = opened(phone)
    expect(page.locator(f"[data-unsent-sheet=visit-{held.pk}]")).to_contain_text("2 条回答已存本机")
    look(page, "visit")
    page = opened(phone, second)
    expect(page.locator("#answers-waiting")).to_contain_text("说不出来")
    assert not PostAnswer.objects.exists()
    back_online(phone, network)
    found = {each.result: each for each in PostAnswer.objects.all()}
    assert sorted(found) == ["right", "wrong"]
    assert found["wrong"].note == "说不出来"
    assert all(each.device_at and each.answered_at <= each.recorded_at for each in found.values())
    expect(page.get_by_text("已经问过")).to_be_visible()
    page = opened(phone, "/device/")
    expect(page.locator("#receipts")).to_contain_text("服务器已有")
    assert page.locator("#receipts li").count() == 2
    look(page, "receipts")


def test_an_answer_is_written_anew_or_dropped_before_it_goes(phone, network):
    page = opened(phone)
    page.locator("a.pq-ask").first.click()
    answer(page, "答错")
    page.get_by_role("button", name="改", exact=True).click()
    answer(page, "答对一部分", note="想了很久")
    expect(page.locator("#answers-waiting .pq-said")).to_have_count(1)
    expect(page.locator("#answers-waiting")).to_contain_text("答对一部分")
    answer(page, "答错", who="陈立群")
    expect(page.locator("#answers-waiting .pq-said")).to_have_count(2)
    page.get_by_role("button", name="不发了，删除").last.click()
    expect(page.locator("#answers-waiting .pq-said")).to_have_count(1)
    page.get_by_role("button", name="记下").click()
    expect(page.locator("#answer-lacks")).to_contain_text("选一个结果")
    back_online(phone, network)
    made = PostAnswer.objects.get(replacement=None)
    assert (made.result, made.note) == ("partly", "想了很久")
    assert made.replaces == PostAnswer.objects.get(result="wrong")  # it may have gone before


def test_a_lost_answer_is_sent_again_and_stands_once(phone, network):
    page = opened(phone)
    page.locator("a.pq-ask").first.click()
    answer(page, "答错")
    expect(page.locator("#answers-waiting")).to_contain_text("答错")
    network.plan["events"] = ["answer lost", "500"]
    back_online(phone, network)
    assert PostAnswer.objects.count() == 1


def test_what_is_refused_says_why_and_leads_back_to_its_question(phone, network, company):
    """Whoever was asked has left the project meanwhile: the answer is written anew."""
    page = opened(phone)
    page.locator("a.pq-ask").first.click()
    answer(page, "答错", note="说不出来")
    expect(page.locator("#answers-waiting")).to_contain_text("说不出来")
    Post.objects.filter(user=company.worker).delete()
    network.is_down = False
    page = opened(phone, "/device/")
    row = page.locator("#device-list li")
    expect(row).to_contain_text("这个人不在这个项目")
    row.get_by_role("link", name="更正").click()
    expect(page.locator("#answers-waiting")).to_contain_text("这个人不在这个项目")
    page.get_by_role("button", name="改", exact=True).click()
    expect(page.get_by_label("说明（可不写）")).to_have_value("说不出来")
    page.get_by_label("问了谁").select_option(label=next_to(page, "陈立群"))
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("已经问过")).to_be_visible()
    made = PostAnswer.objects.get()
    assert (made.person, made.note) == (company.manager, "说不出来")


def test_an_answer_given_after_the_end_says_why_it_is_refused(phone, network, company, held, look):
    page = opened(phone)
    page.locator("a.pq-ask").first.click()
    answer(page, "答错", note="说不出来")
    finish_visit(visit=held, by=company.auditor, at=timezone.now() - timedelta(hours=1))
    network.is_down = False
    page = opened(phone, "/device/")
    row = page.locator("#device-list li")
    expect(row).to_contain_text("这次检查已经结束")
    expect(row.get_by_role("link", name="更正")).to_be_hidden()
    assert Axe().run(page).response["violations"] == []
    look(page, "refused")
    row.get_by_role("button", name="不发了，删除").click()
    expect(page.locator("#device-list li")).to_have_count(0)
    assert not PostAnswer.objects.exists()


def first_question(phone):
    page = opened(phone)
    page.locator("a.pq-ask").first.click()
    return page


def test_an_answer_with_a_network_leads_on_and_shows_what_it_costs(signal, look):
    page = first_question(signal)
    answer(page, "答错", note="说不出来")
    expect(page.get_by_text("已经问过")).to_be_visible()
    expect(page.locator("#answer-noted")).to_have_text("已记下：答错 · 马超 · 员工")
    look(page, "noted")
    first = page.get_by_role("heading", level=1).text_content()
    keeps_each_form(page)
    page.get_by_role("link", name="更正").click()
    answer(page, "答对")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    expect(page.locator("#answer-noted")).to_have_text("已记下：答对 · 马超 · 员工")
    right, wrong = PostAnswer.objects.order_by("result")
    assert right.replaces == wrong


def keeps_each_form(page):
    """An amount and an answer that were typed come back after a reload, each until it is let go."""
    cost, note = page.get_by_label("扣分", exact=True), page.get_by_label("说明（可不写）")
    cost.fill("1.4")
    note.fill("想了一下")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(cost).to_have_value("1.4")
    expect(note).to_have_value("想了一下")
    expect(page.get_by_text("上次没保存的内容已经填回来了")).to_have_count(2)
    page.get_by_role("button", name="不要了").last.click()
    expect(note).to_have_value("")
    expect(cost).to_have_value("1.4")


def test_a_signal_that_drops_on_a_live_page_loses_no_answer(signal, network, look):
    """Nothing was made ready: the page stays, with what waits and room for the next answer. Each
    arrives once, though the server's first acknowledgement is lost.
    """
    page = first_question(signal)
    network.is_down = True
    answer(page, "答对", note="三声")
    expect(page.locator("#answers-waiting")).to_contain_text("答对 · 马超")
    answer(page, "答错", who="陈立群")
    expect(page.locator("#answers-waiting .pq-said")).to_have_count(2)
    assert Axe().run(page).response["violations"] == []
    look(page, "dropped")
    assert not PostAnswer.objects.exists()
    network.plan["events"] = ["answer lost"]
    back_online(signal, network)
    expect(page.get_by_text("已经问过")).to_be_visible()
    found = PostAnswer.objects.values_list("result", "note").order_by("result")
    assert list(found) == [("right", "三声"), ("wrong", "")]


def test_a_refusal_on_a_live_page_is_put_right_there(signal, network, company):
    page = first_question(signal)
    Post.objects.filter(user=company.worker).delete()
    network.plan["events"] = ["500", "500"]  # corrected before the refusal comes
    answer(page, "答错")
    page.get_by_role("button", name="改", exact=True).click()
    answer(page, "答错", note="说不出来")
    expect(page.locator("#answers-waiting")).to_contain_text("这个人不在这个项目")
    answer(page, "答错", who="陈立群", note="说不出来")
    expect(page.get_by_text("已经问过")).to_be_visible()
    made = PostAnswer.objects.get()
    assert (made.person, made.note) == (company.manager, "说不出来")
