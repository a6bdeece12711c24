"""A list of questions on its way into the bank: kept, read, looked at, and then confirmed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.exam.answers import Content
from inspections.exam.bank import Plan, import_questions, plan_of
from inspections.exam.question_list import QUESTIONS, contents_of
from inspections.models import QuestionUpload
from inspections.moves import lock
from organization.errors import Refused
from organization.files import COMMAS, OLD_SHEET, SHEET, store_upload
from organization.list_file import ReadList, read_list
from organization.models import Specialty, User

LISTS = frozenset({SHEET, OLD_SHEET, COMMAS})


def keep_upload(*, specialty: Specialty, upload, by: User, at: datetime) -> QuestionUpload:
    """Keep the file that was chosen; ValidationError for one that is no list."""
    stored = store_upload(upload=upload, by=by, at=at, allow=LISTS)
    return QuestionUpload.objects.create(
        specialty=specialty, file=stored, uploaded_by=by, uploaded_at=at
    )


def read(upload: QuestionUpload) -> tuple[ReadList, list[Content]]:
    """What the file says. Raises ListRefused with every bad cell."""
    with upload.file.file.open("rb") as file:
        found = read_list(file, QUESTIONS)
    return found, contents_of(found.rows)


def preview(upload: QuestionUpload) -> tuple[Plan, list[str]]:
    """What confirming would do, and the heads that mean nothing here."""
    found, contents = read(upload)
    return plan_of(upload.specialty, contents), found.unknown


@transaction.atomic
def confirm_upload(*, upload: QuestionUpload, by: User, at: datetime) -> Plan:
    """Bring it into the bank. Refused a second time; ListRefused when it does not read."""
    lock(upload)
    if upload.imported_at:
        raise Refused(_("这个文件已经导入。"), code="already")
    _found, contents = read(upload)
    plan = import_questions(
        specialty=upload.specialty, contents=contents, by=by, at=at, name=upload.file.name
    )
    upload.imported_at = at
    upload.save(update_fields=["imported_at"])
    return plan
