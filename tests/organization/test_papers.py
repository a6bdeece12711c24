"""Documents made of plain blocks say the same as PDF and as Word."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from organization.errors import Refused
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


ODD = ["<b>&amp;\"'", " 有空格 ", "x\ty\nz", None, "", "😀 ]]>", 3.5, "坏\x00字"]


def test_words_rows_say_what_they_were_given_whatever_it_is():
    rows = [[number, said] for number, said in enumerate(ODD)]
    tables = [Table(["序号", "内容"], rows, right=frozenset({0})), Table(["无"], [])]
    tables.append(Table(["另一张"], [[number] for number in range(3)]))
    first, empty, other = opened(Paper(title="表", blocks=tables)).tables
    shown = [row.cells[1].text for row in first.rows[1:]]
    assert shown == ["" if said is None else str(said).replace("\x00", "") for said in ODD]
    assert first.cell(1, 0).paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert first.cell(1, 1).paragraphs[0].alignment is None
    assert len(empty.rows) == 1
    assert [row.cells[0].text for row in other.rows] == ["另一张", "0", "1", "2"]


def test_more_rows_than_are_drawn_are_refused_as_pdf_and_stand_in_word():
    rows = [[number] for number in range(1502)]
    paper = Paper(title="名单", blocks=[Table(["序号"], rows), Text("和"), Table(["序号"], rows)])
    with pytest.raises(Refused, match="一共 3004 行，PDF 最多 3000 行，请下载 Word") as refused:
        as_pdf(paper)
    assert refused.value.code == "long"
    assert [len(table.rows) for table in opened(paper).tables] == [1503, 1503]
