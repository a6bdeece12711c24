"""How an exam went: pass rates by project, how hard each question was, weak topics."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import NullIf

from inspections.exam.scoring import average, percent
from inspections.exam.settling import RIGHT, best_of, question_counts, unsettled
from inspections.models import Answer, Attempt, Exam, Question, Seat
from organization.models import Project
from organization.prepared import by_key, prepared

FITS, PER_PAGE = 50, 25  # projects on one page, or on each where they need several
FIGURES = ("invited", "sat", "marked_absent", "passed", "total", "best_of_all")
Counts = dict[int, Sequence[int]]  # of questions (settling.question_counts)


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
        best=row["best_of_all"],
    )


def rates_of(
    exams: Iterable[Exam], seats: QuerySet[Seat], by: str, *, at: datetime, rows=None, late=None
) -> dict[int | None, Rate]:
    """The rates of these seats by exam or project: what is kept, and what is not settled yet.

    `rows` of `counted`, and `late`, what is not settled, where a page has read these already. Two
    queries, and one more while an attempt that is over is not settled.
    """
    known = {exam.pk: exam for exam in exams}
    if rows is None:
        rows = seats.counted(by, {exam.pk: exam.pass_mark for exam in known.values()})
    found = {row[by]: with_amounts(row) for row in rows}
    if points := best_of(unsettled(at=at) if late is None else late):
        waiting = seats.filter(pk__among=points, exam__in=known)
        waiting = waiting.values_list(by, "pk", "exam", "points", "best")
        for key, seat, exam, entered, best in waiting:
            if key in found and entered is None:
                add_result(found[key], best, points[seat], known[exam].pass_mark)
    over = {exam.pk: ends(exam, at) for exam in known.values()}
    return {
        key: rate_of(row, all_absent=over[key] if by == "exam" else any(over.values()))
        for key, row in found.items()
    }


def with_amounts(row: dict) -> dict:
    """Sum and best as amounts: a sum of floating points is off by far less than a hundredth."""
    amounts = {name: amount(row[name]) for name in ("total", "best_of_all")}
    return row | amounts


def amount(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(round(value * 100)).scaleb(-2)


def add_result(row: dict, was: Decimal | None, now: Decimal, mark: Decimal) -> None:
    """A better result of one seat, of `was` (None where it had none yet), in a row of figures."""
    if was is not None and now <= was:
        return
    row["sat"] += was is None
    row["passed"] += (now >= mark) - (was is not None and was >= mark)
    row["total"] = (row["total"] or Decimal(0)) + now - (was or Decimal(0))
    row["best_of_all"] = now if row["best_of_all"] is None else max(now, row["best_of_all"])


def overall(exam: Exam, seats: QuerySet[Seat], *, at: datetime, late=None) -> Rate:
    """The rate of these seats of one exam."""
    return rates_of([exam], seats, "exam", at=at, late=late).get(exam.pk, Rate())


def counted_in(*, exam, mark) -> QuerySet[Seat]:
    """Not grouped: to compare 20,000 keys takes as long as another figure."""
    together = Seat.objects.annotate(together=Value(1))
    return together.counted("together", {exam: mark}).values_list(*FIGURES)


# the mark stands in the statement: with a slot for it PostgreSQL would make a floating figure of
# every result to compare them
counted_of = prepared(counted_in, {"exam": Exam._meta.pk})


def overall_of_all(exam: Exam, *, at: datetime, late: list[tuple]) -> Rate:
    """The rate of everybody who was invited."""
    rows = counted_of(exam=exam.pk, mark=exam.pass_mark)
    rows = [{"exam": exam.pk} | dict(zip(FIGURES, row, strict=True)) for row in rows]
    rates = rates_of([exam], exam.seats.all(), "exam", at=at, rows=rows, late=late)
    return rates.get(exam.pk, Rate())


def by_exam(exams: Iterable[Exam], *, at: datetime) -> list[tuple[Exam, Rate]]:
    """Each of several exams with its rate."""
    found = list(exams)
    rates = of_exams(found, Seat.objects.all(), at=at)
    return [(exam, rates.get(exam.pk, Rate())) for exam in found]


def by_project(
    exam: Exam, seats: QuerySet[Seat], *, at: datetime
) -> list[tuple[Project | None, Rate]]:
    """Project by project, the lowest rate first; people of no project come last."""
    return named(rates_of([exam], seats, "project", at=at))


def named(rates: dict[int | None, Rate]) -> list[tuple[Project | None, Rate]]:
    keys = [pk for pk in rates if pk]
    if len(keys) <= FITS:
        projects = by_key(with_keys(keys=keys))
    else:
        projects = Project.objects.filter(pk__among=keys).in_bulk()
    found = [(projects.get(pk), rate) for pk, rate in rates.items()]
    return sorted(found, key=lambda pair: (pair[0] is None, lowest(pair[1]), str(pair[0])))


with_keys = prepared(
    lambda *, keys: Project.objects.filter(pk__in=keys).order_by(), {"keys": Project._meta.pk}
)


def project_page(exam: Exam, seats: QuerySet[Seat], number, *, at: datetime, late=None) -> Page:
    """A page of the same: put in order by the database, by what is settled, where they do not
    fit on one.
    """
    projects = seats.filter(exam=exam).order_by("project").values("project").distinct()
    count = projects.count()
    pages = Paginator(projects, FITS if count <= FITS else PER_PAGE)
    pages.count = count
    page = pages.get_page(number)
    rows = seats.counted("project", {exam.pk: exam.pass_mark})
    if pages.num_pages > 1:
        decided = F("invited") if ends(exam, at) else F("sat") + F("marked_absent")
        share = F("passed") * 1.0 / NullIf(decided, 0)
        rows = rows.annotate(share=share)
        rows = rows.order_by(F("share").asc(nulls_last=True), F("project").asc(nulls_last=True))
        rows = rows[page.start_index() - 1 : page.end_index()]
    page.object_list = named(rates_of([exam], seats, "project", at=at, rows=rows, late=late))
    return page


def lowest(rate: Rate) -> Decimal:
    """Sorts by the rate; where nobody has sat it yet there is none, which comes last."""
    return Decimal(101) if rate.percent is None else rate.percent


def of_exams(exams: Iterable[Exam], seats: QuerySet[Seat], *, at: datetime) -> dict[int, Rate]:
    """The rates of a page of exams, by their ids."""
    return rates_of(exams, seats, "exam", at=at)


def ends(exam: Exam, at: datetime) -> bool:
    return exam.is_online and exam.is_over(at=at)


def hardness(
    exam: Exam,
    *,
    at: datetime,
    project: Project | None = None,
    counts: Counts | None = None,
    questions: dict[int, Question] | None = None,
) -> list[Hardness]:
    """Of every question on finished papers, the hardest first; right means full points.

    Of one project's people, where it is named; `counts` and `questions` where a page has them.
    """
    if project is None:
        counts = question_counts(exam, at=at) if counts is None else counts
    else:
        rows = (
            finished(exam, project, at=at)
            .values_list("question")
            .annotate(n=Count("pk"), right=RIGHT)
        )
        counts = {pk: row for pk, *row in rows}
    questions = Question.objects.in_bulk(counts) if questions is None else questions
    found = [Hardness(questions[pk], *row[:2]) for pk, row in counts.items()]
    return sorted(found, key=lambda each: (each.percent, each.question.pk))


def topics(
    exam: Exam,
    *,
    at: datetime,
    counts: Counts | None = None,
    questions: dict[int, Question] | None = None,
) -> list[Topic]:
    """Points earned of those possible by topic, the weakest first."""
    counts = question_counts(exam, at=at) if counts is None else counts
    sums: dict[str, list] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    known = Question.objects.in_bulk(counts) if questions is None else questions
    for question in known.values():
        asked, _right, thousandths = counts[question.pk]
        sums[question.topic][0] += Decimal(thousandths).scaleb(-3)
        sums[question.topic][1] += asked * question.points
    found = [Topic(name, percent(*row)) for name, row in sums.items()]
    return sorted(found, key=lambda each: (each.percent, each.name))


def finished(exam: Exam, project: Project, *, at: datetime) -> QuerySet[Answer]:
    attempts = Attempt.objects.filter(seat__exam=exam, seat__project=project).over(at=at)
    return Answer.objects.filter(attempt__in=attempts).order_by()
