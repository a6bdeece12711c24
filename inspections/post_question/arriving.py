"""Answers that were noted on a device, perhaps without a network, as they arrive: each by itself,
in the order of entry, so that a bad one spoils no other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspections.models import AuditVisit, DrawnQuestion, PostAnswer
from inspections.post_question.asking import AnsweredOn, Asked, note_answer
from inspections.sync.events import Id, Key, Moment, Text, id_of, seen_at, unfit
from inspections.sync.events import Sequence as Place
from inspections.sync.receive import Receipt
from organization.errors import Refused
from organization.models import User

Word = Annotated[Text, Field(max_length=2000)]


class SentAnswer(BaseModel):
    """How a question that was drawn was answered: by somebody with a post in the project
    (`person`), else by a name with a position; `replaces` is the answer that this one corrects.
    """

    model_config = ConfigDict(frozen=True)

    id: Id
    sequence: Place
    drawn: Key
    result: Literal["right", "partly", "wrong"]
    answered_at: Moment
    person: Key | None = None
    name: Word = ""
    position: Word = ""
    note: Word = ""
    replaces: Id | None = None


def receive_answers(
    *, visit: AuditVisit, answers: Sequence[object], by: User, at: datetime, sent_at: datetime
) -> list[Receipt]:
    """Put answers of one visit on record through `note_answer`; a receipt for each, in their
    order: recorded, known, later (what it corrects is not there yet) or refused, with the reason.

    `sent_at` is the device's clock when it sent them, whose difference to `at` moves every
    `answered_at` along. What was answered before the visit ended counts, whenever it comes.
    """
    receipts = []
    for sent in answers:
        try:
            answer = read(sent)
            receipts.append(Receipt(answer.id, arrived(visit, answer, by, at, sent_at)))
        except Refused as refusal:
            said = (refusal.code, refusal.field, str(refusal))
            receipts.append(Receipt(id_of(sent), "refused", *said))
    return receipts


def read(sent: object) -> SentAnswer:
    """Raises Refused, with the field, for what is no answer."""
    try:
        return SentAnswer.model_validate(sent)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False)[0]["loc"]
        raise unfit(str(place[0]) if place else "") from error


@transaction.atomic
def arrived(
    visit: AuditVisit, answer: SentAnswer, by: User, at: datetime, sent_at: datetime
) -> str:
    """What became of one answer. Raises Refused as `note_answer` does."""
    related = ("draw__specialty", "question__specialty")
    drawn = DrawnQuestion.objects.filter(draw__visit=visit, pk=answer.drawn)
    found = drawn.select_related(*related).first()
    if found is None:
        raise Refused(_("这次检查没有抽到这道题。"), code="not_drawn", field="drawn")
    found.draw.visit = visit
    former = former_of(answer)
    if answer.replaces and former is None:
        return "later"
    is_known = PostAnswer.objects.filter(pk=answer.id).exists()
    moved = seen_at(answer.answered_at, sent_at, at, visit.started_at or at)
    note_answer(
        drawn=found, id=answer.id, asked=asked_of(answer), result=answer.result, note=answer.note,
        replaces=former, by=by, at=at, on_site=AnsweredOn(at=moved, device=answer.answered_at),
    )  # fmt: skip
    return "known" if is_known else "recorded"


def former_of(answer: SentAnswer) -> PostAnswer | None:
    return PostAnswer.objects.filter(pk=answer.replaces).first() if answer.replaces else None


def asked_of(answer: SentAnswer) -> Asked:
    person: User | None = None
    if answer.person:
        person = User.objects.filter(pk=answer.person).first()
        if person is None:
            raise Refused(_("这个人不在这个项目。"), code="not_here", field="person")
    return Asked(person, answer.name, answer.position)


def on_record(ids: Sequence[UUID], by: User) -> list[dict]:
    """Which of these answers of one's own the server has, with their visit and when they came."""
    found = PostAnswer.objects.filter(pk__in=ids, by=by).order_by("recorded_at")
    return list(found.values("id", "recorded_at", visit=F("drawn__draw__visit")))
