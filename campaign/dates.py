"""A campaign's dates: set as a whole, on record; what looks wrong is said, not refused."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, Milestone, Obligation, Phase
from campaign.owing import owners_of
from campaign.setup import EARLIEST_YEAR, LATEST_YEAR
from campaign.telling import tell
from organization.errors import Conflict, Refused
from organization.history import record, record_each
from organization.models import User
from organization.templatetags.ui import day

NAMED_IN_HISTORY = 4  # moved dates whose names stand in the history's line

# --- what looks wrong -----------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """Something to look at, beside the date that it is about: `start-…`, `end-…`, `due-…`."""

    place: str
    code: str
    days: int
    words: str


def timeline_warnings(
    phases: Sequence[Phase], milestones: Iterable[Milestone], *, year: int
) -> list[Remark]:
    """Gaps, overlaps, wrong order, another year, milestones outside their phase (ruling 12).

    Knows no database: it reads codes and dates of what it is given, stored or only typed.
    """
    remarks = [remark for phase in phases for remark in alone(phase, year)]
    for earlier, later in pairwise(phases):
        remarks += neighbours(earlier, later)
    first = min((phase.start for phase in phases), default=None)
    remarks += [found for each in milestones if (found := within(each, first))]
    return remarks


def alone(phase: Phase, year: int) -> Iterable[Remark]:
    if phase.end < phase.start:
        days = (phase.start - phase.end).days
        yield Remark(f"end-{phase.code}", "reversed", days, _("早于阶段的开始"))
    # a campaign may run into the next year, and a clone's first day be one of the last year's
    if abs(phase.start.year - year) > 1:
        away = abs(phase.start.year - year)
        words = _("不在 %(year)d 年度") % {"year": year}
        yield Remark(f"start-{phase.code}", "year", away, words)


def neighbours(earlier: Phase, later: Phase) -> Iterable[Remark]:
    place = f"start-{later.code}"
    days = (later.start - earlier.end).days - 1
    if later.start < earlier.start:
        yield Remark(place, "order", (earlier.start - later.start).days, _("早于上一阶段的开始"))
    elif days > 0:
        words = ngettext("与上一阶段之间空 %(days)d 天", "与上一阶段之间空 %(days)d 天", days)
        yield Remark(place, "gap", days, words % {"days": days})
    elif days < 0:
        words = ngettext("与上一阶段重叠 %(days)d 天", "与上一阶段重叠 %(days)d 天", -days)
        yield Remark(place, "overlap", -days, words % {"days": -days})


def within(milestone: Milestone, first: date | None) -> Remark | None:
    place, outside = f"due-{milestone.code}", milestone.days_outside
    if first and milestone.due < first:
        days = (first - milestone.due).days
        words = ngettext("早于专项工作第一天 %(days)d 天", "早于专项工作第一天 %(days)d 天", days)
        return Remark(place, "before_first", days, words % {"days": days})
    if outside < 0:
        words = ngettext("阶段前 %(days)d 天", "阶段前 %(days)d 天", -outside)
        return Remark(place, "before_phase", -outside, words % {"days": -outside})
    if outside > 0:
        words = ngettext("阶段后 %(days)d 天", "阶段后 %(days)d 天", outside)
        return Remark(place, "after_phase", outside, words % {"days": outside})
    return None


# --- setting them ---------------------------------------------------------------------------


def dates_mark(campaign: Campaign) -> str:
    """Tells whether dates and gates still are as somebody saw them."""
    rows = [
        *campaign.phases.values_list("code", "start", "end"),
        *campaign.milestones.values_list("code", "due", "is_gate"),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


@transaction.atomic
def set_dates(
    *,
    campaign: Campaign,
    phases: Mapping[str, tuple[date, date]],
    milestones: Mapping[str, date],
    by,
    at: datetime,
    reason: str = "",
    seen: str | None = None,
) -> list[str]:
    """Give phases (by code: first and last day) and milestones (by code) their days.

    Free while the campaign is a draft; later only with a reason, and what was not submitted yet
    is due on the new day, which its owners are told. Leaves one record where something moves,
    and one of each obligation that moves with it. Returns the names of what moved. Raises
    Conflict when `seen` is not `dates_mark` any more; Refused for a phase that ends before it
    starts, days outside 2000 to 2100, codes that are not the campaign's, while the president is
    asked, and after the end.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    check_settled(campaign)
    if seen is not None and seen != dates_mark(campaign):
        raise Conflict(_("您打开这一页之后，有人改了日期。"), theirs=campaign)
    check_days(phases, milestones)
    stretches = moved_phases(campaign, phases)
    points = moved_milestones(campaign, milestones)
    if not (stretches or points):
        return []
    if not campaign.is_draft and not reason.strip():
        raise Refused(_("方案已经批准，改日期请写明理由。"), code="reason", field="reason")
    moves = [move_phase(phase, *phases[phase.code]) for phase in stretches]
    for each in points:
        moves.append(move_milestone(each, milestones[each.code], reason=reason, by=by, at=at))
    names = [str(each) for each in [*stretches, *points]]
    record(
        on=campaign,
        verb="set_dates",
        by=by,
        at=at,
        reason=reason.strip(),
        name=in_short(names),
        moves=moves,
    )
    return names


def check_settled(campaign: Campaign) -> None:
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束，日期不能再改。"), code="closed")
    if campaign.submitted_at and not campaign.approved_at:
        raise Refused(_("正在等总经理批准，退回后才能改日期。"), code="submitted")


def check_days(phases: Mapping[str, tuple[date, date]], milestones: Mapping[str, date]) -> None:
    for code, (start, end) in phases.items():
        if end < start:
            raise Refused(_("阶段的结束不能早于开始。"), code="reversed", field=f"end-{code}")
    days = {f"due-{code}": due for code, due in milestones.items()}
    days |= {f"start-{code}": start for code, (start, _end) in phases.items()}
    days |= {f"end-{code}": end for code, (_start, end) in phases.items()}
    for field, asked in days.items():
        if not EARLIEST_YEAR <= asked.year <= LATEST_YEAR:
            raise Refused(_("日期要在 2000 年和 2100 年之间。"), code="year", field=field)


def moved_phases(campaign: Campaign, days: Mapping[str, tuple[date, date]]) -> list[Phase]:
    there = {phase.code: phase for phase in campaign.phases.all()}
    check_known(days, there)
    return [there[code] for code in days if (there[code].start, there[code].end) != days[code]]


def moved_milestones(campaign: Campaign, days: Mapping[str, date]) -> list[Milestone]:
    there = {each.code: each for each in campaign.milestones.all()}
    check_known(days, there)
    return [there[code] for code in days if there[code].due != days[code]]


def check_known(asked: Iterable[str], there: Mapping) -> None:
    if unknown := set(asked) - there.keys():
        words = {"codes": _("、").join(sorted(unknown))}
        raise Refused(_("这次专项工作里没有：%(codes)s") % words, code="unknown")


def move_phase(phase: Phase, start: date, end: date) -> list[str]:
    was = [phase.start.isoformat(), phase.end.isoformat()]
    phase.start, phase.end = start, end
    phase.save(update_fields=["start", "end"])
    return [phase.code, *was, start.isoformat(), end.isoformat()]


def move_milestone(milestone: Milestone, due: date, *, reason: str, by, at: datetime) -> list[str]:
    """With its obligations that nobody has handed in, whose owners are told; what was handed in
    keeps the day that it was owed by.
    """
    was, milestone.due = milestone.due, due
    milestone.save(update_fields=["due"])
    open_ones = list(milestone.obligations.open().select_related("project", "specialty"))
    for each in open_ones:
        each.milestone, each.due = milestone, due
    milestone.obligations.open().update(due=due)
    detail = {"was": was.isoformat(), "now": due.isoformat(), "name": f"{was} → {due}"}
    record_each(on=open_ones, verb="move_due", by=by, at=at, details=[detail] * len(open_ones))
    tell_owners(milestone, open_ones, reason=reason, at=at)
    return [milestone.code, was.isoformat(), due.isoformat()]


def tell_owners(
    milestone: Milestone, moved: Sequence[Obligation], *, reason: str, at: datetime
) -> None:
    """Once for each person, however many of their obligations moved; three queries or so."""
    if not moved:
        return
    owners = {pk for owing in owners_of(moved).values() for pk in owing}
    tell(
        people=User.objects.filter(pk__in=owners),
        campaign=milestone.campaign,
        thing=f"milestone:{milestone.pk}",
        occurrence=f"moved {at:%Y%m%d%H%M%S%f}",
        title=lambda: (
            _("期限改为%(day)s：%(thing)s") % {"day": day(milestone.due), "thing": milestone}
        ),
        body=reason.strip(),
        url=reverse("milestone", args=[milestone.campaign.code, milestone.code]),
        at=at,
    )


def in_short(names: Sequence[str]) -> str:
    shown = _("、").join(names[:NAMED_IN_HISTORY])
    return f"{shown}…" if len(names) > NAMED_IN_HISTORY else shown
