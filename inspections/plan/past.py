"""What a plan may take up: findings of earlier campaigns, earlier audits, one's own self-check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.models import Finding, PlanRevision, SetAside
from inspections.moves import check_plan, lock, person
from inspections.plan.plans import add_finding
from inspections.plan.versions import Document
from inspections.words import Source
from organization.errors import Refused
from organization.history import record
from organization.models import Specialty
from scoring.models import Requirement, ScoreLine
from scoring.models.results import ScoreKind


@dataclass(frozen=True)
class Past:
    """Something found before; `key` names it in an address, `day` is when it was found."""

    key: str
    problem: str
    source: Source
    specialty: Specialty
    day: datetime | None
    requirement: Requirement | None = None
    observation: UUID | None = None
    origin: Finding | None = None


VERBS = {
    "set_aside": gettext_lazy("不列入方案"),
    "consider_again": gettext_lazy("重新考虑列入"),
}
# unsolved things first, then what the project found itself
ORDER = (Source.LEFTOVER, Source.SELF_CHECK, Source.PAST_INSPECTION)


def offered(plan: Document) -> list[Past]:
    """What the project's plan has neither taken up yet nor set aside, unsolved things first;
    four queries, five once the plan is begun."""
    aside = set(plan.root.set_aside.values_list("key", flat=True)) if plan.root.pk else set()
    return [past for past in open_to(plan) if past.key not in aside]


def open_to(plan: Document) -> list[Past]:
    facts = list(lines_of(plan).values_list("origin", "observation", "source", "requirement"))
    taken = {key for origin, observation, *_rest in facts for key in (origin, observation) if key}
    checked = {key for *_rest, source, key in facts if source == Source.SELF_CHECK and key}
    found = [past for past in past_findings(plan) if past.origin.pk not in taken]
    found += [
        past
        for past in past_deductions(plan)
        if past.observation not in taken and not is_checked(past, checked)
    ]
    return sorted(found, key=lambda past: ORDER.index(past.source))


def is_checked(past: Past, checked: set[int]) -> bool:
    """Whether the self-check's requirement stands in the plan by an earlier observation of it."""
    own = past.source == Source.SELF_CHECK and past.requirement is not None
    return own and past.requirement.pk in checked


STANDS = Q(plan__isnull=False, withdrawn_at__isnull=True)


def lines_of(plan: Document) -> QuerySet[Finding]:
    """What stands in the project's plan, and in the revision that asks."""
    # not plan.findings: a plan that nobody began yet is offered things too
    lines = Finding.objects.filter(campaign=plan.campaign, project=plan.project)
    asks = isinstance(plan, PlanRevision)
    return lines.filter(STANDS | Q(draft_of=plan) if asks else STANDS)


def pull(*, plan: Document, key: str, by, at: datetime) -> Finding:
    """Make one of the offered things a line of the plan; measure, person and day are new.

    Raises Refused when it isn't offered (any more) or the plan can't be changed.
    """
    return take(plan, find(plan, key), by=by, at=at)


@transaction.atomic
def pull_all(*, plan: Document, source: str, by, at: datetime) -> int:
    """Take up everything of one source that is offered; returns how many lines were added."""
    found = [past for past in offered(plan) if past.source == source]
    for past in found:
        take(plan, past, by=by, at=at)
    return len(found)


@transaction.atomic
def set_aside(*, plan: Document, key: str, reason: str, by, at: datetime) -> SetAside:
    """Put on record that the plan knowingly does not take something up; its reviewer sees why.

    Raises Refused when it isn't offered (any more), the reason is blank, or the plan can't be
    changed.
    """
    lock(plan)
    check_plan(plan, "write")
    past = find(plan, key)
    if not reason.strip():
        raise Refused(_("写明为什么不列入方案。"), code="blank", field="why")
    made = SetAside.objects.create(
        plan=plan.root,
        key=past.key,
        problem=past.problem,
        source=past.source,
        specialty=past.specialty,
        reason=reason.strip(),
        at=at,
        by=person(by),
    )
    record(on=plan, verb="set_aside", by=by, at=at, reason=made.reason, problem=past.problem)
    return made


@transaction.atomic
def consider_again(*, plan: Document, key: str, by, at: datetime) -> None:
    """Offer again what was set aside; the reason stays in the plan's history."""
    lock(plan)
    check_plan(plan, "write")
    found = plan.root.set_aside.filter(key=key).first()
    if found is None:
        return
    record(on=plan, verb="consider_again", by=by, at=at, problem=found.problem)
    found.delete()


def find(plan: Document, key: str) -> Past:
    past = next((past for past in offered(plan) if past.key == key), None)
    if past is None:
        raise Refused(_("这条问题已经引入，或者不能再引入。"), code="taken")
    return past


def take(plan: Document, past: Past, *, by, at: datetime) -> Finding:
    return add_finding(
        plan=plan,
        by=by,
        at=at,
        problem=past.problem,
        source=past.source,
        specialty=past.specialty,
        requirement=past.requirement,
        observation=past.observation,
        origin=past.origin,
    )


def past_findings(plan: Document) -> Iterator[Past]:
    """Findings of the project's earlier campaigns; one never verified is a leftover."""
    earlier = Finding.objects.opened().filter(
        project=plan.project, campaign__started_at__lt=plan.campaign.started_at
    )
    earlier = earlier.select_related("specialty", "requirement", "responsible")
    for finding in earlier.order_by("-opened_at"):
        yield Past(
            key=f"finding-{finding.pk}",
            problem=finding.problem,
            source=Source.PAST_INSPECTION if finding.verified_at else Source.LEFTOVER,
            specialty=finding.specialty,
            day=finding.opened_at,
            requirement=finding.requirement,
            origin=finding,
        )


def past_deductions(plan: Document) -> Iterator[Past]:
    """What cost points: in earlier campaigns' audits, and in this one's own self-check."""
    audits = Q(
        score__kind=ScoreKind.AUDIT, score__campaign__started_at__lt=plan.campaign.started_at
    )
    own = Q(score__kind=ScoreKind.SELF, score__campaign=plan.campaign)
    lines = ScoreLine.objects.filter(audits | own, score__project=plan.project)
    lines = lines.filter(score__finished_at__isnull=False)
    for line in lines.select_related("score__specialty", "item", "requirement").order_by(
        "-score__finished_at", "-points"
    ):
        own_check = line.score.kind == ScoreKind.SELF
        yield Past(
            key=f"seen-{line.observation}" if line.observation else f"line-{line.pk}",
            problem=words_of(line),
            source=Source.SELF_CHECK if own_check else Source.PAST_INSPECTION,
            specialty=line.score.specialty,
            day=line.score.finished_at,
            requirement=line.requirement,
            observation=line.observation,
        )


def words_of(line: ScoreLine) -> str:
    if line.requirement is None:
        return _("%(item)s：有扣分，见评分表") % {"item": line.item.name}
    return _("%(item)s：“%(text)s”不符合要求") % {
        "item": line.item.name,
        "text": line.requirement.text,
    }
