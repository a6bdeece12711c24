"""The question bank's moves. What was asked once stays: it is retired, and a new one follows."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.exam.answers import Content, faults
from inspections.models import Answer, Question
from inspections.moves import lock, person
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Specialty


@dataclass
class Plan:
    """What a list of questions would do to a bank; nothing is written yet."""

    added: list[Content] = field(default_factory=list)
    changed: list[tuple[Question, Content]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def does_nothing(self) -> bool:
        return not (self.added or self.changed)


@transaction.atomic
def add_question(*, specialty: Specialty, content: Content, by, at: datetime) -> Question:
    """Put a question into the bank. Refused for what may not be asked, and for one there is."""
    content = checked(content)
    refuse_twin(specialty, content)
    return written(specialty, content, "add_question", by=by, at=at)


@transaction.atomic
def edit_question(
    *, question: Question, content: Content, by, at: datetime, revision: int | None = None
) -> Question:
    """Change a question; one that was asked is retired, and its successor is returned.

    Refused for what may not be asked and for a retired one, Conflict for a stale page.
    """
    lock(question)
    if revision not in (None, question.revision):
        raise Conflict(_("您打开这一页之后，这道题有了变化。"), theirs=question)
    if question.retired_at:
        raise Refused(_("这道题已经停用，先恢复再改。"), code="retired")
    content = checked(content)
    refuse_twin(question.specialty, content, besides=question)
    return changed(question, content, by=by, at=at)


def changed(question: Question, content: Content, *, by, at: datetime) -> Question:
    before = Content.of(question)
    if content == before:
        return question
    if is_used(question):
        retire(question, "replace_question", by=by, at=at)
        return written(question.specialty, content, "add_question", by=by, at=at, of=question.pk)
    for name, value in content.fields().items():
        setattr(question, name, value)
    question.revision += 1
    question.save()
    old = {name: str(value) for name, value in before.fields().items()}
    record(on=question, verb="edit_question", by=by, at=at, old=old)
    return question


@transaction.atomic
def retire_question(*, question: Question, by, at: datetime) -> Question:
    """Ask it no more; papers that have it keep it. Refused when it is retired."""
    lock(question)
    if question.retired_at:
        raise Refused(_("这道题已经停用。"), code="already")
    return retire(question, "retire_question", by=by, at=at)


@transaction.atomic
def restore_question(*, question: Question, by, at: datetime) -> Question:
    """Take a retired one into use again. Refused when another of the same words is in use."""
    lock(question)
    if not question.retired_at:
        raise Refused(_("这道题正在用。"), code="already")
    refuse_twin(question.specialty, Content.of(question), besides=question)
    question.retired_at = None
    question.revision += 1
    question.save()
    about = {"before": "retired", "after": "in_use"}
    record(on=question, verb="restore_question", by=by, at=at, **about)
    return question


@transaction.atomic
def remove_question(*, question: Question, by, at: datetime) -> None:
    """Delete one that nobody was asked. Refused for one that was, or that an exam names."""
    lock(question)
    if is_used(question) or question.exams.exists():
        raise Refused(_("这道题已经用在考试里，不能删除，可以停用。"), code="used")
    record(on=question, verb="remove_question", by=by, at=at, text=question.text)
    question.delete()


def plan_of(specialty: Specialty, contents: list[Content]) -> Plan:
    """What importing these would do; the same question is known by its words."""
    held = {Content.of(each).key: each for each in specialty.questions.active()}
    plan = Plan()
    for content in contents:
        known = held.get(content.key)
        if known is None:
            plan.added.append(content)
        elif same(Content.of(known), content):
            plan.unchanged += 1
        else:
            plan.changed.append((known, content))
    return plan


@transaction.atomic
def import_questions(
    *, specialty: Specialty, contents: list[Content], by, at: datetime, name: str = ""
) -> Plan:
    """Bring a list into the bank: new ones are added, known ones brought up to date.

    The same list again changes nothing and leaves no record. Questions that the list does not
    name stay. `contents` were checked by `inspections.exam.question_list`.
    """
    Specialty.objects.select_for_update().get(pk=specialty.pk)
    plan = plan_of(specialty, contents)
    if plan.does_nothing:
        return plan
    author = person(by)
    made = (
        Question(specialty=specialty, created_at=at, created_by=author, **each.fields())
        for each in plan.added
    )
    Question.objects.bulk_create(made, batch_size=500)
    for question, content in plan.changed:
        changed(question, content, by=by, at=at)
    tally = {"added": len(plan.added), "changed": len(plan.changed)}
    record(on=specialty, verb="import_questions", by=by, at=at, name=name, **tally)
    return plan


# --- what the moves are made of ------------------------------------------------------------


def same(one: Content, other: Content) -> bool:
    """Alike but for spaces and line breaks, which Excel and its readers handle as they like."""
    return squeezed(one) == squeezed(other)


def squeezed(content: Content) -> Content:
    def tight(text: str) -> str:
        return " ".join(text.split())

    return replace(
        content,
        text="",
        options=tuple(map(tight, content.options)),
        topic=tight(content.topic),
        explanation=tight(content.explanation),
    )


def checked(content: Content) -> Content:
    for where, message in faults(content).items():
        raise Refused(message, code="content", field=where)
    return content


def refuse_twin(specialty: Specialty, content: Content, besides: Question | None = None) -> None:
    others = specialty.questions.active().exclude(pk=besides.pk if besides else None)
    if any(Content.of(each).key == content.key for each in others):
        raise Refused(_("题库里已经有这道题。"), code="twin", field="text")


def is_used(question: Question) -> bool:
    return Answer.objects.filter(question=question).exists()


def written(specialty: Specialty, content: Content, verb: str, *, by, at, **detail) -> Question:
    question = Question.objects.create(
        specialty=specialty, created_at=at, created_by=person(by), **content.fields()
    )
    record(on=question, verb=verb, by=by, at=at, **detail)
    return question


def retire(question: Question, verb: str, *, by, at: datetime) -> Question:
    question.retired_at = at
    question.revision += 1
    question.save()
    record(on=question, verb=verb, by=by, at=at, before="in_use", after="retired")
    return question
