"""What a document is made of: plain values, no looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models.fields.files import FieldFile


@dataclass(frozen=True)
class Heading:
    """`level` 1 is a chapter, 2 a part of one."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """Paragraphs, one a line; `quiet` is small print."""

    text: str
    quiet: bool = False

    @property
    def lines(self) -> list[str]:
        return [line for line in str(self.text).splitlines() if line.strip()]


@dataclass(frozen=True)
class Facts:
    """Words and what they are: [("项目", "锦澜府"), …]."""

    rows: Sequence[tuple[str, object]]


@dataclass(frozen=True)
class Table:
    """`widths` are parts of the line's width (say 1, 4, 2); `right` the columns of figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    widths: Sequence[int] = ()
    right: frozenset[int] = frozenset()

    @property
    def parts(self) -> list[int]:
        """Each column's share of the width, in whole percent."""
        widths = self.widths or [1] * len(self.head)
        return [round(100 * width / sum(widths)) for width in widths]

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """Cells as text, and whether they stand to the right."""
        return [
            [(text_of(cell), at in self.right) for at, cell in enumerate(row)] for row in self.rows
        ]


@dataclass(frozen=True)
class Picture:
    """A stored picture and what it shows; one that is lost leaves its caption."""

    file: FieldFile | Path
    caption: str = ""

    @property
    def data(self) -> bytes | None:
        """The picture's bytes; None where the file is gone."""
        try:
            if isinstance(self.file, Path):
                return self.file.read_bytes()
            with self.file.storage.open(self.file.name) as stored:
                return stored.read()
        except OSError:
            return None


@dataclass(frozen=True)
class Pictures:
    """Side by side, two in a line: before and after."""

    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Signatures:
    """Places to sign, each under its word."""

    words: Sequence[str]


Block = Heading | Text | Facts | Table | Pictures | Signatures


@dataclass(frozen=True)
class Paper:
    """`foot` stands on every page beside the page's number."""

    title: str
    blocks: Sequence[Block]
    subtitle: str = ""
    foot: str = ""
    landscape: bool = False


def text_of(cell: object) -> str:
    return "" if cell is None else str(cell)
