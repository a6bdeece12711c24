"""From observations to a sheet's points, step by step. Pure: the engine's figures, in order.

Nothing is calculated here that the engine calculates: each step holds the engine's own result
and says which figures it was made of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from portal.explain.figures import added, exact, largest, less
from scoring import engine

ZERO = Decimal(0)


class Verdict(StrEnum):
    """What became of an observation."""

    COUNTS = "counts"
    SMALLER = "smaller"  # another one of the same requirement counts (ruling 2)
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # an appeal was decided, its amount stands instead (ruling 14)
    WAIVED = "waived"  # the decision of an appeal that takes the deduction back
    NOT_APPLICABLE = "not_applicable"  # its whole item left (ruling 5)
    UNCOUNTED = "uncounted"  # an extra, in a campaign that does not count them (ruling 4)


class Sight(NamedTuple):
    """An observation that took points, as the engine takes it, whether it stands or not.

    `row` is the record that pages show of it. `decides`: it is what an appeal decided, which
    replaces the others (`replaced`).
    """

    seen: engine.Seen
    stands: bool = True
    row: object = None
    decides: bool = False
    replaced: bool = False


class Judged(NamedTuple):
    """An observation with what became of it."""

    sight: Sight
    verdict: Verdict

    @property
    def row(self):
        return self.sight.row

    @property
    def points(self) -> Decimal:
        return self.sight.seen.points

    @property
    def counts(self) -> bool:
        return self.verdict == Verdict.COUNTS


class Cut(NamedTuple):
    """One requirement or rule: everything that was seen of it, and the deduction that counts.

    `line` is None where nothing counts any more.
    """

    line: engine.Deduction | None
    sights: tuple[Judged, ...]

    @property
    def points(self) -> Decimal:
        return self.line.points if self.line else ZERO

    @property
    def first(self) -> Judged:
        """Says what the deduction is about."""
        return self.sights[0]

    @property
    def is_extra(self) -> bool:
        return self.first.sight.seen.kind == engine.Kind.EXTRA

    @property
    def takes_the_rest(self) -> bool:
        """Whether it lost the item: it costs what the other deductions leave (ruling 4)."""
        return self.line is not None and self.line.kind == engine.Kind.LOSE_ITEM

    @property
    def formula(self) -> str:
        """Of several observations the largest counts (ruling 2)."""
        if self.line is None or self.takes_the_rest or len(self.sights) < 2:
            return ""
        rivals = (Verdict.COUNTS, Verdict.SMALLER)
        return largest(each.points for each in self.sights if each.verdict in rivals)


class ItemStep(NamedTuple):
    """An item: `line` as the rubric has it, the engine's score, everything that took points.

    `mark` is the record that says why it is not applicable.
    """

    line: object
    score: engine.ItemScore
    cuts: tuple[Cut, ...] = ()
    mark: object = None

    @property
    def full(self) -> Decimal:
        """The rubric's points, also of an item that is not applicable."""
        return self.line.scored.points

    @property
    def not_applicable(self) -> bool:
        return self.score.not_applicable

    @property
    def within(self) -> list[Cut]:
        """The deductions that count within the item."""
        return [cut for cut in self.cuts if cut.line and not cut.is_extra]

    @property
    def is_used_up(self) -> bool:
        """Whether more was taken than it had (ruling 2)."""
        return sum((cut.points for cut in self.within), ZERO) > self.score.lost

    @property
    def formula(self) -> str:
        if self.not_applicable:
            return ""
        taken = [cut.points for cut in self.within]
        return less(self.score.possible, taken, self.score.kept) if taken else ""


@dataclass(frozen=True)
class SectionStep:
    """A section: its items, and what they add up to."""

    section: object
    items: tuple[ItemStep, ...]

    @cached_property
    def possible(self) -> Decimal:
        return sum((item.score.possible for item in self.items), ZERO)

    @cached_property
    def lost(self) -> Decimal:
        """Points lost, those beyond an item too."""
        return sum((item.score.lost + item.score.extra for item in self.items), ZERO)

    @property
    def kept(self) -> Decimal:
        """Below zero where extras take more than the items have: the sheet stops at zero."""
        return self.possible - self.lost

    @property
    def left_out(self) -> list[ItemStep]:
        return [item for item in self.items if item.not_applicable]

    @property
    def told(self) -> list[ItemStep]:
        """The items of which there is more to say than that they kept everything."""
        return [item for item in self.items if item.cuts or item.not_applicable]


@dataclass(frozen=True)
class SheetStep:
    """A sheet: its sections, and the engine's score of it; `sheet` is the record."""

    sections: tuple[SectionStep, ...]
    score: engine.SheetScore
    sheet: object = None

    @property
    def full(self) -> Decimal:
        """The whole rubric's points."""
        return sum((item.full for part in self.sections for item in part.items), ZERO)

    @property
    def left_out(self) -> Decimal:
        """Points that the project could not have (ruling 5)."""
        return self.full - self.score.possible

    @property
    def items_kept(self) -> str:
        """The sections added up, before a critical requirement took everything (ruling 4)."""
        kept = [section.kept for section in self.sections]
        return added(kept, max(ZERO, sum(kept, ZERO)))

    @cached_property
    def told(self) -> list[ItemStep]:
        return [item for section in self.sections for item in section.told]

    @property
    def percent(self) -> Fraction | None:
        return self.score.percent

    @property
    def is_cut(self) -> bool:
        """Whether the shown percent is not the whole of it."""
        return self.percent is not None and self.percent != Fraction(self.score.shown)

    @property
    def percent_words(self) -> str:
        return "" if self.percent is None else exact(self.percent)


def sheet_step(
    parts: Iterable,
    score: engine.SheetScore,
    sights: Iterable[Sight],
    *,
    marks: Mapping[str, object] | None = None,
    sheet=None,
) -> SheetStep:
    """A sheet's score laid out in the order of its rubric (`inspections.sheet.outline.Part`);
    `marks` says by the item's code why one is not applicable.
    """
    scores, marks = {item.code: item for item in score.items}, marks or {}
    by_item: dict[str, list[Sight]] = {}
    for sight in sights:
        by_item.setdefault(sight.seen.item, []).append(sight)

    def step(line) -> ItemStep:
        code = line.scored.code
        return item_step(line, scores[code], by_item.get(code, ()), marks.get(code))

    sections = (
        SectionStep(part.section, tuple(step(x) for x in part.lines if x.scored.code in scores))
        for part in parts
    )
    return SheetStep(tuple(section for section in sections if section.items), score, sheet)


def item_step(line, score: engine.ItemScore, sights: Sequence[Sight], mark=None) -> ItemStep:
    if not sights and not score.lines:  # as of most items
        return ItemStep(line, score, mark=mark)
    lines = {engine.account(each): each for each in score.lines}
    accounts: dict[tuple, list[Sight]] = {}
    for sight in sights:
        accounts.setdefault(engine.account(sight.seen), []).append(sight)
    ordered = sorted(accounts, key=lambda key: (*key[:3], len(key[3]), key[3]))
    cuts = (cut_of(lines.get(key), accounts[key], score) for key in ordered)
    return ItemStep(line, score, tuple(cut for cut in cuts if cut), mark)


def cut_of(line: engine.Deduction | None, sights: Sequence[Sight], score) -> Cut | None:
    """None where there is nothing to tell: the best level of a rule takes no points."""
    free = all(sight.seen.rule and not sight.seen.points for sight in sights)
    if free and not (line and line.points):
        return None
    return Cut(line, tuple(Judged(sight, verdict_of(sight, line, score)) for sight in sights))


def verdict_of(sight: Sight, line: engine.Deduction | None, score: engine.ItemScore) -> Verdict:
    if not sight.stands:
        return Verdict.WITHDRAWN
    if sight.replaced:
        return Verdict.REPLACED
    if score.not_applicable:
        return Verdict.NOT_APPLICABLE
    if line is None:
        return Verdict.WAIVED if sight.decides else Verdict.UNCOUNTED
    return Verdict.COUNTS if line.observation == sight.seen.id else Verdict.SMALLER
