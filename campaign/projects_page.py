"""Who takes part: all managed projects page by page, with what each does not have."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Func, IntegerField, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign, Participation
from organization.models import Project, Specialty
from organization.prepared import prepared
from organization.specialties import every_specialty

PAGE_SIZE = 50
SEARCH_LENGTH = 60
TABS = {
    "all": gettext_lazy("全部"),
    "in": gettext_lazy("已参加"),
    "out": gettext_lazy("未参加"),
}


@dataclass(frozen=True)
class Tab:
    code: str
    word: object
    count: int
    current: bool


@dataclass(frozen=True)
class Lack:
    specialty: Specialty
    value: str
    checked: bool


@dataclass
class Row:
    project: Project
    takes_part: bool
    ticked: bool
    lacks: list[Lack]


class ProjectsPage:
    """`typed` is a form that came back: its ticks stand again."""

    def __init__(self, campaign: Campaign, params: Mapping[str, str], typed=None, problem=""):
        self.campaign, self.params = campaign, params
        self.typed, self.problem = typed, problem
        self.search = params.get("q", "").strip()[:SEARCH_LENGTH]
        self.region = params.get("region", "") if params.get("region") in self.regions else ""
        self.shown = params.get("show") if params.get("show") in TABS else "all"

    @cached_property
    def taking_part(self):
        return taking_part(campaign=self.campaign.pk)

    @cached_property
    def regions(self) -> list[str]:
        return [region for (region,) in regions_of(campaign=self.campaign.pk)]

    @cached_property
    def found(self):
        """What search and region leave, whoever takes part."""
        found = known(campaign=self.campaign.pk)
        if self.region:
            found = found.filter(region=self.region)
        if self.search:
            found = found.filter(Q(name__icontains=self.search) | Q(code__icontains=self.search))
        return found

    def narrowed(self, tab: str):
        if tab == "in":
            return self.found.filter(pk__in=self.taking_part)
        return self.found.exclude(pk__in=self.taking_part) if tab == "out" else self.found

    @cached_property
    def tabs(self) -> list[Tab]:
        return [Tab(code, TABS[code], self.counts[code], code == self.shown) for code in TABS]

    @cached_property
    def counts(self) -> dict[str, int]:
        if self.is_narrowed:
            total, inside = self.found.count(), self.narrowed("in").count()
        else:
            [(total,)] = number_known(campaign=self.campaign.pk)
            inside = self.number
        return {"all": total, "in": inside, "out": total - inside}

    @property
    def is_narrowed(self) -> bool:
        """Whether search or region leave less than all."""
        return bool(self.region or self.search)

    @cached_property
    def number(self) -> int:
        """How many take part."""
        return self.campaign.number_taking_part

    @cached_property
    def page(self):
        pages = Paginator(self.narrowed(self.shown), PAGE_SIZE)
        pages.count = self.counts[self.shown]
        page = pages.get_page(self.params.get("page"))
        if page.number == 1 and self.shown == "all" and not self.is_narrowed:
            page.object_list = self.rows(first_known(campaign=self.campaign.pk))
        else:
            page.object_list = self.rows(list(page.object_list))
        return page

    @cached_property
    def specialties(self) -> list[Specialty]:
        return every_specialty()

    def rows(self, projects: list[Project]) -> list[Row]:
        about = {"campaign": self.campaign.pk, "projects": [project.pk for project in projects]}
        inside = {project for (project,) in entered_of(**about)}
        lacking = defaultdict(set)
        for project, specialty in lacks_of(**about):
            lacking[project].add(str(specialty))
        return [self.row(each, each.pk in inside, lacking[each.pk]) for each in projects]

    def row(self, project: Project, takes_part: bool, lacking: set[str]) -> Row:
        typed, key = self.typed, str(project.pk)
        ticked = typed is not None and key in typed.getlist("project")
        if not takes_part:
            return Row(project, False, ticked, [])
        if typed is not None and key in typed.getlist("row"):
            lacking = set(typed.getlist(f"lacks-{project.pk}"))
        lacks = [Lack(each, str(each.pk), str(each.pk) in lacking) for each in self.specialties]
        return Row(project, True, ticked, lacks)

    @property
    def answer(self) -> str:
        count = self.number
        if not count:
            return _("还没有项目参加")
        return ngettext("%(count)d 个项目参加", "%(count)d 个项目参加", count) % {"count": count}


# --- put into SQL once -----------------------------------------------------------------------


def taking_part(*, campaign) -> QuerySet:
    return Participation.objects.filter(campaign__pk=campaign).order_by().values("project")


def known(*, campaign) -> QuerySet[Project]:
    """Managed today, or in the campaign already."""
    return Project.objects.filter(Q(is_active=True) | Q(pk__in=taking_part(campaign=campaign)))


def where_known(*, campaign) -> QuerySet[Project]:
    found = known(campaign=campaign).exclude(region="").order_by("region")
    return found.values_list("region").distinct()


def counted(*, campaign) -> QuerySet[Campaign]:
    number = Func("pk", function="COUNT", output_field=IntegerField())
    every = known(campaign=campaign).order_by().annotate(number=number).values("number")
    # plain: for a model with words in two languages the order of columns is not kept
    own = Campaign.objects.rewrite(False).filter(pk=campaign).order_by()
    return own.annotate(number=Subquery(every)).values_list("number")


def in_front(*, campaign) -> QuerySet[Project]:
    return known(campaign=campaign)[:PAGE_SIZE]


def taking_part_of(*, campaign, projects) -> QuerySet[Participation]:
    parts = Participation.objects.filter(campaign__pk=campaign, project__pk__in=projects)
    return parts.order_by().values_list("project")


def lacked(*, campaign, projects) -> QuerySet:
    rows = Participation.lacks.through.objects.filter(
        participation__campaign__pk=campaign, participation__project__pk__in=projects
    )
    return rows.order_by().values_list("participation__project", "specialty")


OF_CAMPAIGN = {"campaign": Campaign._meta.pk}
OF_PROJECTS = OF_CAMPAIGN | {"projects": Project._meta.pk}
regions_of, number_known = prepared(where_known, OF_CAMPAIGN), prepared(counted, OF_CAMPAIGN)
first_known = prepared(in_front, OF_CAMPAIGN)
entered_of, lacks_of = prepared(taking_part_of, OF_PROJECTS), prepared(lacked, OF_PROJECTS)
