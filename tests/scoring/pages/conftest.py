"""An administrator at the import's pages: uploads, confirms, puts right."""

import pytest

from tests import cast
from tests.corpus import forms as corpus
from tests.scoring import excel
from tests.scoring.pages.reviewing import address, as_opened


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def admin(client, firm):
    client.force_login(firm.admin)
    return client


@pytest.fixture
def send(admin, firm):
    """Upload a file for a specialty; the review's address, or the page that says no."""

    def post(data, code="order", **more):
        file = excel.upload(data, **more)
        return admin.post(address(firm), {"specialty": code, "file": file})

    return post


@pytest.fixture
def confirm(admin):
    """Confirm a review as it is shown."""

    def post(review, do="draft"):
        page = admin.get(review.url).context["import"]
        seen = {"seen": page.draft_mark, "revision": page.kept.revision}
        return admin.post(review.url, {"do": do, **seen})

    return post


@pytest.fixture
def put(admin):
    """Put an item right as its form stands on the page; `typed` are fields without the prefix."""

    def post(review, row, opened=None, **typed):
        return admin.post(review.url, (opened or as_opened(admin, review, row))
                          | {f"r{row}-{name}": value for name, value in typed.items()})  # fmt: skip

    return post


@pytest.fixture
def several(send):
    """Two rubrics and a hidden one in a file."""
    more = {"秩序维护": corpus.form(title="秩序维护"), "环境维护": corpus.form(title="环境维护")}
    data = corpus.workbook(
        corpus.form(title="客户服务"), more=more, hidden_sheets=["环境维护"], sheet="客户服务"
    )
    return send(data, "facilities")
