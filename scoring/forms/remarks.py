"""What an item's remarks may settle: photos with every deduction, critical requirements.

`remark_words` writes it, `read_remarks` reads it back; any other words are only remarks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .wording import folded

# No remark that settles something is longer; keeps the reading of any text short.
LONGEST = 2_000
PHOTO = "扣分须拍照"
ZERO, CAP = "zero", "cap"
EFFECTS = {ZERO: "缺失本表零分", CAP: "缺失等级最高为良好"}
PHOTO_WORDS = re.compile(r"扣分(?:时)?(?:必须|应当|须|需|要|应)(?:附|有)?(?:现场)?(?:拍照|照片)")
NUMBERS = r"第?(\d{1,3}(?:[、,-]第?\d{1,3})*)[条项]"
EFFECT_WORDS = {
    ZERO: r"(?:缺失|缺少|不符合|缺)?(?:的|则|时|,)*(?:本表|全表|整表)(?:得|计|记|为)?(?:零|0)分",
    CAP: r"(?:缺失|缺少|不符合|缺)?(?:的|则|时|,)*等级最高(?:为|是)?良好",
}
CRITICAL = {
    effect: re.compile(rf"关键项:?{NUMBERS}(?:{words})") for effect, words in EFFECT_WORDS.items()
}


@dataclass(frozen=True)
class Remarks:
    """What remarks settle; `critical` is requirement number → "zero" or "cap"."""

    photo_required: bool
    critical: dict[int, str]

    def marks(self, count: int) -> tuple[str, ...]:
        """For each of `count` requirements whether it is critical; empty where none is."""
        marks = tuple(self.critical.get(number, "") for number in range(1, count + 1))
        return marks if any(marks) else ()


def read_remarks(text: str) -> Remarks:
    """What the remarks of an item settle."""
    words = folded(text[:LONGEST])
    critical = {
        number: effect
        for effect in (CAP, ZERO)
        for match in CRITICAL[effect].finditer(words)
        for number in _numbers(match[1])
    }
    return Remarks(bool(PHOTO_WORDS.search(words)), critical)


def remark_words(photo_required: bool, critical: Sequence[str]) -> str:
    """The remarks that settle this; `critical` says of each requirement "", "zero" or "cap"."""
    parts = [PHOTO] if photo_required else []
    for effect, words in EFFECTS.items():
        numbers = [str(n) for n, mark in enumerate(critical, start=1) if mark == effect]
        if numbers:
            parts.append(f"关键项：第{'、'.join(numbers)}条{words}")
    return "；".join(parts)


def _numbers(words: str) -> list[int]:
    """第1、3-5条 → 1, 3, 4, 5."""
    found: list[int] = []
    for part in re.split("[、,]", words.replace("第", "")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
