"""The company's view of the honesty gap: projects × specialties, self, audit, difference."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from campaign.kept import MANY
from campaign.models import Campaign
from campaign.numbers import number_of
from campaign.regions import regions_in, regions_of
from inspections.self_check.honesty import Gap, Side, gap_between
from organization.list_file import workbook_of
from organization.models import Project, Specialty, User
from organization.prepared import prepared
from scoring import engine
from scoring.models import Score, Standing, Weight

PER_PAGE = 25
TOTAL, PROJECT = "total", "project"
LONGEST = 60
CODE = "project__code"
NAMES = ("project", CODE, "project__name", "project__region")
KNOWN = ("rows", "number", "all")


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
    """One page of rows at a time, in eight queries at most: what sorts them is kept beside the
    results (`Standing.gap`, and of a specialty what its score puts into the counts). `params` are
    the address's; what is unknown in them is passed over.
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
        return {w.specialty: w.percent for w in weights_of(campaign=self.campaign.pk)}

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

    def rows_of(self, about: Sequence[tuple]) -> list[Row]:
        """Rows of standings by their `NAMES`, in the same order; one query."""
        sides = self.sides([pk for pk, *_rest in about])
        return [self.row(*words, sides[pk]) for pk, *words in about]

    def sides(self, projects: Sequence[int]) -> dict[int, dict[int, dict[str, Side]]]:
        """What was handed in, by project, specialty and kind."""
        found: dict = defaultdict(lambda: defaultdict(dict))
        about = {"campaign": self.campaign.pk, "projects": projects}
        rows = scores_of(**about) if len(projects) <= PER_PAGE else handed_in(**about)
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
        if not both:
            return Gap()
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
        return self.rows_of(named(self.seen.order_by("project__code")))

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

    def ordered(self, page) -> Sequence[tuple]:
        """A page's standings. Sorted by the gap of all specialties, those that have one stand in an
        order that an index has, and those that have none in that of the projects: in one query
        the database would sort all of them.
        """
        key, falls = self.sort.removeprefix("-"), self.sort.startswith("-")
        if self.filters or key != TOTAL or not self.reader.sees_company:
            return named(page.object_list)
        first, last, middle = max(page.start_index() - 1, 0), page.end_index(), self.known["number"]
        about, found = {"campaign": self.campaign.pk}, []
        # each further page would be a statement of its own
        having, lacking = (with_gap, without_gap) if first == 0 else (scored, not_scored)
        if first < middle:
            found += having(**about, falls=falls, first=first, last=min(last, middle))
        if last > middle:
            found += lacking(**about, first=max(first - middle, 0), last=last - middle)
        return found

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
        if self.reader.sees_company:
            return dict(zip(KNOWN, next(iter(known_in(campaign=self.campaign.pk))), strict=True))
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
        rows = (self.values(row) for row in self.rows_of(named(self.left)))
        return workbook_of(heads, rows, title=_("自查与检查对照"))

    def values(self, row: Row) -> list:
        found: list = [row.code, row.name, row.region]
        for gap in (row.total, *(gap for _specialty, gap in row.gaps)):
            found += [side.shown if side else None for side in (gap.own, gap.audit)]
            found.append(gap.difference)
        return found


def named(standings: QuerySet[Standing]) -> QuerySet:
    """The `NAMES` of their projects."""
    return standings.values_list(*NAMES)


def scored(*, campaign, falls, first, last):
    found = Standing.objects.filter(campaign__pk=campaign, gap__isnull=False)
    return named(found.order_by("-gap" if falls else "gap", CODE)[first:last])


def not_scored(*, campaign, first, last):
    found = Standing.objects.filter(campaign__pk=campaign, gap__isnull=True)
    return named(found.order_by(CODE)[first:last])


def totals(*, campaign):
    """KNOWN of the whole company, each along an index that has no more than is asked of it."""
    every = Standing.objects.filter(campaign__pk=campaign)
    gaps = every.filter(gap__isnull=False).order_by()
    all_of_it = gaps.annotate(all=Func("gap", function="SUM")).values("all")
    counts = number_of(every), number_of(gaps, "gap"), Subquery(all_of_it)
    found = Campaign.objects.rewrite(False).filter(pk=campaign).order_by()
    return found.values_list(*counts)


def weighed(*, campaign):
    found = Weight.objects.filter(campaign__pk=campaign).select_related("specialty")
    return found.order_by("specialty__order", "pk")


def scores_in(campaign):
    rows = Score.objects.finished().filter(campaign__pk=campaign).order_by()
    return rows.values_list("project", "specialty", "kind", "kept", "possible", "finished_at")


def handed_in(*, campaign, projects):
    return scores_in(campaign).filter(project__id__among=projects)


def handed_in_by_few(*, campaign, projects):
    return scores_in(campaign).filter(project__pk__in=projects)


OF = {"campaign": Campaign._meta.pk}
with_gap, without_gap = prepared(scored, OF), prepared(not_scored, OF)
known_in, weights_of = prepared(totals, OF), prepared(weighed, OF)
scores_of = prepared(handed_in_by_few, OF | {"projects": Project._meta.pk})
