"""Reads tables saved as text (.csv), whatever separates the cells and however they are encoded."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import PurePath
from typing import BinaryIO

from .cells import Cell, Row, Table, address
from .limits import Allowance
from .messages import FormRefused
from .values import typed

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Nearly any bytes are GB18030, so it comes last, and text has no control characters.
GUESSES = ("utf-8", "gb18030")
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
CHUNK = 64 * 1024
SEPARATORS = ",;\t"
SAMPLE_ROWS = 200
# A line is at most a row; whatever is longer is not read to its end.
LINE_LIMIT = 500_000
LONGEST_NAME = 60
UNNAMED = "CSV"


def read_separated(stream: BinaryIO, name: str = "") -> list[Table]:
    """The one table of a text, named after the file; FormRefused for what is no such text."""
    encoding = _encoding(stream)
    stream.seek(0)
    text = TextIOWrapper(stream, encoding, newline="")
    try:
        separator = _separator(text)
        sheet = PurePath(name).stem[:LONGEST_NAME] or UNNAMED
        return [Table(sheet, list(_rows(text, separator, sheet)))]
    finally:
        text.detach()  # or it would close the file, which is not ours


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(4)
    marked = [encoding for mark, encoding in MARKS if head.startswith(mark)]
    found = next((each for each in marked or GUESSES if _is_text(stream, each)), None)
    if found is None:
        raise FormRefused("not_a_workbook")
    return found


def _is_text(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(CHUNK):
            if NO_TEXT.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _separator(text: TextIOWrapper) -> str:
    """What cuts the first rows into cells most evenly; pages of the web are no tables."""
    sample = text.read(CHUNK).splitlines(keepends=True)[:SAMPLE_ROWS]
    text.seek(0)
    if sample and sample[0].startswith("sep="):
        return sample[0][4:5]
    scores = {separator: _evenness(sample, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if not scores[best] or sample[0].lstrip().startswith("<"):
        raise FormRefused("not_a_workbook")
    return best


def _evenness(sample: list[str], separator: str) -> int:
    """How many cells stand in rows of the width that most rows have."""
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator))
    except csv.Error:
        return 0
    return max((width * rows for width, rows in widths.items() if width > 1), default=0)


def _rows(text: TextIOWrapper, separator: str, sheet: str) -> Iterator[Row]:
    allowance = Allowance()
    for number, values in enumerate(_records(text, separator, sheet), start=1):
        cells = (
            allowance.cell(sheet, Cell(number, column, value))
            for column, text in enumerate(values, start=1)
            if (value := typed(text)) is not None
        )
        row = Row(number, {cell.column: cell for cell in cells})
        if allowance.row(sheet, row):
            yield row


def _records(text: TextIOWrapper, separator: str, sheet: str) -> Iterator[list[str]]:
    """The rows as texts; one whose quotes don't match would swallow those below it."""
    reader = csv.reader(_lines(text, sheet), delimiter=separator, strict=True)
    done = 0
    try:
        for done, record in enumerate(reader, start=1):
            # for Excel itself, which writes and reads this line
            yield [] if done == 1 and "".join(record).startswith("sep=") else record
    except csv.Error as error:
        raise FormRefused("quotes_open", sheet, address(done + 1, 1)) from error


def _lines(text: TextIOWrapper, sheet: str) -> Iterator[str]:
    while line := text.readline(LINE_LIMIT):
        if len(line) == LINE_LIMIT:
            raise FormRefused("too_much", sheet)
        yield line
