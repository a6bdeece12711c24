"""The moves of the bank of post questions. What was drawn once stays: a new one follows it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import DrawnQuestion, PostQuestion
from inspections.moves import lock, person
from inspections.post_question.words import ROLES
from organization.errors import Conflict, Refused
from organization.history import record
from organization.lists import fold
from organization.models import Specialty
from scoring.models import Requirement, Rubric

LONGEST = {"text_zh": 300, "text_en": 300, "answer_zh": 1000, "answer_en": 1000, "item": 20}


@dataclass(frozen=True)
class Content:
    """A question's post, words and requirement, as plain values."""

    specialty: Specialty
    role: str
    text_zh: str
    answer_zh: str
    text_en: str = ""
    answer_en: str = ""
    item: str = ""
    requirement: int | None = None

    @classmethod
    def of(cls, question: PostQuestion) -> "Content":
        return cls(**{name: getattr(question, name) for name in cls.__dataclass_fields__})

    @property
    def key(self) -> tuple:
        """The same question, however it is spaced."""
        return self.specialty.pk, self.role, fold(self.text_zh)

    def fields(self) -> dict:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def squeezed(self) -> "Content":
        """But for spaces and line breaks, which Excel and its readers handle as they like."""
        words = {name: " ".join(getattr(self, name).split()) for name in LONGEST}
        return replace(self, **words)


@transaction.atomic
def add_question(*, campaign: Campaign, content: Content, by, at: datetime) -> PostQuestion:
    """Put a question into the bank. Refused for what can't be asked, and for one there is."""
    check(content, requirements_of(campaign))
    refuse_twin(content)
    return written(content, "add_post_question", by=by, at=at)


@transaction.atomic
def edit_question(
    *,
    campaign: Campaign,
    question: PostQuestion,
    content: Content,
    by,
    at: datetime,
    revision: int | None = None,
) -> PostQuestion:
    """Change a question; one that was drawn is retired, and its successor is returned.

    Refused for what can't be asked and for a retired one, Conflict for a stale page.
    """
    lock(question)
    if revision not in (None, question.revision):
        raise Conflict(_("您打开这一页之后，这道题有了变化。"), theirs=question)
    if question.retired_at:
        raise Refused(_("这道题已经停用，先恢复再改。"), code="retired")
    check(content, requirements_of(campaign))
    refuse_twin(content, besides=question)
    return changed(question, content, by=by, at=at)


def changed(question: PostQuestion, content: Content, *, by, at: datetime) -> PostQuestion:
    before = Content.of(question)
    if content == before:
        return question
    if is_used(question):
        retire(question, "replace_post_question", by=by, at=at)
        return written(content, "add_post_question", by=by, at=at, of=question.pk)
    for name, value in content.fields().items():
        setattr(question, name, value)
    put(question)
    old = {name: str(value) for name, value in before.fields().items()}
    record(on=question, verb="edit_post_question", by=by, at=at, old=old)
    return question


@transaction.atomic
def retire_question(*, question: PostQuestion, by, at: datetime) -> PostQuestion:
    """Ask it no more; visits that drew it keep it. Refused when it is retired."""
    lock(question)
    if question.retired_at:
        raise Refused(_("这道题已经停用。"), code="already")
    return retire(question, "retire_post_question", by=by, at=at)


@transaction.atomic
def restore_question(*, question: PostQuestion, by, at: datetime) -> PostQuestion:
    """Take a retired one into use again. Refused when another of the same words is in use."""
    lock(question)
    if not question.retired_at:
        raise Refused(_("这道题正在用。"), code="already")
    refuse_twin(Content.of(question), besides=question)
    question.retired_at = None
    put(question)
    about = {"before": "retired", "after": "in_use"}
    record(on=question, verb="restore_post_question", by=by, at=at, **about)
    return question


# --- what may be asked ---------------------------------------------------------------------


def requirements_of(campaign: Campaign) -> set[tuple[int, str, int]]:
    """What a question may be about: specialty, item and number, of the rubrics in force."""
    rubrics = Rubric.objects.current().filter(campaign=campaign)
    rows = Requirement.objects.filter(item__rubric__in=rubrics)
    return set(rows.values_list("item__rubric__specialty", "item__code", "number"))


def faults(content: Content, known: set[tuple[int, str, int]]) -> dict[str, str]:
    """What is wrong with a question, by field; empty when it may be asked."""
    found = {}
    if content.role not in ROLES:
        found["role"] = _("选一种项目里的岗位。")
    if not content.text_zh:
        found["text_zh"] = _("问题不能空着。")
    if not content.answer_zh:
        found["answer_zh"] = _("写明怎样回答算对。")
    found |= {
        name: _("太长了，最多 %(most)d 个字。") % {"most": most}
        for name, most in LONGEST.items()
        if len(getattr(content, name)) > most
    }
    if bool(content.item) != (content.requirement is not None):
        found["item"] = _("评分项和检查内容的序号要一起写。")
    elif content.item and (content.specialty.pk, content.item, content.requirement) not in known:
        words = {"item": content.item, "number": content.requirement}
        found["item"] = _("现行评分细则里没有 %(item)s 第 %(number)s 条。") % words
    return found


def check(content: Content, known: set[tuple[int, str, int]]) -> None:
    for where, message in faults(content, known).items():
        raise Refused(message, code="content", field=where)


def refuse_twin(content: Content, besides: PostQuestion | None = None) -> None:
    others = PostQuestion.objects.active().filter(specialty=content.specialty, role=content.role)
    others = others.exclude(pk=besides.pk if besides else None)
    if fold(content.text_zh) in map(fold, others.values_list("text_zh", flat=True)):
        raise Refused(_("这个岗位已经有这道题。"), code="twin", field="text_zh")


def is_used(question: PostQuestion) -> bool:
    return DrawnQuestion.objects.filter(question=question).exists()


def written(content: Content, verb: str, *, by, at: datetime, **detail) -> PostQuestion:
    made = PostQuestion.objects.create(created_at=at, created_by=person(by), **content.fields())
    record(on=made, verb=verb, by=by, at=at, **detail)
    return made


def retire(question: PostQuestion, verb: str, *, by, at: datetime) -> PostQuestion:
    question.retired_at = at
    put(question)
    record(on=question, verb=verb, by=by, at=at, before="in_use", after="retired")
    return question


def put(question: PostQuestion) -> None:
    question.revision += 1
    question.save()
