"""The company's view of the honesty gap: projects × specialties, self, audit, difference."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from campaign.models import Campaign, Participation
from inspections.self_check.honesty import Gap, Side, gap_between
from organization.list_file import workbook_of
from organization.models import Specialty, User
from scoring import engine
from scoring.models import Score, Weight

PER_PAGE = 50
TOTAL, PROJECT = "total", "project"
LONGEST = 60


@dataclass(frozen=True)
class Row:
    """One project: the gap of each specialty in order, and of all of them together."""

    code: str
    name: str
    region: str
    gaps: list[tuple[Specialty, Gap]]
    total: Gap


@dataclass(frozen=True)
class Heading:
    """A column that sorts; `next` is the address's word for sorting by it (once more)."""

    word: object
    next: str
    direction: str  # "", "ascending", "descending"


class HonestyPage:
    """All rows are read at once, in four queries, and sorted here: figures of two tables can't be
    sorted by an index. `params` are the address's; what is unknown in them is passed over.
    """

    def __init__(self, campaign: Campaign, reader: User, params: Mapping[str, str]):
        self.campaign, self.reader = campaign, reader
        self.region = params.get("region", "").strip()[:LONGEST]
        self.search = params.get("q", "").strip()[:LONGEST]
        self.number = params.get("page", "")
        sort = params.get("sort", "")
        known = {TOTAL, PROJECT, *(each.code for each in self.specialties)}
        self.sort = sort if sort.removeprefix("-") in known else f"-{TOTAL}"

    @cached_property
    def weights(self) -> dict[Specialty, Decimal]:
        found = Weight.objects.filter(campaign=self.campaign).select_related("specialty")
        return {w.specialty: w.percent for w in found.order_by("specialty__order", "pk")}

    @property
    def specialties(self) -> list[Specialty]:
        return list(self.weights)

    # --- rows -------------------------------------------------------------------------------

    @cached_property
    def all_rows(self) -> list[Row]:
        """Of the projects that the reader may see, in the order of their codes."""
        parts = Participation.objects.filter(campaign=self.campaign).order_by("project__code")
        if not self.reader.sees_company:
            parts = parts.filter(project__in=self.reader.project_ids)
        names = ("project", "project__code", "project__name", "project__region")
        sides = self.sides
        return [self.row(*about, sides[pk]) for pk, *about in parts.values_list(*names)]

    @cached_property
    def sides(self) -> dict[int, dict[int, dict[str, Side]]]:
        """What was handed in, by project, specialty and kind."""
        found: dict = defaultdict(lambda: defaultdict(dict))
        scores = Score.objects.finished().filter(campaign=self.campaign).order_by()
        if not self.reader.sees_company:
            scores = scores.filter(project__in=self.reader.project_ids)
        rows = scores.values_list("project", "specialty", "kind", "kept", "possible", "finished_at")
        for project, specialty, kind, *figures in rows:
            found[project][specialty][kind] = Side(*figures)
        return found

    def row(self, code: str, name: str, region: str, sides: dict) -> Row:
        gaps = [(each, gap_between(sides.get(each.pk, {}))) for each in self.specialties]
        return Row(code, name, region, gaps, self.total_of(gaps))

    def total_of(self, gaps: list[tuple[Specialty, Gap]]) -> Gap:
        """The weighted figures over the specialties that have both: like is set beside like."""
        both = [
            (each.code, self.weights[each], gap) for each, gap in gaps if gap.difference is not None
        ]
        own, audit = (
            engine.composite(
                engine.Part(code, weight, side.kept, side.possible)
                for code, weight, gap in both
                for side in [getattr(gap, name)]
            ).value
            for name in ("own", "audit")
        )
        return Gap() if own is None else Gap(Side(own, Decimal(100)), Side(audit, Decimal(100)))

    @cached_property
    def rows(self) -> list[Row]:
        """What the filters leave, sorted; a project without a gap comes last either way."""
        text = self.search.lower()
        left = [
            row
            for row in self.all_rows
            if self.region in ("", row.region)
            and (text in row.name.lower() or text in row.code.lower())
        ]
        key, falls = self.sort.removeprefix("-"), self.sort.startswith("-")
        if key == PROJECT:
            return left[::-1] if falls else left
        known = [row for row in left if self.figure(row, key) is not None]
        known.sort(key=lambda row: self.figure(row, key), reverse=falls)
        return known + [row for row in left if self.figure(row, key) is None]

    def figure(self, row: Row, key: str) -> Decimal | None:
        if key == TOTAL:
            return row.total.difference
        return next(gap.difference for each, gap in row.gaps if each.code == key)

    @cached_property
    def page(self):
        return Paginator(self.rows, PER_PAGE).get_page(self.number)

    # --- around them ------------------------------------------------------------------------

    @property
    def regions(self) -> list[str]:
        return sorted({row.region for row in self.all_rows if row.region})

    @property
    def headings(self) -> list[Heading]:
        named = [(_("项目"), PROJECT), (_("综合"), TOTAL)]
        return [self.heading(*pair) for pair in (*named, *((x, x.code) for x in self.specialties))]

    def heading(self, word, key: str) -> Heading:
        if self.sort == key:
            return Heading(word, f"-{key}", "ascending")
        falls = self.sort == f"-{key}"
        first = key if key == PROJECT or falls else f"-{key}"
        return Heading(word, first, "descending" if falls else "")

    @property
    def gaps_known(self) -> list[Decimal]:
        return [x.total.difference for x in self.all_rows if x.total.difference is not None]

    @property
    def answer(self) -> str:
        known = self.gaps_known
        if not known:
            return _("还没有自查和检查都评完的项目")
        mean = engine.half_up(sum(known) / len(known))
        words = {"count": len(known), "mean": abs(mean)}
        if mean > 0:
            return _("%(count)d 个项目，自查比检查平均高 %(mean)s 分") % words
        if mean < 0:
            return _("%(count)d 个项目，自查比检查平均低 %(mean)s 分") % words
        return _("%(count)d 个项目，自查与检查平均一致") % words

    def workbook(self) -> bytes:
        """Exactly the rows that the filters leave, in the page's order, figures as numbers."""
        columns = [_("综合"), *(str(each) for each in self.specialties)]
        kinds = (_("自查"), _("检查"), _("差"))
        heads = [_("项目编码"), _("项目"), _("区域")]
        heads += [f"{column} {kind}" for column in columns for kind in kinds]
        rows = (self.values(row) for row in self.rows)
        return workbook_of(heads, rows, title=_("自查与检查对照"))

    def values(self, row: Row) -> list:
        found: list = [row.code, row.name, row.region]
        for gap in (row.total, *(gap for _specialty, gap in row.gaps)):
            found += [side.shown if side else None for side in (gap.own, gap.audit)]
            found.append(gap.difference)
        return found
