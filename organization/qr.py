"""QR codes: an address on paper that a phone opens."""

import io
from functools import lru_cache

import segno


@lru_cache(maxsize=64)
def qr_svg(address: str) -> str:
    """The address as an SVG picture in a data URI, with the quiet zone around it."""
    return code(address).svg_data_uri(border=4, scale=4)


def qr_png(address: str) -> bytes:
    """The same as a PNG, for workbooks."""
    out = io.BytesIO()
    code(address).save(out, kind="png", border=4, scale=4)
    return out.getvalue()


def code(address: str):
    return segno.make(address, error="m", micro=False)
