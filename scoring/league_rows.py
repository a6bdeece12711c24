"""The league table's rows made into plain strings, and drawn.

Fifty rows of a dozen cells are drawn by a plain loop: what a template would have to look up or
format for each of them is done here.
"""

from decimal import Decimal
from functools import cached_property, lru_cache
from html import escape
from string import Formatter
from urllib.parse import quote

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.models import ProjectKind
from organization.states import CAPPED
from organization.states import PROVISIONAL as PROVISIONAL_STATE
from organization.templatetags.ui import icon, state
from scoring.bands import Banding
from scoring.league_columns import Column
from scoring.standings import Row
from scoring.templatetags.scoring_ui import band

PLACE = "~"  # where a project's code goes; no campaign's code has it


class Cells:
    """What each row of a page shows, by the names that the row's pattern has."""

    def __init__(
        self,
        campaign: Campaign,
        banding: Banding,
        columns: list[Column],
        managers: dict[int, str],
        *,
        in_league: bool = False,
        has_last: bool = False,
    ):
        self.campaign, self.banding, self.columns = campaign, banding, columns
        self.managers = managers
        self.shown = {"columns": columns, "in_league": in_league, "has_last": has_last}

    def draw(self, rows: list[dict]) -> SafeString:
        """Rows as HTML. One is made by the template, the others are only filled in: fifty
        rows of a dozen variables are most of what a page costs.
        """
        pattern, names = self._pattern, self._named
        return mark_safe(  # noqa: S308 every value is escaped
            "".join([pattern.format(**{k: escaped(row[k]) for k in names}) for row in rows])
        )

    @cached_property
    def _pattern(self) -> str:
        pattern = get_template("scoring/_league_row_pattern.html")
        return pattern.render(self.shown)

    @cached_property
    def _named(self) -> list[str]:
        """What the pattern has a place for; the rest need not be escaped."""
        return [name for _text, name, _spec, _turn in Formatter().parse(self._pattern) if name]

    def of(self, row: Row) -> dict:
        result, detail = (each.replace(PLACE, quote(row.code)) for each in self._addresses)
        reached = self.banding.of(row.composite, row.capped) if row.is_final else None
        scores = [self._score(row, column) for column in self.columns]
        return {
            "rank": row.rank,
            "place": row.rank or "—",
            "rank_look": "rank" if row.rank else "muted",
            "overall": row.overall or "—",
            "code": row.code,
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
            "remark": self._missing(row) or self._place(row),
            "own": self._change(row.against_own),
            "last": self._change(row.against_last),
            "result": result,
            "detail": detail,
        }

    @cached_property
    def _band_marks(self) -> dict[str, SafeString]:
        return {mark.code: band(mark) for mark in self.banding}

    @cached_property
    def _addresses(self) -> tuple[str, str]:
        """Where a row leads, with a place for the project's code: resolved once, not per row."""
        names = ("project_result", "league_row")
        return tuple(reverse(name, args=[self.campaign.code, PLACE]) for name in names)

    def _missing(self, row: Row) -> str:
        names = [column.name for column in self.columns if column.code not in row.scores]
        return _("缺%(names)s") % {"names": _("、").join(names)} if names else ""

    def _place(self, row: Row) -> str:
        kind = kind_word(row.kind, get_language())
        return f"{row.region} · {kind}" if row.region else kind

    def _no_band(self, row: Row) -> SafeString:
        return state(PROVISIONAL_STATE) if row.provisional else self._words["none"]

    def _score(self, row: Row, column: Column):
        if column.code not in row.scores:
            return self._words["unfinished"]
        return row.scores[column.code] or self._words["none"]

    def _change(self, by: Decimal | None):
        """With its sign, and an arrow for who sees no minus."""
        return self._words["unknown"] if by is None else drawn_change(by)

    @cached_property
    def _words(self) -> dict[str, SafeString]:
        words = {"unfinished": _("未评完"), "none": _("不适用"), "unknown": "—"}
        mark = '<span class="muted small">{}</span>'
        return {key: format_html(mark, word) for key, word in words.items()}


def escaped(value: object) -> str:
    """What `conditional_escape` gives for what is no lazy text, without asking whether it is one:
    for a page's 1,400 values that was an eighth of it.
    """
    return value if isinstance(value, SafeString) else _escaped(str(value))


_escaped = lru_cache(maxsize=4096)(escape)  # bands, regions and scores come again and again


@lru_cache(maxsize=32)
def kind_word(kind: str, _language: str | None) -> str:
    """Read from the table of kinds once a language: an enum looks them all up each time."""
    return str(ProjectKind(kind).label) if kind in ProjectKind.values else ""


def signed(by: Decimal) -> str:
    """+2.96, −0.53 with the real minus sign, 0.00."""
    sign = "+" if by > 0 else "−" if by < 0 else ""
    return f"{sign}{abs(by):.2f}"


@lru_cache(maxsize=4096)
def drawn_change(by: Decimal) -> SafeString:
    if not by:
        return SafeString(signed(by))
    arrow = "trending-up" if by > 0 else "trending-down"
    return format_html("{}{}", icon(arrow, "icon-s"), signed(by))
