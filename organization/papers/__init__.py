"""A document as plain blocks, set as PDF and as Word by the same words.

Whoever has something to hand in says what stands in it; how it looks is decided here.
"""

from organization.papers.blocks import (
    Facts,
    Heading,
    Paper,
    Picture,
    Pictures,
    Signatures,
    Table,
    Text,
)
from organization.papers.formats import FORMATS
from organization.papers.pdf import as_pdf
from organization.papers.word import as_word

__all__ = [
    "FORMATS",
    "Facts",
    "Heading",
    "Paper",
    "Picture",
    "Pictures",
    "Signatures",
    "Table",
    "Text",
    "as_pdf",
    "as_word",
]
