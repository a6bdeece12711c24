"""The company's own wording of notices: taken in once it is checked, and given up again."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy

from organization.errors import Refused
from organization.files import WORD, read_bounded, stored_for
from organization.history import record
from organization.models import StoredFile, User
from rewards.documents.notice_word import check_template
from rewards.models import NoticeTemplate

VERBS = {
    "replace_notice_template": gettext_lazy("更换通知书模板"),
    "restore_notice_template": gettext_lazy("恢复默认通知书模板"),
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def replace_notice_template(
    *, kind: str, language: str, upload, by: User, at: datetime
) -> NoticeTemplate:
    """Use this Word file for notices of a kind in a language. Leaves one record.

    Raises Refused when the file is no .docx, too large, active (macros, embedded or external
    content), or has fields that there are not or lacks those that every notice must show.
    """
    try:
        data = read_bounded(upload)
        check_template(data, kind=kind, language=language)
        upload.seek(0)
        with stored_for(upload=upload, by=by, at=at, allow=frozenset({WORD})) as stored:
            return put(kind, language, stored, "replace_notice_template", by=by, at=at)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="file") from error


def restore_notice_template(*, kind: str, language: str, by: User, at: datetime) -> NoticeTemplate:
    """Go back to the wording that ships; the company's file stays on record."""
    return put(kind, language, None, "restore_notice_template", by=by, at=at)


@transaction.atomic
def put(kind: str, language: str, file: StoredFile | None, verb: str, *, by, at) -> NoticeTemplate:
    values = {"file": file, "set_at": at, "set_by": by}
    found, _new = NoticeTemplate.objects.update_or_create(
        kind=kind, language=language, defaults=values
    )
    name, digest = (file.name, file.sha256) if file else ("", "")
    record(on=found, verb=verb, by=by, at=at, file=name, sha256=digest)
    return found


def sample(kind: str) -> dict:
    """Values that a preview shows; nobody's."""
    return SAMPLES[kind] | EVERY


EVERY = {
    "campaign": "品质提升专项工作",
    "number": "demo-1",
    "approved_on": "2026-12-31",
    "approved_by": "总经理",
    "fingerprint": "0123456789abcdef" * 4,
    "chain": "128-0123456789ABCDEF",
    "total": "+¥1,200",
}
ROW = {
    "project": "示例项目", "name": "张三", "post": "项目经理", "band": "优秀", "composite": "96.01",
    "amount": "+¥1,000", "note": "",
}  # fmt: skip
ADDED = ROW | {"post": "人工调整", "amount": "+¥200", "note": "示例说明"}
SAMPLES = {
    "person": {"name": "张三", "lines": [ROW, ADDED]},
    "project": {
        "project": "示例项目", "project_code": "P00", "band": "优秀", "composite": "96.01",
        "rank": 1, "projects": 12, "lines": [ROW, ADDED],
        "scores": [{"rubric": "客户服务", "weight": "25%", "percent": "96.22"}],
    },
}  # fmt: skip
