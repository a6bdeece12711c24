"""Rows of Word tables by the ten thousand, which are written as text.

As elements of the library thirty thousand names hold 800 MB of the process while the document is
made. So a table has one row that stands for all of them, its cells marked, and the rows take its
place in the saved file, with the look that the library gave it.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import chain
from uuid import uuid4

MARK = f"rows-{uuid4().hex}"  # nobody who writes a text knows it
BODY = "word/document.xml"
MARKED = re.compile(f"<w:t>{MARK}</w:t>".encode())
ROW, ROW_ENDS = re.compile(rb"<w:tr[ >]"), b"</w:tr>"
BREAKS = {"\t": "<w:tab/>", "\n": "<w:br/>"}

Lines = Sequence[Sequence[str]]


def with_rows(saved: bytes, tables: Iterable[Lines], clean: Callable[[object], str]) -> bytes:
    """The file with the rows of each table that has a marked row, in their order; `clean` makes a
    cell's value a text that XML can hold.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for part in read.infolist():
            data = read.read(part)
            if part.filename != BODY:
                written.writestr(part, data)
                continue
            with written.open(BODY, "w") as body:
                for piece in pieces(data, tables, clean):
                    body.write(piece)
    return out.getvalue()


def pieces(data: bytes, tables: Iterable[Lines], clean) -> Iterator[bytes]:
    done, coming = 0, iter(tables)
    while found := MARKED.search(data, done):
        *_before, begins = (row.start() for row in ROW.finditer(data, done, found.start()))
        ends = data.index(ROW_ENDS, found.start()) + len(ROW_ENDS)
        yield data[done:begins]
        *around, last = (part.decode() for part in MARKED.split(data[begins:ends]))
        for line in next(coming):
            cells = (content(clean(value)) for value in line)
            row = chain.from_iterable(zip(around, cells, strict=True))
            yield f"{''.join(row)}{last}".encode()
        done = ends
    yield data[done:]


def content(text: str) -> str:
    """A run's text as WordprocessingML."""
    parts = re.split("([\t\n])", text)
    return "".join(BREAKS.get(part) or written_out(part) for part in parts if part)


def written_out(text: str) -> str:
    # spaces at the ends are otherwise lost
    keep = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<w:t{keep}>{escape(text, quote=False)}</w:t>"
