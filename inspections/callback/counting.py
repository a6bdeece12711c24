"""What calls come to: customers by outcome, answers by grade; kept of each visit's sample."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from inspections.callback.words import CallOutcome, Grade
from inspections.models import Call, CallAnswer, CallbackSample, Callee

HUNDREDTH = Decimal("0.01")
KEPT = ("answered", "refused", "missed", "complaints", "answers", "grades")


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
        return rounded(self.total, self.count)

    @property
    def total(self) -> int:
        """All grades together."""
        return sum(grade * n for grade, n in enumerate(self.counts, 1))

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
    return satisfaction_of(grades_by(keys, answers))


def grades_by(keys: Iterable[str], answers) -> QuerySet:
    """Of the answers that stand: these columns, a grade, and how often it was given."""
    standing = answers.filter(call__correction=None).order_by()
    return standing.values(*keys, "grade").annotate(n=Count("pk")).values_list(*keys, "grade", "n")


def satisfaction_of(rows: Iterable[tuple]) -> dict[tuple, Satisfaction]:
    counts: dict[tuple, list[int]] = {}
    for *about, grade, count in rows:
        counts.setdefault(tuple(about), [0] * len(Grade))[grade - 1] += count
    return {about: Satisfaction(tuple(each)) for about, each in counts.items()}


def count_calls(sample: CallbackSample) -> None:
    """Keep what this visit's calls have come to; whoever calls holds the transaction."""
    reach = reach_by("sample", Callee.objects.filter(sample=sample)).get(sample.pk, Reach())
    answers = CallAnswer.objects.filter(call__callee__sample=sample)
    said = satisfaction_by(["question"], answers).values()
    for name in ("answered", "refused", "missed", "complaints"):
        setattr(sample, name, getattr(reach, name))
    sample.answers = sum(each.count for each in said)
    sample.grades = sum(each.total for each in said)
    sample.save(update_fields=KEPT)
