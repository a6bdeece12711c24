"""In a real browser: a policy goes to the president and back; a summary is written and kept."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from inspections.closing.summary import draft_summary, edit_chapter
from inspections.learning.seminars import add_problem, hold_seminar
from inspections.models import Chapter, PolicyVersion, SeminarProblem
from tests import cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SUMMARY = "/c/c11/summary/"


@pytest.fixture
def company(live_server):
    return cast.company()


@pytest.fixture
def summary(company):
    return draft_summary(campaign=company.campaign, by=company.center, at=timezone.now())


def sign_in_again(page, username):
    page.fill("[name=username]", username)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")


def first_chapter(page):
    return page.locator("#findings textarea").first


def saved(page):
    expect(page.locator("#saving")).to_contain_text("已自动保存")


def text_of(summary, code="findings"):
    return Chapter.objects.get(summary=summary, code=code).text


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_policy_is_drafted_returned_corrected_and_approved(sign_in, company, screen):
    page = sign_in("center", screen, "/c/c11/policies/new/")
    page.get_by_label("名称").fill("钥匙管理制度")
    page.get_by_label("正文").fill("机房钥匙专人保管，领用登记。")
    page.get_by_label("生效日期").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("已提交总经理审批")).to_be_visible()
    president = sign_in("president", screen, "/")
    president.get_by_role("link", name="审批").first.click()
    president.get_by_label("退回原因").fill("写明谁保管")
    president.get_by_role("button", name="退回修改").click()
    page.reload()
    expect(page.get_by_text("写明谁保管").first).to_be_visible()
    page.get_by_role("link", name="修改").click()
    page.get_by_label("正文").fill("机房钥匙由工程部主任保管，领用登记。")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交审批").click()
    president.goto(page.url)
    president.get_by_role("button", name="批准").click()
    expect(president.get_by_text("已批准，从生效日起执行")).to_be_visible()
    assert PolicyVersion.objects.in_force(at=timezone.now()).get().title == "钥匙管理制度"


@pytest.mark.parametrize(
    ("address", "label", "button"),
    [("policies/new/", "正文", "保存草稿"), ("seminars/new/", "地点", "下一步"),
     ("findings/new/?project=P01", "问题", "列入整改"), ("rubrics/new/", "名称", "开始写")],
)  # fmt: skip
def test_a_draft_typed_and_not_saved_is_found_again(sign_in, company, address, label, button):
    page = sign_in("center", "desktop", f"/c/c11/{address}")
    page.get_by_label(label, exact=True).fill("写了“一半”😀")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label(label, exact=True)).to_have_value("写了“一半”😀")
    expect(page.get_by_text("上次没保存的内容已经填回来了")).to_be_visible()
    Session.objects.all().delete()
    page.get_by_role("button", name=button).click()
    sign_in_again(page, "center")
    expect(page.get_by_label(label, exact=True)).to_have_value("写了“一半”😀")


def test_a_seminar_that_was_kept_is_forgotten(sign_in, company):
    page = sign_in("center", "desktop", "/c/c11/seminars/new/")
    page.get_by_label("地点").fill("三楼")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("哪个专业、哪一天开？")
    page.goto("/c/c11/seminars/new/")
    expect(page.get_by_label("地点")).to_have_value("")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_chapter_saves_itself_and_stands_there_after_a_reload(sign_in, summary, screen):
    page = sign_in("center", screen, SUMMARY)
    first_chapter(page).fill("第一段。\n第二段。")
    saved(page)
    page.reload()
    expect(first_chapter(page)).to_have_value("第一段。\n第二段。")
    page.get_by_role("button", name="取最新数据").click()
    expect(first_chapter(page)).to_have_value("第一段。\n第二段。")


def test_a_page_on_which_nothing_was_typed_sends_nothing(sign_in, summary):
    page = sign_in("center", "desktop", SUMMARY)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    first_chapter(page).focus()
    first_chapter(page).blur()
    page.evaluate(
        "document.querySelectorAll('form[data-autosave]').forEach((form) => form.requestSubmit())"
    )
    page.wait_for_timeout(1200)
    assert "POST" not in sent


def test_words_typed_while_the_session_ended_are_saved_after_signing_in(sign_in, summary):
    page = sign_in("center", "desktop", SUMMARY)
    Session.objects.all().delete()
    first_chapter(page).fill("登录过期时写的")
    page.get_by_role("link", name="重新登录").click()
    sign_in_again(page, "center")
    page.wait_for_url(f"**{SUMMARY}")
    saved(page)
    assert text_of(summary) == "登录过期时写的"


def test_two_people_at_one_chapter_choose_between_both_versions(
    sign_in, open_page, company, summary
):
    open_page.expect("status of 409")
    page = sign_in("center", "desktop", SUMMARY)
    chapter = summary.chapters.get(code="findings")
    edit_chapter(
        chapter=chapter, revision=0, changes={"text": "同事写的"}, by=company.auditor,
        at=timezone.now(),
    )  # fmt: skip
    first_chapter(page).fill("我写的")
    expect(page.get_by_text("刚被改过，两个版本都在这里")).to_be_visible()
    page.get_by_role("button", name="用选中的版本").click()
    expect(first_chapter(page)).to_have_value("我写的")
    assert text_of(summary) == "我写的"


def test_a_seminars_solution_saves_itself_and_lets_it_close(sign_in, company):
    seminar = hold_seminar(
        campaign=company.campaign, specialty=company.lines["customer_service"],
        day=timezone.localdate(), by=company.lead, at=timezone.now(),
    )  # fmt: skip
    problem = add_problem(seminar=seminar, problem="回访", by=company.lead, at=timezone.now())
    page = sign_in("lead-service", "desktop", seminar.get_absolute_url())
    page.get_by_role("textbox", name="解决方案").fill("两小时内回访")
    saved(page)
    page.get_by_role("button", name="结束研讨会").click()
    expect(page.get_by_role("button", name="记为经验")).to_be_visible()
    assert SeminarProblem.objects.get(pk=problem.pk).solution == "两小时内回访"
