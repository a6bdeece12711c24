"""Calling: a number for dialling, and what came of each try. Append-only; nobody is named."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.seals import seal
from inspections.callback.counting import count_calls
from inspections.callback.sampling import replace_lost, require_calls
from inspections.callback.words import CallOutcome, Grade
from inspections.models import Call, CallAnswer, CallbackQuestion, Callee, Questionnaire
from inspections.moves import lock
from organization.errors import Conflict, Refused
from organization.history import record
from organization.lists import fold, plain

LONGEST = 500
A_NUMBER = re.compile(r"\d{7,}")


@dataclass(frozen=True)
class Said:
    """What came of a try: answers by the key of their question, from 1 to 5."""

    outcome: str
    answers: Mapping[int, int] = field(default_factory=dict)
    remark: str = ""
    complaint: str = ""
    about: int | None = None

    @classmethod
    def of(cls, call: Call) -> "Said":
        """What is on record."""
        answers = dict(call.answers.values_list("question", "grade"))
        return cls(call.outcome, answers, call.remark, call.complaint, call.about_id)


@transaction.atomic
def reveal(*, callee: Callee, by, at: datetime) -> str:
    """The number in clear, for dialling; every time is on record with the visit.

    Only for an auditor of a call-back that is under way, and while the list is kept; else Refused.
    """
    visit = callee.sample.visit
    require_calls(visit, by)
    phone = callee.customer.secret["phone"]
    if not phone:
        raise Refused(_("这位客户的资料已经删除，不能再拨打。"), code="erased")
    record(on=visit, verb="reveal_number", by=by, at=at, place=callee.place)
    return phone


@transaction.atomic
def record_call(
    *, callee: Callee, id: uuid.UUID, said: Said, by, at: datetime, corrects: Call | None = None
) -> Call:
    """Put one try on record, or a correction in place of one. The same id again changes nothing.

    Whoever was not reached in as many tries as the campaign sets is replaced by the next of the
    order. Refused for whom `require_calls` refuses, after an answer or refusal, and for what can't
    be said; Conflict where that row was corrected meanwhile.
    """
    visit = callee.sample.visit
    require_calls(visit, by)
    if known := Call.objects.filter(pk=id).first():
        if (known.callee_id, known.by_id, Said.of(known)) == (callee.pk, by.pk, said):
            return known
        raise Conflict(_("这一次已经保存过；要改，用“更正”。"), theirs=callee)
    check_turn(callee, corrects)
    checked(callee, said)
    call = Call.objects.create(
        id=id, callee=callee, corrects=corrects, by=by, called_at=at, outcome=said.outcome,
        remark=said.remark, complaint=said.complaint, about_id=said.about,
    )  # fmt: skip
    CallAnswer.objects.bulk_create(
        CallAnswer(call=call, question_id=question, grade=grade)
        for question, grade in said.answers.items()
    )
    verb = "correct_call" if corrects else "record_call"
    record(on=visit, verb=verb, by=by, at=at, place=callee.place, outcome=said.outcome)
    if said.outcome == CallOutcome.NOT_REACHED:
        replace_lost(callee.sample, by=by, at=at, place=callee.place)
    count_calls(callee.sample)
    seal(visit.campaign, "callbacks", about=str(visit.pk), at=at)
    return call


def check_turn(callee: Callee, corrects: Call | None) -> None:
    standing = list(callee.calls.standing())
    if corrects and corrects not in standing:
        raise Conflict(_("这条记录刚被更正过，请看过再改。"), theirs=callee)
    others = [call for call in standing if call != corrects]
    if any(call.outcome != CallOutcome.NOT_REACHED for call in others):
        raise Conflict(_("这位客户已经有结果；要改，用“更正”。"), theirs=callee)
    if len(others) >= callee.sample.tries:
        raise Refused(_("已经打满次数，换了下一位客户。"), code="tries")


def checked(callee: Callee, said: Said) -> None:
    """Refused, with the field, for what can't be said of this customer."""
    if said.outcome not in CallOutcome.values:
        raise Refused(_("选一个结果：已回答、没打通或不愿回答。"), code="outcome", field="outcome")
    asked = questions_of(callee)
    if said.outcome == CallOutcome.ANSWERED:
        if not said.answers:
            raise Refused(_("至少记一个问题的回答。"), code="no_answer", field="outcome")
    elif said.answers or said.complaint:
        raise Refused(_("没有接受回访的客户没有回答和投诉。"), code="answers", field="outcome")
    if not said.answers.keys() <= asked or not set(said.answers.values()) <= set(Grade.values):
        raise Refused(_("问卷刚被改过，请刷新后再填。"), code="questions")
    if said.about and (said.about not in asked or not said.complaint):
        raise Refused(_("先写投诉内容，再选和哪一题有关。"), code="about", field="about")
    for name in ("remark", "complaint"):
        check_text(callee, getattr(said, name), name)


def questions_of(callee: Callee) -> set[int]:
    """The keys of what this visit asks; the questionnaire stays as it is until the end."""
    held = Questionnaire.objects.get(pk=callee.sample.questionnaire_id)
    lock(held)
    found = CallbackQuestion.objects.filter(questionnaire=held)
    return set(found.values_list("pk", flat=True))


def check_text(callee: Callee, text: str, field: str) -> None:
    """Words without the customer's name or any number that could be dialled."""
    if len(text) > LONGEST:
        message = _("最多 %(limit)d 个字，请写短一些。") % {"limit": LONGEST}
        raise Refused(message, code="long", field=field)
    if A_NUMBER.search(re.sub(r"[\s\-]", "", plain(text))):
        raise Refused(_("不要写电话号码；客户只用编号称呼。"), code="number", field=field)
    name = fold(callee.customer.secret["name"])
    if len(name) > 1 and name in fold(text):
        raise Refused(_("不要写客户姓名；客户只用编号称呼。"), code="name", field=field)
