"""Fingerprints and seals of plain values. Pure: no database, no settings.

A fingerprint is SHA-256 over canonical JSON: anybody can compute it again. A seal is HMAC-SHA-256
over the same: only who has the key can make one, so that whoever changes a row in the database
can't make its seal fit again.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

EMPTY: tuple = (None, "", [], {}, ())


def canonical(value) -> str:
    """The one way to write a value down as JSON: sorted keys, no spaces, exact figures.

    Decimals are texts without trailing zeros, moments are in UTC, whatever zone or number of
    places they came with.
    """
    return CANONICAL.encode(value)


def loaded(text: str):
    """What canonical JSON says, as plain values."""
    return json.loads(text)


def plain(value) -> str:
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


CANONICAL = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain
)


def figure(value: Decimal) -> str:
    """1.50, 1.5 and 15E-1 are the same figure, and so are 0 and -0."""
    return f"{value.normalize():f}" if value else "0"


def compact(values: dict) -> dict:
    """Without what is empty: a column that comes later leaves older seals as they are."""
    return {k: v for k, v in values.items() if v or (v is not False and v not in EMPTY)}


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class UnknownKey(Exception):
    """A seal was made with a key that is not at hand; its name is the argument."""


class Keyring:
    """Keys that seal and check, the newest first: it seals, all of them check."""

    def __init__(self, keys: Sequence[bytes]):
        # begun once: a copy goes on from there in a fraction of the time
        self._keys = {name_of(key): hmac.new(key, digestmod="sha256") for key in keys}
        self.newest = name_of(keys[0])

    def seal(self, *parts) -> str:
        """The seal of these values in this order: the key's name and the digest."""
        return f"{self.newest}.{self._digest(self.newest, parts)}"

    def holds(self, seal: str, *parts) -> bool:
        """Whether it is the seal of these values. Raises UnknownKey."""
        name, _dot, digest = seal.partition(".")
        if name not in self._keys:
            raise UnknownKey(name)
        return hmac.compare_digest(digest, self._digest(name, parts))

    def knows(self, name: str) -> bool:
        """Whether the key of this name is at hand."""
        return name in self._keys

    def mark(self, name: str, *parts) -> str:
        """132 bits of the digest under the key of this name, for lists of many.

        Raises UnknownKey.
        """
        if name not in self._keys:
            raise UnknownKey(name)
        return self._digest(name, parts)[:22]

    def _digest(self, name: str, parts: Sequence) -> str:
        made = self._keys[name].copy()
        made.update(canonical(parts).encode())
        return urlsafe_b64encode(made.digest()).decode().rstrip("=")


def name_of(key: bytes) -> str:
    """What a seal calls its key: says nothing about it."""
    return hashlib.sha256(b"pinzhi: name of a key of seals:" + key).hexdigest()[:8]
