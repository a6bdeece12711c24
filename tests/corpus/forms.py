"""Makes workbooks for tests: forms as people write them, and files that nobody should send."""

import re
import zipfile
from io import BytesIO

import openpyxl

HEADER = ["类别", "项目", "标准及检查内容", "规定分值", "评分", "评分细则"]
SHEET = "评分表"
SHEET_PART = "xl/worksheets/sheet1.xml"
RULE = "每缺一项扣0.5-2分"
ROW_COUNT = 1_048_576


def workbook(rows, *, merges=(), hidden_rows=(), hidden_sheets=(), more=None, sheet=SHEET):
    """A workbook of the rows as they are, from A1 on; `more` are further sheets by name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in {sheet: rows, **(more or {})}.items():
        page = book.create_sheet(name)
        for row in content:
            page.append(row)
        page.sheet_state = "hidden" if name in hidden_sheets else "visible"
    for merge in merges:
        book[sheet].merge_cells(merge)
    for number in hidden_rows:
        book[sheet].row_dimensions[number].hidden = True
    return saved(book)


def saved(book):
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def item(
    name="制度建设", *, section="内部管理", points=5, rule=RULE, text="1.上墙；2.归档", score=None
):
    return [section, name, text, points, score, rule]


def two_items():
    """Two items of 5 points, in rows 3 and 4."""
    return [item("制度建设"), item("会议培训", section=None)]


def form(items=None, *, header=HEADER, title="客户服务评分表", total=10, notes=()):
    """Title in row 1, header in row 2, items from row 3, the sum below them, then notes."""
    rows = [[title], header, *(two_items() if items is None else items)]
    if total is not None:
        rows.append(["合计", None, None, total])
    return [*rows, *([note] for note in notes)]


def repacked(content, *, changed=None, added=None, compression=zipfile.ZIP_DEFLATED):
    """The same zip with parts put through a function, and with others added."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", compression) as new:
        for name in old.namelist():
            change = (changed or {}).get(name, lambda data: data)
            new.writestr(name, change(old.read(name)))
        for name, data in (added or {}).items():
            new.writestr(name, data)
    return stream.getvalue()


def with_cell(content, cell, xml):
    """The workbook with the inside of one cell's element written by hand."""
    pattern = re.compile(rb'<c r="' + cell.encode() + rb'"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
    new = f'<c r="{cell}"{xml[0]}>{xml[1]}</c>'.encode()
    return repacked(content, changed={SHEET_PART: lambda data: pattern.sub(new, data, count=1)})


def calculated(content, cell, formula, value):
    """A formula with the value that it had when the file was saved."""
    return with_cell(content, cell, ("", f"<f>{formula}</f><v>{value}</v>"))


def error_value(content, cell, value="#REF!"):
    return with_cell(content, cell, (' t="e"', f"<v>{value}</v>"))


def with_prefix(data):
    """A sheet as some programs write it: <x:row>, and rows that don't say their number."""
    data = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", data).replace(b" xmlns=", b" xmlns:x=")
    return re.sub(rb'(<x:row) r="\w+"', rb"\1", data)


# files that nobody should send


def with_password():
    """The container that Excel puts an encrypted workbook into."""
    return _container("EncryptedPackage")


def _container(stream):
    name = stream.encode("utf-16-le").ljust(64, b"\0")
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1016) + name + bytes(1024)


def with_macros():
    def as_xlsm(types):
        return types.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    changed = {"[Content_Types].xml": as_xlsm}
    return repacked(workbook(form()), changed=changed, added={"xl/vbaProject.bin": b"macro"})


def with_hidden_macros():
    return repacked(workbook(form()), added={"xl/vbaProject.bin": b"macro"})


def with_external_link():
    link = b"<externalLink/>"
    return repacked(workbook(form()), added={"xl/externalLinks/externalLink1.xml": link})


def zip_bomb(size=200 * 1024 * 1024):
    """A sheet of spaces, a thousand times its size in the zip."""
    return repacked(workbook(form()), changed={SHEET_PART: lambda data: data + b" " * size})


def lying_bomb():
    """A bomb whose directory claims a hundred bytes."""
    content = bytearray(zip_bomb(20 * 1024 * 1024))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        size = archive.getinfo(SHEET_PART).file_size.to_bytes(4, "little")
    return bytes(content).replace(size, (100).to_bytes(4, "little"))


def patient_bomb():
    """Many short cells, which shrink like those of any sheet and unfold beyond every form."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    row = f"<row>{cell * 20}</row>"
    rows = (row.format(*range(20 * number, 20 * number + 20)) for number in range(19_000))
    return with_rows("".join(rows).encode())


def billion_laughs():
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    bomb = f"<?xml version='1.0'?><!DOCTYPE worksheet [{entities}]><worksheet>&a9;</worksheet>"
    return repacked(workbook(form()), changed={SHEET_PART: lambda data: bomb.encode()})


def million_empty_rows():
    """A form, and below it every row that Excel has, formatted and empty."""
    padding = (
        f'<row r="{number}" customFormat="1" s="0"><c r="A{number}" s="0"/></row>'
        for number in range(6, ROW_COUNT + 1)
    )
    return with_rows("".join(padding).encode())


def with_rows(xml):
    def extended(data):
        return data.replace(b"</sheetData>", xml + b"</sheetData>")

    return repacked(workbook(form()), changed={SHEET_PART: extended})


def not_a_table():
    """A zip of Office's that is a letter."""
    content_type = (
        '<Types><Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", content_type)
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


def truncated():
    content = workbook(form())
    return content[: len(content) // 2]


def broken_xml():
    return repacked(workbook(form()), changed={SHEET_PART: lambda data: data[: len(data) // 2]})
