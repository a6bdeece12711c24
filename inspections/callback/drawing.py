"""In which order customers are called: follows from their list and a seed, and nobody chooses."""

import hashlib
from collections.abc import Iterable
from fractions import Fraction

# A customer's number in the project's list, the kind, and whether the last call-back called it.
Place = tuple[int, str, bool]


def drawn(frame: Iterable[Place], seed: str) -> list[Place]:
    """The whole list in the order in which it is called, whatever order it comes in.

    Those whom the last visit called come after all others. Of each kind the order is that of
    SHA-256 over seed and number, which anybody can do again; kinds are interleaved so that every
    beginning of the order has them in proportion, as near as whole people allow.
    """
    frame = list(frame)
    return [
        place
        for asked in (False, True)
        for place in interleaved([each for each in frame if each[2] is asked], seed)
    ]


def interleaved(frame: list[Place], seed: str) -> list[Place]:
    by_kind: dict[str, list[Place]] = {}
    for place in frame:
        by_kind.setdefault(place[1], []).append(place)
    turns = []
    for kind, places in by_kind.items():
        places.sort(key=lambda place: lot(seed, place[0]))
        size = 2 * len(places)
        turns += [
            (Fraction(2 * n + 1, size), -len(places), kind, place) for n, place in enumerate(places)
        ]
    return [place for *_turn, place in sorted(turns)]


def lot(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
