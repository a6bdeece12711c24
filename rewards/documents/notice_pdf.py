"""A notice as PDF: the filled-in Word file read again, paragraph by paragraph, and drawn as HTML.

What people see in Word is what is drawn: head and foot, headings, alignment, sizes, bold and
underlined text, tables, pictures. Text boxes and columns are not: a notice has none.
"""

import base64
import io
from collections.abc import Iterator

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from organization.pdf import pdf_of

SIDES = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
}
HEADINGS = {"Title": "h1", "Heading 1": "h2", "Heading 2": "h3", "Heading 3": "h3"}
EMU_PER_MM = 36000
PAGE = (
    '<!doctype html><html lang="{}"><head><meta charset="utf-8"></head><body>{}{}{}</body></html>'
)


def notice_pdf(word: bytes, *, language: str) -> bytes:
    """Raises Refused (`no_pdf`) where the machine lacks what draws PDF."""
    missing = _("这台服务器缺少生成 PDF 的组件（Pango），可以先下载 Word。")
    return pdf_of(html_of(word, language), styles=["css/notice.css"], missing=missing)


def html_of(word: bytes, language: str) -> str:
    document = Document(io.BytesIO(word))
    section = document.sections[0]
    around = [
        format_html('<div class="{}">{}</div>', place, drawn(part))
        for place, part in (("head", section.header), ("foot", section.footer))
    ]
    return format_html(PAGE, "en" if language == "en" else "zh-CN", *around, drawn(document))


def drawn(container) -> SafeString:
    return joined(block(each) for each in container.iter_inner_content())


def joined(pieces: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def block(found: Paragraph | Table) -> SafeString:
    return table(found) if isinstance(found, Table) else paragraph(found)


def paragraph(found: Paragraph) -> SafeString:
    tag = HEADINGS.get(found.style.name, "p")
    side = (
        found.alignment if found.alignment is not None else found.style.paragraph_format.alignment
    )
    inner = joined(run(each) for piece in found.iter_inner_content() for each in runs_of(piece))
    look = f' class="{SIDES[side]}"' if side in SIDES else ""
    return format_html("<{}{}>{}</{}>", tag, mark_safe(look), inner, tag)  # noqa: S308 our own


def runs_of(piece) -> list[Run]:
    return [piece] if isinstance(piece, Run) else piece.runs


def run(found: Run) -> SafeString:
    text = escape(found.text).replace("\n", "<br>").replace("\t", "&emsp;")
    inner = mark_safe(text + "".join(pictures(found)))  # noqa: S308 escaped above
    for tag in [tag for tag, is_so in (("b", found.bold), ("u", found.underline)) if is_so]:
        inner = format_html("<{}>{}</{}>", tag, inner, tag)
    size = found.font.size
    return format_html('<span style="font-size:{}pt">{}</span>', size.pt, inner) if size else inner


def pictures(found: Run) -> Iterator[str]:
    """The run's pictures inside the page itself, as wide as in Word."""
    for drawing in found._r.iter(qn("wp:inline"), qn("wp:anchor")):
        width = int(drawing.find(qn("wp:extent")).get("cx")) / EMU_PER_MM
        for blip in drawing.iter(qn("a:blip")):
            part = found.part.related_parts[blip.get(qn("r:embed"))]
            data = base64.b64encode(part.blob).decode()
            address = f"data:{part.content_type};base64,{data}"
            yield format_html('<img alt="" style="width:{}mm" src="{}">', f"{width:.1f}", address)


def table(found: Table) -> SafeString:
    look = "grid" if found.style and "Grid" in found.style.name else "plain"
    rows = joined(row(found, each._tr) for each in found.rows)
    return format_html('<table class="{}"><tbody>{}</tbody></table>', look, rows)


def row(found: Table, line) -> SafeString:
    whole = sum(cell.width or 0 for cell in line.tc_lst)
    cells = joined(cell_of(_Cell(each, found), whole) for each in line.tc_lst)
    return format_html("<tr>{}</tr>", cells)


def cell_of(cell: _Cell, whole: int) -> SafeString:
    """A cell with its share of the width; one that goes on from above stays empty."""
    inner = "" if cell._tc.vMerge == "continue" else drawn(cell)
    share = 100 * cell.width // whole if whole and cell.width else 0
    look = format_html(' width="{}%"', share) if share else ""
    return format_html('<td colspan="{}"{}>{}</td>', cell.grid_span, look, inner)
