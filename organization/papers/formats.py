"""What a document can be had as: how it is made, the ending of its name, what it is."""

from collections.abc import Callable
from dataclasses import dataclass

from organization.files import WORD
from organization.papers.blocks import Paper
from organization.papers.pdf import as_pdf
from organization.papers.word import as_word


@dataclass(frozen=True)
class Format:
    make: Callable[[Paper], bytes]
    ending: str
    mime: str


FORMATS = {
    "pdf": Format(as_pdf, "pdf", "application/pdf"),
    "word": Format(as_word, "docx", WORD),
}
