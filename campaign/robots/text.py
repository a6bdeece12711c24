"""What a robot says: a title and lines by person, as markdown or plain, cut to what fits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# What a message in a group would take for more than a letter: links, mentions, tags, emphasis.
HARMLESS = str.maketrans("[]<>*`", "［］＜＞＊｀")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Line:
    text: str
    url: str = ""


@dataclass(frozen=True)
class Block:
    """Whom its lines are for, and the lines."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class GroupText:
    """One message; addresses are whole, `home` is where the rest can be seen."""

    title: str
    home: str
    blocks: tuple[Block, ...] = ()
    left_out: int = 0

    def __len__(self) -> int:
        return sum(len(block.lines) for block in self.blocks)

    def first(self, most: int) -> "GroupText":
        """Only so many of its lines; the last one then says how many more there are."""
        before = [0, *accumulate(len(block.lines) for block in self.blocks)]
        kept = [
            replace(block, lines=block.lines[: most - start])
            for block, start in zip(self.blocks, before, strict=False)
            if start < most
        ]
        return replace(self, blocks=tuple(kept), left_out=max(0, len(self) - most))

    @property
    def end(self) -> Line:
        count = self.left_out
        if not count:
            return Line(_("打开品质提升专项工作"), self.home)
        words = ngettext(
            "还有 %(count)d 项，打开系统查看", "还有 %(count)d 项，打开系统查看", count
        )
        return Line(words % {"count": count}, self.home)


def fitted(
    text: GroupText, make: Callable[[GroupText], Made], limit: int, measure: Callable[[Made], int]
) -> Made:
    """The message with as many lines as the limit allows."""
    whole = make(text)
    if measure(whole) <= limit:
        return whole
    fits, too_many = 0, len(text)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if measure(make(text.first(middle))) <= limit:
            fits = middle
        else:
            too_many = middle
    return make(text.first(fits))


def as_markdown(text: GroupText) -> str:
    parts = [f"**{harmless(text.title)}**"]
    for block in text.blocks:
        heading = [f"**{harmless(block.heading)}**"] if block.heading else []
        parts.append("\n".join([*heading, *(f"- {link(line)}" for line in block.lines)]))
    return "\n\n".join([*parts, link(text.end)])


def link(line: Line) -> str:
    return f"[{harmless(line.text)}]({line.url})" if line.url else harmless(line.text)


def harmless(typed: str) -> str:
    return typed.translate(HARMLESS)


def as_plain(text: GroupText) -> str:
    """Without the title, which the services that take plain text have a place for."""
    parts = []
    for block in text.blocks:
        heading = [block.heading] if block.heading else []
        parts.append("\n".join([*heading, *(f"{line.text}\n{line.url}" for line in block.lines)]))
    return "\n\n".join([*parts, f"{text.end.text}\n{text.end.url}"])


def bytes_of(text: str) -> int:
    return len(text.encode())
