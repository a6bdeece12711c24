"""People at the browser: they sign in through the page, and see pages through their eyes."""

import os
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.e2e.field.figures import tell

# Where every look at a page leaves a picture, for people; without it there are none.
PICTURES = os.environ.get("PICTURES")


def pytest_terminal_summary(terminalreporter):
    tell(terminalreporter)


@pytest.fixture
def sign_in(open_page):
    """`sign_in("pm01", "phone")`: that person's own browser, on the page that was asked for."""

    def enter(username, screen="desktop", address="/"):
        page = open_page(screen)
        page.goto(address)
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"**{address}")
        return page

    return enter


@pytest.fixture
def look(request):
    """`look(page, "filed")` keeps a picture of the whole page if PICTURES names a folder."""

    def keep(page, name):
        if PICTURES:
            folder = Path(PICTURES) / request.module.__name__.rpartition(".")[2]
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return keep
