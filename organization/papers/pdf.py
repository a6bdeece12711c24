"""A document as PDF."""

import base64

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from organization.errors import Refused
from organization.papers.blocks import Paper, Picture, Table
from organization.pdf import pdf_of

MOST = 3000  # rows of all tables: a quarter of a minute of work, and half a gigabyte

TYPES = {b"\xff\xd8": "jpeg", b"\x89P": "png", b"RI": "webp"}


def as_pdf(paper: Paper) -> bytes:
    """The document as PDF.

    Raises Refused where its tables have more rows than are drawn ("long") and where the machine
    lacks Pango ("no_pdf"); as Word it can be had in both cases.
    """
    rows = sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))
    if rows > MOST:
        said = _("表格一共 %(rows)d 行，PDF 最多 %(most)d 行，请下载 Word。")
        raise Refused(said % {"rows": rows, "most": MOST}, code="long")
    named = [(type(block).__name__.lower(), block) for block in paper.blocks]
    context = {"paper": paper, "blocks": named}
    styles = ["css/document.css", "css/paper.css"]
    if paper.landscape:
        styles.append("css/paper-landscape.css")
    return pdf_of(
        render_to_string("organization/paper.html", context),
        styles=styles,
        missing=_("这台服务器缺少生成 PDF 的组件（Pango），可以先下载 Word。"),
    )


def as_address(picture: Picture) -> str:
    """The picture inside the document itself; empty where its file is gone."""
    data = picture.data
    kind = TYPES.get(data[:2]) if data else None
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}" if kind else ""
