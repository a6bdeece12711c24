"""What waits for the reader's decision: reviews by the kind, approvals one by one, set-up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from campaign.registry import what_is_missing
from inspections.finding.extension_counts import waiting_for
from organization import states
from organization.models import User
from organization.roles import PROJECT_LEADERS, Role
from organization.states import State
from portal.queues import led_by
from portal.work.appeals import to_decide_of_sheets
from portal.work.audit_visits import schedules_to_approve
from portal.work.campaigns import Campaigns
from portal.work.gates import gates_held_up
from portal.work.rows import Row, waited
from portal.work.visits import visits_objected_to, visits_to_confirm
from portal.work.waiting import (
    findings_waiting_for,
    obligations_waiting,
    policies_waiting,
    settlements_waiting,
    waiting_for_center,
)
from rewards.models import Settlement
from scoring.models import Rubric

REVIEWERS = (Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD, Role.PRESIDENT)
APPROVALS_SEEN_BY = (Role.EXECUTIVE, Role.MANAGEMENT_CENTER, Role.PRESIDENT)
MOST_DRAFTS = 20
# How a kind of review stands and what is done with it, where it is no review of papers.
VERDICTS = {
    "findings": (states.WAITING_VERIFY, gettext_lazy("验证")),
    "extensions": (states.WAITING_APPROVAL, gettext_lazy("答复")),
}


def to_decide(person: User, campaigns: Campaigns, *, at: datetime) -> list[Row]:
    """What only this person, or somebody in the same role, can bring further."""
    rows = []
    if person.has_role(Role.PRESIDENT):
        rows += approvals(campaigns, at=at)
    if person.has_role(Role.MANAGEMENT_CENTER):
        rows += gates_held_up(campaigns, at=at)
    if person.has_role(Role.MANAGEMENT_CENTER, Role.EXECUTIVE):
        rows += to_decide_of_sheets(person, campaigns, at=at)
    if person.has_role(Role.EXECUTIVE):
        rows += schedules_to_approve(person, campaigns, at=at)
    if person.has_role(*REVIEWERS):
        rows += reviews(person, campaigns, at=at)
    if person.has_role(Role.ADMINISTRATOR):
        rows += set_up(campaigns)
    if person.has_role(*PROJECT_LEADERS):
        rows += visits_to_confirm(person, campaigns, at=at)
    if person.has_role(Role.SPECIALTY_LEAD):
        rows += visits_objected_to(person, campaigns, at=at)
    return sorted(rows, key=lambda row: row.since)


def approvals(campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """Campaigns, settlements and policies that wait for the president."""
    for campaign in campaigns.open:
        if campaign.submitted_at and not campaign.approved_at:
            yield to_approve(campaign, campaign.state(), str(campaign), _("专项工作方案"), at=at)
    for settlement in settlements_waiting():
        yield settlement_to_approve(settlement, at=at)
    for version in policies_waiting():
        words = {"kind": version.policy.get_kind_display(), "number": version.number}
        meta = _("%(kind)s · 第 %(number)d 版") % words
        yield to_approve(version, version.state(at=at), version.title, meta, at=at)


def settlement_to_approve(settlement: Settlement, *, at: datetime) -> Row:
    words = {"campaign": settlement.campaign}
    url = reverse("settlement", args=[settlement.campaign.code])
    if not settlement.asked_at:
        title = _("奖惩结算 · %(campaign)s") % words
        return to_approve(
            settlement, settlement.state(), title, _("批准后不能再改"), url=url, at=at
        )
    return Row(
        title=_("申请更正结算 · %(campaign)s") % words,
        meta=settlement.why[:80],
        state=states.WAITING_APPROVAL,
        url=url,
        action=_("审批"),
        since=settlement.asked_at,
        who=Role.PRESIDENT.label,
        note=waited(settlement.asked_at, at),
    )


def to_approve(thing, state: State, title: str, meta: str, *, at: datetime, url: str = "") -> Row:
    return Row(
        title=title,
        meta=meta,
        state=state,
        url=url or thing.get_absolute_url(),
        action=_("审批"),
        since=thing.submitted_at,
        who=Role.PRESIDENT.label,
        note=waited(thing.submitted_at, at),
    )


def reviews(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """How many of each kind wait for this reviewer, in each running campaign."""
    for kind, rows in counted_for(person, campaigns, at=at):
        for key, queue in queues(rows).items():
            if campaign := campaigns.running.get(key):
                yield review_row(kind, campaign, queue, at=at)


@dataclass
class Queue:
    number: int
    oldest: datetime


def counted_for(
    person: User, campaigns: Campaigns, *, at: datetime
) -> Iterator[tuple[str, Iterable[tuple]]]:
    """Of each kind (campaign, number, since when), as `review_lists` has them one by one."""
    yield "obligations", obligations_for(person, campaigns)
    if person.has_role(Role.MANAGEMENT_CENTER):
        found = waiting_for_center(person=person.pk, campaigns=[*campaigns.running])
        for campaign, number, oldest, kind in found:
            yield kind, [(campaign, number, oldest)]
        asked = waiting_for(person.pk, [*campaigns.running], at=at)
        yield "extensions", [(pk, each.number, each.oldest or at) for pk, each in asked.items()]
    else:
        yield "findings", findings_waiting_for(specialties=led_by(person))


def obligations_for(person: User, campaigns: Campaigns) -> Iterator[tuple]:
    """By milestone, as the index of what waits has them."""
    held = {m.pk: m.campaign_id for m in campaigns.milestones if m.is_reviewed_by(person)}
    rows = obligations_waiting(person=person.pk, milestones=[*held])
    for milestone, number, oldest in rows:
        yield held[milestone], number, oldest


def queues(rows: Iterable[tuple]) -> dict[int, Queue]:
    """By the campaign's id."""
    found: dict[int, Queue] = {}
    for campaign, number, oldest in rows:
        queue = found.setdefault(campaign, Queue(0, oldest))
        queue.number += number
        queue.oldest = min(queue.oldest, oldest)
    return found


def review_row(kind: str, campaign: Campaign, queue: Queue, *, at: datetime) -> Row:
    """One line for all of a kind; it waits as long as the oldest of them."""
    count = queue.number
    words = {
        "obligations": ngettext("%(count)d 项任务待审核", "%(count)d 项任务待审核", count),
        "plans": ngettext("%(count)d 份实施方案待审核", "%(count)d 份实施方案待审核", count),
        "revisions": ngettext("%(count)d 份方案修订待审核", "%(count)d 份方案修订待审核", count),
        "findings": ngettext("%(count)d 个问题待验证", "%(count)d 个问题待验证", count),
        "extensions": ngettext("%(count)d 份延期申请待答复", "%(count)d 份延期申请待答复", count),
    }
    state, action = VERDICTS.get(kind, (states.WAITING_REVIEW, gettext_lazy("审核")))
    return Row(
        title=words[kind] % {"count": count},
        meta=str(campaign),
        state=state,
        url=reverse("review", args=[campaign.code]) + f"?show={kind}",
        action=str(action),
        since=queue.oldest,
        count=count,
        note=waited(queue.oldest, at),
    )


def set_up(campaigns: Campaigns) -> Iterator[Row]:
    """For the administrator: the next campaign's readiness, and rubrics that are not published."""
    not_started = (each for each in campaigns.open if not each.started_at)
    coming = min(not_started, key=lambda each: (each.year, each.code), default=None)
    missing = [str(sentence) for sentence in what_is_missing(coming)] if coming else []
    if coming and (missing or coming.is_draft):
        yield readiness(coming, missing)
    drafts = Rubric.objects.drafts().filter(campaign__closed_at=None)
    for rubric in drafts.select_related("campaign", "specialty")[:MOST_DRAFTS]:
        yield Row(
            title=str(rubric),
            meta=_("评分细则 · %(campaign)s") % {"campaign": rubric.campaign},
            state=rubric.state(),
            url=rubric.get_absolute_url(),
            action=_("继续"),
            since=rubric.created_at,
        )


def readiness(campaign: Campaign, missing: list[str]) -> Row:
    return Row(
        title=str(campaign),
        meta=" ".join(missing) if missing else _("准备就绪，可以提交审批"),
        state=campaign.state(),
        url=campaign.get_absolute_url(),
        action=_("打开"),
        since=campaign.created_at,
    )


def with_the_president(person: User, campaigns: Campaigns, *, at: datetime) -> list[Row]:
    """What the others who see approvals wait for."""
    if person.has_role(Role.PRESIDENT) or not person.has_role(*APPROVALS_SEEN_BY):
        return []
    return list(approvals(campaigns, at=at))
