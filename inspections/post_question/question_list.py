"""The bank of post questions as an Excel list: read, looked at, taken all or none; and written."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.list_plan import CHANGED, NEW, Change, ListPlan
from inspections.models import PostQuestion
from inspections.moves import person
from inspections.post_question.bank import Content, changed, faults, requirements_of
from inspections.post_question.words import post_word
from organization.history import record
from organization.list_file import workbook_of
from organization.lists import Columns, ListError, ListRow, blanks, error, fold, refuse, repeated
from organization.models import Specialty
from organization.roles import Role, role_named

POST_QUESTIONS = Columns(
    words={
        "specialty": ("专业口", "Specialty", "专业"),
        "role": ("岗位", "Post", "职务"),
        "text_zh": ("问题", "Question", "题目", "问题（中文）"),
        "answer_zh": ("标准回答", "Expected answer", "答案", "标准回答（中文）"),
        "text_en": ("问题（英文）", "Question (English)", "英文问题"),
        "answer_en": ("标准回答（英文）", "Expected answer (English)", "英文标准回答"),
        "item": ("评分项编码", "Item code", "评分项"),
        "requirement": ("检查内容序号", "Requirement number", "检查内容"),
    },
    required=("specialty", "role", "text_zh", "answer_zh"),
    free=frozenset(("text_zh", "answer_zh", "text_en", "answer_en")),
)


@transaction.atomic
def import_questions(*, campaign: Campaign, rows: list[ListRow], by, at: datetime) -> int:
    """Bring a list into the bank: new ones are added, known ones brought up to date.

    Returns how many changed: the same list again says 0. Questions that it does not name stay.
    Raises ListRefused with every bad cell, and writes nothing then.
    """
    list(Specialty.objects.select_for_update().order_by("pk"))  # one list at a time
    plan = plan_questions(campaign=campaign, rows=rows, at=at)
    added = [each.target for each in plan.changes if each.kind == NEW]
    author = person(by)
    PostQuestion.objects.bulk_create(
        PostQuestion(created_at=at, created_by=author, **content.fields()) for content in added
    )
    for each in plan.changes:
        if each.kind == CHANGED:
            question, content = each.target
            changed(question, content, by=by, at=at)
    if plan.changes:
        tally = {"added": len(added), "changed": len(plan.changes) - len(added)}
        record(on=campaign, verb="import_post_questions", by=by, at=at, **tally)
    return len(plan.changes)


def plan_questions(*, campaign: Campaign, rows: list[ListRow], at: datetime) -> ListPlan:
    """What importing them would do; raises ListRefused with every bad cell."""
    contents = contents_of(rows, campaign)
    active = PostQuestion.objects.active().select_related("specialty")
    held = {Content.of(each).key: each for each in active}
    changes = []
    for row, content in zip(rows, contents, strict=True):
        known = held.get(content.key)
        if known is None:
            changes.append(change(NEW, row, content, content))
        elif Content.of(known).squeezed() != content.squeezed():
            changes.append(change(CHANGED, row, (known, content), content, known))
    return ListPlan(changes, len(rows) - len(changes))


def change(kind: str, row: ListRow, target, content: Content, known=None) -> Change:
    return Change(
        kind=kind,
        row=row,
        target=target,
        name=content.text_zh,
        project=post_word(content.specialty, content.role),
        before=said(Content.of(known), content) if known else "",
        after=said(content, Content.of(known) if known else None),
    )


def said(content: Content, other: Content | None) -> str:
    """What a question says besides its own words, as far as the other says something else."""
    names = ("answer_zh", "text_en", "answer_en", "item", "requirement")
    before = other.fields() if other else {}
    told = [value for name, value in content.fields().items() if name in names
            and value and value != before.get(name)]  # fmt: skip
    return " · ".join(map(str, told))


def contents_of(rows: list[ListRow], campaign: Campaign) -> list[Content]:
    """The questions of a list. Raises ListRefused with every bad cell."""
    specialties = {
        fold(word): each
        for each in Specialty.objects.all()
        for word in (each.name_zh_hans, each.name_en or "", each.code)
    }
    known = requirements_of(campaign)
    read = [(row, *content_of(row, specialties, known)) for row in rows]
    found = [problem for _row, _content, problems in read for problem in problems]
    there = {id(row): content for row, content, _problems in read if content}
    good = [row for row in rows if id(row) in there]
    found += repeated(good, lambda row: there[id(row)].key, "text_zh")
    refuse(found)
    return [content for _row, content, _problems in read]


def content_of(row: ListRow, specialties, known) -> tuple[Content | None, list[ListError]]:
    found = blanks(row, POST_QUESTIONS)
    specialty, role = specialties.get(fold(row["specialty"])), role_named(row["role"])
    number = row["requirement"]
    if row["specialty"] and specialty is None:
        word = {"word": row["specialty"]}
        found.append(error(row, "specialty", _("没有“%(word)s”这个专业口。") % word))
    if row["role"] and role is None:
        word = {"word": row["role"]}
        found.append(error(row, "role", _("没有“%(word)s”这种岗位。") % word))
    if number and not (number.isdecimal() and len(number) < 4):
        found.append(error(row, "requirement", _("检查内容的序号要写数字。")))
    if found:
        return None, found
    words = {name: row[name] for name in ("text_zh", "answer_zh", "text_en", "answer_en", "item")}
    requirement = int(number) if number else None
    content = Content(specialty=specialty, role=role, requirement=requirement, **words)
    return content, [error(row, at, message) for at, message in faults(content, known).items()]


def questions_workbook(questions: Iterable[PostQuestion]) -> bytes:
    """An .xlsx that imports as the same questions."""
    return workbook_of(POST_QUESTIONS.heads(), map(cells_of, questions))


def cells_of(each: PostQuestion) -> list:
    role = str(Role(each.role).label)
    words = [each.text_zh, each.answer_zh, each.text_en, each.answer_en]
    return [str(each.specialty), role, *words, each.item, each.requirement]
