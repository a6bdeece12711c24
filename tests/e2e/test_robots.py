"""An administrator sets up a group's robot, tests it, and finds out what is wrong with it."""

import pytest
from playwright.sync_api import expect

from campaign.models import Robot
from campaign.robots.targets import target_of
from tests import cast
from tests.campaign.robots.made import ADDRESSES, DINGTALK_KEY, SIGNING
from tests.e2e.barriers import barriers
from tests.e2e.test_every_page import TOO_WIDE
from tests.webhooks import no, sink  # noqa: F401 - a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ADDRESS = ADDRESSES["dingtalk"]


@pytest.fixture
def company(transactional_db):
    return cast.company()


@pytest.fixture
def fill(sign_in, company):
    """The form for a DingTalk robot of a project, filled in."""

    def filled(screen):
        page = sign_in("admin", screen, "/settings/robots/")
        page.get_by_role("link", name="添加机器人").first.click()
        page.get_by_role("link", name="钉钉").click()
        page.get_by_label("名称").fill("锦澜府工作群")
        page.get_by_label("一个项目").check()
        page.get_by_label("项目", exact=True).fill("P01")
        page.get_by_label("机器人地址").fill(ADDRESS)
        page.get_by_label("签名密钥").fill(SIGNING)
        return page

    return filled


def is_fit(page, look, name):
    assert page.evaluate(TOO_WIDE) == []
    assert list(barriers(page)) == []
    look(page, name)


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_robot_is_set_up_and_its_test_arrives(sink, fill, look, screen):  # noqa: F811
    page = fill(screen)
    is_fit(page, look, f"{screen}-new")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已添加")
    assert target_of(Robot.objects.get()).secret == SIGNING
    page.get_by_role("button", name="发一条测试消息").click()
    expect(page.get_by_role("status")).to_contain_text("测试消息已发出")
    assert "测试消息" in sink.last.text and "sign" in sink.last.query
    assert DINGTALK_KEY not in page.content() and SIGNING not in page.content()
    is_fit(page, look, f"{screen}-robot")
    page.get_by_role("link", name="工作群机器人").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 个机器人在用")
    is_fit(page, look, f"{screen}-list")


def test_what_is_wrong_stays_with_what_was_typed_and_no_secret_stays_in_the_browser(
    sink,  # noqa: F811
    open_page,
    fill,
    look,
):
    open_page.expect("status of 422")
    page = fill("desktop")
    page.get_by_label("项目", exact=True).fill("P77")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("没有找到这个项目")).to_be_visible()
    expect(page.get_by_label("名称")).to_have_value("锦澜府工作群")
    expect(page.get_by_label("机器人地址")).to_have_value("")
    look(page, "wrong")
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert "锦澜府工作群" in kept
    assert DINGTALK_KEY not in kept and SIGNING not in kept


def test_a_revoked_key_is_found_by_the_test_and_a_new_one_brings_it_back(sink, fill, look):  # noqa: F811
    page = fill("desktop")
    page.get_by_role("button", name="添加", exact=True).click()
    sink.answer(no(300005, "token is not exist"))
    page.get_by_role("button", name="发一条测试消息").click()
    expect(page.get_by_role("status")).to_contain_text("没有发出去")
    expect(page.get_by_text("停用：errcode 300005")).to_be_visible()
    is_fit(page, look, "revoked")
    page.get_by_label("机器人地址").fill(ADDRESS.replace("6b0f", "7c10"))
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="重新启用").click()
    expect(page.get_by_text("已重新启用。")).to_be_visible()
    assert not Robot.objects.get().is_off


def test_in_english(sink, fill, look, company):  # noqa: F811
    page = fill("phone")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已添加")
    page.goto("/me/")
    page.get_by_role("button", name="English").click()
    page.goto(f"/settings/robots/{Robot.objects.get().pk}/")
    expect(page.get_by_role("button", name="Send a test message")).to_be_visible()
    is_fit(page, look, "english-robot")
    page.goto("/settings/robots/new/?kind=feishu")
    is_fit(page, look, "english-new")
    page.goto("/settings/robots/")
    is_fit(page, look, "english-list")
