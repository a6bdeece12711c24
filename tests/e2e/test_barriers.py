"""A page's parts are looked at once; what is wrong in a new one is found wherever it stands."""

import pytest

from tests.e2e.barriers import Looked

pytestmark = pytest.mark.e2e
GREY = "background: #fff; color: #ccc"
ROW = '<tr><td><label for="n1">数量</label> <input id="n1"></td><td><a href="/1">详情</a></td></tr>'
# what is wrong, and the rule that says so
WRONG = {
    "a label is gone": (ROW.replace("label", "span"), "label"),
    "a label says nothing": (ROW.replace("数量", ""), "label"),
    "a link says nothing": (ROW.replace("详情", ""), "link-name"),
    "a colour is faint": (ROW.replace("<a", '<a class="faint"'), "color-contrast"),
    "a role is none": (ROW.replace("<input", '<input role="boks"'), "aria-roles"),
    "a picture is nameless": (ROW.replace("<a", '<img src="/a.png"><a'), "image-alt"),
    "a link is in a button": (
        ROW.replace("<a", "<button>前往<a").replace("</a>", "</a></button>"),
        "nested-interactive",
    ),
}


def shown(page, rows, *, title="表", language="zh-CN", around="ul"):
    page.set_content(
        f'<html lang="{language}"><head><title>{title}</title>'
        f"<style>.faint {{{GREY}}}</style></head>"
        f"<body><main><h1>{title}</h1><{around}><li>一</li></{around}>"
        f"<table><tbody>{rows}</tbody></table></main></body></html>"
    )
    return page


@pytest.fixture(scope="module")
def looked():
    """One that has seen the page as it should be."""
    return Looked()


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_page_of_known_parts_is_found(page, looked, what):
    row, rule = WRONG[what]
    rows = ROW + row.replace("n1", "n2")
    assert looked.barriers(shown(page, ROW)) == []
    assert [each.partition(" ")[0] for each in looked.barriers(shown(page, rows))] == [rule]


def test_what_the_page_itself_lacks_is_found(page, looked):
    assert looked.barriers(shown(page, ROW)) == []
    assert "document-title" in looked.barriers(shown(page, ROW, title=" "))[0]
    assert "html-lang-valid" in looked.barriers(shown(page, ROW, language="xx-yy"))[0]
    assert "listitem" in looked.barriers(shown(page, ROW, around="div"))[0]


def test_known_parts_in_another_number_are_not_looked_at_again(page, looked, monkeypatch):
    assert looked.barriers(shown(page, ROW)) == []
    again = shown(page, ROW.replace("数量", "名称").replace("n1", "n2"), title="另一张表")
    monkeypatch.setattr("tests.e2e.barriers.RUN", "() => { throw Error('looked again') }")
    assert looked.barriers(again) == []


def test_another_width_is_looked_at_for_itself(page, looked):
    assert looked.barriers(shown(page, ROW)) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert looked.barriers(shown(page, WRONG["a colour is faint"][0])) != []
