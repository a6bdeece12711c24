"""Opens an uploaded file without trusting it.

An .xlsx or .docx is a zip of XML parts. Nothing is unpacked to disk, no part is ever whole in
memory, and the number of bytes that all parts together may unfold to is bounded, whatever the
zip's directory claims. Whether rows are values or padding is for those who read the parts.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from .messages import FormRefused

Source = str | Path | bytes | BinaryIO

MEGABYTE = 1024 * 1024
FILE_LIMIT = 20 * MEGABYTE
READ_LIMIT = 48 * MEGABYTE
CHUNK = 64 * 1024
PARTS_LIMIT = 5_000
# Office XML shrinks 5 to 20 times; what shrinks 100 times and is large was made to be a bomb.
BOMB_RATIO = 100
BOMB_SIZE = 8 * MEGABYTE
BOMB_TOTAL = 1024 * MEGABYTE

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_MAGIC = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
XLSX, DOCX = "xlsx", "docx"
MAIN_TYPES = {
    XLSX: re.compile(r"(spreadsheetml\.(sheet|template)|ms-excel\.sheet.*)\.main\+xml$", re.I),
    DOCX: re.compile(r"(wordprocessingml\.(document|template)|ms-word.*)\.main\+xml$", re.I),
}
BINARY_TYPE = re.compile(r"ms-excel\.sheet\.binary", re.I)
MACRO_NAME = re.compile(r"(^|/)(vbaproject[^/]*\.bin$|macrosheets/)", re.I)
MACRO_TYPE = re.compile(r"macroenabled|macrosheet|vbaproject", re.I)
LINK_NAME = re.compile(r"(^|/)externallinks/", re.I)
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class Package:
    """The parts of one workbook, readable as streams within a common budget of bytes."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._left = READ_LIMIT
        self._names = {info.filename.lower(): info for info in archive.infolist()}

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def parse(self, name: str, handler: ContentHandler, sheet: str | None = None) -> None:
        """Feed the part to a SAX handler; `sheet` names it in messages. FormRefused if unsafe."""
        parser = DefusedExpatParser(forbid_dtd=True)
        parser.setContentHandler(handler)
        try:
            for chunk in self._chunks(name, sheet):
                parser.feed(chunk)
            parser.close()
        except DefusedXmlException as error:
            raise FormRefused("xml_entities", sheet) from error
        except (LookupError, ValueError, SAXParseException, *DAMAGE) as error:
            raise FormRefused("damaged", sheet) from error

    def _chunks(self, name: str, sheet: str | None) -> Iterator[bytes]:
        with self._archive.open(self._names[name.lower()]) as part:
            while chunk := part.read(CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise FormRefused("zip_bomb", sheet)
                yield chunk


class PartHandler(ContentHandler):
    """A SAX handler that ignores namespace prefixes, which differ between programs."""

    def startElement(self, name, attrs):
        self.start(name.rpartition(":")[2], attrs)

    def endElement(self, name):
        self.end(name.rpartition(":")[2])

    def start(self, name, attrs):
        """An element begins; `attrs` still have their prefixes."""

    def end(self, name):
        """An element ends."""


class ContentTypes(PartHandler):
    """What the package says its parts are."""

    def __init__(self):
        super().__init__()
        self.types: list[str] = []
        self.main = self.format = ""

    def start(self, name, attrs):
        kind = attrs.get("ContentType", "")
        self.types.append(kind)
        format = next((each for each, main in MAIN_TYPES.items() if main.search(kind)), "")
        if name == "Override" and format:
            self.main, self.format = attrs.get("PartName", "").lstrip("/"), format


@contextmanager
def opened(file: Source) -> Iterator[BinaryIO]:
    """The file as a stream from its beginning; one that was open stays open. FormRefused if it
    is empty or too large.
    """
    stream = _stream(file)
    try:
        size = stream.seek(0, 2)
        if size > FILE_LIMIT:
            raise FormRefused("too_large", limit=FILE_LIMIT // MEGABYTE)
        if not size:
            raise FormRefused("empty_file")
        stream.seek(0)
        yield stream
    finally:
        if stream is not file:
            stream.close()


def _stream(file: Source) -> BinaryIO:
    if isinstance(file, bytes):
        return BytesIO(file)
    if isinstance(file, str | Path):
        return Path(file).open("rb")
    return file


@contextmanager
def open_package(stream: BinaryIO) -> Iterator[tuple[Package, str, str]]:
    """The package, its format (XLSX or DOCX) and the name of its main part.

    Raises FormRefused for what isn't a safe one: passwords, macros, links to other workbooks,
    zips whose directory shows a bomb, anything that is neither workbook nor document.
    """
    with _archive(stream) as archive:
        package = Package(archive)
        yield package, *_main_part(package, archive)


def _archive(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(stream)
    except (ValueError, *DAMAGE) as error:
        raise FormRefused("damaged") from error
    _check_directory(archive.infolist())
    return archive


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise FormRefused("encrypted")
    total = sum(part.file_size for part in parts)
    if len(parts) > PARTS_LIMIT or total > BOMB_TOTAL or any(map(_is_bomb, parts)):
        raise FormRefused("zip_bomb")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > BOMB_SIZE and part.file_size > BOMB_RATIO * part.compress_size


def _main_part(package: Package, archive: zipfile.ZipFile) -> tuple[str, str]:
    if not package.has(CONTENT_TYPES):
        raise FormRefused("not_a_workbook")
    contents = ContentTypes()
    package.parse(CONTENT_TYPES, contents)
    names = archive.namelist()
    if any(map(BINARY_TYPE.search, contents.types)):
        raise FormRefused("not_a_workbook")
    if any(map(MACRO_NAME.search, names)) or any(map(MACRO_TYPE.search, contents.types)):
        raise FormRefused("macros")
    if any(map(LINK_NAME.search, names)):
        raise FormRefused("external_links")
    if not contents.main:
        raise FormRefused("not_a_workbook")
    return contents.format, contents.main
