"""Why something was wrong: named by who rectifies or verifies, from a closed list and in words."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.models import Finding
from inspections.moves import check_finding, lock
from inspections.words import RootCause
from organization.errors import Refused
from organization.history import record

VERBS = {"name_root_cause": gettext_lazy("写明根本原因")}
TEXT_LIMIT = Finding._meta.get_field("root_cause_text").max_length


@transaction.atomic
def name_root_cause(
    *,
    finding: Finding,
    cause: str,
    by,
    at: datetime,
    text: str = "",
    revision: int | None = None,
) -> Finding:
    """Say what the cause was; naming the same again changes nothing.

    Raises Refused for a cause that there isn't or words that are too long, Conflict for a stale
    page.
    """
    lock(finding)
    if (finding.root_cause, finding.root_cause_text) == (cause, text.strip()):
        return finding
    check_finding(finding, "name_root_cause", revision)
    before = finding.root_cause
    put_cause(finding, cause, text)
    finding.revision += 1
    finding.save(update_fields=["root_cause", "root_cause_text", "revision"])
    record(
        on=finding, verb="name_root_cause", by=by, at=at, reason=finding.root_cause_text,
        cause=finding.root_cause, was=before,
    )  # fmt: skip
    return finding


def put_cause(finding: Finding, cause: str, text: str) -> None:
    """Set it on the finding without saving."""
    if cause not in RootCause.values:
        raise Refused(_("从列出的原因里选一个。"), code="bad_cause", field="cause")
    text = text.strip()
    if len(text) > TEXT_LIMIT:
        message = _("具体原因最多 %(limit)d 个字。") % {"limit": TEXT_LIMIT}
        raise Refused(message, code="too_long", field="cause_text")
    finding.root_cause, finding.root_cause_text = cause, text
