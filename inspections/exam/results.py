"""Results of exams that are not held here: entered one by one or from Excel, then published."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.exam.setting import check_results_open, told
from inspections.models import Exam, Seat
from inspections.moves import lock, person
from organization.bulk import update
from organization.errors import Conflict, Refused
from organization.history import record, record_each

LONGEST_REMARK = 200
BATCH = 500
ENTERED = ("points", "absent", "remark", "entered_at", "entered_by", "revision")


@transaction.atomic
def enter_result(
    *,
    seat: Seat,
    points: Decimal | None,
    absent: bool = False,
    remark: str = "",
    by,
    at: datetime,
    reason: str = "",
    revision: int | None = None,
) -> Seat:
    """Write down what somebody got, or that they were absent and why; nothing at all empties it.

    The old value stays on record. Once results are published a correction needs a reason.
    Refused before the exam, for points beyond its marks, and for one that is held here; Conflict
    for a stale page.
    """
    lock(seat)
    remark = remark.strip()
    check_result(seat, points, absent, remark, revision, at=at)
    stood = put_down(seat, points, absent, remark, by=by, at=at, reason=reason)
    if stood is None:
        return seat
    seat.save()
    before, after = stood
    about = {"by": by, "at": at, "before": before, "after": after, "reason": reason.strip()}
    record(on=seat, verb=verb_of(seat.exam), **about)
    return seat


def put_down(
    seat: Seat, points: Decimal | None, absent: bool, remark: str, *, by, at: datetime, reason: str
) -> tuple[str, str] | None:
    """Have a seat say its result, which is not saved yet: what it said before and says now; None
    where that is the same. Refused for a correction without a reason.
    """
    if (seat.points, seat.absent, seat.remark) == (points, absent, remark):
        return None
    if seat.exam.published_at and not reason.strip():
        raise Refused(_("成绩已经公布，更正要写明原因。"), code="reason", field="reason")
    before = written(seat)
    seat.points, seat.absent, seat.remark = points, absent, remark
    seat.entered_at, seat.entered_by = at, person(by)
    seat.revision += 1
    return before, written(seat)


def verb_of(exam: Exam) -> str:
    return "correct_result" if exam.published_at else "enter_result"


@transaction.atomic
def enter_many(
    *, exam: Exam, results: Mapping[int, tuple[Decimal | None, bool, str]], by, at, reason: str
) -> None:
    """The same of many seats of an exam, by their ids: points, whether absent, and why; each with
    its record, in a few queries for some hundred.
    """
    for pks in batched(sorted(results), BATCH):
        held = exam.seats.select_for_update().filter(pk__in=pks).order_by("pk")
        changed, states = [], []
        for seat in held:
            points, absent, remark = results[seat.pk]
            seat.exam = exam
            check_result(seat, points, absent, remark, None, at=at)
            if stood := put_down(seat, points, absent, remark, by=by, at=at, reason=reason):
                changed.append(seat)
                states.append(stood)
        update(Seat, ENTERED, changed)
        record_each(
            on=changed,
            verb=verb_of(exam),
            by=by,
            at=at,
            details=[{}] * len(changed),
            reason=reason,
            states=states,
        )


def batched(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


@transaction.atomic
def publish_results(*, exam: Exam, by, at: datetime) -> Exam:
    """Let everybody see what they got, and tell them.

    Refused before the exam is over, twice, and while somebody has neither a result nor was
    absent.
    """
    lock(exam)
    check_results_open(exam)
    if exam.published_at:
        raise Refused(_("成绩已经公布。"), code="already")
    if not exam.is_over(at=at):
        raise Refused(_("考试还没有结束。"), code="running")
    left = 0 if exam.is_online else exam.seats.unentered().count()
    if left:
        message = _("还有 %(count)d 人没有成绩，缺考的请标为缺考。") % {"count": left}
        raise Refused(message, code="unfinished")
    exam.published_at, exam.published_by = at, person(by)
    exam.revision += 1
    exam.save()
    record(on=exam, verb="publish_results", by=by, at=at, before="unpublished", after="published")
    told(exam, "published", lambda: _("成绩已公布：%(exam)s") % {"exam": exam}, at=at)
    return exam


def check_result(seat: Seat, points, absent: bool, remark: str, revision, *, at: datetime) -> None:
    exam = seat.exam
    check_results_open(exam)
    if revision not in (None, seat.revision):
        message = _("这一行刚被改过，现在是：%(value)s。") % {"value": written(seat)}
        raise Conflict(message, theirs=seat)
    if exam.is_online:
        raise Refused(_("在线考试的成绩由答卷算出，不能录入。"), code="online")
    if at < exam.opens_at:
        raise Refused(_("考试还没有开始，不能录成绩。"), code="early")
    if points is not None and absent:
        raise Refused(_("缺考的人没有得分。"), code="both", field="points")
    if points is not None and not 0 <= points <= exam.full_marks:
        words = {"full": f"{exam.full_marks.normalize():f}"}
        raise Refused(_("得分要在 0 和 %(full)s 之间。") % words, code="points", field="points")
    if len(remark) > LONGEST_REMARK:
        raise Refused(_("缺考原因最多 200 个字。"), code="remark", field="remark")


def written(seat: Seat) -> str:
    """A result in a word: the points, 缺考, or nothing yet."""
    return in_word(seat.points, seat.absent)


def in_word(points: Decimal | None, absent: bool) -> str:
    if absent:
        return _("缺考")
    return _("没有成绩") if points is None else f"{Decimal(points).normalize():f}"
