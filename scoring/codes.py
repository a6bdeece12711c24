"""Codes of items: an item keeps its own across versions, a new one takes the next number."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.forms import Item
from scoring.forms.wording import folded

NUMBER = re.compile(r"(\d+)$")


def prefix_of(specialty: str) -> str:
    """Initials of a specialty's code, or the first two letters of a single word: CS, FA, OR, EN."""
    words = [word for word in re.split(r"[^a-z0-9]+", specialty.lower()) if word]
    letters = "".join(word[0] for word in words) if len(words) > 1 else specialty[:2]
    return letters[:6].upper()


@dataclass(frozen=True, slots=True)
class Former:
    """An item of an earlier version; a draft's code is free again once the draft is replaced.

    `lines` and `rules` are its requirements and further rules, `english` the English words that
    its texts were given, by the Chinese ones.
    """

    code: str
    section: str
    section_code: str
    name: str
    standard: str
    published: bool
    lines: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    english: Mapping[str, str] = field(default_factory=dict)


def with_codes(items: Iterable[Item], specialty: str, former: Sequence[Former]) -> list[Item]:
    """The items with their codes, given those of all earlier versions, oldest first.

    An item of the same section and name (or standard, where a form has no names) keeps its
    code; a new one takes a number that no published item ever had.
    """
    known, taken = _known(former), set()
    kept = [(item, _kept(item, known, taken)) for item in items]
    used = taken | {each.code for each in former if each.published}
    fresh = _fresh(prefix_of(specialty), max(map(_number, used), default=0), len(kept))
    return [replace(item, code=code or next(fresh)) for item, code in kept]


def _known(former: Iterable[Former]) -> dict[tuple[str, str], str]:
    known = {}
    for each in former:
        for text in filter(None, (each.standard, each.name)):
            known[folded(each.section), folded(text)] = each.code
    return known


def _kept(item: Item, known: dict[tuple[str, str], str], taken: set[str]) -> str | None:
    """The code of the item's former self, given away once."""
    texts = (text for text in (item.name, item.standard) if text)
    codes = (known.get((folded(item.section), folded(text))) for text in texts)
    found = next((code for code in codes if code and code not in taken), None)
    if found:
        taken.add(found)
    return found


def _number(code: str) -> int:
    match = NUMBER.search(code)
    return int(match[1]) if match else 0


def _fresh(prefix: str, last: int, count: int):
    width = max(2, len(str(last + count)))
    return (f"{prefix}{last + n:0{width}}" for n in range(1, count + 1))
