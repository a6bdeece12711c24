"""Which questions a paper has and in what order, from a seed: the same seed, the same paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

SEEDS = 2**31 - 1


@dataclass(frozen=True)
class Drawn:
    """A question on a paper; `order` are its options' places in the bank as they are shown."""

    question: int
    order: tuple[int, ...]


def draw(
    *,
    chosen: Sequence[int],
    pools: Mapping[str, Sequence[int]],
    numbers: Mapping[str, int],
    options: Mapping[int, int],
    shuffled: bool,
    seed: int,
) -> list[Drawn]:
    """The questions chosen by hand, and of each topic's pool as many at random as it says.

    `options` says how many each question has (those of a truth question stay in their order: it
    says 0). A pool that has become too small gives what it has.
    """
    rng = Random(seed)  # noqa: S311 - an order, no secret
    paper = list(dict.fromkeys(chosen))
    for topic in sorted(numbers):
        pool = sorted(set(pools.get(topic, ())) - set(paper))
        paper += rng.sample(pool, min(numbers[topic], len(pool)))
    if shuffled:
        rng.shuffle(paper)
    return [Drawn(each, order_of(options[each], shuffled, rng)) for each in paper]


def order_of(number: int, shuffled: bool, rng: Random) -> tuple[int, ...]:
    places = list(range(number))
    if shuffled:
        rng.shuffle(places)
    return tuple(places)
