"""The settlement's way: drawn up, submitted, approved by the president, then final."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from campaign.seals import seal
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.history import record
from organization.history_seals import seal_history
from organization.models import Project, User
from organization.plain import collected_seldom
from organization.prepared import prepared
from rewards.cases import (
    ask_again,
    lines_of,
    list_cases,
    require_decided,
    same_cases,
    seal_cases,
    write_awards,
)
from rewards.changes import changes
from rewards.models import Settlement
from rewards.posts_day import posts_moment, same_day
from rewards.reckoning import reckon
from rewards.snapshots import take_snapshot
from rewards.telling import tell_awarded, tell_corrected, tell_returned, tell_waiting
from scoring.models import Score, Standing
from scoring.opening import freeze

VERBS = {
    "draw_up": gettext_lazy("生成结算"),
    "submit_settlement": gettext_lazy("提交结算"),
    "return_settlement": gettext_lazy("退回结算"),
    "approve_settlement": gettext_lazy("批准结算"),
}


@transaction.atomic
def draw_up(*, campaign: Campaign, by, at: datetime, posts_as_of: datetime | None = None):
    """Draw the settlement up from final standings; an unsubmitted draft is drawn up anew.

    A correction's posts stay those of the settlement that it corrects.

    Posts count as on the day that the campaign sets, or now. What the rules alone can't say is
    listed as a case; decisions and lines added by hand outlive a drawing-up anew, a decision as
    long as its facts do. Raises Refused when one is waiting for approval or approved: an approved
    settlement never changes (ruling 13); and before the day of the posts has come.
    """
    last = lock_last(campaign)
    if last and last.approved_at:
        raise Refused(_("结算已经批准，不能再改；有错请申请更正。"), code="approved")
    if last and last.submitted_at:
        raise Refused(_("结算正在等待批准，退回后才能重新生成。"), code="submitted")
    settlement = last or Settlement(campaign=campaign)
    if not settlement.corrects_id:
        settlement.posts_as_of = posts_as_of or posts_moment(campaign, at=at)
    return fill(settlement, by=by, at=at)


def fill(settlement: Settlement, *, by, at: datetime) -> Settlement:
    """Write the list as standings, posts, rules and decisions have it now, and put it on record."""
    campaign = settlement.campaign
    settlement.drawn_up_at, settlement.drawn_up_by = at, None if isinstance(by, str) else by
    settlement.left_out = list(provisional_codes(campaign))
    settlement.save()
    settlement.awards.all().delete()
    with collected_seldom():
        reckoned = reckon(campaign=campaign, posts_as_of=settlement.posts_as_of)
        moved = list_cases(settlement, reckoned, at=at)
        lines = lines_of(settlement, reckoned)
        moved += ask_again(settlement, lines)
        write_awards(settlement, lines)
    undecided = settlement.cases.undecided().count()
    record(
        on=settlement,
        verb="draw_up",
        by=by,
        at=at,
        after="draft",
        awards=len(lines),
        undecided=undecided,
    )
    seal(campaign, "settlement", "awards", about=str(settlement.pk), at=at)
    seal_cases(campaign, moved, at=at)
    return settlement


def lock_last(campaign: Campaign) -> Settlement | None:
    """The campaign's newest settlement, locked; the campaign row keeps two draw-ups apart."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    return campaign.settlements.select_for_update().order_by("-number").first()


def provisional_codes(campaign: Campaign):
    """Codes of the projects that are left out because their scoring is not finished."""
    left_out = Standing.objects.filter(campaign=campaign).provisional()
    return left_out.order_by("project__code").values_list("project__code", flat=True)


@transaction.atomic
def submit_settlement(*, settlement: Settlement, by: User, at: datetime) -> Settlement:
    """Hand the draft to the president, who is told.

    Raises Refused when it is outdated, or while a case is undecided.
    """
    settlement = locked(settlement)
    if settlement.submitted_at:
        raise Conflict(_("结算已经提交。"), theirs=settlement)
    require_current(settlement)
    require_decided(settlement)
    settlement.submitted_at, settlement.submitted_by = at, by
    settlement.returned_at, settlement.return_reason = None, ""
    settlement.save()
    record(on=settlement, verb="submit_settlement", by=by, at=at, before="draft", after="submitted")
    seal_way(settlement, at=at)
    tell_waiting(settlement, at=at)
    return settlement


@transaction.atomic
def return_settlement(*, settlement: Settlement, reason: str, by: User, at: datetime):
    """Give it back to the center, which is told, with a reason; it may be drawn up anew."""
    settlement = locked(settlement)
    require_waiting(settlement)
    if not reason.strip():
        raise Refused(_("请写明退回原因。"), code="reason")
    settlement.submitted_at = settlement.submitted_by = None
    settlement.returned_at, settlement.return_reason = at, reason.strip()
    settlement.save()
    record(
        on=settlement,
        verb="return_settlement",
        by=by,
        at=at,
        before="submitted",
        after="returned",
        reason=reason.strip(),
    )
    seal_way(settlement, at=at)
    tell_returned(settlement, at=at)
    return settlement


@transaction.atomic
def approve_settlement(*, settlement: Settlement, total: Decimal, by: User, at: datetime):
    """Approve it for good: results are frozen, what it stands on is kept with its fingerprint.

    Everybody on it is told what they are given or fined. All history until now is sealed.

    `total` is the net amount in yuan that the president typed. Raises Refused when it differs,
    while an objection window or an objection is open (ruling 14), or when the list no longer
    says what the standings say.
    """
    settlement = locked(settlement)
    require_waiting(settlement)
    # before the list is compared: once nothing is open, no decision can change it any more
    if waiting := objections(settlement.campaign, at=at):
        said = ngettext(
            "还有 %(count)d 个项目在申诉期内或申诉未决，暂不能批准。",
            "还有 %(count)d 个项目在申诉期内或申诉未决，暂不能批准。",
            len(waiting),
        )
        raise Refused(said % {"count": len(waiting)}, code="objections")
    require_current(settlement)
    if total != net(settlement):
        raise Refused(_("输入的金额与净额不一致，请核对。"), code="total")
    freeze(campaign=settlement.campaign, by=by, at=at)
    settlement.approved_at, settlement.approved_by = at, by
    settlement.save()
    settlement.fingerprint = take_snapshot(settlement, at=at).fingerprint
    settlement.save(update_fields=["fingerprint"])
    record(
        on=settlement,
        verb="approve_settlement",
        by=by,
        at=at,
        before="submitted",
        after="approved",
        net=str(total),
        fingerprint=settlement.fingerprint,
    )
    seal_way(settlement, at=at)
    seal(settlement.campaign, "snapshot", about=str(settlement.pk), at=at)
    if settlement.corrects_id:
        tell_corrected(settlement, changes(settlement), at=at)
    else:
        tell_awarded(settlement, at=at)
    seal_history(at=at)  # last, and with the approval itself: organization.history_seals
    return settlement


def seal_way(settlement: Settlement, *, at: datetime) -> None:
    """Seal how far it has come; the list itself is sealed when it is drawn up."""
    seal(settlement.campaign, "settlement", about=str(settlement.pk), at=at)


def locked(settlement: Settlement) -> Settlement:
    return Settlement.objects.select_for_update().select_related("campaign").get(pk=settlement.pk)


def require_waiting(settlement: Settlement) -> None:
    if settlement.approved_at:
        raise Conflict(_("结算已经批准，不能再改。"), theirs=settlement)
    if not settlement.submitted_at:
        raise Conflict(_("结算还没有提交，或已被退回。"), theirs=settlement)


def require_current(settlement: Settlement) -> None:
    """The list must be the one that standings, posts and rules give now."""
    campaign = settlement.campaign
    with collected_seldom():
        reckoned = reckon(campaign=campaign, posts_as_of=settlement.posts_as_of)
    drawn = {outcome.key for outcome, _case in lines_of(settlement, reckoned)}
    kept = {award.key for award in settlement.awards.all()}
    left_out = list(provisional_codes(campaign))
    is_current = (drawn, left_out) == (kept, settlement.left_out)
    if not is_current or not same_cases(settlement, reckoned) or not same_day(settlement):
        raise Refused(_("成绩、岗位或标准已有变化，请重新生成结算。"), code="outdated")


def net(settlement: Settlement) -> Decimal:
    """Rewards less penalties with what was adjusted by hand, in yuan."""
    parts = (settlement.awards, settlement.adjustments.standing())
    return sum(
        (part.aggregate(net=Sum("amount"))["net"] or Decimal(0) for part in parts), Decimal(0)
    )


@dataclass(frozen=True)
class Objection:
    """A project whose approval waits: until when its window is open, how many objections."""

    code: str
    name: str
    until: datetime | None
    open_objections: int

    @property
    def last_day(self) -> date:
        """The last day of the window, which ends with that day."""
        return local_day(self.until - timedelta(microseconds=1))


class Objections(Sequence):
    """The first of a list, and how long all of it is."""

    def __init__(self, first: list[Objection], number: int):
        self.first, self.number = first, number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, place):
        return self.first[place]


def objections(campaign: Campaign, *, at: datetime, most: int | None = None) -> Sequence[Objection]:
    """Projects with an open window or an undecided objection; settlements wait for them.

    With `most` no more than so many are read, and the others only counted.
    """
    found = objected_to(campaign=campaign.pk, at=at, most=most)
    number, first = 0, []
    for code, name, until, undecided, number in found:  # noqa: B007 the same in each
        first.append(Objection(code, name, until if until and until > at else None, undecided))
    return Objections(first, number)


def waiting_in(*, campaign, at, most: int | None) -> QuerySet[Project]:
    waiting = (
        Score.objects.audits()
        .filter(Q(objections_until__gt=at) | Q(open_objections__gt=0), campaign__pk=campaign)
        .order_by()
    )
    own = waiting.filter(project=OuterRef("pk"))
    rows = Project.objects.filter(Exists(own)).annotate(
        until=summed(own, "project", Max("objections_until")),
        undecided=summed(own, "project", Sum("open_objections")),
        number=summed(waiting, "campaign", Count("project", distinct=True)),
    )
    return rows.order_by("code").values_list("code", "name", "until", "undecided", "number")[:most]


def summed(rows, by: str, sum_: Max | Sum | Count) -> Subquery:
    return Subquery(rows.values(by).annotate(sum=sum_).values("sum"))


objected_to = prepared(
    waiting_in, {"campaign": Campaign._meta.pk, "at": Score._meta.get_field("objections_until")}
)
