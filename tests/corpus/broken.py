"""Files that must not come in: each with the reason, and the place where it is wrong."""

import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from tests.corpus import forms
from tests.corpus.formats import PART, docx, paragraph, table, text, xls
from tests.corpus.forms import SHEET, SHEET_PART, form, item, repacked, workbook

PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(range(256)) * 8
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
ENTRY = 128  # bytes of an entry in the directory of an OLE container
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Broken:
    """A file, and what has to be said of it: code, sheet, cell."""

    name: str
    file: str
    make: Callable[[], bytes]
    code: str
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return self.name


def cells(name, code, cell, *items, kind="xlsx", **more) -> Broken:
    """A form with something wrong in one cell; items stand from row 3 on."""
    rows = form(list(items) or None, **more)
    makers = {"xlsx": lambda: workbook(rows), "xls": lambda: xls(rows), "csv": lambda: text(rows)}
    sheet = "form" if kind == "csv" else SHEET
    return Broken(name, f"form.{kind}", makers[kind], code, sheet, cell)


# .xls


def ole(change: Callable[[bytearray], None], rows=None) -> bytes:
    content = bytearray(xls(rows or form()))
    change(content)
    return bytes(content)


def directory(content: bytearray) -> int:
    """Where the container's directory begins."""
    return content.index("Root Entry".encode("utf-16-le"))


def name_entry(content: bytearray, index: int, name: str, kind: int) -> None:
    at = directory(content) + index * ENTRY
    words = name.encode("utf-16-le")
    content[at : at + 64] = words.ljust(64, b"\0")
    struct.pack_into("<HB", content, at + 64, len(words) + 2, kind)


def records_of(content: bytes, wanted: int) -> list[int]:
    """Where the workbook's records of a kind begin; xlwt writes its stream at once."""
    at, found = 512, []
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        found += [at] if kind == wanted else []
        if kind == 0 and length == 0:
            break
        at += 4 + length
    return found


def retyped_sheet(content: bytearray) -> None:
    """The sheet called a sheet of Excel 4's macros."""
    [at] = records_of(content, 0x85)
    content[at + 9] = 1


def turned_into(wanted: int, kind: int, head: bytes) -> Callable[[bytearray], None]:
    """The first record of a kind becomes one of another."""

    def change(content: bytearray) -> None:
        at = records_of(content, wanted)[0]
        struct.pack_into("<H", content, at, kind)
        content[at + 4 : at + 4 + len(head)] = head

    return change


def noise(content: bytearray) -> None:
    """Bytes of the workbook's records lost and replaced."""
    [begin, *_] = records_of(content, 0x85)
    content[begin : begin + 400] = random.Random(3).randbytes(400)


def old_with_formats() -> bytes:
    """Every row that the old format has, formatted and empty."""
    return xls([*form(), *[[""]] * 30_000])


def old_with_cells() -> bytes:
    return xls([[1] * 200] * 600)


# .xlsx


def encrypted_part() -> bytes:
    """A zip whose parts have a password."""
    content = bytearray(workbook(form()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def binary_workbook() -> bytes:
    def as_xlsb(types):
        return types.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        )

    return repacked(workbook(form()), changed={"[Content_Types].xml": as_xlsb})


def shared_text() -> bytes:
    """One long text that all cells share."""
    cell = '<c t="s"><v>0</v></c>'
    rows = f"<row>{cell * 6}</row>" * 2_000
    link = '<Relationship Id="texts" Type="/sharedStrings" Target="sharedStrings.xml"/>'
    changed = {
        SHEET_PART: lambda data: data.replace(b"</sheetData>", f"{rows}</sheetData>".encode()),
        "xl/_rels/workbook.xml.rels": lambda data: data.replace(
            b"</Relationships>", f"{link}</Relationships>".encode()
        ),
    }
    added = {"xl/sharedStrings.xml": f"<sst><si><t>{'x' * 32_000}</t></si></sst>"}
    return repacked(workbook([["x"]]), changed=changed, added=added)


def endless_text() -> bytes:
    """As much text in a cell as any zip may hold, not shrinking like a bomb."""
    return forms.with_rows(f'<row><c t="inlineStr"><is><t>{endless()}</t></is></c></row>'.encode())


def endless_words() -> bytes:
    return docx(table([[f"<w:p><w:r><w:t>{endless()}</w:t></w:r></w:p>"]]))


def endless() -> str:
    return random.Random(4).randbytes(6 * MEGABYTE).hex()


def long_text() -> bytes:
    return text(form([item(text="长" * 33_000)]))


def too_many_rows() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(6, 20_010))
    return forms.with_rows(rows.encode())


def too_large() -> bytes:
    return b"PK\x03\x04" + bytes(21 * MEGABYTE)


# .docx


def word_bomb() -> bytes:
    return repacked(docx(table(form())), changed={PART: lambda data: data + b" " * 200 * MEGABYTE})


def patient_word_bomb() -> bytes:
    """Cells without end, each of them short."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>" * 40
    rows = (cell.format(*range(40 * n, 40 * n + 40)) for n in range(2_501))
    return docx("<w:tbl>", *(f"<w:tr>{row}</w:tr>" for row in rows), "</w:tbl>")


def laughing_document() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE d [<!ENTITY a0 "ha">{entities}]><d>&a9;</d>'
    return repacked(docx(table(form())), changed={PART: lambda data: bomb.encode()})


def slides() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return docx(main=kind)


def other_zip() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("form.csv", text(form()))
    return stream.getvalue()


BROKEN = [
    # no table at all
    Broken("empty file", "form.xlsx", lambda: b"", "empty_file"),
    Broken("text called a workbook", "form.xlsx", lambda: b"hello\n" * 9, "not_a_workbook"),
    Broken("picture called a workbook", "form.xlsx", lambda: PICTURE, "not_a_workbook"),
    Broken("page of the web", "form.xls", lambda: b"<html><td>a, b</td></html>", "not_a_workbook"),
    Broken("zip of something else", "form.xlsx", other_zip, "not_a_workbook"),
    Broken("slides", "form.docx", slides, "not_a_workbook"),
    Broken("binary workbook", "form.xlsb", binary_workbook, "not_a_workbook"),
    Broken("letter", "form.docx", lambda: docx(paragraph("你好")), "no_word_table"),
    Broken("workbook with nothing in it", "form.xlsx", lambda: workbook([]), "no_table"),
    Broken("too large", "form.xlsx", too_large, "too_large"),
    # damaged
    Broken("zip cut off", "form.xlsx", forms.truncated, "damaged"),
    Broken("sheet cut off", "form.xlsx", forms.broken_xml, "damaged", SHEET),
    Broken("old workbook cut off", "form.xls", lambda: xls(form())[:2000], "damaged"),
    Broken("old workbook with noise", "form.xls", lambda: ole(noise), "damaged"),
    Broken("zeros in text", "form.csv", lambda: text(form()) + bytes(9), "not_a_workbook"),
    Broken("bytes of no encoding", "form.csv", lambda: b"\xff\xff,\xff\n" * 9, "not_a_workbook"),
    Broken("quotes that never close", "form.csv", lambda: b'a,b\n"c,d\ne,f\n', "quotes_open",
           "form", "A2"),
    # locked
    Broken("password", "form.xlsx", forms.with_password, "encrypted"),
    Broken("password of the zip", "form.xlsx", encrypted_part, "encrypted"),
    Broken("password of an old workbook", "form.xls",
           lambda: ole(turned_into(0x42, 0x2F, b"")), "encrypted"),
    # more than a table
    Broken("macros", "form.xlsm", forms.with_macros, "macros"),
    Broken("macros in hiding", "form.xlsx", forms.with_hidden_macros, "macros"),
    Broken("macros in an old workbook", "form.xls",
           lambda: ole(lambda c: name_entry(c, 2, "_VBA_PROJECT_CUR", 1)), "macros"),
    Broken("macro sheet", "form.xls", lambda: ole(retyped_sheet), "macros"),
    Broken("macros in a document", "form.docm",
           lambda: docx(table(form()), main=MACRO_WORD), "macros"),
    Broken("links to other files", "form.xlsx", forms.with_external_link, "external_links"),
    Broken("links in an old workbook", "form.xls",
           lambda: ole(turned_into(0x42, 0x1AE, b"")), "external_links"),
    Broken("old document", "form.doc",
           lambda: ole(lambda c: name_entry(c, 1, "WordDocument", 2)), "old_format"),
    # made to exhaust
    Broken("bomb", "form.xlsx", forms.zip_bomb, "zip_bomb"),
    Broken("bomb that lies", "form.xlsx", forms.lying_bomb, "damaged", SHEET),
    Broken("patient bomb", "form.xlsx", forms.patient_bomb, "too_much", SHEET, "C5005"),
    Broken("text shared by all cells", "form.xlsx", shared_text, "too_much", SHEET, "A28"),
    Broken("one text without end", "form.xlsx", endless_text, "too_much"),
    Broken("one text without end in a document", "form.docx", endless_words, "too_much"),
    Broken("one line without end", "form.csv", lambda: b"a,b\n" + b"a" * 19 * MEGABYTE,
           "too_much", "form"),
    Broken("old workbook too large", "form.xls",
           lambda: ole(lambda c: c.extend(bytes(7 * MEGABYTE))), "too_large"),
    Broken("billion laughs", "form.xlsx", forms.billion_laughs, "xml_entities", SHEET),
    Broken("a million empty rows", "form.xlsx", forms.million_empty_rows, "empty_rows", SHEET,
           "A6"),
    Broken("empty rows in an old workbook", "form.xls", old_with_formats, "empty_rows", SHEET,
           "A6"),
    Broken("cells in an old workbook", "form.xls", old_with_cells, "too_much", SHEET),
    Broken("too many rows", "form.xlsx", too_many_rows, "too_many_rows", SHEET, "A20001"),
    Broken("text too long", "form.csv", long_text, "text_too_long", "form", "C3"),
    Broken("bomb in a document", "form.docx", word_bomb, "zip_bomb"),
    Broken("patient bomb in a document", "form.docx", patient_word_bomb, "too_much", "表 1",
           "A2501"),
    Broken("billion laughs in a document", "form.docx", laughing_document, "xml_entities"),
    # the header
    Broken("no header", "form.xlsx", lambda: workbook([["a"], ["b", 5]]), "no_header", SHEET, "A1"),
    cells("no points column", "no_points_column", "A2",
          header=[*forms.HEADER[:3], "", *forms.HEADER[4:]]),
    Broken("merge over the header", "form.xlsx",
           lambda: workbook(form(), merges=["D2:D3"]), "merged_over_header", SHEET, "D2"),
    Broken("merge over the header of an old workbook", "form.xls",
           lambda: xls(form([["", "甲", "乙", 5]]), merges=["A1:A3"]), "merged_over_header", SHEET,
           "A1"),
    Broken("several tables", "form.docx",
           lambda: docx(table(form()), table(form())), "several_tables"),
    # single cells
    cells("points negative", "points_negative", "D3", item(points=-5), total=None),
    cells("points negative as text", "points_negative", "D3", item(points=-5), total=None,
          kind="csv"),
    cells("points not a number", "points_not_a_number", "D3", item(points="五分"), total=None),
    cells("points not calculated", "formula", "D3", item(points="=2+3"), total=None),
    cells("points not calculated, old", "formula", "D3", item(points="=2+3"), total=None,
          kind="xls"),
    cells("rule not calculated", "formula", "F3", item(rule='="每缺一项"&"扣1分"'), total=None),
    cells("name not calculated", "formula", "B3", item('="制度"&"建设"'), total=None),
    cells("total not calculated", "formula", "D5", total="=SUM(D3:D4)"),
    Broken("error value", "form.xlsx",
           lambda: forms.error_value(workbook(form()), "D3"), "error_cell", SHEET, "D3"),
    cells("range upside down", "range_upside_down", "F3", item(rule="每缺一项扣2-0.5分"),
          total=None),
    cells("range above the points", "range_over_points", "F3", item(points=1), total=None),
    cells("the same item twice", "duplicate_item", "B4", item("甲"), item("甲", section=None)),
    cells("total off by a tenth", "total_differs", "D5", total=10.1),
    cells("total off in an old workbook", "total_differs", "D5", total=10.1, kind="xls"),
    cells("subtotal wrong", "subtotal_differs", "D5", *forms.two_items(), ["小计", None, None, 9]),
    cells("nothing below the header", "no_items", "A2", [], total=None),
]  # fmt: skip
