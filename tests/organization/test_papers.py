"""Documents made of plain blocks say the same as PDF and as Word."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from docx.oxml.ns import qn

from organization.papers import (
    Facts,
    Heading,
    Paper,
    Picture,
    Pictures,
    Signatures,
    Table,
    Text,
    as_pdf,
    as_word,
)
from organization.papers.blocks import Table as TableBlock
from tests.pdf import words

PICTURE = Path(settings.BASE_DIR) / "docs" / "league.png"
PAPER = Paper(
    title="品质提升实施方案",
    subtitle="锦澜府 第 2 版",
    foot="锦澜府",
    landscape=True,
    blocks=[
        Heading("问题清单"),
        Facts([("项目", "锦澜府")]),
        Table(["序号", "问题"], [[n, f"问题{n}"] for n in range(1, 61)], widths=[1, 9]),
        Pictures([Picture(PICTURE, "整改前"), Picture(Path("nowhere.jpg"), "整改后")]),
        Text("第一段\n第二段", quiet=True),
        Signatures(["项目经理", "管理中心"]),
    ],
)
WORDS = (
    "品质提升实施方案",
    "问题清单",
    "锦澜府",
    "问题60",
    "整改前",
    "整改后",
    "第二段",
    "管理中心",
)


def opened(paper=PAPER):
    return Document(io.BytesIO(as_word(paper)))


def words_of(document) -> str:
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_word_says_everything():
    text = words_of(opened())
    assert [word for word in WORDS if word not in text] == []


@pytest.mark.system("pango")
def test_pdf_says_everything():
    text = "\n".join(words(as_pdf(PAPER)))
    assert [word for word in WORDS if word not in text] == []


def test_words_tables_repeat_their_head_on_each_page():
    head = opened().tables[0].rows[0]
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None


def test_word_has_a_font_for_chinese():
    fonts = opened().styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_a_landscape_page_is_wider_than_high():
    section = opened().sections[0]
    assert section.page_width > section.page_height


def test_a_lost_picture_leaves_its_caption():
    pictures = opened().inline_shapes
    assert len(pictures) == 1


def test_control_characters_do_no_harm():
    assert "坏字符" in words_of(opened(Paper(title="坏\x00字\x0b符", blocks=[])))


def test_columns_share_the_width_by_their_parts():
    assert TableBlock(["a", "b"], [], widths=[1, 3]).parts == [25, 75]
