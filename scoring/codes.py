"""Codes of items: an item keeps its own across versions, a new one takes the next number."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from scoring.forms import Item
from scoring.forms.wording import folded

NUMBER = re.compile(r"(\d+)$")
ALIKE = 0.8
# Comparing texts takes its time: of very many new items in one import most are told by their
# words alone, and the rest gets new codes.
MOST_PAIRS = 10_000

Pairs = Iterator[tuple[int, str]]  # an item's place, a former item's code
Texts = Callable[[str, Sequence[str]], tuple[str, str]]


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

    An item of the same section and name (or standard, where a form has no names) keeps its code.
    Of what is left, an item whose standard or requirements are nearly the same in its section
    was renamed, one of the same name and content in another section was moved, and one of the
    same name in a new section, where its former one is gone, is in a renamed section: they keep
    theirs too. A new one takes a number that no published item ever had.
    """
    items = list(items)
    kept = _kept(items, former)
    used = {*kept.values(), *(each.code for each in former if each.published)}
    fresh = _fresh(prefix_of(specialty), max(map(_number, used), default=0), len(items))
    return [replace(item, code=kept.get(place) or next(fresh)) for place, item in enumerate(items)]


def _kept(items: Sequence[Item], former: Sequence[Former]) -> dict[int, str]:
    """The items' places → the codes of their former selves, each given away once."""
    kept: dict[int, str] = {}
    for match, clue_of in MATCHES.items():
        taken = set(kept.values())
        left = [each for each in former if each.code not in taken]
        new = {place: item for place, item in enumerate(items) if place not in kept}
        if not left or not new:
            break
        clue = clue_of(items, former)
        for place, code in match(new, left, clue):
            if place not in kept and code not in taken:
                kept[place] = code
                taken.add(code)
    return kept


def _same_words(items: Mapping[int, Item], former: Iterable[Former], _clue: None) -> Pairs:
    known = {}
    for each in former:
        for text in reversed(_names(each)):
            known[folded(each.section), text] = each.code
    for place, item in items.items():
        for text in _names(item):
            if code := known.get((folded(item.section), text)):
                yield place, code


def _alike(items: Mapping[int, Item], former: Iterable[Former], telling: Texts) -> Pairs:
    """Pairs within a section, the most alike first; of an item's versions the last counts."""
    sections = defaultdict(list)
    for each in _last(former):
        sections[folded(each.section)].append((each.code, telling(each.standard, each.lines)))
    found, pairs = [], 0
    for place, item in items.items():
        texts = telling(item.standard, item.requirements)
        for code, others in sections[folded(item.section)]:
            pairs += 1
            if pairs <= MOST_PAIRS and (likeness := _likeness(texts, others)):
                found.append((-likeness, place, code))
    return ((place, code) for _less, place, code in sorted(found))


def _elsewhere(items: Mapping[int, Item], former: Iterable[Former], telling: Texts) -> Pairs:
    """Pairs of the same name and content, whatever their section is."""
    known = {}
    for each in _last(former):
        texts = telling(each.standard, each.lines)
        if any(texts):
            known |= {(name, texts): each.code for name in _names(each)}
    for place, item in items.items():
        texts = telling(item.standard, item.requirements)
        for name in _names(item):
            if code := known.get((name, texts)):
                yield place, code


def _in_renamed_section(
    items: Mapping[int, Item], former: Iterable[Former], clue: tuple[set[str], set[str]]
) -> Pairs:
    """Pairs of a name that nothing else has, of a section that is gone and one that is new."""
    stayed, common = clue
    known = {
        name: each.code
        for each in former if folded(each.section) not in stayed
        for name in _names(each)
    }  # fmt: skip
    for place, item in items.items():
        for name in _names(item):
            if folded(item.section) not in stayed and name in known and name not in common:
                yield place, known[name]


def _sections_and_names(
    items: Sequence[Item], former: Iterable[Former]
) -> tuple[set[str], set[str]]:
    """The sections that there were and still are, and the names that several items have."""
    old = [*_last(former)]
    stayed = {folded(each.section) for each in items} & {folded(each.section) for each in old}
    counts = [Counter(name for each in side for name in {*_names(each)}) for side in (items, old)]
    return stayed, {name for count in counts for name, times in count.items() if times > 1}


def _names(item: Item | Former) -> list[str]:
    """What an item is called: its name, and its standard, which names it in a form without."""
    return [folded(text) for text in (item.name, item.standard) if text]


def _last(former: Iterable[Former]) -> Iterable[Former]:
    return {each.code: each for each in former}.values()


def _telling(items: Iterable[Item], former: Iterable[Former]) -> Texts:
    """How an item's standard and requirements are compared: without those that several items
    have in common, which tell nothing about which is which.
    """
    new = [_texts(item.standard, item.requirements) for item in items]
    old = [_texts(each.standard, each.lines) for each in _last(former)]
    counts = [Counter(text for pair in side for text in pair) for side in (new, old)]
    common = {text for count in counts for text, times in count.items() if times > 1}

    def telling(standard: str, lines: Sequence[str]) -> tuple[str, str]:
        own, listed = _texts(standard, lines)
        return "" if own in common else own, "" if listed in common else listed

    return telling


def _texts(standard: str, lines: Sequence[str]) -> tuple[str, str]:
    return folded(standard), "\n".join(map(folded, lines))


def _likeness(texts: tuple[str, str], others: tuple[str, str]) -> float:
    """How much alike the standards or the requirements are; 0 for what is not enough."""
    return max(map(_ratio, texts, others))


def _ratio(one: str, other: str) -> float:
    if not one or not other:
        return 0
    if one == other:
        return 1
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # the cheap upper bounds first
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return matcher.ratio() if all(bound() >= ALIKE for bound in bounds) else 0


# How former selves are found, the surest way first, and what each way has to know of all items.
MATCHES = {
    _same_words: lambda *_all: None,
    _alike: _telling,
    _elsewhere: _telling,
    _in_renamed_section: _sections_and_names,
}


def _number(code: str) -> int:
    match = NUMBER.search(code)
    return int(match[1]) if match else 0


def _fresh(prefix: str, last: int, count: int):
    width = max(2, len(str(last + count)))
    return (f"{prefix}{last + n:0{width}}" for n in range(1, count + 1))
