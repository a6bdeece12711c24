"""The browser of the tests sees what would go wrong on a person's screen."""

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
INLINE_SCRIPT = """
const script = document.createElement("script");
script.textContent = "window.ran = true";
document.body.append(script);
"""
INLINE_STYLE = "document.body.setAttribute('style', 'color: red')"


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_the_first_page_has_its_own_style_and_no_complaint(page, open_page):
    page.goto("/accounts/login/")
    assert page.locator("input[name=password]").is_visible()
    assert not open_page.complaints


def test_the_policy_is_on_and_what_breaks_it_is_a_complaint(page, open_page):
    page.goto("/accounts/login/")
    page.evaluate(INLINE_SCRIPT)
    page.evaluate(INLINE_STYLE)
    assert page.evaluate("window.ran") is None
    blocked = [text for text in open_page.unexpected if "content policy" in text]
    assert len(blocked) == 2
    open_page.expect("content policy")
    open_page.expect("Content Security Policy")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("setTimeout(() => { throw new Error('broken') })", "script: broken"),
        ("console.error('wrong')", "console: wrong"),
        ("fetch('/not/there/').then(() => null)", "status of"),
    ],
)
def test_errors_of_a_page_are_complaints(page, open_page, script, words):
    page.goto("/accounts/login/")
    page.evaluate(script)
    page.wait_for_timeout(300)
    assert [text for text in open_page.unexpected if words in text]
    open_page.expect(words)


def test_two_pages_are_two_people(open_page):
    one, other = open_page(), open_page("phone")
    for page in (one, other):
        page.goto("/accounts/login/")
    one.evaluate("document.cookie = 'mine=1'")
    assert "mine" not in other.evaluate("document.cookie")
    assert other.evaluate("innerWidth") == 360
