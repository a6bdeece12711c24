"""A list of results or of who came on its way in: read, looked at, then confirmed or left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.exam.result_list import RESULTS, import_results, plan_results
from inspections.list_plan import ListPlan
from inspections.models import Exam, ListUpload, Training
from inspections.moves import lock
from inspections.post_question.question_list import (
    POST_QUESTIONS,
    import_questions,
    plan_questions,
)
from inspections.training.attendance_list import ATTENDANCE, plan_attendance, take_attendance
from organization.errors import Conflict, Refused
from organization.files import COMMAS, OLD_SHEET, SHEET, store_upload
from organization.list_file import read_list
from organization.lists import Columns, ListRow
from organization.models import User

LISTS = frozenset({SHEET, OLD_SHEET, COMMAS})


@dataclass(frozen=True)
class Kind:
    """How lists about one sort of thing are read, looked at and taken."""

    columns: Columns
    plan: Callable[..., ListPlan]
    take: Callable[..., int]


KINDS = {
    "exam": Kind(RESULTS, plan_results, import_results),
    "campaign": Kind(POST_QUESTIONS, plan_questions, import_questions),
    "training": Kind(ATTENDANCE, plan_attendance, take_attendance),
}


def keep_list(*, about: Exam | Training | Campaign, upload, by: User, at: datetime) -> ListUpload:
    """Keep a list that could be taken as it is; nothing of it is written yet.

    Raises ListRefused naming every bad cell, Refused where nothing may be entered, and
    ValidationError for a file that is not kept.
    """
    kind = about._meta.model_name
    KINDS[kind].plan(**{kind: about}, rows=rows_of(kind, upload), at=at)
    upload.seek(0)
    stored = store_upload(upload=upload, by=by, at=at, allow=LISTS)
    return ListUpload.objects.create(file=stored, uploaded_by=by, uploaded_at=at, **{kind: about})


def preview(upload: ListUpload, *, at: datetime) -> ListPlan:
    """What confirming would do by now."""
    kind = upload.kind
    return KINDS[kind].plan(**{kind: upload.about}, rows=kept_rows(upload), at=at)


@transaction.atomic
def confirm_list(*, upload: ListUpload, by: User, at: datetime, seen: str = "") -> int:
    """Take all of it or nothing; returns how many rows changed something.

    `seen` is the mark of the plan that the reader saw: Conflict where it would do something else
    by now. Refused a second time; ListRefused when it can't be taken any more.
    """
    lock(upload)
    if upload.imported_at:
        raise Refused(_("这个文件已经导入。"), code="already")
    if seen and seen != preview(upload, at=at).mark:
        raise Conflict(_("您核对之后，名单里有了变化。请再看一遍。"), theirs=upload)
    kind = upload.kind
    changed = KINDS[kind].take(**{kind: upload.about}, rows=kept_rows(upload), by=by, at=at)
    upload.imported_at = at
    upload.save(update_fields=["imported_at"])
    return changed


def kept_rows(upload: ListUpload) -> list[ListRow]:
    with upload.file.file.open("rb") as file:
        return rows_of(upload.kind, file)


def rows_of(kind: str, file) -> list[ListRow]:
    rows = read_list(file, KINDS[kind].columns).rows
    if not rows:
        raise Refused(_("表里没有内容。"), code="empty")
    return rows
