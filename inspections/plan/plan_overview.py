"""All projects' plans in a campaign: who has filed, who waits, who is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import FilteredRelation, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Milestone, Obligation, Participation
from campaign.regions import regions_of
from inspections.models import ImprovementPlan, PlanRevision
from inspections.plan.lines import rectification_phase
from inspections.plan.overview_queries import (
    COUNTS,
    PAGE_SIZE,
    TALLY,
    counted_in,
    counts_of,
    drafts_in,
    entered_of,
    owed_in,
    plans_in,
    rows_in,
    tally_in,
)
from organization import states
from organization.clock import local_day
from organization.list_file import workbook_of
from organization.models import Project, User
from organization.project_choice import MOST_CHOICES
from organization.states import State

TEXT_LIMIT = 60
SUBMITTED, FILED = Q(plan__submitted_at__isnull=False), Q(plan__filed_at__isnull=False)
RETURNED = Q(plan__returned_at__isnull=False) & ~SUBMITTED
FILTERS = {
    "waiting": (_("待审核"), SUBMITTED & ~FILED),
    "overdue": (_("逾期"), None),
    "writing": (_("未提交"), ~SUBMITTED),
    "returned": (_("已退回"), RETURNED),
    "filed": (_("已备案"), FILED),
    "revising": (_("修订中"), None),
    "all": (_("全部"), Q()),
}


@dataclass(frozen=True)
class PlanRow:
    project: Project
    plan: ImprovementPlan | None
    obligation: Obligation | None
    revision: PlanRevision | None
    lines: int
    complete: int
    verified: int
    outside: int
    at: datetime

    @property
    def state(self) -> State:
        """An overdue plan says so first; a plan nobody began is not a draft yet."""
        if self.late and self.late.code == "overdue":
            return self.late
        return self.plan.state(at=self.at) if self.plan else states.NOT_STARTED

    @property
    def late(self) -> State | None:
        days = self.obligation.days_late(at=self.at) if self.obligation else 0
        if not days:
            return None
        return states.late(days) if self.obligation.submitted_at else states.overdue(days)

    @property
    def revision_state(self) -> State | None:
        """Where the revision of a filed plan stands."""
        if self.revision is None:
            return None
        stands = self.revision.state(at=self.at)
        return stands.saying(_("修订%(state)s") % {"state": stands.word})


@dataclass(frozen=True)
class Chip:
    code: str
    word: object
    count: int
    current: bool


class Overview:
    """The list as one reader sees it, in a number of queries that no project adds to."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, asked: QueryDict):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.chosen = asked.get("show") if asked.get("show") in FILTERS else "all"
        self.text = asked.get("q", "").strip()[:TEXT_LIMIT]
        self.region = asked.get("region", "")
        self.milestone = improvement_milestone(campaign)
        self.counts = self.counted()

    def entered(self) -> QuerySet[Participation]:
        """Participations that the reader may see, each with its plan where it has one."""
        plan = FilteredRelation(
            "project__plans", condition=Q(project__plans__campaign=self.campaign)
        )
        entered = self.campaign.participations.annotate(plan=plan)
        if not self.reader.sees_company:
            entered = entered.filter(project__in=self.reader.project_ids)
        return entered

    def narrowed(self) -> QuerySet[Participation]:
        """By the words and the region that stand in the address."""
        return self.entered().filter(self.named())

    def named(self) -> Q:
        """The projects that the words and the region in the address leave."""
        found = Q()
        if self.text:
            found &= Q(project__name__icontains=self.text) | Q(project__code__icontains=self.text)
        return found & Q(project__region=self.region) if self.region else found

    def counted(self) -> dict[str, int]:
        """How many there are of each filter, from the plans and the projects by themselves: a
        project that has a plan can no longer leave the campaign (`inspections.traces`).
        """
        if self.reader.sees_company and not self.named():
            found = counts_of(campaign=self.campaign.pk)
            every = sum(number for (number,) in entered_of(campaign=self.campaign.pk))
        else:
            plans = self.campaign.plans.visible_to(self.reader).filter(self.named())
            found, every = counted_in(plans.order_by().values("campaign")), self.narrowed().count()
        counts = dict(zip(COUNTS, next(iter(found), [0] * len(COUNTS)), strict=True))
        writing = every - counts.pop("submitted")
        overdue = writing if self.is_past else 0
        return counts | {"all": every, "writing": writing, "overdue": overdue}

    @cached_property
    def regions(self) -> Sequence[str]:
        if self.reader.sees_company and self.counts["all"] > MOST_CHOICES:
            return regions_of(self.campaign.pk)
        found = self.entered().exclude(project__region="").values_list("project__region", flat=True)
        return sorted(found.order_by().distinct())

    def condition(self, code: str) -> Q:
        if code == "revising":
            drafts = PlanRevision.objects.under_way().filter(plan__campaign=self.campaign)
            return Q(project__in=drafts.values("plan__project"))
        if code != "overdue":
            return FILTERS[code][1]
        return ~SUBMITTED if self.is_past else Q(pk__in=[])

    @property
    def is_past(self) -> bool:
        """Whether the day has passed on which plans were due."""
        return bool(self.milestone and self.milestone.due < local_day(self.at))

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(code, word, self.counts[code], code == self.chosen)
            for code, (word, _condition) in FILTERS.items()
        ]

    @property
    def found(self) -> QuerySet[Participation]:
        found = self.narrowed().filter(self.condition(self.chosen)).select_related("project")
        return found.order_by("project__code")

    def page(self, number) -> Page:
        pages = Paginator(self.found, PAGE_SIZE)
        pages.count = self.counts[self.chosen]  # known already
        page = pages.get_page(number)
        page.object_list = self.rows([each.project for each in page])
        return page

    def whole(self) -> list[PlanRow]:
        """Every row that the filters leave, for the file."""
        return self.rows([each.project for each in self.found])

    def rows(self, projects: list[Project]) -> list[PlanRow]:
        about = {"campaign": self.campaign.pk, "projects": [project.pk for project in projects]}
        plans = {plan.project_id: plan for plan in rows_in(plans_in, **about)}
        revisions = {each.plan_id: each for each in rows_in(drafts_in, **about)}
        obligations = {each.project_id: each for each in self.owed(about["projects"])}
        tallies = self.tallies(**about)
        none = dict.fromkeys(TALLY, 0)
        return [
            PlanRow(
                project=project,
                plan=(plan := plans.get(project.pk)),
                obligation=obligations.get(project.pk),
                revision=revisions.get(plan.pk) if plan else None,
                at=self.at,
                **tallies.get(project.pk, none),
            )
            for project in projects
        ]

    def owed(self, projects: list[int]) -> Iterable[Obligation]:
        if not self.milestone:
            return []
        return rows_in(owed_in, milestone=self.milestone.pk, projects=projects)

    def tallies(self, **about) -> dict[int, dict[str, int]]:
        """By project: see `tally_in`; outside are days outside the rectification phase."""
        phase = rectification_phase(self.campaign)
        start, end = (phase.start, phase.end) if phase else (date.min, date.max)
        rows = rows_in(tally_in, start=start, end=end, **about)
        return {project: dict(zip(TALLY, row, strict=True)) for project, *row in rows}


def improvement_milestone(campaign: Campaign) -> Milestone | None:
    """The milestone that a filed plan meets (ruling 15)."""
    return next((each for each in campaign.milestones.all() if each.is_met_by_plan), None)


def plans_workbook(overview: Overview) -> bytes:
    """The list as it is filtered on the page, all of its pages."""
    heads = [
        _("项目编码"), _("项目"), _("区域"), _("状态"), _("修订"), _("问题"), _("写全"),
        _("已整改"), _("期限在阶段外"), _("提交期限"), _("提交日期"),
    ]  # fmt: skip
    rows = map(cells, overview.whole())
    return workbook_of([str(head) for head in heads], rows, title=_("实施方案"))


def cells(row: PlanRow) -> list:
    submitted = row.plan.submitted_at if row.plan else None
    return [
        row.project.code,
        row.project.name,
        row.project.region,
        row.state,
        row.revision_state or "",
        row.lines,
        row.complete,
        row.verified,
        row.outside,
        row.obligation.due if row.obligation else "",
        local_day(submitted) if submitted else "",
    ]


def plan_page(obligation: Obligation) -> str:
    """The improvement plan's obligation is worked on in the plan (registry.OBLIGATION_PAGES)."""
    if not (obligation.project_id and obligation.is_met_by_plan):
        return ""
    return reverse("plan", args=[obligation.campaign.code, obligation.project.code])
