"""How many final standings there are at each composite: from it follow places and counts by band.

Asking for that takes longer than a page of rows, so that it is kept in the process for as long as
the standings stay as they are: `mark_of` says whether they do.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate
from time import monotonic

from django.db.models import Count, Q

from campaign.models import Campaign
from organization.prepared import prepared
from scoring.bands import Banding
from scoring.league_ask import PROVISIONAL, Ask
from scoring.models import CampaignResults, Standing

NEWEST = 20  # standings that tell whether any changed
KIND_KEPT = 60  # seconds that a project may still be counted with those of its former kind


@dataclass(frozen=True, slots=True)
class Counts:
    """How many projects there are in each band (by code), and without one."""

    by_band: dict[str, int] = field(default_factory=dict)
    provisional: int = 0
    total: int = 0

    @property
    def ranked(self) -> int:
        return self.total - self.provisional

    def of(self, band: str) -> int:
        """How many rows a chip leaves: a band's, PROVISIONAL ones, or ("") all."""
        if band == PROVISIONAL:
            return self.provisional
        return self.by_band[band] if band else self.total


@dataclass(frozen=True)
class Board:
    """The final standings of a league: (composite, projects), best first; those that a critical
    requirement caps (ruling 4); how many standings there are with the provisional ones.
    """

    groups: tuple[tuple[Decimal, int], ...]
    capped: tuple[Decimal, ...]
    total: int

    @cached_property
    def _figures(self) -> list[Decimal]:
        return [-figure for figure, _count in self.groups]

    @cached_property
    def _above(self) -> list[int]:
        return list(accumulate((count for _figure, count in self.groups), initial=0))

    def place(self, composite: Decimal) -> int:
        """One more than there are larger ones: ties share a place, 1, 2, 2, 4 (ruling 9)."""
        return self._above[bisect_left(self._figures, -composite)] + 1

    def counts(self, banding: Banding) -> Counts:
        """Projects by band; capped ones stand in the cap's band instead of above (ruling 4)."""
        by_band = {mark.code: self._from(mark.low) - self._from(mark.high) for mark in banding}
        for figure in self.capped:
            by_band[banding.of(figure).code] -= 1
            by_band[banding.of(figure, capped=True).code] += 1
        return Counts(by_band, self.total - self._above[-1], self.total)

    def _from(self, low: Decimal | None) -> int:
        """How many have this composite or a larger one."""
        return 0 if low is None else self._above[bisect_right(self._figures, -low)]

    @property
    def histogram(self) -> list[tuple[int, int]]:
        """(whole points below the composite, projects), lowest first."""
        bins: Counter[int] = Counter()
        for figure, count in self.groups:
            bins[int(figure)] += count
        return sorted(bins.items())


def board_from(standings) -> Board:
    """The board of these standings; three queries."""
    final = standings.ranked().order_by()
    groups = final.values_list("composite").annotate(Count("pk")).order_by("-composite")
    capped = final.filter(capped=True).values_list("composite", flat=True)
    return Board(tuple(groups), tuple(capped), standings.count())


def mark_of(campaign: Campaign) -> str:
    """A short text that is another one whenever a standing of the campaign, or whether they are
    final, is. Three queries.

    Not only the newest moment: of two scores at once the later one may be there first.
    """
    about = {"campaign": campaign.pk}
    facts = [*_newest(**about), *_numbers(**about), *frozen_of(**about)]
    return sha256(repr(facts).encode()).hexdigest()[:20]


def _changed(*, campaign):
    standings = Standing.objects.filter(campaign__pk=campaign).order_by("-updated_at", "-pk")
    return standings.values_list("pk", "updated_at", "composite", "provisional", "capped", "own")[
        :NEWEST
    ]


def _counted(*, campaign):
    standings = Standing.objects.filter(campaign__pk=campaign).order_by()
    return standings.values("campaign").annotate(n=Count("*")).values_list("n")


def _frozen(*, campaign):
    return CampaignResults.objects.filter(campaign__pk=campaign).values_list("frozen_at")


CAMPAIGN = {"campaign": Campaign._meta.pk}
_newest, _numbers = prepared(_changed, CAMPAIGN), prepared(_counted, CAMPAIGN)
frozen_of = prepared(_frozen, CAMPAIGN)


def board_of(campaign: Campaign, mark: str = "", kind: str = "") -> Board:
    """The board of a campaign, or of its projects of one kind; `mark` where it is known already."""
    minute = int(monotonic() // KIND_KEPT) if kind else 0
    return _kept(campaign.pk, mark or mark_of(campaign), kind, minute)


@lru_cache(maxsize=32)
def _kept(campaign: int, _mark: str, kind: str, _minute: int) -> Board:
    return board_from(Ask(kind=kind).league_of(Standing.objects.filter(campaign=campaign)))


forget_boards = _kept.cache_clear


def place_in(campaign: Campaign, composite: Decimal) -> int:
    """The place of one composite, for who needs no more of the board. One query."""
    return sum(number for (number,) in _better(campaign=campaign.pk, composite=composite)) + 1


def _above(*, campaign, composite):
    final = Standing.objects.filter(campaign__pk=campaign, composite__gt=composite).ranked()
    return final.order_by().values("campaign").annotate(n=Count("*")).values_list("n")


_better = prepared(
    _above,
    {"campaign": Campaign._meta.pk, "composite": Standing._meta.get_field("composite")},
)


def narrowed_counts(campaign: Campaign, banding: Banding, ask: Ask) -> Counts:
    """Projects by band of what the filters leave, counted in one pass."""
    wanted = {f"in_{mark.code}": Count("pk", filter=in_band(mark, banding)) for mark in banding}
    standings = ask.narrowed(Standing.objects.filter(campaign=campaign)).order_by()
    found = standings.aggregate(total=Count("pk"), final=Count("pk", filter=FINAL), **wanted)
    by_band = {mark.code: found[f"in_{mark.code}"] for mark in banding}
    return Counts(by_band, found["total"] - found["final"], found["total"])


FINAL = Q(provisional=False, composite__isnull=False)


def in_band(mark, banding: Banding) -> Q:
    """Final standings in a band, with those that are capped there instead of above (ruling 4)."""
    above = banding.above_the_cap
    if mark in above:
        return FINAL & between(mark) & Q(capped=False)
    if above and mark == banding.cap:
        return FINAL & (between(mark) | Q(composite__gte=above[0].low, capped=True))
    return FINAL & between(mark)


def between(mark) -> Q:
    above = Q(composite__gte=mark.low)
    return above if mark.high is None else above & Q(composite__lt=mark.high)
