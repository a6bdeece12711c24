"""A notice as Word: a template's fields filled in, and what a template may hold.

Templates are Word files with names in double braces ({{ 姓名 }}); a table's row between
{%tr for 行 in 明细 %} and {%tr endfor %} stands for each of a list. Whoever uploads one is an
administrator, but a file is no reason to run what is in it: nothing but fields, their rows and
conditions is let in, and it is filled in by Jinja's sandbox.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from docx.opc.exceptions import OpcError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from organization.errors import Refused
from organization.files import WORD, office_kind
from organization.papers.word import xml_text
from rewards.documents.notice_fields import NAMES, REQUIRED, both, called, known, known_of_rows

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 2 * 2**20, 20 * 2**20, 300
CODE_SIZE = Mm(26)
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For,
    nodes.If, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip
TEXT_BOX = "<w:txbxContent"
# what Word would run, fetch or open by itself
ACTIVE = ("vbaproject", "activex", "embeddings", "oleobject")


def filled(template: bytes, values: Mapping, *, code: bytes) -> bytes:
    """The template with the notice's values; `code` is the QR code's picture (PNG)."""
    document = DocxTemplate(io.BytesIO(template))
    context = both({**clean(values), "code": InlineImage(document, io.BytesIO(code), CODE_SIZE)})
    document.render(context, SandboxedEnvironment(autoescape=True))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def clean(values: Mapping) -> dict:
    """Texts without what XML cannot hold."""
    return {
        name: [clean(row) for row in value] if isinstance(value, list) else xml_text(value)
        for name, value in values.items()
    }


def check_template(data: bytes, *, kind: str, language: str) -> None:
    """Raises Refused with every reason why this file can't be the template of such a notice."""
    check_file(data)
    try:
        sources = list(sources_of(data))
        tree = SandboxedEnvironment().parse("".join(sources))
    except TemplateError as error:
        said = _("模板的写法有误：%(error)s") % {"error": error}
        raise Refused(said, code="syntax") from error
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Refused(_("这个 Word 文件打不开。"), code="broken") from error
    if problems := list(problems_of(tree, kind, language)):
        raise Refused(" ".join(problems), code="fields")


def check_file(data: bytes) -> None:
    """Before it is opened: a Word file, not too large, that runs and fetches nothing."""
    if len(data) > MOST_BYTES:
        raise Refused(_("模板超过 2 MB。"), code="size")
    if office_kind(data) != WORD:
        raise Refused(_("请上传 .docx 文件，不能带宏。"), code="kind")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refused(_("这个 Word 文件展开后太大。"), code="size")
        relations = [archive.read(part) for part in parts if part.filename.endswith(".rels")]
    names = " ".join(part.filename.lower() for part in parts)
    if any(word in names for word in ACTIVE) or any(map(fetches, relations)):
        raise Refused(_("模板里不能有宏、嵌入的对象或外部链接的内容。"), code="active")


def fetches(relations: bytes) -> bool:
    """Whether something other than a link stands outside of the file."""
    pieces = relations.split(b"<Relationship ")
    return any(b'"External"' in each and b"/hyperlink" not in each for each in pieces)


def remarks_on(data: bytes) -> list[str]:
    """What of a template that was taken in its reader should know all the same.

    Text boxes float on Word's pages, where the PDF, which is drawn as one column, has no place
    for them.
    """
    if not any(TEXT_BOX in source for source in sources_of(data)):
        return []
    return [_("模板里有文本框：Word 通知书里有其中的内容，PDF 里没有。请改用段落或表格。")]


def sources_of(data: bytes) -> Iterator[str]:
    """Body, heads and foots as the library reads fields out of them."""
    document = DocxTemplate(io.BytesIO(data))
    document.init_docx()
    yield document.patch_xml(document.get_xml())
    for place in (document.HEADER_URI, document.FOOTER_URI):
        for _key, part in document.get_headers_footers(place):
            yield document.patch_xml(part.blob.decode())


def problems_of(tree: nodes.Template, kind: str, language: str) -> Iterator[str]:
    if any(not isinstance(node, ALLOWED) for node in tree.find_all(nodes.Node)):
        yield _("模板里只能有字段、重复的行和条件。")
        return
    used = find_undeclared_variables(tree)
    asked = {node.attr for node in tree.find_all(nodes.Getattr)}
    if unknown := sorted((used - known(kind)) | (asked - known_of_rows(kind))):
        yield _("没有这些字段：%(names)s。") % {"names": _("、").join(unknown)}
    missing = [name for name in REQUIRED if not {name, NAMES[name]} & used]
    if missing:
        names = _("、").join(called(name, language) for name in missing)
        yield _("缺少字段：%(names)s。通知书要能核对。") % {"names": names}
