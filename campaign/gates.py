"""Gates: what has to be accepted before a campaign goes on (ruling 16: they bind no hands)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign, GatePass, Milestone, Obligation, Phase
from organization.clock import local_day
from organization.errors import Refused
from organization.history import record
from organization.models import User
from organization.prepared import prepared
from organization.states import State

# phase, milestone, accepted, all
Counted = tuple[int, int, int]
NEAR = timedelta(days=3)
MET = State("gate_met", gettext_lazy("关卡已达成"), "circle-check", "ok")
PASSED = State("gate_passed", gettext_lazy("关卡已放行"), "lock-open", "warn")
SHORT = State("gate_short", gettext_lazy("关卡未达成"), "lock", "warn")
COMING = State("gate_coming", gettext_lazy("关卡未到期"), "lock")


@dataclass(frozen=True)
class Short:
    """A milestone of the gate, and how many of its subjects are not accepted yet."""

    milestone: int
    lacking: int


@dataclass(frozen=True)
class Gate:
    """How a phase's gate stands at a moment; `short` are the milestones that hold it up.

    `is_asked` says whether anything has to be accepted for it at all.
    """

    phase: Phase
    is_asked: bool
    short: tuple[Short, ...]
    granted: GatePass | None
    state: State

    @property
    def lacking(self) -> int:
        """Obligations that are still to be accepted."""
        return sum(each.lacking for each in self.short)

    @property
    def is_open(self) -> bool:
        """The way is free: all is accepted, or the center has said to go on."""
        return self.state in (MET, PASSED)


def gate_of(phase: Phase, *, at: datetime) -> Gate:
    """How one phase's gate stands."""
    return gates_of(phase.campaign, at=at, phases=[phase])[phase.pk]


def gates_of(
    campaign: Campaign,
    *,
    at: datetime,
    phases: Iterable[Phase] | None = None,
    counts: Iterable[Counted] | None = None,
) -> dict[int, Gate]:
    """The gates of a campaign's phases by their ids: one query for counts, one for passes.

    `counts` are those of `counts_of` where somebody has counted all obligations already.
    """
    phases = list(campaign.phases.all() if phases is None else phases)
    counted: dict[int, list[Short]] = {phase.pk: [] for phase in phases}
    found = counts_of(phases=[*counted]) if counts is None else counts
    for phase, milestone, lacking in found:
        counted[phase].append(Short(milestone, lacking))
    granted = {each.phase_id: each for each in passes(phases=[*counted])}
    return {
        phase.pk: stand(phase, counted[phase.pk], granted.get(phase.pk), at=at) for phase in phases
    }


def counts_in(*, phases):
    """Phase, milestone, and how many obligations are still to be accepted, of each gate's
    milestone that somebody owes, in order. What is accepted, which is most, is not gone through.
    """
    owed = Obligation.objects.filter(milestone=OuterRef("pk")).order_by()
    missing = owed.filter(accepted_at=None).values("milestone").annotate(n=Count("*"))
    return (
        Milestone.objects.rewrite(False)
        .filter(Exists(owed), phase__pk__in=phases, is_gate=True)
        .order_by("order")
        .annotate(lacking=Coalesce(missing.values("n"), 0))
        .values_list("phase", "pk", "lacking")
    )


def granted_to(*, phases):
    return GatePass.objects.filter(phase__pk__in=phases).select_related("passed_by")


def waiting_for(*, milestones):
    """Of phases that nobody let pass: counted milestone by milestone along their index. Of one that
    was, thousands may be missing for good.
    """
    owed = Obligation.objects.filter(milestone=OuterRef("pk"), accepted_at=None).order_by()
    missing = owed.values("milestone").annotate(n=Count("*"))
    found = Milestone.objects.rewrite(False).filter(pk__in=milestones, phase__gate_pass=None)
    found = found.order_by().annotate(lacking=Coalesce(missing.values("n"), 0))
    return found.values_list("pk", "lacking")


OF_PHASES = {"phases": Phase._meta.pk}
counts_of, passes = prepared(counts_in, OF_PHASES), prepared(granted_to, OF_PHASES)
waiting_by_milestone = prepared(waiting_for, {"milestones": Milestone._meta.pk})


def stand(phase: Phase, rows: list[Short], granted: GatePass | None, *, at: datetime) -> Gate:
    short = tuple(row for row in rows if row.lacking)
    if not short:
        state = MET
    elif granted:
        state = PASSED
    else:
        state = SHORT if phase.end - NEAR <= local_day(at) else COMING
    return Gate(phase, bool(rows), short, granted, state)


def lacking(phase: Phase):
    """What is still to be accepted of a phase's gate, obligation by obligation."""
    owed = Obligation.objects.filter(milestone__phase=phase, milestone__is_gate=True)
    return owed.filter(accepted_at=None).with_all()


def held_up(milestones: Iterable[Milestone], *, at: datetime) -> list[tuple[Phase, int]]:
    """Of these milestones' phases those that have ended, or will within three days, with a gate
    neither met nor passed, and how many obligations each is short of. One query at most.
    """
    soon = local_day(at) + NEAR
    ending = {each.pk: each.phase for each in milestones if each.is_gate and each.phase.end <= soon}
    short: Counter[Phase] = Counter()
    for milestone, number in waiting_by_milestone(milestones=[*ending]):
        short[ending[milestone]] += number
    held = [(phase, number) for phase, number in short.items() if number]
    return sorted(held, key=lambda pair: pair[0].end)


@transaction.atomic
def pass_gate(*, phase: Phase, reason: str, by, at: datetime) -> GatePass:
    """The center's word that the campaign goes on although something is not accepted.

    Nobody's obligation changes by it. Leaves one record. Raises Refused without a reason, when
    the gate is met or was passed before, and unless the campaign runs.
    """
    campaign = Campaign.objects.select_for_update().get(pk=phase.campaign_id)
    if not campaign.started_at or campaign.closed_at:
        raise Refused(_("只有进行中的专项工作才能放行关卡。"), code="not_running")
    gate = gate_of(phase, at=at)
    if gate.granted:
        raise Refused(_("这个关卡已经放行过。"), code="already")
    if gate.state == MET:
        raise Refused(_("这个关卡已经达成，不用放行。"), code="met")
    if not reason.strip():
        raise Refused(_("请写明放行的理由。"), code="reason", field="reason")
    granted = GatePass.objects.create(
        phase=phase,
        reason=reason.strip(),
        passed_at=at,
        passed_by=by if isinstance(by, User) else None,
    )
    record(
        on=campaign,
        verb="pass_gate",
        by=by,
        at=at,
        before=gate.state.code,
        after=PASSED.code,
        reason=reason.strip(),
        name=str(phase),
        lacking=gate.lacking,
    )
    return granted


def check_gates(campaign: Campaign, *, at: datetime) -> None:
    """Raises Refused while a gate is neither met nor passed."""
    waiting = [str(gate.phase) for gate in gates_of(campaign, at=at).values() if not gate.is_open]
    if waiting:
        names = _("、").join(waiting)
        raise Refused(
            _("还有关卡没有达成，也没有放行：%(phases)s。") % {"phases": names}, code="gates"
        )


@transaction.atomic
def set_gates(*, campaign: Campaign, milestones: Iterable[str], by, at: datetime) -> None:
    """Let exactly these milestones (by code) hold their phase's gate.

    Leaves one record where something changes. Raises Refused once the campaign was handed in:
    from then on a gate is met or passed.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    was = set(campaign.milestones.filter(is_gate=True).values_list("code", flat=True))
    there = set(campaign.milestones.values_list("code", flat=True))
    now = there & set(milestones)
    if was == now:
        return
    if not campaign.is_draft:
        raise Refused(_("提交审批以后，关卡不能再改，只能放行。"), code="submitted")
    campaign.milestones.update(is_gate=False)
    campaign.milestones.filter(code__in=now).update(is_gate=True)
    added, removed = sorted(now - was), sorted(was - now)
    record(on=campaign, verb="set_gates", by=by, at=at, added=added, removed=removed)
