"""What a campaign's customers are asked: written by the center, fixed by the first answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import CallAnswer, CallbackQuestion, Questionnaire
from inspections.moves import person
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Specialty
from scoring.models import Requirement

MOST, LONGEST = 8, 200
# What the first version starts from; the center changes it as it likes.
USUAL = (
    ("客服人员接待您、接您电话时的态度怎么样？", "How are you treated by the service staff?"),
    ("报修以后，上门和修好的快慢怎么样？", "How quickly are repairs seen to and finished?"),
    ("小区（大厦）的安全和秩序怎么样？", "How are safety and order at your place?"),
    ("公共区域的清洁和绿化怎么样？", "How clean and green are the common areas?"),
    ("总的来说，您对物业服务满意吗？", "All in all, how satisfied are you with the service?"),
)


@dataclass(frozen=True)
class Asked:
    """One question as it is written; `requirement` is "specialty/item/number" or empty."""

    zh: str
    en: str
    requirement: str = ""


def in_use(campaign: Campaign) -> Questionnaire | None:
    return Questionnaire.objects.filter(campaign=campaign).order_by("-number").first()


def asked_in(questionnaire: Questionnaire) -> list[Asked]:
    rows = questionnaire.questions.select_related("specialty").order_by("order")
    return [Asked(q.text_zh_hans, q.text_en, code_of(q)) for q in rows]


def code_of(question: CallbackQuestion) -> str:
    if not question.specialty:
        return ""
    return f"{question.specialty.code}/{question.item}/{question.line}"


@transaction.atomic
def write_questionnaire(
    *, campaign: Campaign, questions: Sequence[Asked], by, at: datetime, revision: int | None = None
) -> Questionnaire:
    """Put these questions in use. The version that nobody was asked yet is changed, one that has
    answers stays and is followed by a new one. Refused for what can't be asked, Conflict for a
    stale page.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    found = in_use(campaign)
    if revision is not None and revision != mark_of(found):
        raise Conflict(_("您打开这一页之后，问卷有了变化。"), theirs=found)
    rows = [row_of(campaign, place, each) for place, each in enumerate(questions, 1)]
    check(questions)
    if found and asked_in(found) == list(questions):
        return found
    if found is None or is_answered(found):
        number = found.number + 1 if found else 1
        found = Questionnaire.objects.create(
            campaign=campaign, number=number, made_at=at, made_by=person(by)
        )
    # whoever records a call holds this row as well, and finds the questions gone
    found = Questionnaire.objects.select_for_update().get(pk=found.pk)
    found.questions.all().delete()
    for row in rows:
        row.questionnaire = found
    CallbackQuestion.objects.bulk_create(rows)
    found.revision += 1
    found.save(update_fields=["revision"])
    said = [each.zh for each in questions]
    record(on=campaign, verb="write_questionnaire", by=by, at=at, version=found.number, said=said)
    return found


def mark_of(questionnaire: Questionnaire | None) -> int:
    """What a page has seen: grows with every change, also across versions."""
    return questionnaire.number * 100_000 + questionnaire.revision if questionnaire else 0


def is_answered(questionnaire: Questionnaire) -> bool:
    return CallAnswer.objects.filter(question__questionnaire=questionnaire).exists()


def check(questions: Sequence[Asked]) -> None:
    if not questions:
        raise Refused(_("至少写一个问题。"), code="empty")
    if len(questions) > MOST:
        message = _("最多 %(most)d 个问题。") % {"most": MOST}
        raise Refused(message, code="many")
    for place, each in enumerate(questions, 1):
        words = {"place": place, "most": LONGEST}
        if not (each.zh and each.en):
            raise Refused(_("第 %(place)d 题要写中文和英文。") % words, code="language")
        if max(len(each.zh), len(each.en)) > LONGEST:
            raise Refused(_("第 %(place)d 题太长，最多 %(most)d 个字。") % words, code="long")


def row_of(campaign: Campaign, place: int, each: Asked) -> CallbackQuestion:
    row = CallbackQuestion(order=place, text_zh_hans=each.zh, text_en=each.en)
    if each.requirement:
        found = requirement_named(campaign, each.requirement)
        if found is None:
            words = {"place": place, "code": each.requirement}
            message = _("第 %(place)d 题：没有“%(code)s”这条检查内容，从提示里选一条。") % words
            raise Refused(message, code="requirement")
        row.specialty, row.item, row.line = found
    return row


def requirement_named(campaign: Campaign, code: str) -> tuple[Specialty, str, int] | None:
    specialty, _slash, rest = code.strip().partition("/")
    item, _slash, number = rest.rpartition("/")
    if not (item and number.isdecimal() and len(number) < 4):
        return None
    found = requirements_of(campaign).filter(
        item__rubric__specialty__code=specialty, item__code=item, number=int(number)
    )
    row = found.first()
    return (row.item.rubric.specialty, item, row.number) if row else None


def requirements_of(campaign: Campaign | int):
    """What audits of this campaign may find missing."""
    found = Requirement.objects.filter(item__rubric__campaign=campaign)
    found = found.filter(item__rubric__published_at__isnull=False)
    related = found.select_related("item__rubric__specialty")
    return related.order_by("item__rubric__specialty__order", "item__order", "number")


SHORT = 50  # characters of a requirement that say which one it is


def offered(campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """Each requirement of an audit, as `requirement_named` reads it and as people read it.

    Kept in this process: published rubrics never change.
    """
    rubrics = campaign.rubrics.published().order_by("specialty__order", "pk")
    known = tuple(rubrics.values_list("pk", "published_at", "specialty__code"))
    return _offered(campaign.pk, known, get_language())


@lru_cache(maxsize=8)
def _offered(campaign: int, _known: tuple, _language: str) -> tuple[tuple[str, str], ...]:
    columns = ("item__rubric__specialty__code", "item__code", "number", "item__name", "text")
    return tuple(
        (f"{line}/{item}/{number}", f"{item} {name} · {cut(text)}")
        for line, item, number, name, text in requirements_of(campaign).values_list(*columns)
    )


def forget_offered() -> None:
    """For tests, where a rolled back transaction gives the same id to another rubric."""
    _offered.cache_clear()


def cut(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
