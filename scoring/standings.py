"""Reads of the league table. Bands and ranks are derived here, in SQL or on one page of rows.

A page reads one row per project and counts in an index: its queries do not grow with projects.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from django.db.models import Count, DecimalField, F, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.models import Post
from organization.roles import Role
from scoring.bands import Banding
from scoring.models import Standing, Weight

PAGE_SIZE = 50
PROVISIONAL = "none"  # the chip of the projects without a band
COMPOSITE, PROJECT = "composite", "project"
FIGURE = DecimalField(max_digits=5, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader wants to see: a band (or PROVISIONAL), a region, a search, a sort, a page.

    `sort` is COMPOSITE, PROJECT or a specialty's code, with a minus for the largest first.
    """

    band: str = ""
    region: str = ""
    search: str = ""
    sort: str = f"-{COMPOSITE}"
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.region or self.search)


@dataclass(slots=True)
class Row:
    """One project of the table; `rank` is None while it is provisional (ruling 8).

    `scores` are the shown figures by specialty code: missing while unfinished, None where
    nothing applies.
    """

    project: int
    code: str
    name: str
    region: str
    composite: Decimal | None
    provisional: bool
    scores: dict[str, str | None]
    # a critical requirement is missing: the band is good at best, the composite stays (ruling 4)
    capped: bool = False
    rank: int | None = None

    @property
    def is_final(self) -> bool:
        return not self.provisional and self.composite is not None

    @property
    def shows_cap(self) -> bool:
        """Whether a page says beside its band that it is capped."""
        return self.capped and self.is_final


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


def band_counts(campaign: Campaign, banding: Banding, ask: Ask | None = None) -> Counts:
    """Projects by band, of the campaign or of what `ask` narrows it to.

    A whole campaign is counted in the index, a query a band, and the few that a critical
    requirement caps are moved; what is narrowed is counted in one pass.
    """
    standings = Standing.objects.filter(campaign=campaign).order_by()
    final = standings.ranked()
    if ask and ask.narrows:
        wanted = {mark.code: Count("pk", filter=_in_band(mark, banding)) for mark in banding}
        by_band = _narrowed(final, ask).aggregate(**wanted)
        standings = _narrowed(standings, ask)
    else:
        by_band = {mark.code: final.filter(_between(mark)).count() for mark in banding}
        for code, count in _lowered(final, banding).items():
            by_band[code] -= count
            by_band[banding.cap.code] += count
    total = standings.count()
    return Counts(by_band, total - sum(by_band.values()), total)


def _lowered(final, banding: Banding) -> dict[str, int]:
    """How many projects each band above the cap loses to it: a look into a small index."""
    above = banding.above_the_cap
    if not above:
        return {}
    wanted = {mark.code: Count("pk", filter=_between(mark)) for mark in above}
    return final.filter(capped=True, composite__gte=above[0].low).aggregate(**wanted)


def _in_band(mark, banding: Banding) -> Q:
    """Standings in a band, with those that are capped there instead of above (ruling 4)."""
    above = banding.above_the_cap
    if mark in above:
        return _between(mark) & Q(capped=False)
    if above and mark == banding.cap:
        return _between(mark) | Q(composite__gte=above[0].low, capped=True)
    return _between(mark)


def _between(mark) -> Q:
    above = Q(composite__gte=mark.low)
    return above if mark.high is None else above & Q(composite__lt=mark.high)


def _narrowed(standings, ask: Ask):
    if ask.region:
        standings = standings.filter(project__region=ask.region)
    if ask.search:
        word = ask.search
        standings = standings.filter(
            Q(project__name__icontains=word) | Q(project__code__icontains=word)
        )
    return standings


def league(campaign: Campaign, banding: Banding, ask: Ask, counts: Counts) -> list[Row]:
    """One page of the table as asked for, ranked projects first, provisional ones after them.

    `counts` are those of the same `ask`. Ranks are the campaign's, whatever is filtered or
    sorted (ruling 9): counted in the index and within the page. At most four queries.
    """
    start = (ask.page - 1) * PAGE_SIZE
    final, rest = _groups(campaign, banding, ask)
    ahead = 0 if final is None else counts.ranked if not ask.band else counts.of(ask.band)
    rows = []
    if final is not None and start < ahead:
        rows += _rows(final[start : start + PAGE_SIZE])
    if rest is not None and start + PAGE_SIZE > ahead:
        rows += _rows(rest[max(start - ahead, 0) : start + PAGE_SIZE - ahead])
    if ask == Ask():
        return _in_order(rows)
    return with_ranks(campaign, rows)


def _in_order(rows: list[Row]) -> list[Row]:
    """Ranks of the table's first page: a place is where one stands, ties share it."""
    before = None
    for place, row in enumerate(rows, start=1):
        if row.is_final:
            tied = before is not None and before.composite == row.composite
            row.rank, before = before.rank if tied else place, row
    return rows


def whole_league(campaign: Campaign, banding: Banding, ask: Ask) -> list[Row]:
    """Every row that the pages of `ask` show, for an export."""
    groups = [group for group in _groups(campaign, banding, ask) if group is not None]
    return with_ranks(campaign, chain.from_iterable(_rows(group) for group in groups))


def podium(campaign: Campaign) -> list[Row]:
    """The first three of the final standings."""
    final, _rest = _groups(campaign, None, Ask())
    return with_ranks(campaign, _rows(final[:3]))


def _groups(campaign: Campaign, banding: Banding | None, ask: Ask):
    """The final standings and the provisional ones, sorted; None for a group that a band hides."""
    standings = _narrowed(Standing.objects.filter(campaign=campaign), ask)
    final = standings.ranked().order_by(*_order(ask.sort))
    rest = standings.provisional().order_by(*_order(ask.sort, nulls=True))
    if not ask.band:
        return final, rest
    if ask.band == PROVISIONAL:
        return None, rest
    return final.filter(_in_band(banding[ask.band], banding)), None


def _order(sort: str, *, nulls: bool = False) -> list:
    key, largest_first = sort.removeprefix("-"), sort.startswith("-")
    if key == PROJECT:
        return [sort.replace(key, "project__code")]
    if key == COMPOSITE and not nulls:
        # plain, as the index has it
        return [sort, "project_id"]
    figure = F(key) if key == COMPOSITE else _score(key)
    ordered = figure.desc(nulls_last=True) if largest_first else figure.asc(nulls_last=True)
    return [ordered, F(COMPOSITE).desc(nulls_last=True), "project_id"]


def _score(specialty: str) -> Cast:
    """A specialty's score as a figure; SQLite reads a JSON null as the text null."""
    return Cast(NullIf(KeyTextTransform(specialty, "scores"), Value("null")), FIGURE)


def _rows(standings) -> Iterator[Row]:
    rows = standings.values_list(
        "project_id", "project__code", "project__name", "project__region", "composite",
        "provisional", "scores", "capped",
    )  # fmt: skip
    return (Row(*row) for row in rows)


def with_ranks(campaign: Campaign, rows: Iterable[Row]) -> list[Row]:
    """The rows with their places in the campaign; ties share one: 1, 2, 2, 4 (ruling 9)."""
    rows = list(rows)
    final = [row for row in rows if row.is_final]
    if final:
        places = _places(campaign, {row.composite for row in final})
        for row in final:
            row.rank = places[row.composite]
    return rows


def _places(campaign: Campaign, composites: Collection[Decimal]) -> dict[Decimal, int]:
    """The place of each composite: one more than there are larger ones.

    Those above the largest are only counted; between it and the smallest the figures are
    fetched, each once. Two queries.
    """
    best, worst = max(composites), min(composites)
    final = Standing.objects.filter(campaign=campaign).ranked().order_by()
    larger = final.filter(composite__gt=best).count()
    between = final.filter(composite__gt=worst, composite__lte=best)
    places = {}
    for figure, count in (
        between.values_list("composite").annotate(Count("pk")).order_by("-composite")
    ):
        places[figure] = larger + 1
        larger += count
    return places | {worst: larger + 1}


def managers(projects: Iterable[int]) -> dict[int, str]:
    """Who manages each project, several joined."""
    posts = Post.objects.current().of(Role.PROJECT_MANAGER).filter(project__in=list(projects))
    names: dict[int, list[str]] = {}
    for project, name in posts.order_by("pk").values_list("project_id", "user__name"):
        names.setdefault(project, []).append(name)
    return {project: _("、").join(found) for project, found in names.items()}


def league_weights(campaign: Campaign) -> list[Weight]:
    """The rubrics that count, in order: the columns of the table."""
    weights = Weight.objects.filter(campaign=campaign, percent__gt=0)
    return list(weights.select_related("specialty").order_by("specialty__order", "specialty__code"))


def histogram(campaign: Campaign) -> list[tuple[int, int]]:
    """(whole points below the composite, projects) of the final standings, lowest first."""
    final = Standing.objects.filter(campaign=campaign).ranked().order_by()
    bins: Counter[int] = Counter()
    for figure, count in final.values_list("composite").annotate(Count("pk")):
        bins[int(figure)] += count
    return sorted(bins.items())


def standings_as_data(campaign: Campaign) -> list[dict]:
    """Every project's standing for machines: best first, provisional ones last."""
    banding = Banding(campaign)
    return [
        {
            "project": row.code,
            "composite": None if row.composite is None else f"{row.composite:.2f}",
            "band": banding.of(row.composite, row.capped).code if row.rank else None,
            "rank": row.rank,
            "provisional": row.provisional,
            "scores": {code: figure for code, figure in row.scores.items() if figure is not None},
        }
        for row in whole_league(campaign, banding, Ask())
    ]
