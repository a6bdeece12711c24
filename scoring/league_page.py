"""What the league table's page shows, made into plain strings once a row.

Fifty rows of a dozen cells are drawn by a plain loop: what a template would have to look up or
format for each of them is done here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from time import monotonic
from urllib.parse import quote

from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from organization.models import Project
from organization.states import CAPPED
from organization.states import PROVISIONAL as PROVISIONAL_STATE
from organization.templatetags.ui import state
from scoring import standings
from scoring.bands import Banding
from scoring.models import CampaignResults, Weight
from scoring.standings import COMPOSITE, PAGE_SIZE, PROJECT, PROVISIONAL, Ask, Row
from scoring.templatetags.scoring_ui import band, percent

SEARCH_LENGTH = 60
STRIP_LIMIT = 60  # above, single projects can't be told apart: a histogram instead
REGIONS_KEPT = 60  # seconds
PODIUM = 3
PLACE = "~"  # where a project's code goes; no campaign's code has it


@dataclass(frozen=True, slots=True)
class Column:
    """A rubric's column: its weight in percent, and whether that is only a sample."""

    code: str
    name: str
    percent: str
    is_sample: bool


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


def read_ask(params: Mapping[str, str], banding: Banding, columns: Sequence[Column]) -> Ask:
    """What the address asks for; anything unknown is passed over."""
    bands = {PROVISIONAL, *(mark.code for mark in banding)}
    keys = {COMPOSITE, PROJECT, *(column.code for column in columns)}
    sort, page = params.get("sort", ""), params.get("page", "")
    return Ask(
        band=params.get("band", "") if params.get("band") in bands else "",
        region=params.get("region", "").strip()[:SEARCH_LENGTH],
        search=params.get("q", "").strip()[:SEARCH_LENGTH],
        sort=sort if sort.removeprefix("-") in keys else f"-{COMPOSITE}",
        page=max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1,
    )


class LeaguePage:
    """One page of the table with everything around it."""

    def __init__(self, campaign: Campaign, params: Mapping[str, str]):
        self.campaign = campaign
        self.banding = Banding(campaign)
        self.columns = [_column(weight) for weight in standings.league_weights(campaign)]
        ask = read_ask(params, self.banding, self.columns)
        self.counts = standings.band_counts(campaign, self.banding)
        self.shown = self.counts
        if ask.narrows:
            self.shown = standings.band_counts(campaign, self.banding, ask)
        self.ask = replace(ask, page=min(ask.page, self.pages_of(ask)))

    # the answer

    @property
    def answer(self) -> str:
        """3 个优秀，6 个良好，2 个不及格."""
        if not self.counts.ranked:
            return _("还没有项目评完") if self.counts.total else _("还没有项目参加")
        parts = [
            ngettext("%(count)d 个%(band)s", "%(count)d 个%(band)s", count)
            % {"count": count, "band": mark.name.lower()}
            for mark in reversed(self.banding.marks)
            if (count := self.counts.by_band[mark.code])
        ]
        return _("，").join(parts)

    @property
    def sub(self) -> str:
        count = self.counts.provisional
        if not count:
            return ""
        if not self.counts.ranked:
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
        results = CampaignResults.objects.filter(campaign=self.campaign)
        return results.values_list("frozen_at", flat=True).first()

    @property
    def has_samples(self) -> bool:
        return any(column.is_sample for column in self.columns)

    # chart and filters

    @property
    def key(self) -> list[dict]:
        """What the marks in the chart mean, with counts of the whole campaign."""
        key = [
            {"sign": SIGNS[mark.tint], "name": mark.name, "count": self.counts.by_band[mark.code]}
            for mark in self.banding
        ]
        return [
            *key,
            {"sign": SIGNS[""], "name": PROVISIONAL_STATE.word, "count": self.counts.provisional},
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

    @cached_property
    def regions(self) -> tuple[str, ...]:
        return _regions(self.campaign.pk, int(monotonic() // REGIONS_KEPT))

    # rows

    @cached_property
    def page_rows(self) -> list[Row]:
        return standings.league(self.campaign, self.banding, self.ask, self.shown)

    @cached_property
    def podium_rows(self) -> list[Row]:
        """The first three; they head the table itself where nothing is filtered or sorted."""
        if self.ask == Ask():
            return [row for row in self.page_rows[:PODIUM] if row.is_final]
        return standings.podium(self.campaign)

    @cached_property
    def managers(self) -> dict[int, str]:
        rows = {row.project for row in (*self.page_rows, *self.podium_rows)}
        return standings.managers(rows)

    @property
    def podium(self) -> list[dict]:
        return [self._cells(row) for row in self.podium_rows]

    @cached_property
    def rows(self) -> list[dict]:
        return [self._cells(row) for row in self.page_rows]

    @property
    def final(self) -> list[dict]:
        return [row for row in self.rows if row["rank"]]

    @property
    def provisional(self) -> list[dict]:
        return [row for row in self.rows if not row["rank"]]

    @cached_property
    def _band_marks(self) -> dict[str, SafeString]:
        return {mark.code: band(mark) for mark in self.banding}

    @cached_property
    def _addresses(self) -> tuple[str, str]:
        """Where a row leads, with a place for the project's code: resolved once, not per row."""
        names = ("project_result", "league_row")
        return tuple(reverse(name, args=[self.campaign.code, PLACE]) for name in names)

    @property
    def drawn_final(self) -> SafeString:
        return self.draw(self.final)

    @property
    def drawn_provisional(self) -> SafeString:
        return self.draw(self.provisional)

    def draw(self, rows: list[dict]) -> SafeString:
        """Rows as HTML. One is made by the template, the others are only filled in: fifty
        rows of a dozen variables are most of what a page costs.
        """
        return format_html_join("", self._pattern, rows)

    @cached_property
    def _pattern(self) -> str:
        pattern = get_template("scoring/_league_row_pattern.html")
        return pattern.render({"columns": self.columns})

    def _cells(self, row: Row) -> dict:
        result, detail = (each.replace(PLACE, quote(row.code)) for each in self._addresses)
        reached = self.banding.of(row.composite, row.capped) if row.is_final else None
        scores = [self._score(row, column) for column in self.columns]
        return {
            "rank": row.rank,
            "place": row.rank or "—",
            "rank_look": "rank" if row.rank else "muted",
            "name": row.name,
            "manager": self.managers.get(row.project, ""),
            "composite": "—" if row.composite is None else f"{row.composite:.2f}",
            "figure": "" if row.composite is None else row.composite,
            "score_look": "" if row.rank else "muted",
            "tint": reached.tint if reached else "",
            "band": self._band_marks[reached.code] if reached else self._no_band(row),
            "scores": scores,
            **{f"s{n}": score for n, score in enumerate(scores)},
            "mark": state(CAPPED) if row.shows_cap else "",
            "remark": self._missing(row) or row.region,
            "result": result,
            "detail": detail,
        }

    def _missing(self, row: Row) -> str:
        names = [column.name for column in self.columns if column.code not in row.scores]
        return _("缺%(names)s") % {"names": _("、").join(names)} if names else ""

    def _no_band(self, row: Row) -> SafeString:
        return state(PROVISIONAL_STATE) if row.provisional else self._words["none"]

    def _score(self, row: Row, column: Column):
        if column.code not in row.scores:
            return self._words["unfinished"]
        return row.scores[column.code] or self._words["none"]

    @cached_property
    def _words(self) -> dict[str, SafeString]:
        words = {"unfinished": _("未评完"), "none": _("不适用")}
        mark = '<span class="muted small">{}</span>'
        return {key: format_html(mark, word) for key, word in words.items()}

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
        """Whether this page shows every project, so that the chart can be read from it."""
        return len(self.page_rows) == self.counts.total

    # headings

    @property
    def headings(self) -> list[dict]:
        """The columns' heads that sort, with the arrow where they do."""
        return [self._heading(column.code, column.name, column) for column in self.columns]

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self.columns) + 6

    @property
    def composite_heading(self) -> dict:
        return self._heading(COMPOSITE, _("综合得分"))

    @property
    def project_heading(self) -> dict:
        return self._heading(PROJECT, _("项目"))

    def _heading(self, key: str, name: str, column: Column | None = None) -> dict:
        down, up = f"-{key}", key
        first = up if key == PROJECT else down
        turned = {up: down, down: up}
        direction = {up: "ascending", down: "descending"}.get(self.ask.sort, "")
        return {
            "name": name,
            "column": column,
            "sort": turned[self.ask.sort] if direction else first,
            "direction": direction,
            "arrow": {"ascending": "↑", "descending": "↓"}.get(direction, ""),
        }

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The sorts as a list to choose from, for phones, where the columns have no heads."""
        named = [(COMPOSITE, _("综合得分")), *((c.code, c.name) for c in self.columns)]
        down, up = _("%(what)s，高到低"), _("%(what)s，低到高")
        choices = [(f"-{key}", down % {"what": name}) for key, name in named]
        choices += [(key, up % {"what": name}) for key, name in named]
        return [*choices, (PROJECT, _("项目编码")), (f"-{PROJECT}", _("项目编码，倒序"))]


@lru_cache(maxsize=16)
def _regions(campaign: int, _minute: int) -> tuple[str, ...]:
    """Where the campaign's projects are; a choice to filter by may be a minute old."""
    found = Project.objects.filter(standings__campaign=campaign).exclude(region="")
    return tuple(found.order_by("region").values_list("region", flat=True).distinct())


forget_regions = _regions.cache_clear


def _column(weight: Weight) -> Column:
    specialty = weight.specialty
    return Column(specialty.code, specialty.name, percent(weight.percent), weight.is_sample)
