"""Asking at a post on a visit: questions are drawn, answers noted, a wrong one may cost points.

An answer is never changed: a correction is one more that takes its place. What was drawn and
answered on a visit is sealed with every move.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import randbelow
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.seals import seal
from inspections.audit_visit.carrying_out import hold
from inspections.audit_visit.observing import observe_on, require_under_way
from inspections.models import (
    AuditVisit,
    DrawnQuestion,
    Observation,
    PostAnswer,
    PostDraw,
    PostQuestion,
)
from inspections.post_question.drawing import SEEDS, Choice, draw
from inspections.post_question.taking_back import take_back_if_right
from inspections.post_question.words import Result
from inspections.words import Method
from inspections.written_material import in_the_companys_language
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Post, Specialty, User

MOST, NOTE_LIMIT, NAME_LIMIT = 20, 500, 60


@dataclass(frozen=True)
class Asked:
    """Who was asked: somebody of the project, or a name with a position."""

    person: User | None = None
    name: str = ""
    position: str = ""


@dataclass(frozen=True)
class AnsweredOn:
    """When an answer was noted on a device: by the server's clock, and by the device's own."""

    at: datetime
    device: datetime


@transaction.atomic
def draw_questions(
    *,
    visit: AuditVisit,
    specialty: Specialty,
    role: str,
    number: int,
    by: User,
    at: datetime,
    seed: int | None = None,
) -> PostDraw:
    """Draw some questions of a post's bank, which stays on record with what there was.

    Those that were drawn least often come first, those of the project's last visit only where
    the bank has no others. Refused for a second draw for the post, an empty bank, a visit that
    is not under way or goes by another method.
    """
    require_under_way(visit, by)
    if visit.method != Method.POST_QUESTION:
        raise Refused(_("这次检查不是岗位询问。"), code="method")
    if not 1 <= number <= MOST:
        message = _("一个岗位抽 1–%(most)d 道。") % {"most": MOST}
        raise Refused(message, code="number", field="number")
    if visit.draws.filter(specialty=specialty, role=role).exists():
        raise Refused(_("这个岗位已经抽过题。"), code="drawn")
    among = choices_of(visit, specialty, role)
    if not among:
        raise Refused(_("题库里没有这个岗位的题。"), code="empty", field="post")
    seed = randbelow(SEEDS) if seed is None else seed
    made = PostDraw.objects.create(
        visit=visit, specialty=specialty, role=role, seed=seed, number=number,
        among=[[each.question, each.times, each.recent] for each in among],
        drawn_at=at, drawn_by=by,
    )  # fmt: skip
    DrawnQuestion.objects.bulk_create(
        DrawnQuestion(draw=made, question_id=question, position=place)
        for place, question in enumerate(draw(among=among, number=number, seed=seed), 1)
    )
    facts = {"post": f"{specialty.code} {role}", "number": number, "seed": seed}
    record(on=visit, verb="draw_post_questions", by=by, at=at, **facts)
    seal(visit.campaign, "post_questions", about=str(visit.pk), at=at)
    return made


def choices_of(visit: AuditVisit, specialty: Specialty, role: str) -> list[Choice]:
    """The post's bank: how often each was drawn in the campaign, and whether at the last visit."""
    bank = PostQuestion.objects.active().filter(specialty=specialty, role=role).order_by("pk")
    drawn = DrawnQuestion.objects.filter(question__in=bank)
    times = Counter(drawn.filter(draw__visit__campaign=visit.campaign).values_list("question"))
    before = AuditVisit.objects.filter(project=visit.project, draws__role=role)
    before = before.filter(draws__specialty=specialty).exclude(pk=visit.pk)
    last = before.order_by("-started_at", "-pk").first()
    recent = set(drawn.filter(draw__visit=last).values_list("question", flat=True))
    ids = bank.values_list("pk", flat=True)
    return [Choice(pk, times[pk,], pk in recent) for pk in ids]


@transaction.atomic
def note_answer(
    *,
    drawn: DrawnQuestion,
    id: UUID,
    asked: Asked,
    result: str,
    by: User,
    at: datetime,
    note: str = "",
    replaces: PostAnswer | None = None,
    on_site: AnsweredOn | None = None,
) -> PostAnswer:
    """Put on record who answered how; the same id again returns what is on record.

    `replaces` is the answer that this one corrects; one that turns out right withdraws what it
    cost, where that is this person's to withdraw (`taking_back`). `on_site` says when it was noted
    on a device, perhaps long before it came. Refused for nobody, for somebody who is not of the
    project, and for a visit that was not under way then; Conflict for an answer that has been
    corrected already.
    """
    visit = drawn.draw.visit
    require_asked_in_time(visit, by, on_site)
    said = facts_of(visit, asked) | {"result": result, "note": note.strip()}
    said |= {"drawn": drawn, "by": by, "replaces": replaces}
    if known := PostAnswer.objects.filter(pk=id).first():
        if all(getattr(known, name) == value for name, value in said.items()):
            return known
        raise Refused(_("这个编号已经用于另一条记录，内容不同，没有保存。"), code="same_id")
    check(said, drawn, replaces)
    if on_site:
        said |= {"answered_at": on_site.at, "device_at": on_site.device}
    made = PostAnswer.objects.create(id=id, recorded_at=at, **said)
    verb = "correct_post_answer" if replaces else "note_post_answer"
    before = replaces.result if replaces else ""
    record(on=visit, verb=verb, by=by, at=at, before=before, after=result, answer=str(id))
    take_back_if_right(made, by=by, at=at)
    seal(visit.campaign, "post_questions", about=str(visit.pk), at=at)
    return made


def require_asked_in_time(visit: AuditVisit, by: User, on_site: AnsweredOn | None) -> None:
    """The visit held, this person's and under way, or over only since the answer was noted."""
    hold(visit, by)
    is_earlier = on_site is not None and visit.finished_at and on_site.at <= visit.finished_at
    if not is_earlier:
        require_under_way(visit, by)


def facts_of(visit: AuditVisit, asked: Asked) -> dict:
    """Name and position as they go on record; somebody's of the project are their own."""
    if asked.person is None:
        if not asked.name.strip():
            raise Refused(_("写明问了谁。"), code="nobody", field="name")
        name, position = asked.name.strip()[:NAME_LIMIT], asked.position.strip()[:NAME_LIMIT]
        return {"person": None, "name": name, "position": position}
    posts = Post.objects.current().filter(user=asked.person, project=visit.project)
    if not (post := posts.order_by("pk").first()):
        raise Refused(_("这个人不在这个项目。"), code="not_here", field="person")
    with in_the_companys_language():
        position = str(post.get_role_display())
    return {"person": asked.person, "name": asked.person.name, "position": position}


def check(said: dict, drawn: DrawnQuestion, replaces: PostAnswer | None) -> None:
    if said["result"] not in Result.values:
        raise Refused(_("选一个结果。"), code="result", field="result")
    if len(said["note"]) > NOTE_LIMIT:
        message = _("最多 %(limit)d 个字，请写短一些。") % {"limit": NOTE_LIMIT}
        raise Refused(message, code="long", field="note")
    if replaces is None:
        return
    if replaces.drawn_id != drawn.pk:
        raise Refused(_("更正的是另一道题的回答。"), code="other_question")
    if PostAnswer.objects.filter(replaces=replaces).exists():
        raise Conflict(_("这条回答刚被更正过，请看过再改。"), theirs=replaces)


def observe_answer(
    *, answer: PostAnswer, points: Decimal | None, by: User, at: datetime
) -> Observation:
    """Take what a wrong answer costs from the project's sheet, on the question's requirement.

    At most one observation of an answer. Refused for a right answer, for one that was corrected,
    for a question without a requirement, and as `observe_on` refuses.
    """
    question, visit = answer.drawn.question, answer.drawn.draw.visit
    if not answer.is_wanting:
        raise Refused(_("答对了，没有要扣的分。"), code="right")
    if PostAnswer.objects.filter(replaces=answer).exists():
        raise Refused(_("这条回答已经更正，请按更正后的记。"), code="replaced")
    if not question.item:
        raise Refused(_("这道题没有对应的检查内容，请到评分表上记。"), code="no_requirement")
    with transaction.atomic():
        made = observe_on(
            visit=visit, specialty=question.specialty, about=(question.item, question.requirement),
            points=points, note=note_of(answer), id=uuid5(answer.pk, "observation"), answer=answer,
            by=by, at=at,
        )  # fmt: skip
        facts = {"answer": str(answer.pk), "observation": str(made.pk)}
        record(on=visit, verb="observe_post_answer", by=by, at=at, **facts)
        seal(visit.campaign, "post_questions", about=str(visit.pk), at=at)
    return made


def note_of(answer: PostAnswer) -> str:
    """What stands at the deduction: the post, the question, how it was answered."""
    question = answer.drawn.question
    with in_the_companys_language():
        words = {
            "post": question.post,
            "question": question.text_zh,
            "result": answer.get_result_display(),
        }
        said = _("岗位询问（%(post)s）：%(question)s %(result)s") % words
    return f"{said} {answer.note}".strip()
