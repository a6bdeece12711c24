"""A document as Word (.docx), with the Chinese fonts that Word and WPS have."""

import io
from functools import singledispatch

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from organization.papers.blocks import (
    Facts,
    Heading,
    Paper,
    Pictures,
    Signatures,
    Table,
    Text,
    text_of,
)
from organization.papers.word_rows import MARK, with_rows

FONT = "Microsoft YaHei"
MARGIN = Mm(16)
A4 = (Mm(210), Mm(297))
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Table Grid")
DRAWN = 1600  # pixels: enough for half a page in print


def as_word(paper: Paper) -> bytes:
    """The document as .docx, to be changed by hand where somebody needs to."""
    document = Document()
    set_fonts(document)
    set_page(document, paper)
    title = document.add_heading(xml_text(paper.title), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if paper.subtitle:
        quiet(document.add_paragraph(xml_text(paper.subtitle)), centred=True)
    for block in paper.blocks:
        draw(block, document)
    out = io.BytesIO()
    document.save(out)
    tables = [block.rows for block in paper.blocks if isinstance(block, Table) and block.rows]
    return with_rows(out.getvalue(), tables, xml_text) if tables else out.getvalue()


@singledispatch
def draw(block, document) -> None:
    raise TypeError(f"no block of a document: {block!r}")


@draw.register
def draw_heading(block: Heading, document) -> None:
    document.add_heading(xml_text(block.text), block.level)


@draw.register
def draw_text(block: Text, document) -> None:
    for line in block.lines:
        paragraph = document.add_paragraph(xml_text(line))
        if block.quiet:
            quiet(paragraph)


@draw.register
def draw_facts(block: Facts, document) -> None:
    for word, value in block.rows:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(xml_text(word) + _("：")).bold = True
        paragraph.add_run(xml_text(value))


@draw.register
def draw_table(block: Table, document) -> None:
    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    table.autofit = False
    for cell, word in zip(table.rows[0].cells, block.head, strict=True):
        fill(cell, word, bold=True)
    repeat_head(table.rows[0])
    if block.rows:  # a row that stands for all of them
        for at, cell in enumerate(table.add_row().cells):
            fill(cell, MARK, right=at in block.right)
    line_width = width_of(document)
    for column, part in zip(table.columns, block.parts, strict=True):
        column.width = int(line_width * part / 100)
        for cell in column.cells:
            cell.width = column.width
    document.add_paragraph()


@draw.register
def draw_pictures(block: Pictures, document) -> None:
    """Two in a line, each over its caption."""
    pictures = list(block.pictures)
    half = int(width_of(document) / 2 - Mm(3))
    for first in range(0, len(pictures), 2):
        pair = pictures[first : first + 2]
        table = document.add_table(rows=1, cols=2)
        for cell, picture in zip(table.rows[0].cells, pair, strict=False):
            data = drawable(picture.data)
            if data:
                cell.paragraphs[0].add_run().add_picture(data, width=half)
            quiet(cell.add_paragraph(xml_text(picture.caption)))
    document.add_paragraph()


@draw.register
def draw_signatures(block: Signatures, document) -> None:
    table = document.add_table(rows=1, cols=len(block.words))
    for cell, word in zip(table.rows[0].cells, block.words, strict=True):
        cell.paragraphs[0].paragraph_format.space_before = Pt(36)
        cell.paragraphs[0].add_run(xml_text(word) + _("："))


# --- how it looks ------------------------------------------------------------------------


def set_fonts(document) -> None:
    """Word takes the font of Chinese characters from w:eastAsia alone."""
    for name in STYLES:
        style = document.styles[name]
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), FONT)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Title"].font.size = Pt(18)


def set_page(document, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = A4
    if paper.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_height, section.page_width = A4
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, MARGIN)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if paper.foot:
        foot.add_run(xml_text(paper.foot) + "　")
    add_page_number(foot)
    quiet(foot)


def width_of(document) -> int:
    section = document.sections[0]
    return section.page_width - section.left_margin - section.right_margin


def add_page_number(paragraph) -> None:
    """The page's number is a field, which Word counts when it opens the document."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def repeat_head(row) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def fill(cell, text: object, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(xml_text(text))
    run.bold, run.font.size = bold, Pt(9)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def quiet(paragraph, *, centred: bool = False) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(8.5)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def drawable(data: bytes | None) -> io.BytesIO | None:
    """A picture as Word can hold it: JPEG or PNG (no WebP), no larger than print needs."""
    if not data:
        return None
    image = Image.open(io.BytesIO(data))
    image.thumbnail((DRAWN, DRAWN))
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=85)
    out.seek(0)
    return out


def xml_text(value: object) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(char for char in text_of(value) if char in "\t\n" or char.isprintable())
