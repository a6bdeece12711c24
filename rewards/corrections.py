"""A correction: the only way from an approved settlement on (ruling 13).

The center asks with a reason, the president grants or refuses. Granted, frozen results are opened
once more, and a new settlement names the old one, which stays as it was approved. The new one goes
the same way as any other: drawn up, submitted, approved, frozen, kept as a snapshot.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.seals import seal
from organization.clock import end_of, local_day
from organization.errors import Conflict, Refused
from organization.history import record
from rewards.cases import seal_cases
from rewards.models import Adjustment, Case, Correction, Settlement
from rewards.settlement import fill, lock_last
from rewards.telling import tell_correction_asked, tell_correction_decided
from scoring.opening import reopen

VERBS = {
    "ask_correction": gettext_lazy("申请更正结算"),
    "grant_correction": gettext_lazy("同意更正结算"),
    "refuse_correction": gettext_lazy("不同意更正结算"),
}


@transaction.atomic
def ask_correction(
    *, settlement: Settlement, reason: str, by, at: datetime, appeals_until: date | None = None
) -> Correction:
    """Ask the president, who is told, to let an approved settlement be corrected.

    Through `appeals_until` deductions may then be contested though their windows are over. Leaves
    one record. Raises Refused without a reason, for a settlement that is not the campaign's newest
    or not approved, for a day that is over, and while an earlier request waits.
    """
    last = lock_last(settlement.campaign)
    if last is None or last.pk != settlement.pk or not last.approved_at:
        raise Refused(_("只能更正最近一次已批准的结算。"), code="not_approved")
    if not reason.strip():
        raise Refused(_("请写明更正原因。"), code="reason")
    if appeals_until and appeals_until < local_day(at):
        raise Refused(_("补充申诉的截止日已经过了。"), code="appeals_until")
    if last.corrections.filter(granted=None).exists():
        raise Refused(_("已经申请更正，正在等总经理答复。"), code="asked")
    made = Correction.objects.create(
        settlement=last,
        reason=reason.strip(),
        appeals_until=appeals_until,
        asked_at=at,
        asked_by=None if isinstance(by, str) else by,
    )
    record(on=last, verb="ask_correction", by=by, at=at, reason=made.reason)
    seal_correction(made, at=at)
    tell_correction_asked(made, at=at)
    return made


@transaction.atomic
def grant_correction(*, correction: Correction, by, at: datetime) -> Settlement:
    """Open the results once more and make the settlement that names the old one, as a draft.

    It begins with the old one's posts, decisions and lines added by hand. The center is told.
    Leaves one record. Raises Conflict when somebody has answered.
    """
    correction = waiting(correction)
    old = correction.settlement
    until = end_of(correction.appeals_until) if correction.appeals_until else None
    answer(correction, granted=True, text="", by=by, at=at)
    reopen(campaign=old.campaign, reason=correction.reason, appeals_until=until, by=by, at=at)
    made = Settlement.objects.create(
        campaign=old.campaign,
        number=old.number + 1,
        corrects=old,
        posts_as_of=old.posts_as_of,
        drawn_up_at=at,
    )
    copy_what_people_decided(old, made, at=at)
    fill(made, by=by, at=at)
    finish(correction, "grant_correction", by, at, reason=correction.reason, number=made.number)
    return made


@transaction.atomic
def refuse_correction(*, correction: Correction, reason: str, by, at: datetime) -> Correction:
    """Leave the settlement as it is, with a reason; the center is told. Leaves one record.

    Raises Refused without a reason, Conflict when somebody has answered.
    """
    correction = waiting(correction)
    if not reason.strip():
        raise Refused(_("请写明不同意的理由。"), code="reason")
    answer(correction, granted=False, text=reason.strip(), by=by, at=at)
    finish(correction, "refuse_correction", by, at, reason=reason.strip())
    return correction


def waiting(correction: Correction) -> Correction:
    """The request, locked after the campaign as every move on a settlement locks it."""
    lock_last(correction.settlement.campaign)
    found = Correction.objects.select_for_update(of=("self",)).select_related(
        "settlement__campaign"
    )
    correction = found.get(pk=correction.pk)
    if correction.granted is not None:
        raise Conflict(_("更正申请已经答复。"), theirs=correction)
    return correction


def answer(correction: Correction, *, granted: bool, text: str, by, at: datetime) -> None:
    correction.granted, correction.answer = granted, text
    correction.decided_at, correction.decided_by = at, None if isinstance(by, str) else by
    correction.save()


def finish(correction: Correction, verb: str, by, at: datetime, *, reason: str, **more) -> None:
    record(on=correction.settlement, verb=verb, by=by, at=at, reason=reason, **more)
    seal_correction(correction, at=at)
    tell_correction_decided(correction, at=at)


def seal_correction(correction: Correction, *, at: datetime) -> None:
    seal(correction.settlement.campaign, "correction", about=str(correction.pk), at=at)


def copy_what_people_decided(old: Settlement, new: Settlement, *, at: datetime) -> None:
    """The new one begins with the old one's decisions and lines, each with who made it when."""
    cases = list(old.cases.live())
    lines = list(old.adjustments.standing())
    for row in [*cases, *lines]:
        row.pk, row.settlement = None, new
    made = Case.objects.bulk_create(cases)
    added = Adjustment.objects.bulk_create(lines)
    seal_cases(new.campaign, made, at=at)
    if added:
        seal(new.campaign, "adjustment", about=",".join(str(line.pk) for line in added), at=at)
