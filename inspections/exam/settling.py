"""Keeps what attempts that are over come to: each seat's best, each question's answers.

Handing in writes nothing more. The scheduler's task settles what is over since, and whoever reads
meanwhile adds the few attempts that it has not come to: an attempt whose time is up is over by
itself, and nobody may be there to write it down.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from inspections.models import Answer, Attempt, Exam, QuestionCount, Seat
from inspections.models.exams import GRACE
from organization.bulk import insert, rewrite
from organization.prepared import prepared

BATCH = 500
RIGHT = Count("pk", filter=Q(earned=F("question__points")))
NONE = Decimal(-1)


def settle_attempts(*, at: datetime) -> int:
    """Keep what every attempt that is over comes to; returns how many it settled.

    Two at once never settle the same: each holds the attempts that it settles.
    """
    settled = 0
    while number := settle_some(at):
        settled += number
    return settled


@transaction.atomic
def settle_some(at: datetime) -> int:
    over = Attempt.objects.filter(settled=False).over(at=at).order_by("pk")
    held = over.select_for_update(skip_locked=True)[:BATCH]
    attempts = list(held.values_list("pk", "seat_id", "points"))
    best = best_of(attempts)
    seats = Seat.objects.filter(pk__among=best).order_by("pk").select_for_update()
    better = [
        (best[pk], pk)
        for pk, known in seats.values_list("pk", "best")
        if known is None or best[pk] > known
    ]
    rewrite(Seat, ["best"], better)
    keep_answers([pk for pk, *_rest in attempts])
    rewrite(Attempt, ["settled"], [(True, pk) for pk, *_rest in attempts])
    return len(attempts)


def best_of(attempts: Iterable[tuple]) -> dict[int, Decimal]:
    best: dict[int, Decimal] = {}
    for _pk, seat, points in attempts:
        best[seat] = max(points, best.get(seat, NONE))
    return best


def keep_answers(attempts: Collection[int]) -> None:
    """Add the answers of these attempts, always in the same order."""
    answers = Answer.objects.filter(attempt__id__among=attempts).order_by()
    rows = answers.values_list("attempt__seat__exam", "question").annotate(
        n=Count("pk"), right=RIGHT, got=Sum("earned")
    )
    figures = sorted((exam, question, *counted(row)) for exam, question, *row in rows)
    insert(QuestionCount, (*KEY, *SUMS), figures, on_conflict=ADDED)


def counted(row: Iterable) -> tuple[int, int, int]:
    asked, right, earned = row
    return asked, right, int(earned.scaleb(3))


KEY, SUMS = ("exam", "question"), ("asked", "right", "thousandths")
TABLE = QuestionCount._meta.db_table
ADDED = "ON CONFLICT (exam_id, question_id) DO UPDATE SET " + ", ".join(
    f'"{each}" = {TABLE}."{each}" + excluded."{each}"' for each in SUMS
)


# --- what is not settled yet -------------------------------------------------------------


def unsettled(*, at: datetime) -> list[tuple[int, int, Decimal]]:
    """Attempts of whatever exam that are over and stand in nothing that is kept: few as a rule.

    The attempt's key, the seat's, and the points.
    """
    return not_settled(until=at - GRACE)


def over_by(*, until) -> QuerySet[Attempt]:
    over = Attempt.objects.filter(settled=False).over(until=until).order_by()
    return over.values_list("pk", "seat_id", "points")


not_settled = prepared(over_by, {"until": Attempt._meta.get_field("deadline")})


def kept_in(*, exam) -> QuerySet[QuestionCount]:
    return QuestionCount.objects.filter(exam=exam).order_by().values_list("question", *SUMS)


counts_of = prepared(kept_in, {"exam": Exam._meta.pk})


def question_counts(
    exam: Exam, *, at: datetime, late: list[tuple] | None = None
) -> dict[int, tuple[int, int, int]]:
    """By question how often it was asked, answered in full, and thousandths earned; two
    queries, and one more while an attempt that is over is not settled.

    `late` is what is not settled, where a page has asked already.
    """
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for question, *row in counts_of(exam=exam.pk):
        sums[question] = row
    late = [pk for pk, *_rest in (unsettled(at=at) if late is None else late)]
    waiting = Answer.objects.filter(attempt__id__among=late, attempt__seat__exam=exam).order_by()
    rows = waiting.values_list("question").annotate(n=Count("pk"), right=RIGHT, got=Sum("earned"))
    for question, *row in rows if late else ():
        sums[question] = [a + b for a, b in zip(sums[question], counted(row), strict=True)]
    return {question: tuple(row) for question, row in sums.items()}
