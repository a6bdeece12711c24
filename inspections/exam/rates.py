"""How an exam went: pass rates by project, how hard each question was, weak topics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from inspections.exam.scoring import average, percent
from inspections.models import Answer, Attempt, Exam, Question, Seat
from organization.models import Project


@dataclass(frozen=True)
class Rate:
    """Of some people: how many were invited, sat and passed.

    The rate is of those who sat it or were absent: in the end of all who were invited.
    """

    invited: int = 0
    sat: int = 0
    absent: int = 0
    passed: int = 0
    average: Decimal | None = None
    best: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        return percent(self.passed, self.decided)

    @property
    def decided(self) -> int:
        return self.sat + self.absent

    @property
    def failed(self) -> int:
        return self.sat - self.passed

    @property
    def open(self) -> int:
        """Neither sat it nor counted as absent yet."""
        return self.invited - self.sat - self.absent


@dataclass(frozen=True)
class Hardness:
    """One question: of so many papers so many right."""

    question: Question
    asked: int
    right: int

    @property
    def percent(self) -> Decimal | None:
        return percent(self.right, self.asked)


@dataclass(frozen=True)
class Topic:
    name: str
    percent: Decimal | None


def rate_of(row: dict, *, all_absent: bool) -> Rate:
    """A row of `SeatQuerySet.counted`; who never came to an exam held here is absent in the end."""
    sat, invited = row["sat"], row["invited"]
    return Rate(
        invited=invited,
        sat=sat,
        absent=invited - sat if all_absent else row["marked_absent"],
        passed=row["passed"],
        average=average(row["total"] or Decimal(0), sat),
        best=row["best"],
    )


def overall(exam: Exam, seats: QuerySet[Seat], *, at: datetime) -> Rate:
    """The rate of these seats of one exam."""
    rows = seats.with_result(at=at).counted("exam")
    return next((rate_of(row, all_absent=ends(exam, at)) for row in rows), Rate())


def by_exam(exams: Iterable[Exam], *, at: datetime) -> list[tuple[Exam, Rate]]:
    """Each of several exams with its rate; two queries."""
    found = {exam.pk: exam for exam in exams}
    rows = Seat.objects.filter(exam__in=found).with_result(at=at).counted("exam")
    rates = {row["exam"]: rate_of(row, all_absent=ends(found[row["exam"]], at)) for row in rows}
    return [(exam, rates.get(pk, Rate())) for pk, exam in found.items()]


def by_project(
    exam: Exam, seats: QuerySet[Seat], *, at: datetime
) -> list[tuple[Project | None, Rate]]:
    """Project by project, the lowest rate first; people of no project come last."""
    rows = list(seats.with_result(at=at).counted("project"))
    projects = Project.objects.in_bulk([row["project"] for row in rows if row["project"]])
    rates = [
        (projects.get(row["project"]), rate_of(row, all_absent=ends(exam, at))) for row in rows
    ]
    return sorted(rates, key=lambda pair: (pair[0] is None, lowest(pair[1]), str(pair[0])))


def lowest(rate: Rate) -> Decimal:
    """Sorts by the rate; where nobody has sat it yet there is none, which comes last."""
    return Decimal(101) if rate.percent is None else rate.percent


def of_exams(exams: Iterable[Exam], seats: QuerySet[Seat], *, at: datetime) -> dict[int, Rate]:
    """The rates of a page of exams, by their ids; one query."""
    known = {exam.pk: exam for exam in exams}
    rows = seats.filter(exam__in=known).with_result(at=at).counted("exam")
    return {row["exam"]: rate_of(row, all_absent=ends(known[row["exam"]], at)) for row in rows}


def ends(exam: Exam, at: datetime) -> bool:
    return exam.is_online and exam.is_over(at=at)


def hardness(exam: Exam, *, at: datetime, project: Project | None = None) -> list[Hardness]:
    """Of every question on finished papers, the hardest first; right means full points.

    Of one project's people, where it is named.
    """
    rows = (
        finished(exam, at=at, project=project)
        .values("question")
        .annotate(asked=Count("pk"), right=Count("pk", filter=Q(earned=F("question__points"))))
    )
    rows = list(rows.order_by("question"))
    questions = Question.objects.in_bulk([row["question"] for row in rows])
    found = [Hardness(questions[row["question"]], row["asked"], row["right"]) for row in rows]
    return sorted(found, key=lambda each: (each.percent, each.question.pk))


def topics(exam: Exam, *, at: datetime) -> list[Topic]:
    """Points earned of those possible by topic, the weakest first."""
    rows = (
        finished(exam, at=at)
        .values("question__topic")
        .annotate(got=Sum("earned"), possible=Sum("question__points"))
    )
    found = [Topic(row["question__topic"], percent(row["got"], row["possible"])) for row in rows]
    return sorted(found, key=lambda each: (each.percent, each.name))


def finished(exam: Exam, *, at: datetime, project: Project | None = None) -> QuerySet[Answer]:
    attempts = Attempt.objects.filter(seat__exam=exam).over(at=at)
    if project:
        attempts = attempts.filter(seat__project=project)
    return Answer.objects.filter(attempt__in=attempts).order_by()
