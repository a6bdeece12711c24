"""Another person becomes responsible for an open finding."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.finding.findings import announce
from inspections.models import Finding
from inspections.moves import check_finding, lock
from inspections.plan.lines import wrong_person
from organization.errors import Refused
from organization.history import record
from organization.models import User

VERBS = {"reassign": gettext_lazy("改派责任人")}


@transaction.atomic
def reassign(
    *,
    finding: Finding,
    responsible: User,
    reason: str,
    by,
    at: datetime,
    revision: int | None = None,
) -> Finding:
    """Hand an open finding to another person of its project; both are told.

    Raises Refused when the reason is blank, the person has left or does not work there, or is
    responsible already, or the finding isn't open; Conflict for a stale page.
    """
    lock(finding)
    check_finding(finding, "reassign", revision)
    reason, former = reason.strip(), finding.responsible
    if not reason:
        raise Refused(_("写明为什么改派。"), code="blank", field="reason")
    if former == responsible:
        message = _("本来就由%(person)s负责。") % {"person": responsible}
        raise Refused(message, code="same", field="responsible")
    if wrong := wrong_person(finding.project, responsible):
        raise Refused(wrong, code="bad_responsible", field="responsible")
    finding.responsible = responsible
    finding.revision += 1
    finding.save(update_fields=["responsible", "revision"])
    record(
        on=finding, verb="reassign", by=by, at=at, reason=reason,
        who=str(responsible), was=str(former or ""),
    )  # fmt: skip
    tell_both(finding, former, reason, at=at)
    return finding


def tell_both(finding: Finding, former: User | None, reason: str, *, at: datetime) -> None:
    person = finding.responsible
    announce(
        finding,
        f"reassigned:{finding.revision}",
        people=[person],
        at=at,
        body=reason,
        title=lambda: _("改由您整改：%(problem)s") % {"problem": finding},
    )
    announce(
        finding,
        f"handed_over:{finding.revision}",
        people=[former] if former else [],
        at=at,
        body=reason,
        title=lambda: (
            _("已改由%(person)s整改：%(problem)s") % {"person": person, "problem": finding}
        ),
    )
