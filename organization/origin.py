"""From where a change comes. Pure: no database, no settings.

Whoever lets people and programs in says so once (middleware, the scheduler's tasks, manage.py);
`organization.history` puts it on record, so that no domain function has to hand it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Origin:
    """`way` is page, api, admin, command or task; `via` which token, device, command or task.

    `address` is the network address of whoever asked, None where nobody did.
    """

    way: str = ""
    via: str = ""
    address: str | None = None


VIA_LENGTH = 80
NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def origin() -> Origin:
    return _current.get()


@contextmanager
def coming_from(way: str, *, via: str = "", address: str | None = None) -> Iterator[None]:
    """Whatever is put on record inside comes from there."""
    token = _current.set(Origin(way, via[:VIA_LENGTH], address))
    try:
        yield
    finally:
        _current.reset(token)


def note_origin(*, way: str = "", via: str = "") -> None:
    """What turns out on the way: it is the API, by this token, from this device."""
    known = _current.get()
    named = " · ".join(filter(None, (known.via, via)))
    _current.set(replace(known, way=way or known.way, via=named[:VIA_LENGTH]))
