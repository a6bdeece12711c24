"""What a plan may take up: findings of earlier campaigns, earlier audits, one's own self-check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inspections.models import Finding, PlanRevision
from inspections.plans import add_finding
from inspections.versions import Document
from inspections.words import Source
from organization.errors import Refused
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


def offered(plan: Document) -> list[Past]:
    """What the project's plan has not taken up yet, unsolved things first; four queries."""
    facts = list(lines_of(plan).values_list("origin", "observation", "source", "requirement"))
    taken = {key for origin, observation, *_rest in facts for key in (origin, observation) if key}
    checked = {key for *_rest, source, key in facts if source == Source.SELF_CHECK and key}
    found = [past for past in past_findings(plan) if past.origin.pk not in taken]
    found += [
        past
        for past in past_deductions(plan)
        if past.observation not in taken and not is_checked(past, checked)
    ]
    return sorted(found, key=lambda past: past.source != Source.LEFTOVER)


def is_checked(past: Past, checked: set[int]) -> bool:
    """Whether the self-check's requirement stands in the plan by an earlier observation of it."""
    own = past.source == Source.SELF_CHECK and past.requirement is not None
    return own and past.requirement.pk in checked


def lines_of(plan: Document) -> QuerySet[Finding]:
    """What stands in the project's plan, and in the revision that asks."""
    # not plan.findings: a plan that nobody began yet is offered things too
    lines = Finding.objects.filter(campaign=plan.campaign, project=plan.project)
    here = Q(plan__isnull=False, withdrawn_at__isnull=True)
    return lines.filter(here | Q(draft_of=plan) if isinstance(plan, PlanRevision) else here)


def pull(*, plan: Document, key: str, by, at: datetime) -> Finding:
    """Make one of the offered things a line of the plan; measure, person and day are new.

    Raises Refused when it isn't offered (any more) or the plan can't be changed.
    """
    past = next((past for past in offered(plan) if past.key == key), None)
    if past is None:
        raise Refused(_("这条问题已经引入，或者不能再引入。"), code="taken")
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
            key=f"line-{line.pk}",
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
