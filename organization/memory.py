"""What a large document took of a process's memory is given back to the machine.

A document of twenty thousand rows is millions of small pieces. Once they are free the C library
keeps their places for others, as one that is still in use may lie above them: the process stays as
large as its largest document was, and a machine with several has no room for them.
"""

import ctypes
import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

MUCH = 128 * 2**20  # bytes: more than pages leave behind
PAGE = os.sysconf("SC_PAGE_SIZE")
STATM = Path("/proc/self/statm")
EACH = 10  # pieces, between which garbage is looked for


class Resident:
    """How much the process held when it last gave something back."""

    least = 0


def resident() -> int:
    """Bytes that the process holds; 0 where the system does not tell."""
    try:
        return int(STATM.read_text().split()[1]) * PAGE
    except OSError:
        return 0


def give_back() -> bool:
    """After an answer: whether the process had grown by so much that there was something to do."""
    held = resident()
    if not Resident.least or held < Resident.least:
        Resident.least = held
    if held - Resident.least < MUCH:
        return False
    gc.collect()
    with suppress(AttributeError):  # another C library, which has ways of its own
        ctypes.CDLL(None).malloc_trim(0)
    Resident.least = resident()
    return True


def piece_by_piece(pieces: Iterable) -> Iterator:
    """Each of the pieces that a document is made of, without what was left of those before it.

    Documents of Word are small things in circles around large ones outside of Python, which a web
    process looks for only between answers.
    """
    for number, piece in enumerate(pieces, 1):
        yield piece
        if number % EACH == 0:
            gc.collect(0)
