"""Visits of the demo that ask: questions at people's posts, and an exam as a written test."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from inspections.audit_visit.carrying_out import finish_visit, start_visit
from inspections.audit_visit.changes import add_visit
from inspections.audit_visit.observing import about_of, sheet_of
from inspections.models import AuditVisit, PostAnswer, PostDraw
from inspections.post_question.asking import (
    Asked,
    draw_questions,
    note_answer,
    observe_answer,
)
from inspections.post_question.bank import Content, add_question
from inspections.post_question.visit_page import SHARES
from inspections.post_question.words import Result
from inspections.sheet.outline import outline
from inspections.words import Method
from inspections.written_test.linking import exams_for, link_exam, observe_exam
from inspections.written_test.page import TestPage
from organization.clock import local_day
from organization.models import Post, User
from organization.shipped import shipped
from portal.demo.audit import uuid
from portal.demo.calendar import SO_FAR
from portal.demo.content import texts
from portal.demo.story import Story, Thread

# Places among the projects, whose sheets are still being filled.
OVER, TESTED, GOING_ON = 9, 11, 5
RESULTS = (Result.WRONG, Result.RIGHT, Result.PARTLY, Result.RIGHT)


def asking(story: Story) -> Iterator[Thread]:
    yield bank(story)
    if len(story.cast.projects) > OVER:  # in a small demo both would be the same project's
        yield asked(story, OVER, "customer_service", SO_FAR * 0.8, ends=True)
    yield asked(story, GOING_ON, "order", SO_FAR * 0.95, ends=False)
    yield tested(story, TESTED, "order", SO_FAR * 0.9)


def bank(story: Story) -> Thread:
    """Written by the center before the inspection."""
    at = yield story.on("11-15", story.rng("post questions"))
    for code, posts in shipped("post_questions.yaml").items():
        for role, questions in posts.items():
            for each in questions:
                item, number = each["about"]
                content = Content(
                    specialty=story.cast.specialties[code], role=role,
                    text_zh=each["text"]["zh"], text_en=each["text"]["en"],
                    answer_zh=each["answer"]["zh"], answer_en=each["answer"]["en"],
                    item=item, requirement=number,
                )  # fmt: skip
                add_question(campaign=story.campaign, content=content, by=story.cast.center, at=at)


def asked(story: Story, place: int, code: str, share: float, *, ends: bool) -> Thread:
    """Two people answer the questions of one post; wrong answers cost points where they may."""
    rng, cast = story.rng("asked", place), story.cast
    project = cast.projects[min(place, len(cast.projects) - 1)]
    at = yield story.calendar.inspection(share)
    visit = add_visit(
        campaign=story.campaign, project=project, day=local_day(at), auditors=[cast.auditor],
        method=Method.POST_QUESTION, by=cast.center, at=at,
    )  # fmt: skip
    start_visit(visit=visit, by=cast.auditor, at=at)
    draw = draw_questions(
        visit=visit, specialty=cast.specialties[code], role="employee", number=4,
        by=cast.auditor, at=at, seed=rng.randrange(10**6),
    )  # fmt: skip
    answers = list(answered(draw, people_of(visit, draw), rng, by=cast.auditor, at=at))
    at = yield at + timedelta(minutes=20)
    for answer in answers:
        charge(answer, by=cast.auditor, at=at)
    if ends:
        finish_visit(visit=visit, by=cast.auditor, at=at + timedelta(minutes=2))


def people_of(visit: AuditVisit, draw: PostDraw) -> list[Asked]:
    posts = Post.objects.current().of(draw.role).filter(project=visit.project)
    posts = posts.filter(specialty=draw.specialty).select_related("user").order_by("pk")
    found = [Asked(post.user) for post in posts[:2]]
    words = texts()["story"]["post_questions"]
    return found or [Asked(name=words["name"], position=words["position"])]


def answered(
    draw: PostDraw, people: list[Asked], rng: Random, *, by: User, at: datetime
) -> Iterator[PostAnswer]:
    """The last question of a visit that goes on is still to be asked."""
    notes = texts()["story"]["post_questions"]["notes"]
    rows = draw.drawn.select_related("draw__visit", "draw__specialty", "question__specialty")
    for place, row in enumerate(list(rows)[:3]):
        row.draw.visit = draw.visit
        result = RESULTS[place]
        yield note_answer(
            drawn=row, id=uuid(rng), asked=people[place % len(people)], result=result,
            note=notes.get(result, ""), by=by,
            at=at + timedelta(minutes=4 * place + 4),
        )  # fmt: skip


def charge(answer: PostAnswer, *, by: User, at: datetime) -> None:
    question, visit = answer.drawn.question, answer.drawn.draw.visit
    sheet = sheet_of(visit, question.specialty)
    if not answer.is_wanting or sheet is None or sheet.submitted_at:
        return
    about = about_of(outline(sheet.rubric_id), question.item, question.requirement)
    if about:
        points = about.amount(SHARES[Result(answer.result)])
        observe_answer(answer=answer, points=points, by=by, at=at)


def tested(story: Story, place: int, code: str, share: float) -> Thread:
    """The exam on paper of a specialty as a visit that goes on; its results cost points where the
    sheet was opened.
    """
    cast = story.cast
    project = cast.projects[min(place, len(cast.projects) - 1)]
    at = yield story.calendar.inspection(share)
    visit = add_visit(
        campaign=story.campaign, project=project, day=local_day(at), auditors=[cast.auditor],
        method=Method.WRITTEN_TEST, by=cast.center, at=at,
    )  # fmt: skip
    start_visit(visit=visit, by=cast.auditor, at=at)
    exam = exams_for(visit).filter(specialty=cast.specialties[code]).last()
    if exam is None:
        return
    link_exam(visit=visit, exam=exam, by=cast.auditor, at=at + timedelta(minutes=3))
    at = yield at + timedelta(minutes=10)
    page = TestPage(visit, cast.auditor, at)
    if sheet_of(visit, exam.specialty) and (about := page.proposed):
        observe_exam(
            visit=visit, about=(about.line.item.code, about.requirement.number),
            points=page.amount(about), id=uuid(story.rng("tested")), by=cast.auditor, at=at,
        )  # fmt: skip
