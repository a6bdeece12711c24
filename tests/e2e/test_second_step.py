"""A passkey at the door, with the browser's own authenticator; and an app where it is demanded."""

from base64 import b32decode

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from organization import factors
from organization.models import SignInRule, User
from tests import cast
from tests.e2e.test_every_page import problems_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BUILT_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page):
    """The device's own; it answers at once, as if a finger lay on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": BUILT_IN})


def enter(page):
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("zhou")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_passkey_is_added_and_opens(live_server, sign_in, look):
    cast.person("zhou", "周雁", "employee")
    page = sign_in("zhou", address="/me/factors/")
    with_authenticator(page)
    assert problems_of(page, page.goto("/me/factors/"), "zh") == []
    look(page, "none")
    panel = page.get_by_role("region", name="添加通行密钥")
    panel.get_by_label("给它起个名字").fill("办公室电脑")
    panel.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请现在就抄下备用码")
    look(page, "codes")
    page.get_by_role("link", name="抄好了").click()
    expect(page.get_by_role("heading", name="办公室电脑（通行密钥）")).to_be_visible()
    look(page, "added")

    page.goto("/me/")
    page.get_by_role("button", name="退出登录").first.click()
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("还差一步")
    look(page, "asked")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("周雁")


def test_an_app_is_set_up_where_it_is_demanded(live_server, open_page, look):
    cast.person("zhou", "周雁", "employee")
    SignInRule.objects.create(pk=1, roles=["employee"])
    page = open_page("phone")
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("先设两步验证")
    page.get_by_role("button", name="添加身份验证器").click()
    expect(page.get_by_role("img", name="给身份验证器扫的二维码")).to_be_visible()
    look(page, "demanded")
    key = page.locator("code").inner_text().replace(" ", "")
    panel = page.get_by_role("region", name="添加身份验证器")
    panel.get_by_label("给它起个名字").fill("我的手机")
    panel.get_by_label("6 位验证码").fill(code_of(key))
    panel.get_by_role("button", name="验证并添加").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请现在就抄下备用码")
    page.goto("/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("周雁")
    assert User.objects.get().factors.get().name == "我的手机"


def code_of(key: str) -> str:
    """As an app reckons it from the key that the page shows."""
    clock = factors.TOTP(b32decode(key), factors.DIGITS, factors.SHA1(), factors.STEP)
    return clock.generate(int(timezone.now().timestamp())).decode()
