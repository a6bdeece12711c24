"""Reads of the league table. Bands and ranks are derived here, in SQL or on one page of rows.

A page reads one row per project: its queries do not grow with projects.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain

from django.db import connection
from django.db.models import Case, DecimalField, F, FilteredRelation, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf, StrIndex, Substr
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.models import Post, Project
from organization.prepared import prepared
from organization.roles import Role
from scoring.bands import Banding
from scoring.league_ask import BAND, COMPOSITE, LAST, OWN, PROJECT, PROVISIONAL, REGION, Ask
from scoring.league_board import Board, Counts, board_of, in_band, narrowed_counts
from scoring.models import Standing, Weight

PAGE_SIZE = 50
NEAR = 500  # rows
FIGURE = DecimalField(max_digits=5, decimal_places=2)
COLUMNS = (
    "project_id", "project__code", "project__name", "project__region", "composite", "provisional",
    "scores", "capped", "project__kind", "project__area", "own",
)  # fmt: skip
BESIDE = (*COLUMNS, "former__composite")


@dataclass(slots=True)
class Row:
    """One project of the table; `rank` is None while it is provisional (ruling 8).

    `scores` are the shown figures by specialty code: missing while unfinished, None where
    nothing applies. `capped`: a critical requirement is missing, the band is good at best
    (ruling 4). `own` is the composite of its own sheets, `last` that of the campaign before:
    None where there is none. `overall` is the place among all where `rank` is that in a league.
    """

    project: int
    code: str
    name: str
    region: str
    composite: Decimal | None
    provisional: bool
    scores: dict[str, str | None]
    capped: bool = False
    kind: str = ""
    area: Decimal | None = None
    own: Decimal | None = None
    last: Decimal | None = None
    rank: int | None = None
    overall: int | None = None

    @property
    def is_final(self) -> bool:
        return not self.provisional and self.composite is not None

    @property
    def shows_cap(self) -> bool:
        """Whether a page says beside its band that it is capped."""
        return self.capped and self.is_final

    @property
    def against_own(self) -> Decimal | None:
        """How far the inspection's composite is above the project's own."""
        return self._against(self.own)

    @property
    def against_last(self) -> Decimal | None:
        """How far it is above that of the campaign before."""
        return self._against(self.last)

    def _against(self, figure: Decimal | None) -> Decimal | None:
        return self.composite - figure if self.is_final and figure is not None else None


def earlier_campaign(campaign: Campaign) -> Campaign | None:
    """The one that started last before this one; its composites are what results are held to."""
    if campaign.started_at is None:
        return None
    return next(iter(_last_before(at=campaign.started_at)), None)


def _started_before(*, at):
    return Campaign.objects.filter(started_at__lt=at).order_by("-started_at", "-pk")[:1]


_last_before = prepared(_started_before, {"at": Campaign._meta.get_field("started_at")})


def band_counts(campaign: Campaign, banding: Banding, ask: Ask | None = None) -> Counts:
    """Projects by band, of the campaign or of what `ask` narrows it to."""
    if ask and ask.narrows:
        return narrowed_counts(campaign, banding, ask)
    return board_of(campaign, kind=ask.kind if ask else "").counts(banding)


class Table:
    """A campaign's rows as `ask` wants them, ranked ones first, provisional ones after them.

    Ranks are the campaign's whatever is filtered or sorted (ruling 9), those of a kind where
    `ask` looks at its league.
    """

    def __init__(
        self,
        campaign: Campaign,
        banding: Banding,
        ask: Ask,
        *,
        before: Campaign | None,
        mark: str = "",
    ):
        self.campaign, self.banding, self.ask = campaign, banding, ask
        self.before = before
        self.mark = mark

    @cached_property
    def standings(self):
        """Those that are asked for, of any band, beside the last campaign's."""
        found = self.ask.narrowed(Standing.objects.filter(campaign=self.campaign))
        return found if self.before is None else beside(found, self.before.pk)

    @cached_property
    def board(self) -> Board:
        """That of the whole campaign."""
        return board_of(self.campaign, self.mark)

    @cached_property
    def indexed(self) -> set[str]:
        """The sorts that the index on composites has; bands are among them while none is capped."""
        keys = [COMPOSITE] if self.board.capped else [COMPOSITE, BAND]
        return {f"{sign}{key}" for key in keys for sign in ("", "-")}

    def page(self, counts: Counts) -> list[Row]:
        """One page; `counts` are those of the same ask. Two queries of rows at most."""
        ask = self.ask
        start, end = (ask.page - 1) * PAGE_SIZE, ask.page * PAGE_SIZE
        ahead = counts.ranked if not ask.band else counts.of(ask.band)
        if ask == Ask() and end <= ahead:
            return self._ranked(self._first())
        rows: list[Row] = []
        if (final := self._final()) is None:
            ahead = 0
        elif start < ahead:
            rows += self._cut(final, start, end)
        rest = self._rest()
        if rest is not None and end > ahead and len(rows) < PAGE_SIZE:
            rows += self._cut(rest, max(start - ahead, 0), end - ahead)
        return self._ranked(rows)

    def _first(self) -> list[Row]:
        """The first page of all final rows by composite: what mostly is looked at, put into SQL
        once.
        """
        about = {"campaign": self.campaign.pk, "before": self.before.pk if self.before else 0}
        found = _best(**about, is_beside=self.before is not None)
        return [Row(*row) for row in found]

    def _cut(self, standings, start: int, end: int) -> list[Row]:
        """Some of the sorted rows. Where no index sorts them, or many come before, the few are
        found first: a database looks up what stands beside a row before it sorts or skips it.
        """
        if self.ask.sort in self.indexed and start < NEAR:
            return list(self._rows(standings[start:end]))
        projects = list(standings.values_list("project_id", flat=True)[start:end])
        found = self.standings.filter(project__in=projects)
        rows = {row.project: row for row in self._rows(found)}
        return [rows[project] for project in projects if project in rows]

    def all_rows(self) -> list[Row]:
        """Every row that the pages show, for an export."""
        groups = [group for group in (self._final(), self._rest()) if group is not None]
        return self._ranked(list(chain.from_iterable(map(self._rows, groups))))

    def _final(self):
        """The final standings, sorted; None where a band hides them."""
        if self.ask.band == PROVISIONAL:
            return None
        final = self.standings.ranked().order_by(*self._order())
        if not self.ask.band:
            return final
        return final.filter(in_band(self.banding[self.ask.band], self.banding))

    def _rest(self):
        if self.ask.band not in ("", PROVISIONAL):
            return None
        return self.standings.provisional().order_by(*self._order(nulls=True))

    def _rows(self, standings) -> Iterator[Row]:
        columns = BESIDE if self.before else COLUMNS
        return (Row(*row) for row in standings.values_list(*columns))

    def _ranked(self, rows: list[Row]) -> list[Row]:
        if any(row.is_final for row in rows):
            ranks(rows, self.board)
            if self.ask.kind:
                for row in rows:
                    row.overall = row.rank
                ranks(rows, board_of(self.campaign, self.mark, self.ask.kind))
        return rows

    # sorting

    def _order(self, *, nulls: bool = False) -> list:
        """Nulls come last in either direction; who is level stands by composite."""
        sort = self.ask.sort
        key, largest_first = sort.removeprefix("-"), sort.startswith("-")
        if key in (PROJECT, REGION):
            first = sort.replace(key, "project__code" if key == PROJECT else "project__region")
            return [first, F(COMPOSITE).desc(nulls_last=True), "project_id"]
        if sort in self.indexed and not nulls:
            # plain, as the index has it
            return [sort.replace(BAND, COMPOSITE), "project_id"]
        figure = self._figure(key)
        ordered = figure.desc(nulls_last=True) if largest_first else figure.asc(nulls_last=True)
        return [ordered, F(COMPOSITE).desc(nulls_last=True), "project_id"]

    def _figure(self, key: str) -> Combinable:
        if key == COMPOSITE:
            return F(COMPOSITE)
        if key == BAND:
            return self._in_bands()
        if key == OWN:
            return F(COMPOSITE) - F("own")
        if key == LAST:
            return F(COMPOSITE) - F("former__composite") if self.before else F(COMPOSITE)
        return score_of(key)

    def _in_bands(self) -> Combinable:
        """The composite, with those that are capped at the head of the band they are in."""
        above = self.banding.above_the_cap
        if not above:
            return F(COMPOSITE)
        edge = Value(above[0].low - Decimal("0.01"), FIGURE)
        lowered = When(capped=True, composite__gte=above[0].low, then=edge)
        return Case(lowered, default=F(COMPOSITE), output_field=FIGURE)


def beside(standings, before):
    """With a project's final standing in an earlier campaign, by its id."""
    same = "project__standings"
    final = {f"{same}__provisional": False, f"{same}__composite__isnull": False}
    condition = Q(**{f"{same}__campaign": before}, **final)
    return standings.alias(former=FilteredRelation(same, condition=condition))


def _by_composite(*, campaign, before, is_beside: bool):
    standings = Standing.objects.filter(campaign__pk=campaign)
    standings = beside(standings, before) if is_beside else standings
    standings = standings.ranked().order_by(f"-{COMPOSITE}", "project_id")
    return standings.values_list(*(BESIDE if is_beside else COLUMNS))[:PAGE_SIZE]


_best = prepared(_by_composite, {"campaign": Campaign._meta.pk, "before": Campaign._meta.pk})


def score_of(specialty: str) -> Combinable:
    """A specialty's score as a figure to sort by, null where there is none.

    SQLite takes four microseconds for a key of a small JSON: ten thousand rows would be more than
    the page. It cuts the figure out of the text, as `scores` is written.
    """
    if connection.vendor != "sqlite":
        return Cast(NullIf(KeyTextTransform(specialty, "scores"), Value("null")), FIGURE)
    begin, text = f'"{specialty}": "', Cast("scores", TextField())
    found = NullIf(StrIndex(text, Value(begin)), Value(0))
    return Cast(Substr(text, found + Value(len(begin)), Value(6)), FIGURE)


def league(campaign: Campaign, banding: Banding, ask: Ask, counts: Counts) -> list[Row]:
    """One page of the table as asked for; `counts` are those of the same ask."""
    return Table(campaign, banding, ask, before=earlier_campaign(campaign)).page(counts)


def whole_league(campaign: Campaign, banding: Banding, ask: Ask) -> list[Row]:
    """Every row that the pages of `ask` show, for an export."""
    return Table(campaign, banding, ask, before=earlier_campaign(campaign)).all_rows()


def ranks(rows: Iterable[Row], board: Board) -> None:
    """Gives final rows their places on the board."""
    for row in rows:
        if row.is_final:
            row.rank = board.place(row.composite)


def managers(projects: Iterable[int]) -> dict[int, str]:
    """Who manages each project, several joined."""
    return names_by_project(_managing(projects=list(projects)))


def _managers_of(*, projects):
    return named(Post.objects.filter(project__pk__in=projects))


def named(posts):
    """Project and name of each who manages one, of these posts."""
    posts = posts.current().of(Role.PROJECT_MANAGER).order_by("pk")
    return posts.values_list("project_id", "user__name")


_managing = prepared(_managers_of, {"projects": Project._meta.pk})


def all_managers(campaign: Campaign) -> dict[int, str]:
    """The same for every project of a campaign: no list of ids, which databases limit."""
    return names_by_project(named(Post.objects.filter(project__standings__campaign=campaign)))


def names_by_project(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for project, name in rows:
        names.setdefault(project, []).append(name)
    return {project: _("、").join(found) for project, found in names.items()}


def league_weights(campaign: Campaign) -> list[Weight]:
    """The rubrics that count, in order: the columns of the table."""
    return _weights(campaign=campaign.pk)


def _in_order(*, campaign):
    weights = Weight.objects.filter(campaign__pk=campaign, percent__gt=0)
    return weights.select_related("specialty").order_by("specialty__order", "specialty__code")


_weights = prepared(_in_order, {"campaign": Campaign._meta.pk})


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
