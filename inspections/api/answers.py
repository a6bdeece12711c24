"""Answers to post questions as devices send them."""

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, WithJsonSchema

from inspections.api.shapes import MOST_EVENTS, ReceiptOut
from inspections.api.sheets import LARGEST
from inspections.models import AuditVisit
from inspections.post_question.arriving import SentAnswer, receive_answers
from inspections.sync.events import Id, Moment
from organization.errors import require
from organization.models import User
from organization.origin import note_origin
from organization.problems import PROBLEMS

router = Router(tags=["field"])
# each answer is read by itself: one that is none is refused in its receipt, the others are not
AnyAnswer = Annotated[
    Any,
    WithJsonSchema(
        {"title": "Answer", "description": SentAnswer.__doc__, "examples": [{"result": "right"}]}
    ),
]


class AnswerBatch(Schema):
    """Answers in the order of their sequence; `sent_at` is the device's clock as it sends them."""

    device: Id
    sent_at: Moment
    answers: list[AnyAnswer] = Field(min_length=1)


class AnswerReceipts(Schema):
    """A receipt for each answer, in their order."""

    at: datetime
    receipts: list[ReceiptOut]


@router.post(
    "/visits/{int:pk}/answers",
    response={200: AnswerReceipts} | PROBLEMS,
    operation_id="send_answers",
)
def send_answers(request, pk: int, sent: AnswerBatch):
    """Put up to 200 answers to the post questions of a visit on record, each once."""
    visit = visit_of(request.user, pk)
    if len(sent.answers) > MOST_EVENTS:
        raise RequestDataTooBig(f"more than {MOST_EVENTS} answers")
    at = timezone.now()
    note_origin(via=f"device {sent.device}")
    receipts = receive_answers(
        visit=visit, answers=sent.answers, by=request.user, at=at, sent_at=sent.sent_at
    )
    return {"at": at, "receipts": receipts}


def visit_of(user: User, pk: int) -> AuditVisit:
    """A visit that the person may know of and carries out."""
    visible = AuditVisit.objects.visible_to(user).select_related("campaign", "project")
    found = visible.filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    require(user, "inspections.carry_out_visit", found)
    return found
