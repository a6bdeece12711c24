"""What is kept for later campaigns, and what of it fits a problem that somebody writes down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.edits import differing, put, require_newest, tidied
from inspections.learning.pieces import pieces_of
from inspections.models import Finding, Lesson, LessonPiece, SeminarProblem
from inspections.models.lessons import lasting_codes
from inspections.moves import lock, person
from inspections.words import Moment
from organization.bulk import insert
from organization.errors import Refused
from organization.history import record
from organization.models import Specialty, StoredFile, User
from organization.prepared import by_key, prepared
from scoring.models import Requirement

VERBS = {
    "keep_lesson": gettext_lazy("记下经验"),
    "edit_lesson": gettext_lazy("修改经验"),
    "withdraw_lesson": gettext_lazy("撤下经验"),
}
FIELDS = ("problem", "method", "specialty", "requirement")
MOST_PHOTOS = 6
RAREST = 24  # pieces of a problem that are looked up: the ones that fewest lessons have
ENOUGH = 3  # pieces, or a third of a short problem's, have to be shared


# --- keeping -------------------------------------------------------------------------------


@transaction.atomic
def keep_lesson(
    *,
    campaign: Campaign,
    problem: str,
    method: str,
    by,
    at: datetime,
    specialty: Specialty | None = None,
    requirement: Requirement | None = None,
    finding: Finding | None = None,
    seminar_problem: SeminarProblem | None = None,
    photos: Iterable[StoredFile] = (),
) -> Lesson:
    """Write down a problem and what solved it, and make its words findable.

    Raises Refused when problem or method are blank, or its finding or seminar problem has a
    lesson already (code "already").
    """
    words = {"problem": tidied(problem), "method": tidied(method)}
    require_words(words)
    for name, source in {"finding": finding, "seminar_problem": seminar_problem}.items():
        require_first(name, source)
    lesson = Lesson(
        campaign=campaign,
        specialty=specialty,
        finding=finding,
        seminar_problem=seminar_problem,
        created_at=at,
        created_by=person(by),
        **words,
    )
    bind(lesson, requirement)
    lesson.save()
    lesson.photos.set(list(photos)[:MOST_PHOTOS])
    index(lesson)
    record(on=lesson, verb="keep_lesson", by=by, at=at)
    return lesson


def keep_from_finding(*, finding: Finding, by, at: datetime) -> Lesson:
    """The lesson of a verified finding: its problem, what was done, its pictures."""
    if finding.verified_at is None:
        raise Refused(_("验证通过以后，才能记为经验。"), code="not_verified")
    photos = finding.photos.select_related("file").order_by("-moment", "added_at")
    return keep_lesson(
        campaign=finding.campaign,
        problem=finding.problem,
        method=finding.rectification or finding.measure,
        specialty=finding.specialty,
        requirement=finding.requirement,
        finding=finding,
        photos=[photo.file for photo in photos if photo.moment in Moment.values],
        by=by,
        at=at,
    )


def keep_from_problem(*, problem: SeminarProblem, by, at: datetime) -> Lesson:
    """The lesson of a seminar's problem: its solution, once the seminar is closed."""
    if problem.seminar.closed_at is None:
        raise Refused(_("研讨会结束以后，才能记为经验。"), code="not_closed")
    return keep_lesson(
        campaign=problem.seminar.campaign,
        problem=problem.problem,
        method=problem.solution,
        specialty=problem.seminar.specialty,
        seminar_problem=problem,
        by=by,
        at=at,
    )


@transaction.atomic
def edit_lesson(
    *, lesson: Lesson, revision: int, changes: Mapping[str, Any], by, at: datetime
) -> Lesson:
    """Change a lesson as seen at `revision`; its words are indexed anew.

    Raises Conflict when somebody changed it meanwhile, Refused when it was withdrawn or words
    are blank.
    """
    lock(lesson)
    changed = differing(lesson, changes, FIELDS)
    if not changed:
        return lesson
    require_standing(lesson)
    require_newest(lesson, revision)
    require_words({name: changed[name] for name in ("problem", "method") if name in changed})
    codes = codes_of(changed["requirement"]) if "requirement" in changed else {}
    put(lesson, changed, verb="edit_lesson", by=by, at=at, **codes)
    index(lesson)
    return lesson


@transaction.atomic
def withdraw_lesson(*, lesson: Lesson, reason: str, by, at: datetime) -> Lesson:
    """Take a lesson out of the lists, with a reason; it stays on record."""
    lock(lesson)
    require_standing(lesson)
    if not reason.strip():
        raise Refused(_("写明撤下的原因。"), code="blank", field="reason")
    lesson.withdrawn_at, lesson.withdrawn_by = at, person(by)
    lesson.revision += 1
    lesson.save()
    record(
        on=lesson,
        verb="withdraw_lesson",
        by=by,
        at=at,
        before="standing",
        after="withdrawn",
        reason=reason.strip(),
    )
    return lesson


# --- finding them again --------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """A lesson that may help, and why: the same requirement, or words in common."""

    lesson: Lesson
    same_requirement: bool


def lessons_like(
    problem: str,
    requirement: Requirement | None = None,
    specialty: Specialty | None = None,
    most: int = 5,
) -> list[Offer]:
    """Lessons for a problem: those of the same requirement first, then the most alike in words.

    At most four queries, whatever there is. Words of the same specialty come before others.
    """
    same = same_as(**lasting_codes(requirement), most=most) if requirement else []
    scores = alike(problem, specialty) if len(same) < most else {}
    for lesson in same:
        scores.pop(lesson.pk, None)
    best = sorted(scores, key=scores.get, reverse=True)[: most - len(same)]
    found = by_key(with_keys(keys=best)) if best else {}
    offers = [Offer(lesson, True) for lesson in same]
    return offers + [Offer(found[pk], False) for pk in best if pk in found]


def alike(problem: str, specialty: Specialty | None, most: int = 20) -> dict[int, float]:
    """Lessons that share the problem's rarest pieces, by id; how many, and a bit more for the
    same specialty."""
    every = pieces_of(problem)
    pieces = rarest(every)
    if not pieces:
        return {}
    shared = sharing(pieces=pieces, least=min(ENOUGH, max(1, len(every) // 3)), most=most)
    mine = specialty.pk if specialty else None
    return {lesson: score + (0.5 if its == mine else 0) for lesson, its, score in shared}


def rarest(pieces: Iterable[str]) -> list[str]:
    """The pieces that any lesson has, rarest first: common ones tell little and cost most."""
    return [piece for piece, _number in known_pieces(pieces=list(pieces))]


def of_pieces(*, pieces) -> QuerySet:
    known = LessonPiece.objects.filter(piece__in=pieces).values_list("piece")
    return known.annotate(number=Count("pk")).order_by("number", "piece")[:RAREST]


def with_pieces(*, pieces, least: int, most: int) -> QuerySet:
    shared = LessonPiece.objects.filter(piece__in=pieces, lesson__withdrawn_at=None)
    counted = shared.values_list("lesson", "lesson__specialty").annotate(score=Count("pk"))
    return counted.filter(score__gte=least).order_by("-score", "-lesson")[:most]


def to_offer() -> QuerySet[Lesson]:
    return Lesson.objects.standing().select_related("campaign", "specialty")


def of_requirement(*, specialty, item, number, most: int) -> QuerySet[Lesson]:
    return to_offer().same_codes(specialty=specialty, item=item, number=number)[:most]


PIECE, KEY = LessonPiece._meta.get_field("piece"), Lesson._meta.pk
known_pieces = prepared(of_pieces, {"pieces": PIECE})
sharing = prepared(with_pieces, {"pieces": PIECE})
with_keys = prepared(lambda *, keys: to_offer().filter(pk__in=keys), {"keys": KEY})
same_as = prepared(
    of_requirement,
    {
        "specialty": Specialty._meta.pk,
        "item": Lesson._meta.get_field("item"),
        "number": Lesson._meta.get_field("number"),
    },
)
kept_of = prepared(
    lambda *, finding: Lesson.objects.standing().filter(finding=finding)[:1],
    {"finding": Finding._meta.pk},
)


def searched(found: QuerySet[Lesson], text: str) -> QuerySet[Lesson]:
    """Lessons that have every piece of what was typed; best matches need no engine."""
    for piece in sorted(pieces_of(text)):
        found = found.filter(pk__in=LessonPiece.objects.filter(piece=piece).values("lesson"))
    return found


def may_see_photo(user: User, file: StoredFile) -> bool:
    """Lessons are for everybody, and so are their pictures."""
    return user.is_authenticated and Lesson.objects.standing().filter(photos=file).exists()


# --- what the moves are made of ------------------------------------------------------------


def require_words(words: Mapping[str, str]) -> None:
    for name, text in words.items():
        if not text:
            raise Refused(_("这一项不能空着。"), code="blank", field=name)


def require_first(name: str, source: Finding | SeminarProblem | None) -> None:
    """One lesson a source; whoever asks second waits for the first."""
    if source is None:
        return
    lock(source)
    if Lesson.objects.standing().filter(**{name: source}).exists():
        raise Refused(_("这条已经记为经验。"), code="already")


def require_standing(lesson: Lesson) -> None:
    if lesson.withdrawn_at:
        raise Refused(_("这条经验已经撤下。"), code="withdrawn")


def codes_of(requirement: Requirement | None) -> dict[str, Any]:
    if requirement is None:
        return {"item": "", "number": None}
    return {"item": requirement.item.code, "number": requirement.number}


def bind(lesson: Lesson, requirement: Requirement | None) -> None:
    lesson.requirement = requirement
    for name, value in codes_of(requirement).items():
        setattr(lesson, name, value)


def index(lesson: Lesson) -> None:
    """Only the problem's words and the method's: where it comes from is not what it is about."""
    LessonPiece.objects.filter(lesson=lesson).delete()
    pieces = sorted(pieces_of(f"{lesson.problem}\n{lesson.method}"))
    insert(LessonPiece, ("lesson", "piece"), ((lesson.pk, piece) for piece in pieces))
