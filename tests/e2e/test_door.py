"""Every page on the way in has one frame: on a phone and a desk, in both languages."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import expect

from organization.confirming import PROVED
from organization.models import ApiToken, User
from organization.sessions import store
from tests import cast
from tests.e2e.test_every_page import problems_of
from tests.organization.test_factors import with_app

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SCREENS = ["phone", "desktop"]
FRAME = """() => {
  const box = document.querySelector("main.plain > .panel").getBoundingClientRect();
  return [Math.round(box.left), Math.round(box.width), document.querySelectorAll("h1").length];
}"""


@pytest.fixture
def signed_out(open_page, live_server):
    def pages_of(screen):
        person = cast.person("zhou", "周雁", "employee")
        key = urlsafe_base64_encode(force_bytes(person.pk))
        link = reverse("set_password", args=[key, default_token_generator.make_token(person)])
        addresses = {"login": reverse("login"), "forgotten": reverse("forgotten"), "reset": link}
        addresses["over"] = reverse("set_password", args=[key, "used-already"])
        return open_page(screen), addresses

    return pages_of


def looked_at(page, address, name, look) -> list:
    """In both languages, by the page's own switch: nothing runs over, one heading, one frame."""
    frames, size = [], page.viewport_size
    for language, switch in (("zh", "English"), ("en", "中文")):
        # a page that takes a key out of its address goes on without it
        assert problems_of(page, page.goto(address), language) == [], (name, language)
        page.set_viewport_size(size)  # they were looked for at both
        frames.append(page.evaluate(FRAME))
        look(page, f"{name}-{size['width']}-{language}")
        page.get_by_role("button", name=switch, exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", {"zh": "en"}.get(language, "zh-CN"))
    return frames


@pytest.mark.parametrize("screen", SCREENS)
def test_for_who_is_outside(signed_out, look, screen):
    page, addresses = signed_out(screen)
    frames = [looked_at(page, address, name, look) for name, address in addresses.items()]
    assert_all_alike([frame for pair in frames for frame in pair])


@pytest.mark.parametrize("screen", SCREENS)
def test_for_who_is_half_way_in(sign_in, look, screen):
    person = cast.person("zhou", "周雁", "employee")
    page = sign_in("zhou", screen)
    frames = looked_at(page, reverse("my_password"), "own", look)
    User.objects.filter(pk=person.pk).update(password_is_first=True)
    frames += looked_at(page, reverse("my_password"), "first", look)
    User.objects.filter(pk=person.pk).update(password_is_first=False)
    frames += looked_at(page, reverse("confirm"), "confirm", look)
    assert_all_alike(frames)


@pytest.mark.parametrize("screen", SCREENS)
def test_for_who_owes_the_second_step(open_page, live_server, look, screen):
    with_app(cast.person("zhou", "周雁", "employee"))
    page = open_page(screen)
    page.goto(reverse("login"))
    page.get_by_label("用户名").fill("zhou")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("还差一步")
    assert_all_alike(looked_at(page, reverse("second_step"), "second", look))


def assert_all_alike(frames):
    assert {tuple(frame) for frame in frames} == {tuple(frames[0])}
    assert frames[0][2] == 1


def test_somebody_proves_it_and_comes_back(sign_in, live_server):
    person = cast.person("zhou", "周雁", "employee")
    page = sign_in("zhou")
    forget_proof_of(page)
    page.goto(reverse("my_tokens"))
    expect(page.get_by_role("heading", level=1)).to_have_text("确认是您本人")
    page.get_by_label("您的密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="继续").click()
    page.wait_for_url(f"**{reverse('my_tokens')}")
    page.get_by_label("给哪个程序用").fill("报表")
    page.get_by_role("button", name="生成令牌").click()
    expect(page.get_by_label("令牌只显示这一次")).to_be_visible()
    assert ApiToken.objects.filter(user=person).count() == 1


def forget_proof_of(page):
    (key,) = [each["value"] for each in page.context.cookies() if each["name"] == "sessionid"]
    session = store()(key)
    del session[PROVED]
    session.save()
