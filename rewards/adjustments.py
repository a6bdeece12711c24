"""Lines that people add to a settlement: always with a reason, never in place of a computed one."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.seals import seal
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Project, User
from rewards.models import Adjustment, Settlement

VERBS = {
    "adjust": gettext_lazy("人工调整"),
    "withdraw_adjustment": gettext_lazy("撤销人工调整"),
}
MOST = Decimal(10) ** 8  # what the column holds


@transaction.atomic
def adjust(
    *,
    settlement: Settlement,
    project: Project,
    person: User | None,
    amount: Decimal,
    reason: str,
    by,
    at: datetime,
) -> Adjustment:
    """Add a line of so many yuan, negative for a deduction, for a person or (None) a team.

    Leaves one record on the settlement. Raises Refused without a reason, for no amount or one
    with parts of a cent, for a project that takes no part, and once the list was submitted.
    """
    settlement = open_one(settlement)
    check(settlement, project, amount, reason)
    made = Adjustment.objects.create(
        settlement=settlement,
        project=project,
        person=person,
        amount=amount,
        reason=reason.strip(),
        made_at=at,
        made_by=None if isinstance(by, str) else by,
    )
    on_record(made, "adjust", by, at, reason=made.reason)
    return made


@transaction.atomic
def withdraw_adjustment(*, adjustment: Adjustment, by, at: datetime) -> Adjustment:
    """Take a line back; it stays on record and counts no more.

    Leaves one record on the settlement. Raises Conflict when it is taken back already, Refused
    once the list was submitted.
    """
    settlement = open_one(adjustment.settlement)
    adjustment = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    if adjustment.withdrawn_at:
        raise Conflict(_("这笔调整已经撤销。"), theirs=adjustment)
    adjustment.settlement = settlement
    adjustment.withdrawn_at = at
    adjustment.withdrawn_by = None if isinstance(by, str) else by
    adjustment.save(update_fields=["withdrawn_at", "withdrawn_by"])
    on_record(adjustment, "withdraw_adjustment", by, at)
    return adjustment


def open_one(settlement: Settlement) -> Settlement:
    """The settlement, locked; Refused unless its list may still be changed."""
    found = Settlement.objects.select_for_update().select_related("campaign")
    settlement = found.get(pk=settlement.pk)
    if settlement.approved_at:
        raise Refused(_("结算已经批准，不能再改。"), code="approved")
    if settlement.submitted_at:
        raise Refused(_("结算正在等待批准，退回后才能改。"), code="submitted")
    return settlement


def check(settlement: Settlement, project: Project, amount: Decimal, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请写明调整原因。"), code="reason")
    if not amount or abs(amount) >= MOST or amount != round(amount, 2):
        raise Refused(_("调整金额不能是 0，最多两位小数。"), code="amount")
    if not settlement.campaign.participations.filter(project=project).exists():
        raise Refused(_("该项目没有参加本次专项工作。"), code="project")


def on_record(adjustment: Adjustment, verb: str, by, at: datetime, reason: str = "") -> None:
    settlement, person = adjustment.settlement, adjustment.person
    record(
        on=settlement,
        verb=verb,
        by=by,
        at=at,
        reason=reason,
        adjustment=adjustment.pk,
        project=adjustment.project.code,
        person=person.username if person else "",
        amount=str(adjustment.amount),
    )
    seal(settlement.campaign, "adjustment", about=str(adjustment.pk), at=at)
