"""What call-backs came to: satisfaction by question, and how many were reached."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.callback.counting import (
    KEPT,
    Reach,
    Satisfaction,
    reach_by,
    rounded,
    satisfaction_by,
)
from inspections.callback.terms import terms_of
from inspections.models import (
    AuditVisit,
    CallAnswer,
    CallbackQuestion,
    CallbackSample,
    Callee,
    Questionnaire,
)
from inspections.words import Method
from organization.list_file import workbook_of
from organization.models import Project, User

PER_PAGE = 20


class VisitResult:
    """One visit's result as a reader may know it.

    Its project does not see what fewer than the campaign's least number of customers said.
    """

    def __init__(self, visit: AuditVisit, reader: User):
        self.visit, self.is_project = visit, not reader.sees_company
        found = CallbackSample.objects.filter(visit=visit).select_related("questionnaire")
        self.sample = found.first()
        self.least = terms_of(visit.campaign).least

    @cached_property
    def reach(self) -> Reach:
        callees = Callee.objects.filter(sample=self.sample)
        return reach_by("sample", callees).get(self.sample.pk, Reach())

    @cached_property
    def questions(self) -> list[tuple[CallbackQuestion, Satisfaction | None]]:
        """None where too few answered for this reader."""
        answers = CallAnswer.objects.filter(call__callee__sample=self.sample)
        said = satisfaction_by(["question"], answers)
        rows = self.sample.questionnaire.questions.order_by("order")
        return [(each, self.shown(said.get((each.pk,), Satisfaction()))) for each in rows]

    def shown(self, said: Satisfaction) -> Satisfaction | None:
        return None if self.is_project and said.count < self.least else said


@dataclass(frozen=True)
class Row:
    project: Project
    reach: Reach
    lines: list[tuple[CallbackQuestion, Satisfaction]] = field(default_factory=list)
    overall: Decimal | None = None


class CampaignResults:
    """Every project that was called, over all visits that the reader may know of."""

    def __init__(self, campaign: Campaign, reader: User, params: Mapping[str, str]):
        self.campaign, self.params = campaign, params
        called = AuditVisit.objects.filter(campaign=campaign, method=Method.CUSTOMER_CALLBACK)
        self.visits = called.visible_to(reader).standing()
        seen = Exists(self.visits.filter(pk=OuterRef("visit")))
        self.samples = CallbackSample.objects.filter(seen).order_by()
        self.number = params.get("page", "")

    @cached_property
    def versions(self) -> list[Questionnaire]:
        used = Questionnaire.objects.filter(campaign=self.campaign)
        used = used.filter(Exists(self.samples.filter(questionnaire=OuterRef("pk"))))
        return list(used.order_by("-number"))

    @cached_property
    def version(self) -> Questionnaire | None:
        """The one asked for, else the newest that a visit uses."""
        asked = self.params.get("version", "")
        return next(
            (each for each in self.versions if str(each.number) == asked),
            self.versions[0] if self.versions else None,
        )

    @cached_property
    def questions(self) -> list[CallbackQuestion]:
        return list(self.version.questions.order_by("order")) if self.version else []

    @property
    def projects(self) -> QuerySet[Project]:
        drawn = CallbackSample.objects.filter(visit=OuterRef("pk"), questionnaire=self.version)
        called = self.visits.filter(Exists(drawn), project=OuterRef("pk"))
        return Project.objects.filter(Exists(called)).order_by("code")

    @cached_property
    def page(self) -> Page:
        pages = Paginator(self.projects, PER_PAGE)
        pages.count = self.sums["projects"]
        page = pages.get_page(self.number)
        page.object_list = self.rows(page.object_list)
        return page

    def rows(self, projects: Iterable[Project]) -> list[Row]:
        """What was said in each of these projects, and who was reached: what is kept of visits."""
        projects = list(projects)
        visits = self.visits.filter(project__id__among=[each.pk for each in projects]).order_by()
        of_these = CallbackSample.objects.filter(visit__in=visits, questionnaire=self.version)
        of_these = of_these.order_by()
        samples, reached = {}, {}
        for pk, project, *numbers in of_these.values_list("pk", "visit__project", *KEPT[:4]):
            samples[pk] = project
            so_far = reached.get(project, (0, 0, 0, 0))
            reached[project] = tuple(map(sum, zip(so_far, numbers, strict=True)))
        reaches = {project: Reach(*numbers) for project, numbers in reached.items()}
        answers = CallAnswer.objects.filter(call__callee__sample__id__among=list(samples))
        said: dict[tuple, Satisfaction] = defaultdict(Satisfaction)
        by_sample = satisfaction_by(["call__callee__sample", "question"], answers)
        for (sample, question), each in by_sample.items():
            said[samples[sample], question] += each
        return [self.row(each, reaches.get(each.pk, Reach()), said) for each in projects]

    def row(self, project: Project, reach: Reach, said: Mapping[tuple, Satisfaction]) -> Row:
        none = Satisfaction()
        lines = [(q, said.get((project.pk, q.pk), none)) for q in self.questions]
        return Row(project, reach, lines, overall([said for _question, said in lines]))

    @cached_property
    def sums(self) -> dict[str, int]:
        """Of what is kept of each visit (`counting.count_calls`)."""
        if self.version is None:
            return dict.fromkeys((*KEPT, "projects"), 0)
        # from the visits: from the samples, a database reads the visits twice
        kept = {name: Sum(f"sample__{name}") for name in KEPT}
        of_these = self.visits.filter(sample__questionnaire=self.version).order_by()
        found = of_these.aggregate(**kept, projects=Count("project", distinct=True))
        return {name: value or 0 for name, value in found.items()}

    @cached_property
    def total(self) -> Reach:
        return Reach(*(self.sums[name] for name in KEPT[:4]))

    @cached_property
    def overall(self) -> Decimal | None:
        """The mean of all answers to all questions."""
        return rounded(self.sums["grades"], self.sums["answers"])

    def workbook(self) -> bytes:
        """What the table says, of all projects; there are no customers in it."""
        heads = [_("项目编码"), _("项目"), _("区域"), _("已拨客户"), _("接通率（%）"), _("已回答"),
                 _("投诉"), _("平均分")]  # fmt: skip
        heads += [question.text for question in self.questions]
        rows = ([r.project.code, r.project.name, r.project.region, r.reach.called,
                 r.reach.percent, r.reach.answered, r.reach.complaints, r.overall,
                 *(said.mean for _question, said in r.lines)]
                for r in self.rows(self.projects))  # fmt: skip
        return workbook_of(heads, rows, title=_("客户回访"))


def overall(answers: Sequence[Satisfaction]) -> Decimal | None:
    """The mean of all answers to all questions."""
    return rounded(sum(each.total for each in answers), sum(each.count for each in answers))
