"""The company's view of the honesty gap: projects × specialties, self, audit, difference."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from campaign.kept import MANY
from campaign.models import Campaign
from campaign.regions import regions_in, regions_of
from inspections.self_check.honesty import Gap, Side, gap_between
from organization.list_file import workbook_of
from organization.models import Project, Specialty, User
from scoring import engine
from scoring.models import Score, Standing, Weight

PER_PAGE = 25
TOTAL, PROJECT = "total", "project"
LONGEST = 60
CODE = "project__code"


def nulls_last(name: str, falls: bool):
    return F(name).desc(nulls_last=True) if falls else F(name).asc(nulls_last=True)


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
    """One page of rows at a time, in seven queries: what sorts them is kept beside the results
    (`Standing.gap`, and of a specialty what its score puts into the counts). `params` are the
    address's; what is unknown in them is passed over.
    """

    def __init__(self, campaign: Campaign, reader: User, params: Mapping[str, str]):
        self.campaign, self.reader = campaign, reader
        self.region = params.get("region", "").strip()[:LONGEST]
        self.search = params.get("q", "").strip()[:LONGEST]
        self.number = params.get("page", "")
        sort = params.get("sort", "")
        known = {TOTAL, PROJECT, *self.coded}
        self.sort = sort if sort.removeprefix("-") in known else f"-{TOTAL}"

    @cached_property
    def weights(self) -> dict[Specialty, Decimal]:
        found = Weight.objects.filter(campaign=self.campaign).select_related("specialty")
        return {w.specialty: w.percent for w in found.order_by("specialty__order", "pk")}

    @property
    def specialties(self) -> list[Specialty]:
        return list(self.weights)

    @cached_property
    def coded(self) -> dict[str, Specialty]:
        return {each.code: each for each in self.specialties}

    # --- rows -------------------------------------------------------------------------------

    @property
    def seen(self) -> QuerySet[Standing]:
        """Those of the projects that the reader may see."""
        seen = Standing.objects.filter(campaign=self.campaign)
        own = {} if self.reader.sees_company else {"project__in": self.reader.project_ids}
        return seen.filter(**own)

    @property
    def left(self) -> QuerySet[Standing]:
        """What the filters leave, sorted; a project without a gap comes last either way."""
        left = self.seen
        if self.region:
            left = left.filter(project__region=self.region)
        if self.search:
            asked = Q(project__name__icontains=self.search)
            left = left.filter(asked | Q(project__code__icontains=self.search))
        key, falls = self.sort.removeprefix("-"), self.sort.startswith("-")
        if key == PROJECT:
            return left.order_by("-project__code" if falls else CODE)
        if key == TOTAL:
            return left.order_by(nulls_last("gap", falls), CODE)
        left = left.annotate(by=Subquery(self.gaps_of(self.coded[key])))
        return left.order_by(nulls_last("by", falls), CODE)

    def gaps_of(self, specialty: Specialty) -> QuerySet:
        audits = Score.objects.audits().finished().filter(campaign=self.campaign)
        audits = audits.filter(specialty=specialty, project=OuterRef("project")).order_by()
        return audits.values("counted__gap")[:1]

    def rows_of(self, standings: QuerySet[Standing]) -> list[Row]:
        """Their rows in the same order; two queries."""
        names = ("project", "project__code", "project__name", "project__region")
        about = list(standings.values_list(*names))
        sides = self.sides([pk for pk, *_rest in about])
        return [self.row(*words, sides[pk]) for pk, *words in about]

    def sides(self, projects: Sequence[int]) -> dict[int, dict[int, dict[str, Side]]]:
        """What was handed in, by project, specialty and kind."""
        found: dict = defaultdict(lambda: defaultdict(dict))
        scores = Score.objects.finished().filter(campaign=self.campaign).order_by()
        scores = scores.filter(project__id__among=projects)
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
    def all_rows(self) -> list[Row]:
        """Whatever the reader may see, in the order of the projects' codes."""
        return self.rows_of(self.seen.order_by("project__code"))

    @property
    def is_narrowed(self) -> bool:
        """Whether the filters may leave out what is there."""
        return self.filters and bool(self.known["rows"])

    @property
    def filters(self) -> bool:
        return bool(self.region or self.search)

    @cached_property
    def page(self):
        paginator = Paginator(self.left, PER_PAGE)
        if not self.filters:
            paginator.count = self.known["rows"]
        page = paginator.get_page(self.number)
        page.object_list = self.rows_of(self.ordered(page))
        return page

    def ordered(self, page) -> QuerySet[Standing]:
        """A page's standings. As long as all of them have a gap, in an order that an index of the
        database has: with those that have none at the end, it would sort all projects.
        """
        key, falls = self.sort.removeprefix("-"), self.sort.startswith("-")
        if self.filters or key != TOTAL or page.end_index() > self.known["number"]:
            return page.object_list
        left = self.left.filter(gap__isnull=False).order_by("-gap" if falls else "gap", CODE)
        return left[max(page.start_index() - 1, 0) : page.end_index()]

    # --- around them ------------------------------------------------------------------------

    @cached_property
    def regions(self) -> list[str]:
        if not self.reader.sees_company:
            return []
        if self.known["rows"] >= MANY:
            return list(regions_of(self.campaign.pk))
        return list(regions_in(Project.objects.filter(standings__campaign=self.campaign)))

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

    @cached_property
    def known(self) -> dict:
        """How many projects the reader may see, how many have a gap, and all of it together."""
        return self.seen.aggregate(rows=Count("*"), number=Count("gap"), all=Sum("gap"))

    @property
    def answer(self) -> str:
        known = self.known
        if not known["number"]:
            return _("还没有自查和检查都评完的项目")
        mean = engine.half_up(known["all"] / known["number"])
        words = {"count": known["number"], "mean": abs(mean)}
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
        rows = (self.values(row) for row in self.rows_of(self.left))
        return workbook_of(heads, rows, title=_("自查与检查对照"))

    def values(self, row: Row) -> list:
        found: list = [row.code, row.name, row.region]
        for gap in (row.total, *(gap for _specialty, gap in row.gaps)):
            found += [side.shown if side else None for side in (gap.own, gap.audit)]
            found.append(gap.difference)
        return found
