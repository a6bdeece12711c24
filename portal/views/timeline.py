"""The campaign at a glance: five phases to scale, and how its milestones stand."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from campaign.gates import gates_of
from campaign.models import Campaign, Participation
from campaign.numbers import number_of
from campaign.obligations import Tally, tallies
from campaign.totals import kept_totals
from campaign.words import Scope
from inspections.models import ScoreSheet
from organization.clock import local_day
from organization.prepared import prepared
from organization.replica import may_lag
from portal.timeline import draw
from scoring.models import Weight

INSPECTION = "inspect"


@may_lag
@require_safe
def timeline(request, campaign):
    campaign, at = campaign_or_404(request, campaign), timezone.now()
    phases = campaign.phases_in_order
    place = {phase.pk: phase for phase in phases}
    milestones = list(campaign.milestones.order_by("order"))
    for each in milestones:
        each.phase = place[each.phase_id]
    sees_all, taking_part = request.user.sees_company, 0
    if sees_all:
        taking_part = campaign.number_taking_part
    totals = kept_totals(campaign, taking_part)
    counted = tallies(campaign.obligations.visible_to(request.user), at=at, totals=totals)
    gates = gates_shown(request.user, campaign, phases, milestones, counted, at=at)
    picture = draw(phases, milestones, counted, at=at, gates=gates)
    late = [each for each in milestones if counted.get(each.pk, Tally()).late]
    theirs = late if sees_all else [m for m in late if m.scope == Scope.PROJECT]
    context = {
        "campaign": campaign,
        "at": at,
        "picture": picture,
        # what the reader can do something about: a project's people about their project's
        "first_late": theirs[0] if theirs else None,
        "late_total": number_late(theirs, counted),
        "answer": answer(campaign, phases, len(late), number_late(late, counted), at=at),
        "sheets": sheets(campaign, phases, taking_part, at=at) if sees_all else None,
    }
    return render(request, "portal/timeline.html", context)


def gates_shown(reader, campaign, phases, milestones, counted: dict[int, Tally], *, at):
    """The gates of a campaign that runs. Who sees every obligation has them all counted."""
    if not campaign.started_at:
        return {}
    counts = None
    if reader.sees_company:
        in_order = sorted(milestones, key=lambda each: each.order)
        counts = [
            (each.phase_id, each.pk, counted[each.pk].total - counted[each.pk].done)
            for each in in_order
            if each.is_gate and each.pk in counted
        ]
    return gates_of(campaign, at=at, phases=phases, counts=counts)


def number_late(milestones, counted: dict[int, Tally]) -> int:
    return sum(counted[each.pk].late for each in milestones)


def answer(campaign, phases, late_milestones: int, late: int, *, at) -> str:
    """Where the campaign is, and what of it is late."""
    where = whereabouts(campaign, phases, at=at)
    if not campaign.started_at or campaign.closed_at:
        return where
    if not late:
        return _("%(where)s，没有逾期") % {"where": where}
    what = ngettext(
        "%(milestones)d 个节点共 %(late)d 项逾期",
        "%(milestones)d 个节点共 %(late)d 项逾期",
        late_milestones,
    ) % {"milestones": late_milestones, "late": late}
    return _("%(where)s，%(what)s") % {"where": where, "what": what}


def whereabouts(campaign, phases, *, at) -> str:
    """The phase and the days that are left of it, or the way to the next one."""
    if campaign.closed_at:
        return _("已结束")
    if not phases:
        return _("还没有阶段")
    today = local_day(at)
    now = next((phase for phase in phases if phase.start <= today <= phase.end), None)
    if now:
        left = now.days_left(at=at)
        if not left:
            return _("%(phase)s今天最后一天") % {"phase": now.name}
        words = ngettext("%(phase)s还剩 %(left)d 天", "%(phase)s还剩 %(left)d 天", left)
        return words % {"phase": now.name, "left": left}
    coming = next((phase for phase in phases if phase.start > today), None)
    if coming is None:
        return _("各阶段都已走完")
    days = (coming.start - today).days
    words = ngettext("%(days)d 天后进入%(phase)s", "%(days)d 天后进入%(phase)s", days)
    return words % {"days": days, "phase": coming.name}


@dataclass(frozen=True)
class Sheets:
    """The audit's score sheets: due from the specialties on the last day of the inspection."""

    projects: int
    rubrics: int
    tally: Tally


def sheets(campaign, phases, taking_part: int, *, at) -> Sheets | None:
    """How many score sheets there are to be, and how many are submitted (ruling 15)."""
    inspection = next((phase for phase in phases if phase.code == INSPECTION), None)
    [(rubrics, left_out, done)] = counted_of(campaign=campaign.pk)
    if inspection is None or not rubrics or not taking_part:
        return None
    total = taking_part * rubrics - left_out
    late = max(total - done, 0) if local_day(at) > inspection.end else 0
    return Sheets(taking_part, rubrics, Tally(total=max(total, done), done=done, late=late))


def counting(*, campaign):
    """Rubrics that weigh, sheets that projects lack the specialty for, sheets handed in."""
    weights = Weight.objects.filter(campaign__pk=campaign)
    lacked = Participation.lacks.through.objects.filter(
        participation__campaign__pk=campaign, specialty__in=weights.values("specialty")
    )
    sheets = ScoreSheet.objects.filter(campaign__pk=campaign).audits().submitted()
    # plain: for a model with words in two languages the order of columns is not kept
    found = Campaign.objects.rewrite(False).filter(pk=campaign).order_by()
    numbers = {
        "weighing": number_of(weights),
        "lacking": number_of(lacked, "specialty"),
        "handed_in": number_of(sheets),
    }
    return found.annotate(**numbers).values_list(*numbers)


counted_of = prepared(counting, {"campaign": Campaign._meta.pk})
