"""A campaign's way: drafted, submitted, approved by the president, started, closed."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.gates import check_gates
from campaign.models import Campaign
from campaign.owing import make_obligations
from campaign.registry import what_is_missing
from campaign.telling import tell
from organization.clock import local_day
from organization.errors import Refused
from organization.history import record
from organization.history_seals import seal_history
from organization.models import Specialty, User
from organization.roles import Role


@transaction.atomic
def submit_campaign(*, campaign: Campaign, by, at: datetime) -> Campaign:
    """Ask the president to approve the draft; presidents are told. Refused unless a draft."""
    campaign = locked(campaign)
    before = campaign.state().code
    if not campaign.is_draft:
        raise Refused(_("已经提交过审批。"), code="already")
    campaign.submitted_at, campaign.submitted_by = at, person(by)
    campaign.save()
    put_on_record(campaign, "submit_campaign", by=by, at=at, before=before)
    announce(
        campaign,
        people=people_with(Role.PRESIDENT),
        verb="submitted",
        title=lambda: _("待批准：%(campaign)s") % {"campaign": campaign},
        at=at,
    )
    return campaign


@transaction.atomic
def return_campaign(*, campaign: Campaign, reason: str, by, at: datetime) -> Campaign:
    """Send a submitted draft back with a reason; the center is told. Refused without one."""
    campaign = locked(campaign)
    before = campaign.state().code
    check_waiting(campaign)
    if not reason.strip():
        raise Refused(_("请写明退回的理由。"), code="reason", field="reason")
    campaign.submitted_at = campaign.submitted_by = None
    campaign.returned_at, campaign.return_reason = at, reason.strip()
    campaign.save()
    put_on_record(campaign, "return_campaign", by=by, at=at, before=before, reason=reason.strip())
    announce(
        campaign,
        people=people_with(Role.MANAGEMENT_CENTER),
        verb="returned",
        title=lambda: _("已退回：%(campaign)s") % {"campaign": campaign},
        body=reason.strip(),
        urgent=True,
        at=at,
    )
    return campaign


@transaction.atomic
def approve_campaign(*, campaign: Campaign, by, at: datetime) -> Campaign:
    """The president's word; the center is told, all history until now is sealed. It starts at once
    if its first day has come.

    Raises Refused unless it was submitted, and while something is missing that it needs to
    start (weights, bands, rules).
    """
    campaign = locked(campaign)
    before = campaign.state().code
    check_waiting(campaign)
    check_ready(campaign)
    campaign.approved_at, campaign.approved_by = at, person(by)
    campaign.save()
    put_on_record(campaign, "approve_campaign", by=by, at=at, before=before)
    announce(
        campaign,
        people=people_with(Role.MANAGEMENT_CENTER),
        verb="approved",
        title=lambda: _("已批准：%(campaign)s") % {"campaign": campaign},
        at=at,
    )
    if is_due(campaign, at):
        campaign = start_campaign(campaign=campaign, by=by, at=at)
    seal_history(at=at)
    return campaign


@transaction.atomic
def start_campaign(*, campaign: Campaign, by, at: datetime) -> Campaign:
    """Let an approved campaign run: everybody owes its milestones from now on.

    Raises Refused before its first day, when it runs already or was not approved, and while
    something is missing.
    """
    campaign = locked(campaign)
    before = campaign.state().code
    if campaign.started_at:
        raise Refused(_("已经开始。"), code="already")
    if not campaign.approved_at:
        raise Refused(_("总经理批准后才能开始。"), code="not_approved")
    if not is_due(campaign, at):
        raise Refused(_("还没到第一天。"), code="too_early")
    check_ready(campaign)
    campaign.started_at = at
    campaign.save()
    projects, specialties = campaign.projects.all(), Specialty.objects.all()
    make_obligations(campaign, projects=projects, specialties=specialties, company=True)
    put_on_record(campaign, "start_campaign", by=by, at=at, before=before)
    return campaign


def start_due_campaigns(*, at: datetime) -> list[Campaign]:
    """Start every approved campaign whose first day has come; one that lacks something waits."""
    started = []
    for campaign in Campaign.objects.awaiting_start():
        with suppress(Refused):  # too early, not ready, or another worker was faster
            started.append(start_campaign(campaign=campaign, by="schedule", at=at))
    return started


@transaction.atomic
def close_campaign(*, campaign: Campaign, by, at: datetime) -> Campaign:
    """End a running campaign: nothing is due in it any more.

    Raises Refused unless it runs, and while a gate is neither met nor passed.
    """
    campaign = locked(campaign)
    before = campaign.state().code
    if not campaign.started_at or campaign.closed_at:
        raise Refused(_("只有进行中的专项工作才能结束。"), code="not_running")
    check_gates(campaign, at=at)
    campaign.closed_at = at
    campaign.save()
    put_on_record(campaign, "close_campaign", by=by, at=at, before=before)
    return campaign


def is_due(campaign: Campaign, at: datetime) -> bool:
    """Whether the first day of its first phase has come."""
    first = campaign.phases.first()
    return first is not None and first.start <= local_day(at)


def check_waiting(campaign: Campaign) -> None:
    if campaign.approved_at:
        raise Refused(_("已经批准过了。"), code="already")
    if not campaign.submitted_at:
        raise Refused(_("还没有提交审批。"), code="not_submitted")


def check_ready(campaign: Campaign) -> None:
    missing = [str(sentence) for sentence in what_is_missing(campaign)]
    if missing:
        raise Refused(_("还不能开始：%(what)s") % {"what": " ".join(missing)}, code="missing")


def locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def person(by) -> User | None:
    return by if isinstance(by, User) else None


def people_with(*roles: str):
    """Everybody who holds one of these company roles today."""
    return User.objects.filter(
        is_active=True, posts__role__in=roles, posts__until__isnull=True
    ).distinct()


def put_on_record(campaign: Campaign, verb: str, *, by, at, before: str, reason: str = "") -> None:
    after = campaign.state().code
    record(on=campaign, verb=verb, by=by, at=at, before=before, after=after, reason=reason)


def announce(
    campaign: Campaign, *, people, verb: str, title, at, body: str = "", urgent: bool = False
) -> None:
    tell(
        people=people,
        campaign=campaign,
        thing=f"campaign:{campaign.pk}",
        occurrence=f"{verb} {at:%Y%m%d%H%M%S%f}",
        title=title,
        body=body,
        url=campaign.get_absolute_url(),
        urgent=urgent,
        at=at,
    )
