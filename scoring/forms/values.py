"""What stands in a cell as a plain value: text, an exact figure, or nothing."""

import math
import re
from decimal import Decimal

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# 007, 1. and 1e5 are texts that people wrote.
FIGURE = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")


def clean(text: str) -> str:
    """Text without control characters and space around it."""
    if text.isprintable():
        return text.strip()
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def unescaped(text: str) -> str:
    """Text of an .xlsx, without the escapes in which it writes what XML can't."""
    text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
    return clean(text)


def number(raw: str) -> str | Decimal | None:
    """The figure that Excel shows: 15 digits, so that 0.1+0.2 is 0.3. Text if it is none."""
    raw = raw.strip()
    try:
        value = float(raw)
    except ValueError:
        return unescaped(raw) or None
    return Decimal(f"{value:.15g}") if math.isfinite(value) else raw


def typed(text: str) -> str | Decimal | None:
    """What Excel would make of a text that is typed in: a figure, a text, nothing."""
    text = clean(text)
    return Decimal(text) if FIGURE.fullmatch(text) else text or None
