"""What would have brought a better band: a project's deductions to tick, and what came of it.

A preview: it reads the records and changes nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from django.utils.http import urlencode

from inspections.sheet.folding import seen_in
from inspections.sheet.result_page import ResultPage
from inspections.sheet.sheet_page import SheetPage
from organization.models import Specialty
from scoring import engine
from scoring.bands import BandMark
from scoring.models import DeductionRule, Item, Requirement

MET = "met"  # the parameter of what is ticked


@dataclass(frozen=True)
class Offer:
    """One thing that could be in order: what it is about, what it costs now, whether it is
    ticked.
    """

    fix: engine.Fix
    specialty: Specialty
    item: Item
    about: Requirement | DeductionRule | None
    costs: Decimal
    ticked: bool

    @property
    def key(self) -> str:
        return key_of(self.fix)


@dataclass(frozen=True)
class Reach:
    """The fewest offers that bring a band; None where all of them together don't."""

    mark: BandMark
    offers: tuple[Offer, ...] | None

    @property
    def query(self) -> str:
        """The page's address with these ticked."""
        return urlencode({MET: [offer.key for offer in self.offers or ()]}, doseq=True)


@dataclass(frozen=True)
class Group:
    """What there is to tick of one sheet; `is_open`: shown without being asked for."""

    specialty: Specialty
    offers: list[Offer]
    is_open: bool

    @property
    def costs(self) -> Decimal:
        return sum((offer.costs for offer in self.offers), Decimal(0))


class Recovery:
    """For one final result; `asked` are the keys of what is ticked: unknown ones pass."""

    def __init__(self, result: ResultPage, asked: Collection[str] = ()):
        self.result, self.asked = result, set(asked)

    @cached_property
    def sheets(self) -> dict[str, SheetPage]:
        """The finished sheets that count, by the code of their specialty."""
        parts = self.result.breakdown.parts
        pages = {page.sheet.specialty.code: page for page in self.result.pages}
        return {code: pages[code] for code in parts if code in pages and not parts[code].absent}

    @cached_property
    def finished(self) -> list[engine.Finished]:
        return [
            engine.Finished(
                code,
                self.result.breakdown.parts[code].weight,
                page.folded.items,
                seen_in(page.folded.standing),
                page.folded.not_applicable,
                page.folded.allow_extra,
                page.folded.critical,
            )
            for code, page in self.sheets.items()
        ]

    # --- what there is to tick ----------------------------------------------------------------

    @cached_property
    def offers(self) -> list[Offer]:
        """Everything that costs points, the dearest of each sheet first."""
        found = [offer for sheet in self.finished for offer in self.offers_of(sheet)]
        order = list(self.sheets)
        return sorted(found, key=lambda offer: (order.index(offer.fix.sheet), -offer.costs))

    def offers_of(self, sheet: engine.Finished) -> Iterable[Offer]:
        page = self.sheets[sheet.code]
        costs: dict[engine.Fix, Decimal] = {}
        for line in page.score.lines:
            fix = engine.fix_of(sheet.code, line)
            costs[fix] = costs.get(fix, Decimal(0)) + line.points
        marked = sheet.marked(engine.Critical.ZERO) | sheet.marked(engine.Critical.CAP)
        for fix in sheet.fixes():
            if costs.get(fix) or fix in marked:
                yield self.offer(page, fix, costs.get(fix, Decimal(0)))

    def offer(self, page: SheetPage, fix: engine.Fix, costs: Decimal) -> Offer:
        line = page.ledger.outline.by_code[fix.item]
        numbers = {str(each.number): each for each in line.requirements}
        rules = {rule.code: rule for rule in line.rules}
        about = numbers.get(fix.requirement) or rules.get(fix.rule)
        specialty, ticked = page.sheet.specialty, key_of(fix) in self.asked
        return Offer(fix, specialty, line.item, about, costs, ticked)

    @property
    def groups(self) -> list[Group]:
        """By sheet; open are those with something ticked, else the first."""
        parts = [(code, list(some)) for code, some in groupby(self.offers, lambda o: o.fix.sheet)]
        ticked = {offer.fix.sheet for offer in self.ticked} or {code for code, _some in parts[:1]}
        return [Group(some[0].specialty, some, code in ticked) for code, some in parts]

    @property
    def ticked(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.ticked]

    # --- what it would bring --------------------------------------------------------------------

    @cached_property
    def outcome(self) -> engine.Composite:
        return engine.composite_with(self.finished, [offer.fix for offer in self.ticked])

    @property
    def whole(self) -> int:
        return engine.rounded(self.outcome.value, self.result.campaign.rounding)

    @property
    def band(self) -> BandMark | None:
        return self.result.banding.of(self.outcome.value, self.outcome.capped)

    @property
    def gain(self) -> Decimal:
        return self.outcome.value - self.result.composite

    @property
    def is_better(self) -> bool:
        return self.band != self.result.band

    @cached_property
    def reaches(self) -> list[Reach]:
        """Each better band with the shortest way to it."""
        marks = self.result.banding.marks
        above = marks[marks.index(self.result.band) + 1 :] if self.result.band else []
        return [Reach(mark, self.way_to(mark)) for mark in above]

    @cached_property
    def ways(self) -> dict[bool, list]:
        """The best ways, by whether no missing requirement may cap the band."""
        found = {False: engine.best_ways(self.finished, uncapped=False)}
        capped = any(sheet.marked(engine.Critical.CAP) for sheet in self.finished)
        found[True] = engine.best_ways(self.finished, uncapped=True) if capped else found[False]
        return found

    def way_to(self, mark: BandMark) -> tuple[Offer, ...] | None:
        uncapped = mark in self.result.banding.above_the_cap
        fixes = engine.fewest_of(self.ways[uncapped], mark.low)
        if fixes is None:
            return None
        offers = {offer.fix: offer for offer in self.offers}
        return tuple(offers[fix] for fix in fixes if fix in offers)


def key_of(fix: engine.Fix) -> str:
    """What a tick box sends; codes are slugs, a dot parts them."""
    return ".".join((fix.sheet, fix.item, fix.requirement, fix.rule))


def recovery_of(result: ResultPage, asked: Collection[str] = ()) -> Recovery | None:
    """None where there is nothing to recover: no final result, no band, or no deductions."""
    if not result.is_final or result.band is None:
        return None
    found = Recovery(result, asked)
    return found if found.offers else None
