"""What call-backs came to: satisfaction by question, and how many were reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.callback.terms import terms_of
from inspections.callback.words import CallOutcome, Grade
from inspections.models import (
    AuditVisit,
    Call,
    CallAnswer,
    CallbackQuestion,
    CallbackSample,
    Callee,
    Questionnaire,
)
from organization.list_file import workbook_of
from organization.models import Project, User

HUNDREDTH = Decimal("0.01")
PER_PAGE = 50


@dataclass(frozen=True)
class Satisfaction:
    """The answers to one question, by grade from 1 to 5."""

    counts: tuple[int, ...] = (0,) * len(Grade)

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> Decimal | None:
        """To two decimals, half up; None without answers."""
        total = sum(grade * n for grade, n in zip(Grade.values, self.counts, strict=True))
        return rounded(total, self.count)

    @property
    def spread(self) -> list[tuple[object, int, int]]:
        """Grade's word, how many, and per cent of the answers; the best first."""
        grades = zip(Grade, self.counts, strict=True)
        return [(g.label, n, round(100 * n / (self.count or 1))) for g, n in reversed([*grades])]


@dataclass
class Reach:
    """Customers by what came of calling them; one counts once, whatever the number of tries."""

    answered: int = 0
    refused: int = 0
    missed: int = 0
    complaints: int = 0

    @property
    def called(self) -> int:
        return self.answered + self.refused + self.missed

    @property
    def percent(self) -> int | None:
        """Of those called, how many picked up."""
        reached = self.answered + self.refused
        return round(100 * reached / self.called) if self.called else None


def rounded(total: int, count: int) -> Decimal | None:
    if not count:
        return None
    return (Decimal(total) / count).quantize(HUNDREDTH, ROUND_HALF_UP)


def reach_by(key: str, callees) -> dict[int, Reach]:
    """By a column of the callees; one query."""
    standing = Call.objects.standing().filter(callee=OuterRef("pk"))
    with_outcome = {
        outcome: Exists(standing.filter(outcome=outcome)) for outcome in CallOutcome.values
    }
    rows = callees.annotate(**with_outcome, complained=Exists(standing.exclude(complaint="")))
    found: dict[int, Reach] = {}
    columns = ("answered", "refused", "not_reached", "complained")
    counted = rows.order_by().values_list(key, *columns).annotate(n=Count("pk"))
    for about, answered, refused, missed, complained, count in counted:
        reach = found.setdefault(about, Reach())
        name = "answered" if answered else "refused" if refused else "missed" if missed else ""
        if name:
            setattr(reach, name, getattr(reach, name) + count)
        reach.complaints += count if complained else 0
    return found


def satisfaction_by(keys: Iterable[str], answers) -> dict[tuple, Satisfaction]:
    """By columns of the answers that stand; one query."""
    standing = answers.filter(call__correction=None).order_by()
    counts: dict[tuple, list[int]] = {}
    for *about, grade, count in standing.values_list(*keys, "grade").annotate(n=Count("pk")):
        counts.setdefault(tuple(about), [0] * len(Grade))[grade - 1] += count
    return {about: Satisfaction(tuple(each)) for about, each in counts.items()}


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
        visits = AuditVisit.objects.filter(campaign=campaign).visible_to(reader).standing()
        self.samples = CallbackSample.objects.filter(visit__in=visits)
        self.number = params.get("page", "")

    @cached_property
    def versions(self) -> list[Questionnaire]:
        used = Questionnaire.objects.filter(campaign=self.campaign)
        return list(used.filter(pk__in=self.samples.values("questionnaire")).order_by("-number"))

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

    @cached_property
    def reaches(self) -> dict[int, Reach]:
        chosen = self.samples.filter(questionnaire=self.version)
        return reach_by("sample__visit__project", Callee.objects.filter(sample__in=chosen))

    @cached_property
    def said(self) -> dict[tuple, Satisfaction]:
        answers = CallAnswer.objects.filter(question__questionnaire=self.version)
        answers = answers.filter(call__callee__sample__in=self.samples)
        return satisfaction_by(["call__callee__sample__visit__project", "question"], answers)

    @cached_property
    def page(self) -> Page:
        page = Paginator(self.projects, PER_PAGE).get_page(self.number)
        page.object_list = [self.row(each) for each in page.object_list]
        return page

    @property
    def projects(self):
        return Project.objects.filter(pk__in=self.reaches).order_by("code")

    def row(self, project: Project) -> Row:
        none = Satisfaction()
        lines = [(q, self.said.get((project.pk, q.pk), none)) for q in self.questions]
        mean = overall(said for _question, said in lines)
        return Row(project, self.reaches[project.pk], lines, mean)

    @cached_property
    def total(self) -> Reach:
        total = Reach()
        for each in self.reaches.values():
            for name in ("answered", "refused", "missed", "complaints"):
                setattr(total, name, getattr(total, name) + getattr(each, name))
        return total

    @property
    def overall(self) -> Decimal | None:
        return overall(self.said.values())

    def workbook(self) -> bytes:
        """What the table says, of all projects; there are no customers in it."""
        heads = [_("项目编码"), _("项目"), _("区域"), _("已拨客户"), _("接通率（%）"), _("已回答"),
                 _("投诉"), _("平均分")]  # fmt: skip
        heads += [question.text for question in self.questions]
        rows = ([r.project.code, r.project.name, r.project.region, r.reach.called,
                 r.reach.percent, r.reach.answered, r.reach.complaints, r.overall,
                 *(said.mean for _question, said in r.lines)]
                for r in map(self.row, self.projects))  # fmt: skip
        return workbook_of(heads, rows, title=_("客户回访"))


def overall(answers: Iterable[Satisfaction]) -> Decimal | None:
    """The mean of all answers to all questions."""
    answers = list(answers)
    total = sum(g * n for each in answers for g, n in zip(Grade.values, each.counts, strict=True))
    return rounded(total, sum(each.count for each in answers))
