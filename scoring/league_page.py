"""What the league table's page shows: its answer, the filters, a page of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import ceil
from time import monotonic

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from organization.models import Project, ProjectKind
from organization.states import PROVISIONAL as PROVISIONAL_STATE
from scoring import standings
from scoring.bands import Banding
from scoring.league_ask import PROVISIONAL, Ask, Size, read_ask
from scoring.league_board import board_of, frozen_of, mark_of
from scoring.league_columns import Headings, column_of
from scoring.league_rows import Cells
from scoring.standings import PAGE_SIZE, Row

STRIP_LIMIT = 60  # above, single projects can't be told apart: a histogram instead
CHOICES_KEPT = 60  # seconds
PODIUM = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter by band with the number of projects that it leaves."""

    band: str
    name: str
    icon: str
    count: int
    current: bool


# The mark of a band in the chart and beside its name, for eyes that see no colours.
SIGNS = {"fail": "▲", "good": "●", "excellent": "◆", "": "○"}


class LeaguePage:
    """One page of the table with everything around it.

    `mark` says how the standings are, and is read first: what changes while the page is made
    shows in the next one.
    """

    def __init__(self, campaign: Campaign, params: Mapping[str, str]):
        self.campaign = campaign
        self.mark = mark_of(campaign)
        self.banding = Banding(campaign)
        self.columns = [column_of(weight) for weight in standings.league_weights(campaign)]
        rubrics = [column.code for column in self.columns]
        ask = read_ask(params, [mark.code for mark in self.banding], rubrics)
        self.counts = board_of(campaign, self.mark).counts(self.banding)
        # the league that is looked at: the company's, or that of a kind
        self.league_counts = self.counts
        if ask.kind:
            self.league_counts = board_of(campaign, self.mark, ask.kind).counts(self.banding)
        self.shown = self.league_counts
        if ask.narrows:
            self.shown = standings.band_counts(campaign, self.banding, ask)
        self.ask = replace(ask, page=min(ask.page, self.pages_of(ask)))

    # the answer

    @property
    def answer(self) -> str:
        """3 个优秀，6 个良好，2 个不及格: of the league that is looked at."""
        league = self.league_counts
        if not league.ranked:
            return _("还没有项目评完") if league.total else _("还没有项目参加")
        parts = [
            ngettext("%(count)d 个%(band)s", "%(count)d 个%(band)s", count)
            % {"count": count, "band": mark.name.lower()}
            for mark in reversed(self.banding.marks)
            if (count := league.by_band[mark.code])
        ]
        return _("，").join(parts)

    @property
    def sub(self) -> str:
        count = self.league_counts.provisional
        if not count:
            return ""
        if not self.league_counts.ranked:
            sentence = ngettext(
                "%(count)d 个项目在评分，评完所有评分表后进入排名",
                "%(count)d 个项目在评分，评完所有评分表后进入排名",
                count,
            )
        else:
            sentence = ngettext(
                "另有 %(count)d 个项目评分未完成，暂列不排名",
                "另有 %(count)d 个项目评分未完成，暂列不排名",
                count,
            )
        return sentence % {"count": count}

    @cached_property
    def frozen_at(self):
        """When a settlement made these results final."""
        return next((at for (at,) in frozen_of(campaign=self.campaign.pk)), None)

    @property
    def is_live(self) -> bool:
        """Whether the standings may still change, so that the page asks now and then."""
        return not (self.frozen_at or self.campaign.closed_at) and self.counts.total > 0

    @property
    def has_samples(self) -> bool:
        return any(column.is_sample for column in self.columns)

    @cached_property
    def before(self) -> Campaign | None:
        """The campaign that results are compared with."""
        return standings.earlier_campaign(self.campaign)

    # chart and filters

    @property
    def key(self) -> list[dict]:
        """What the marks in the chart mean, with counts of the league."""
        counts = self.league_counts
        key = [
            {"sign": SIGNS[mark.tint], "name": mark.name, "count": counts.by_band[mark.code]}
            for mark in self.banding
        ]
        return [
            *key,
            {"sign": SIGNS[""], "name": PROVISIONAL_STATE.word, "count": counts.provisional},
        ]

    @property
    def chips(self) -> list[Chip]:
        shown, asked = self.shown, self.ask.band
        chips = [Chip("", _("全部"), "", shown.total, not asked)]
        for mark in reversed(self.banding.marks):
            count = shown.by_band[mark.code]
            chips.append(Chip(mark.code, mark.name, mark.icon, count, asked == mark.code))
        word, sign = PROVISIONAL_STATE.word, PROVISIONAL_STATE.icon
        chips.append(Chip(PROVISIONAL, word, sign, shown.provisional, asked == PROVISIONAL))
        return chips

    @property
    def regions(self) -> tuple[str, ...]:
        return self._choices[0]

    @property
    def region_options(self) -> list[tuple[str, str]]:
        return [(region, region) for region in self.regions]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The leagues of their own: each kind that there is, with its projects."""
        counts = self._choices[1]
        kinds = [(code, word) for code, word in ProjectKind.choices if code in counts]
        return [(code, f"{word} ({counts[code]})") for code, word in kinds]

    @cached_property
    def _choices(self) -> tuple[tuple[str, ...], dict[str, int]]:
        return _choices(self.campaign.pk, int(monotonic() // CHOICES_KEPT))

    @property
    def sizes(self) -> list[tuple[str, str]]:
        return Size.choices

    @property
    def league_name(self) -> str:
        return ProjectKind(self.ask.kind).label if self.ask.kind else ""

    @property
    def filters(self) -> list[str]:
        """What the table is narrowed to, in words, for paper and files."""
        ask = self.ask
        bands = {mark.code: mark.name for mark in self.banding}
        bands[PROVISIONAL] = str(PROVISIONAL_STATE.word)
        size = Size(ask.size).label if ask.size else ""
        words = (
            self.league_name,
            bands.get(ask.band, ""),
            ask.region,
            size,
            ask.person,
            ask.search,
        )
        return [str(word) for word in words if word]

    # rows

    @cached_property
    def table(self) -> standings.Table:
        about = (self.campaign, self.banding, self.ask)
        return standings.Table(*about, before=self.before, mark=self.mark)

    @cached_property
    def page_rows(self) -> list[Row]:
        return self.table.page(self.shown)

    @property
    def podium_rows(self) -> list[Row]:
        """The first three of the league, where its head is shown as it stands."""
        if not self.ask.is_plain:
            return []
        return [row for row in self.page_rows[:PODIUM] if row.is_final]

    @cached_property
    def cells(self) -> Cells:
        managers = standings.managers({row.project for row in self.page_rows})
        return Cells(
            self.campaign,
            self.banding,
            self.columns,
            managers,
            in_league=bool(self.ask.kind),
            has_last=self.before is not None,
        )

    @property
    def podium(self) -> list[dict]:
        return self.rows[: len(self.podium_rows)]

    @cached_property
    def rows(self) -> list[dict]:
        return [self.cells.of(row) for row in self.page_rows]

    @property
    def final(self) -> list[dict]:
        return [row for row in self.rows if row["rank"]]

    @property
    def provisional(self) -> list[dict]:
        return [row for row in self.rows if not row["rank"]]

    @property
    def drawn_final(self):
        return self.cells.draw(self.final)

    @property
    def drawn_provisional(self):
        return self.cells.draw(self.provisional)

    # paging

    def pages_of(self, ask: Ask) -> int:
        return max(ceil(self.shown.of(ask.band) / PAGE_SIZE), 1)

    @property
    def last_page(self) -> int:
        return self.pages_of(self.ask)

    @property
    def span(self) -> dict:
        first = (self.ask.page - 1) * PAGE_SIZE
        total = self.shown.of(self.ask.band)
        return {"first": min(first + 1, total), "last": first + len(self.page_rows), "total": total}

    @property
    def previous(self) -> int | None:
        return self.ask.page - 1 if self.ask.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.ask.page + 1 if self.ask.page < self.last_page else None

    @property
    def is_whole(self) -> bool:
        """Whether this page shows all of the league, so that the chart can be read from it."""
        return len(self.page_rows) == self.league_counts.total

    # headings

    @cached_property
    def headings(self) -> Headings:
        return Headings(self.columns, self.ask.sort, has_last=self.before is not None)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self.columns) + 7 + bool(self.ask.kind) + bool(self.before)


@lru_cache(maxsize=16)
def _choices(campaign: int, _minute: int) -> tuple[tuple[str, ...], dict[str, int]]:
    """Where the campaign's projects are, and how many there are of each kind; what there is to
    filter by may be a minute old.
    """
    projects = Project.objects.filter(standings__campaign=campaign).order_by()
    regions = projects.exclude(region="").order_by("region").values_list("region", flat=True)
    kinds = projects.values_list("kind").annotate(Count("pk"))
    return tuple(regions.distinct()), dict(kinds)


forget_choices = _choices.cache_clear
