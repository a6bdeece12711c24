"""Exams of the demo: a bank for every specialty, one exam on paper that is over, one held here."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from django.utils.translation import gettext as _

from inspections.exam.answers import Content, answer_of
from inspections.exam.bank import import_questions
from inspections.exam.results import enter_result, publish_results
from inspections.exam.setting import Terms, set_exam
from inspections.exam.sitting import Tap, hand_in, save_answers, start_attempt
from inspections.exam.words import LETTERS, ExamForm, QuestionKind
from inspections.models import Attempt, Exam, Seat
from organization.models import Specialty
from organization.shipped import shipped
from portal.demo import calendar
from portal.demo.story import Story, Thread

# The day of the plan on which the exam on paper is held, by specialty.
ON_PAPER = {"facilities": "10-28", "order": "10-29"}
HELD_HERE = "customer_service"
WORKING = (time(9), time(17))


@cache
def bank_data() -> dict:
    return shipped("questions.yaml")


def questions_of(specialty: str, language: str = "zh") -> list[Content]:
    """The bank that ships with the demo, in one of its languages."""
    return [content_of(each, language) for each in bank_data()[specialty]]


def content_of(data: dict, language: str) -> Content:
    options = tuple(data["options"][language]) if "options" in data else ()
    words = {name: data[name][language] for name in ("text", "topic", "explanation")}
    return Content(
        kind=QuestionKind(data["kind"]),
        options=options,
        answer=answer_of(data["kind"], data["answer"], options),
        points=Decimal(data["points"]),
        **words,
    )


def exams(story: Story) -> Iterator[Thread]:
    for specialty in story.cast.specialties.values():
        yield bank(story, specialty)
        if specialty.code in ON_PAPER:
            yield on_paper(story, specialty, ON_PAPER[specialty.code])
    yield held_here(story, story.cast.specialties[HELD_HERE])


def bank(story: Story, specialty: Specialty) -> Thread:
    rng = story.rng("bank", specialty.code)
    at = yield story.on("10-12", rng)
    lead = story.cast.leads[specialty.code]
    contents = questions_of(specialty.code)
    import_questions(specialty=specialty, contents=contents, by=lead, at=at, name=_("题库.xlsx"))


def hours(story: Story, first: str, last: str) -> tuple[datetime, datetime]:
    opens, closes = WORKING
    days = story.calendar.day(first), story.calendar.day(last)
    return calendar.at(days[0], opens), calendar.at(days[1], closes)


def terms(story: Story, specialty: Specialty, form: str, days: tuple[str, str], **more) -> Terms:
    opens, closes = hours(story, *days)
    title = _("%(specialty)s岗位应知应会") % {"specialty": specialty.name}
    return Terms(title=title, form=form, opens_at=opens, closes_at=closes, **more)


def on_paper(story: Story, specialty: Specialty, day: str) -> Thread:
    """Held, marked the day after, published."""
    rng, lead = story.rng("exam", specialty.code), story.cast.leads[specialty.code]
    at = yield story.on("10-20", rng)
    held = set_exam(
        campaign=story.campaign,
        specialty=specialty,
        terms=terms(story, specialty, ExamForm.PAPER, (day, day), place=_("总部三楼会议室")),
        by=lead,
        at=at,
    )
    at = yield hours(story, day, day)[1] + timedelta(hours=17)
    for seat in held.seats.all():
        mark(seat, rng, by=lead, at=at)
    at = yield at + timedelta(hours=2)
    publish_results(exam=held, by=lead, at=at)


def mark(seat: Seat, rng: Random, *, by, at: datetime) -> None:
    if rng.random() < 0.08:
        enter_result(seat=seat, points=None, absent=True, remark=_("病假"), by=by, at=at)
    else:
        points = min(Decimal(rng.triangular(45, 100, 84)).quantize(Decimal("0.5")), Decimal(100))
        enter_result(seat=seat, points=points, by=by, at=at)


def held_here(story: Story, specialty: Specialty) -> Thread:
    """Open for weeks around the inspection, so that the demo always has one to sit."""
    rng, lead = story.rng("exam", specialty.code), story.cast.leads[specialty.code]
    at = yield story.on("11-20", rng)
    more = {"minutes": 20, "questions": list(specialty.questions.active()), "is_for_all": True}
    held = set_exam(
        campaign=story.campaign,
        specialty=specialty,
        terms=terms(story, specialty, ExamForm.ONLINE, ("11-21", "12-30"), **more),
        by=lead,
        at=at,
    )
    for seat in sitters(held, rng):
        at = yield max(story.on("11-24", rng), at)
        sit(seat, rng, at=at)


def sitters(held: Exam, rng: Random) -> list[Seat]:
    seats = list(held.seats.select_related("person").filter(role__in=("team_leader", "employee")))
    return rng.sample(seats, min(8, len(seats)))


def sit(seat: Seat, rng: Random, *, at: datetime) -> None:
    attempt = start_attempt(seat=seat, by=seat.person, at=at, seed=rng.randrange(10**6))
    save_answers(attempt=attempt, taps=taps(attempt, rng), at=at + timedelta(minutes=6))
    hand_in(attempt=attempt, by=seat.person, at=at + timedelta(minutes=8))


def taps(attempt: Attempt, rng: Random) -> Iterator[Tap]:
    """Mostly right, now and then only in part."""
    for answer in attempt.answers.select_related("question"):
        order = [int(each) for each in answer.order] or [0, 1]
        right = [place for place, at in enumerate(order) if LETTERS[at] in answer.question.answer]
        chosen = right if rng.random() < 0.75 else [rng.randrange(len(order))]
        yield Tap(answer.position, tuple(chosen))
