"""What a PDF shows: its words, its pages as pictures, the codes on them."""

import pypdfium2
import zxingcpp

SCALE = 3  # about 216 dots an inch


def pages(data: bytes) -> list:
    return list(pypdfium2.PdfDocument(data))


def words(data: bytes) -> list[str]:
    """Each page's text."""
    return [page.get_textpage().get_text_bounded() for page in pages(data)]


def codes(data: bytes) -> list[str]:
    """What a phone reads off the first page."""
    picture = pages(data)[0].render(scale=SCALE).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(picture)]
