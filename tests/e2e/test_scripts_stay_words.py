"""Scripts where people write words: a browser shows them, and runs none."""

import pytest

from tests.access.attack.nasty import RAW
from tests.access.attack.written import begin_all_with
from tests.e2e.demo import demo, kept_demo  # noqa: F401 - fixtures
from tests.e2e.walk import pages

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MADE = "img[src=x], svg[onload], body script:not([src])"


def test_no_page_runs_what_somebody_wrote(demo, sign_in, open_page, tried):  # noqa: F811
    """What the policy of the pages would refuse is reported as a complaint."""
    begin_all_with(RAW)
    page, asked = sign_in("center"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    shown, made = 0, []
    for name, _answer in pages(page):
        shown += sum(raw in page.inner_text("body") for raw in RAW)
        tried["pages looked at, nothing run and nothing reported"] += 1
        if page.locator(MADE).count():
            made.append(name)
    assert (asked, made, open_page.complaints) == ([], [], [])
    assert shown > 50
