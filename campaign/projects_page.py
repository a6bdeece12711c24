"""Who takes part: all managed projects page by page, with what each does not have."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign, Participation
from organization.models import Project, Specialty
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
    part: Participation | None
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
        return self.campaign.participations.values("project")

    @cached_property
    def known(self):
        """Managed today, or in the campaign already."""
        return Project.objects.filter(Q(is_active=True) | Q(pk__in=self.taking_part))

    @cached_property
    def regions(self) -> list[str]:
        found = self.known.exclude(region="").order_by("region")
        return list(found.values_list("region", flat=True).distinct())

    @cached_property
    def found(self):
        """What search and region leave, whoever takes part."""
        found = self.known
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
        total = self.found.count()
        narrowed = self.region or self.search
        inside = self.narrowed("in").count() if narrowed else self.number
        return {"all": total, "in": inside, "out": total - inside}

    @cached_property
    def number(self) -> int:
        """How many take part."""
        return self.campaign.number_taking_part

    @cached_property
    def page(self):
        pages = Paginator(self.narrowed(self.shown), PAGE_SIZE)
        pages.count = self.counts[self.shown]
        page = pages.get_page(self.params.get("page"))
        page.object_list = self.rows(list(page.object_list))
        return page

    @cached_property
    def specialties(self) -> list[Specialty]:
        return every_specialty()

    def rows(self, projects: list[Project]) -> list[Row]:
        parts = self.campaign.participations.filter(project__in=projects).order_by()
        by_project = {part.project_id: part for part in parts.prefetch_related("lacks")}
        return [self.row(project, by_project.get(project.pk)) for project in projects]

    def row(self, project: Project, part: Participation | None) -> Row:
        ticked = self.typed is not None and str(project.pk) in self.typed.getlist("project")
        if part is None:
            return Row(project, None, ticked, [])
        lacking = {str(each.pk) for each in part.lacks.all()}
        if self.typed is not None and str(project.pk) in self.typed.getlist("row"):
            lacking = set(self.typed.getlist(f"lacks-{project.pk}"))
        lacks = [Lack(each, str(each.pk), str(each.pk) in lacking) for each in self.specialties]
        return Row(project, part, ticked, lacks)

    @property
    def answer(self) -> str:
        count = self.number
        if not count:
            return _("还没有项目参加")
        return ngettext("%(count)d 个项目参加", "%(count)d 个项目参加", count) % {"count": count}
