"""A robot's message in words: by person, with links, cut to what the service takes."""

import pytest
from django.utils import translation

from campaign.robots.feishu import paragraphs
from campaign.robots.text import Block, GroupText, Line, as_markdown, as_plain, bytes_of, fitted

HOME = "https://pinzhi.example.test/"


def text(*sizes, title="3 项已逾期", word="整改照片"):
    """One block for each size, with so many lines."""
    blocks = tuple(
        Block(
            f"第{n}人：{size} 项已逾期",
            tuple(Line(f"{word}{n}-{k}", f"{HOME}o/{n}-{k}/") for k in range(size)),
        )
        for n, size in enumerate(sizes)
    )
    return GroupText(title, HOME, blocks)


def test_markdown_names_each_person_above_their_linked_lines():
    assert as_markdown(text(2, 1)).split("\n") == [
        "**3 项已逾期**",
        "",
        "**第0人：2 项已逾期**",
        f"- [整改照片0-0]({HOME}o/0-0/)",
        f"- [整改照片0-1]({HOME}o/0-1/)",
        "",
        "**第1人：1 项已逾期**",
        f"- [整改照片1-0]({HOME}o/1-0/)",
        "",
        f"[打开品质提升专项工作]({HOME})",
    ]


def test_plain_text_has_each_address_under_its_line():
    assert as_plain(text(1)).split("\n") == [
        "第0人：1 项已逾期",
        "整改照片0-0",
        f"{HOME}o/0-0/",
        "",
        "打开品质提升专项工作",
        HOME,
    ]


def test_feishu_has_links_without_markdown():
    assert paragraphs(text(1))[1][1] == {
        "tag": "a",
        "text": "整改照片0-0",
        "href": f"{HOME}o/0-0/",
    }


def test_what_people_typed_is_neither_a_link_nor_a_mention():
    typed = "<@all> [点我](https://evil.test) **急** `x`"
    said = as_markdown(text(1, word=typed))
    assert "<@" not in said and "](https://evil.test)" not in said and "**急" not in said


def test_first_keeps_whole_lines_and_counts_the_others():
    cut = text(2, 3, 1).first(3)
    assert [len(block.lines) for block in cut.blocks] == [2, 1]
    assert cut.left_out == 3


@pytest.mark.parametrize("limit", [400, 1000, 4096])
def test_as_many_lines_as_fit_are_kept(limit):
    whole = text(30, 30, 30)
    said = fitted(whole, as_markdown, limit, bytes_of)
    kept = said.count("/o/")
    assert bytes_of(said) <= limit < bytes_of(as_markdown(whole.first(kept + 1)))
    assert f"还有 {90 - kept} 项，打开系统查看" in said


def test_what_fits_is_not_cut():
    assert "还有" not in fitted(text(3), as_markdown, 4096, bytes_of)


def test_it_speaks_the_language_that_is_active():
    with translation.override("en"):
        assert "2 more" in as_markdown(text(3).first(1))
