"""Every page that a role reaches, in both languages and at both widths, as a browser sees it."""

import pytest

from tests.e2e.barriers import Looked
from tests.e2e.demo import demo, kept_demo  # noqa: F401 - fixtures
from tests.e2e.english import left_in_chinese, what_people_wrote
from tests.e2e.walk import pages

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WIDTHS = {1440: 900, 360: 780}
LOOKED = Looked()
# What is wider than the window, and not in a box of its own that scrolls; words that are cut off.
TOO_WIDE = """
() => {
  const boxed = (element) => element.closest(".scroll-x, .visually-hidden, svg");
  const called = (element) => `${element.tagName} ${element.className} ${element.innerText}`;
  const wide = document.documentElement.scrollWidth <= window.innerWidth ? []
    : [...document.querySelectorAll("body *")].filter((element) => !boxed(element))
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1);
  const cut = [...document.querySelectorAll("header nav a, .camp-day, .btn, .chip, .state, h1")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1);
  return [...wide.slice(0, 3), ...cut].map(called);
}
"""
# Charts follow the width of the page with the frame after it.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
REPEATED = """
() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}
"""
ROLES = {
    "president": {
        "home",
        "timeline",
        "league",
        "settlement",
        "campaign",
        "project_result",
        "explain",
    },
    "exec": {"home", "timeline", "league", "settlement", "project_result"},
    "center": {"home", "review", "findings", "finding", "sheets", "sheet", "settlement"},
    "lead-service": {"home", "timeline", "findings", "sheets", "sheet", "obligation"},
    "pm01": {
        *("home", "timeline", "plan", "findings", "finding"),
        *("project_result", "result_deductions", "recovery", "explain"),
    },
    "deputy01": {"home", "timeline", "plan", "findings", "project_result"},
    "admin": {
        *("home", "timeline", "league", "rubrics", "rubric", "rubric_import"),
        *("robots", "robot_new"),
    },
}


# In English a deputy sees what a project manager sees, an executive what the president does.
WALKS = [(username, "zh") for username in ROLES]
WALKS += [(username, "en") for username in ("president", "center", "pm01", "admin")]


@pytest.mark.parametrize(("username", "language"), WALKS)
def test_every_page_stands(demo, sign_in, open_page, look, username, language):  # noqa: F811
    page = sign_in(username)
    if language == "en":
        page.get_by_role("button", name="English").click()
    names, problems, theirs = set(), [], what_people_wrote()
    for name, answer in pages(page):
        names.add(name)
        wrong = problems_of(page, answer, language)
        if language == "en":
            wrong += [f"not in English: {text}" for text in left_in_chinese(page, theirs)]
        problems += [f"{name} {page.url}: {problem}" for problem in wrong]
        look(page, f"{username}-{language}-{name}")
    problems += open_page.complaints
    open_page.complaints.clear()
    assert not problems, "\n".join(problems)
    assert names >= ROLES[username] | {"inbox", "me"}


def problems_of(page, answer, language):
    if answer.status != 200:
        return [f"status {answer.status}"]
    found = []
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} h1")
    if page.evaluate("document.documentElement.lang") != {"zh": "zh-CN", "en": "en"}[language]:
        found.append("in the other language")
    found += [f"id {id} stands twice" for id in page.evaluate(REPEATED)]
    for width in sorted(WIDTHS, key=lambda width: width != page.viewport_size["width"]):
        if page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            page.evaluate(DRAWN)
        found += [f"at {width} px too wide: {what}" for what in page.evaluate(TOO_WIDE)]
        if (language, width) in {("zh", 360), ("en", 1440)}:
            found += [f"at {width} px: {what}" for what in LOOKED.barriers(page)]
    return found
