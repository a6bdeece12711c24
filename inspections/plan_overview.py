"""All projects' plans in a campaign: who has filed, who waits, who is late."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Milestone, Obligation, Participation
from campaign.words import EvidenceKind
from inspections.models import Finding, ImprovementPlan
from organization import states
from organization.clock import local_day
from organization.models import Project, User
from organization.states import State

PAGE_SIZE = 50
SUBMITTED, FILED = Q(plan__submitted_at__isnull=False), Q(plan__filed_at__isnull=False)
RETURNED = Q(plan__returned_at__isnull=False) & ~SUBMITTED
FILTERS = {
    "waiting": (_("待审核"), SUBMITTED & ~FILED),
    "overdue": (_("逾期"), None),
    "writing": (_("未提交"), ~SUBMITTED),
    "returned": (_("已退回"), RETURNED),
    "filed": (_("已备案"), FILED),
    "all": (_("全部"), Q()),
}


@dataclass(frozen=True)
class PlanRow:
    project: Project
    plan: ImprovementPlan | None
    obligation: Obligation | None
    lines: int
    complete: int
    verified: int
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


@dataclass(frozen=True)
class Chip:
    code: str
    word: object
    count: int
    current: bool


class Overview:
    """The list as one reader sees it, in a number of queries that no project adds to."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, chosen: str = "all"):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.chosen = chosen if chosen in FILTERS else "all"
        self.milestone = improvement_milestone(campaign)
        self.counts = self.entered().aggregate(
            **{code: Count("pk", filter=self.condition(code)) for code in FILTERS if code != "all"},
            all=Count("pk"),
        )

    def entered(self) -> QuerySet[Participation]:
        """Participations that the reader may see, each with its plan where it has one."""
        plan = FilteredRelation(
            "project__plans", condition=Q(project__plans__campaign=self.campaign)
        )
        entered = self.campaign.participations.annotate(plan=plan)
        if not self.reader.sees_company:
            entered = entered.filter(project__in=self.reader.project_ids)
        return entered

    def condition(self, code: str) -> Q:
        if code != "overdue":
            return FILTERS[code][1]
        past = self.milestone and self.milestone.due < local_day(self.at)
        return ~SUBMITTED if past else Q(pk__in=[])

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(code, word, self.counts[code], code == self.chosen)
            for code, (word, _condition) in FILTERS.items()
        ]

    def page(self, number) -> Page:
        found = self.entered().filter(self.condition(self.chosen)).select_related("project")
        page = Paginator(found.order_by("project__code"), PAGE_SIZE).get_page(number)
        page.object_list = self.rows([each.project for each in page])
        return page

    def rows(self, projects: list[Project]) -> list[PlanRow]:
        plans = {plan.project_id: plan for plan in self.campaign.plans.filter(project__in=projects)}
        owed = self.campaign.obligations.filter(milestone=self.milestone, project__in=projects)
        obligations = {each.project_id: each for each in owed}
        tallies = tally(self.campaign, projects)
        none = {"lines": 0, "complete": 0, "verified": 0}
        return [
            PlanRow(
                project=project,
                plan=plans.get(project.pk),
                obligation=obligations.get(project.pk),
                at=self.at,
                **tallies.get(project.pk, none),
            )
            for project in projects
        ]


def improvement_milestone(campaign: Campaign) -> Milestone | None:
    """The milestone that a filed plan meets (ruling 15)."""
    return next(
        (
            each
            for each in campaign.milestones.all()
            if EvidenceKind.IMPROVEMENT_PLAN in each.evidence
        ),
        None,
    )


def tally(campaign: Campaign, projects: list[Project]) -> dict[int, dict[str, int]]:
    """By project id: lines of its plan, those with all six fields, those verified."""
    complete = Q(specialty__isnull=False, responsible__isnull=False, due__isnull=False) & ~(
        Q(problem="") | Q(measure="") | Q(source="")
    )
    lines = Finding.objects.filter(campaign=campaign, project__in=projects, plan__isnull=False)
    lines = lines.filter(withdrawn_at__isnull=True)
    rows = (
        lines.order_by()
        .values("project")
        .annotate(
            lines=Count("pk"),
            complete=Count("pk", filter=complete),
            verified=Count("pk", filter=Q(verified_at__isnull=False)),
        )
    )
    return {row.pop("project"): row for row in rows}
