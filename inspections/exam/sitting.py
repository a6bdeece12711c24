"""Sitting an exam that is held here: begin, answer, hand in. The clock is the server's.

Time that is up needs nobody to say so: an attempt past its deadline is over, with what was
tapped until then. What is shown to whoever sits never says what is right.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from inspections.exam.drawing import SEEDS, draw
from inspections.exam.scoring import earned, result
from inspections.exam.words import LETTERS, QuestionKind
from inspections.models import Answer, Attempt, Exam, Question, Seat
from inspections.models.exams import GRACE
from inspections.moves import lock, require_running
from organization.errors import Refused
from organization.history import record


@dataclass(frozen=True)
class Tap:
    """What stands chosen on a question: places as shown, and how long ago it was tapped."""

    position: int
    places: tuple[int, ...]
    age: timedelta = timedelta()


@transaction.atomic
def start_attempt(*, seat: Seat, by, at: datetime, seed: int | None = None) -> Attempt:
    """Draw the paper and start the clock; the attempt that is running is returned as it is.

    Refused outside the exam's window, when no attempt is left, and for a bank that is empty.
    """
    lock(seat)
    if running := running_attempt(seat, at=at):
        return running
    exam = seat.exam
    check_may_start(exam, seat, at=at)
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    attempt = Attempt.objects.create(
        seat=seat,
        number=seat.attempts.count() + 1,
        seed=seed,
        started_at=at,
        deadline=min(at + timedelta(minutes=exam.minutes), exam.closes_at),
        possible=0,
    )
    lay_out(attempt, exam)
    record(on=seat, verb="start_attempt", by=by, at=at, number=attempt.number, seed=seed)
    return attempt


@transaction.atomic
def save_answers(*, attempt: Attempt, taps: Iterable[Tap], at: datetime) -> Attempt:
    """Keep what was tapped; the later tap of a question stands, in whatever order they arrive.

    Refused once it was handed in, and 30 seconds after its time is up.
    """
    lock(attempt)
    check_running(attempt, at=at)
    answers = {each.position: each for each in attempt.answers.select_related("question")}
    for tap in taps:
        if tap.position not in answers:
            raise Refused(_("卷子上没有这道题。"), code="no_question")
        take(answers[tap.position], tap, attempt, at=at)
    total = attempt.answers.aggregate(total=Sum("earned"))["total"] or 0
    full = attempt.seat.exam.full_marks
    attempt.points = result(points=total, possible=attempt.possible, full=full)
    attempt.save(update_fields=["points"])
    return attempt


@transaction.atomic
def hand_in(*, attempt: Attempt, by, at: datetime) -> Attempt:
    """Finish before the time is up; handed in again nothing happens."""
    lock(attempt)
    if attempt.is_over(at=at):
        return attempt
    attempt.handed_in_at = min(at, attempt.deadline)
    attempt.save(update_fields=["handed_in_at"])
    points = str(attempt.points)
    record(on=attempt.seat, verb="hand_in", by=by, at=at, number=attempt.number, points=points)
    return attempt


@transaction.atomic
def allow_again(*, seat: Seat, reason: str, by, at: datetime) -> Seat:
    """One attempt more for somebody, with the reason on record.

    Refused without a reason, outside the window, and while one is left anyway.
    """
    lock(seat)
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明为什么再给一次机会。"), code="reason", field="reason")
    if not (seat.exam.is_online and seat.exam.is_open(at=at)):
        raise Refused(_("考试没有开放，可以另外安排补考。"), code="closed")
    if running_attempt(seat, at=at) or attempts_left(seat):
        raise Refused(_("这个人还可以考，不用再给。"), code="left")
    before, seat.extra_attempts = seat.extra_attempts, seat.extra_attempts + 1
    seat.save(update_fields=["extra_attempts"])
    said = {"extra_attempts": [before, seat.extra_attempts]}
    record(on=seat, verb="allow_again", by=by, at=at, reason=reason, **said)
    return seat


# --- what may not be -----------------------------------------------------------------------


def running_attempt(seat: Seat, *, at: datetime) -> Attempt | None:
    return seat.attempts.running(at=at).order_by("-number").first()


def attempts_left(seat: Seat) -> int:
    allowed = seat.exam.attempts_allowed + seat.extra_attempts
    return max(allowed - seat.attempts.count(), 0)


def check_may_start(exam: Exam, seat: Seat, *, at: datetime) -> None:
    require_running(exam.campaign)
    if not exam.is_online:
        raise Refused(_("这场考试不在这里考。"), code="not_online")
    if exam.called_off_at:
        raise Refused(_("这场考试已经取消。"), code="called_off")
    if at < exam.opens_at:
        raise Refused(_("考试还没有开始。"), code="early")
    if at >= exam.closes_at:
        raise Refused(_("考试时间已过。"), code="closed")
    if not attempts_left(seat):
        raise Refused(_("您已经考过，没有剩余次数。"), code="no_attempt")


def check_running(attempt: Attempt, *, at: datetime) -> None:
    if attempt.handed_in_at:
        raise Refused(_("已经交卷，不能再改。"), code="handed_in")
    if at >= attempt.deadline + GRACE:
        raise Refused(_("时间已到，之前保存的答案有效。"), code="time_up")


# --- what the moves are made of ------------------------------------------------------------


def lay_out(attempt: Attempt, exam: Exam) -> None:
    """Write the paper's questions, in the order that the seed gives."""
    active = {each.pk: each for each in exam.specialty.questions.active()}
    chosen = {each.pk: each for each in exam.questions.all()}
    known = active | chosen
    pools: dict[str, list[int]] = {}
    for pk, question in active.items():
        pools.setdefault(question.topic, []).append(pk)
    paper = draw(
        chosen=sorted(chosen),
        pools=pools,
        numbers=exam.draws,
        options={pk: shown_options(each) for pk, each in known.items()},
        shuffled=exam.is_shuffled,
        seed=attempt.seed,
    )
    if not paper:
        raise Refused(_("题库里没有可以考的题，请告诉专业负责人。"), code="no_questions")
    write_paper(attempt, paper, known)


def write_paper(attempt: Attempt, paper, known: dict[int, Question]) -> None:
    Answer.objects.bulk_create(
        Answer(
            attempt=attempt,
            question=known[each.question],
            position=position,
            order="".join(map(str, each.order)),
        )
        for position, each in enumerate(paper, 1)
    )
    attempt.possible = sum(known[each.question].points for each in paper)
    attempt.save(update_fields=["possible"])


def shown_options(question: Question) -> int:
    """How many of its options are shuffled: true comes before false, always."""
    return 0 if question.kind == QuestionKind.TRUTH else len(question.options)


def take(answer: Answer, tap: Tap, attempt: Attempt, *, at: datetime) -> None:
    tapped_at = max(at - max(tap.age, timedelta()), attempt.started_at)
    if answer.chosen_at and tapped_at < answer.chosen_at:
        return  # something was tapped after it that has arrived before it
    question = answer.question
    answer.chosen, answer.chosen_at = letters_at(answer, tap.places), tapped_at
    answer.earned = earned(
        kind=question.kind,
        right=question.answer,
        chosen=answer.chosen,
        points=question.points,
        half=attempt.seat.exam.gives_half,
    )
    answer.save(update_fields=["chosen", "chosen_at", "earned"])


def letters_at(answer: Answer, places: tuple[int, ...]) -> str:
    """The bank's letters of the options at these places of the page."""
    order = [int(place) for place in answer.order] or list(range(len(answer.question.choices)))
    if not set(places) <= set(range(len(order))):
        raise Refused(_("这道题没有这个选项。"), code="no_option")
    if answer.question.kind != QuestionKind.MULTIPLE and len(set(places)) > 1:
        raise Refused(_("这道题只能选一个。"), code="one_only")
    return "".join(sorted({LETTERS[order[place]] for place in places}))
