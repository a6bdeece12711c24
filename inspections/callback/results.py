"""What call-backs came to: satisfaction by question, and how many were reached."""

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
    grades_by,
    reach_by,
    rounded,
    satisfaction_by,
    satisfaction_of,
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
from organization.prepared import prepared

PER_PAGE = 20


def standing(*, campaign) -> QuerySet[AuditVisit]:
    called = AuditVisit.objects.filter(campaign=campaign, method=Method.CUSTOMER_CALLBACK)
    return called.standing()


def versions_in(visits: QuerySet[AuditVisit], campaign) -> QuerySet[Questionnaire]:
    """Those that one of these visits uses, the newest first."""
    of_visits = Exists(visits.filter(pk=OuterRef("visit")))
    samples = CallbackSample.objects.filter(of_visits, questionnaire=OuterRef("pk"))
    used = Questionnaire.objects.filter(Exists(samples), campaign=campaign)
    return used.order_by("-number")


def projects_in(visits: QuerySet[AuditVisit], version) -> QuerySet[Project]:
    drawn = CallbackSample.objects.filter(visit=OuterRef("pk"), questionnaire=version)
    called = visits.filter(Exists(drawn), project=OuterRef("pk"))
    return Project.objects.filter(Exists(called)).order_by("code")


def kept_in(visits: QuerySet[AuditVisit], version, of_projects: dict) -> QuerySet[CallbackSample]:
    """Of the visits to these projects (sample, project, whom they reached)."""
    visits = visits.filter(**of_projects).order_by()
    found = CallbackSample.objects.filter(visit__in=visits, questionnaire=version)
    return found.order_by().values_list("pk", "visit__project", *KEPT[:4])


def sums_in(visits: QuerySet[AuditVisit], version) -> QuerySet[AuditVisit]:
    """One row; from the visits: from the samples, a database reads the visits twice."""
    of_these = visits.filter(sample__questionnaire=version).order_by().values("campaign")
    kept = {name: Sum(f"sample__{name}") for name in KEPT}
    found = of_these.annotate(**kept, projects=Count("project", distinct=True))
    return found.values_list(*KEPT, "projects")


def first_projects(*, campaign, version) -> QuerySet[Project]:
    return projects_in(standing(campaign=campaign), version)[:PER_PAGE]


def kept_of_projects(*, campaign, version, projects) -> QuerySet[CallbackSample]:
    return kept_in(standing(campaign=campaign), version, {"project__pk__in": projects})


def asked_in(*, version) -> QuerySet[CallbackQuestion]:
    return CallbackQuestion.objects.filter(questionnaire=version).order_by("order")


def given_in(*, samples) -> QuerySet[CallAnswer]:
    answers = CallAnswer.objects.filter(call__callee__sample__pk__in=samples)
    return grades_by(["call__callee__sample", "question"], answers)


# for who sees the visits to all projects
CAMPAIGN = {"campaign": Campaign._meta.pk}
VERSION = {"version": Questionnaire._meta.pk}
OF_VERSION = CAMPAIGN | VERSION
versions_of = prepared(
    lambda *, campaign: versions_in(standing(campaign=campaign), campaign), CAMPAIGN
)
sums_of = prepared(
    lambda *, campaign, version: sums_in(standing(campaign=campaign), version), OF_VERSION
)
projects_of = prepared(first_projects, OF_VERSION)
kept_of = prepared(kept_of_projects, OF_VERSION | {"projects": Project._meta.pk})
questions_of = prepared(asked_in, VERSION)
grades_of = prepared(given_in, {"samples": CallbackSample._meta.pk})


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
        self.visits = standing(campaign=campaign).visible_to(reader)
        self.sees_all = reader.sees_company and not reader.project_ids
        self.number = params.get("page", "")

    @cached_property
    def versions(self) -> list[Questionnaire]:
        if self.sees_all:
            return versions_of(campaign=self.campaign.pk)
        return list(versions_in(self.visits, self.campaign))

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
        return questions_of(version=self.version.pk) if self.version else []

    @property
    def projects(self) -> QuerySet[Project]:
        return projects_in(self.visits, self.version)

    @cached_property
    def page(self) -> Page:
        pages = Paginator(self.projects, PER_PAGE)
        pages.count = self.sums["projects"]
        page = pages.get_page(self.number)
        is_first = self.sees_all and self.version and page.number == 1
        shown = projects_of(**self.asked) if is_first else page.object_list
        page.object_list = self.rows(list(shown))
        return page

    @property
    def asked(self) -> dict[str, int]:
        return {"campaign": self.campaign.pk, "version": self.version.pk}

    def rows(self, projects: Sequence[Project]) -> list[Row]:
        """What was said in each of these projects, and who was reached: what is kept of visits."""
        samples, reached = {}, {}
        for pk, project, *numbers in self.kept([each.pk for each in projects]):
            samples[pk] = project
            so_far = reached.get(project, (0, 0, 0, 0))
            reached[project] = tuple(map(sum, zip(so_far, numbers, strict=True)))
        reaches = {project: Reach(*numbers) for project, numbers in reached.items()}
        said = satisfaction_of(
            (samples[sample], *rest) for sample, *rest in self.grades([*samples])
        )
        return [self.row(each, reaches.get(each.pk, Reach()), said) for each in projects]

    def kept(self, projects: list[int]) -> Iterable[tuple]:
        if self.sees_all and self.version and len(projects) <= PER_PAGE:
            return kept_of(**self.asked, projects=projects)
        return kept_in(self.visits, self.version, {"project__id__among": projects})

    def grades(self, samples: list[int]) -> Iterable[tuple]:
        """(sample, question, grade, how often); of a file there are too many to be named."""
        if len(samples) <= 2 * PER_PAGE:
            return grades_of(samples=samples)
        answers = CallAnswer.objects.filter(call__callee__sample__id__among=samples)
        return grades_by(["call__callee__sample", "question"], answers)

    def row(self, project: Project, reach: Reach, said: Mapping[tuple, Satisfaction]) -> Row:
        none = Satisfaction()
        lines = [(q, said.get((project.pk, q.pk), none)) for q in self.questions]
        return Row(project, reach, lines, overall([said for _question, said in lines]))

    @cached_property
    def sums(self) -> dict[str, int]:
        """Of what is kept of each visit (`counting.count_calls`)."""
        if self.version is None:
            return dict.fromkeys((*KEPT, "projects"), 0)
        rows = sums_of(**self.asked) if self.sees_all else sums_in(self.visits, self.version)
        values = next(iter(rows), (0,) * (len(KEPT) + 1))
        return dict(zip((*KEPT, "projects"), values, strict=True))

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
                for r in self.rows(list(self.projects)))  # fmt: skip
        return workbook_of(heads, rows, title=_("客户回访"))


def overall(answers: Sequence[Satisfaction]) -> Decimal | None:
    """The mean of all answers to all questions."""
    return rounded(sum(each.total for each in answers), sum(each.count for each in answers))
