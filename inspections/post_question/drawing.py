"""Which questions are drawn for a post: fair over the bank, from a seed that draws them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SEEDS = 2**31 - 1


@dataclass(frozen=True)
class Choice:
    """A question that may be drawn: how often it was before, and whether on the last visit."""

    question: int
    times: int
    recent: bool


def draw(*, among: Sequence[Choice], number: int, seed: int) -> list[int]:
    """Those drawn least often before the others, those of the last visit only where the bank
    has no more; among equals the seed decides, whatever order they come in.
    """
    rng = Random(seed)  # noqa: S311 - an order, no secret
    lots = {each.question: rng.random() for each in sorted(among, key=lambda c: c.question)}
    order = sorted(among, key=lambda c: (c.recent, c.times, lots[c.question]))
    return [each.question for each in order[:number]]
