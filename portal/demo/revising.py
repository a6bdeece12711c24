"""Filed plans that are written on: one whose next version is filed, one that waits for review."""

from dataclasses import dataclass
from datetime import datetime

from inspections.models import Finding, ImprovementPlan, PlanRevision
from inspections.plan.plans import add_finding, edit_finding, remove_finding
from inspections.plan.revisions import file_revision, revise_plan, submit_revision
from portal.demo.content import findings_for, texts
from portal.demo.story import Story, Thread


@dataclass(frozen=True)
class Fate:
    """Days of the plan; `withdraws` takes a line out too."""

    begun: str
    submitted: str
    filed: str = ""
    withdraws: bool = False


FATES = {
    "P09": Fate("11-09", "11-10", "11-11"),
    "P04": Fate("11-25", "11-26", withdraws=True),
}


def revision(story: Story, plan: ImprovementPlan) -> Thread:
    fate = FATES[plan.project.code]
    rng, manager = story.rng("revision", plan.pk), story.cast.teams[plan.project_id].manager
    said = texts()["story"]["plan_revision"]
    at = yield story.on(fate.begun, rng)
    draft = revise_plan(plan=plan, reason=said["reason"], by=manager, at=at)
    open_lines = [line for line in draft.lines.select_related("amends") if not is_done(line)]
    if open_lines:
        more = {"measure": open_lines[0].measure + texts()["story"]["plan_addition"]}
        edit_finding(finding=open_lines[0], revision=0, changes=more, by=manager, at=at)
    add_another(story, draft, open_lines[0] if open_lines else draft.lines.first(), at)
    if fate.withdraws and len(open_lines) > 1:
        remove_finding(finding=open_lines[-1], reason=said["withdrawn"], by=manager, at=at)
    at = yield story.on(fate.submitted, rng)
    submit_revision(draft=draft, by=manager, at=at)
    if fate.filed:
        at = yield story.on(fate.filed, rng)
        file_revision(draft=draft, by=story.cast.center, at=at)


def is_done(line: Finding) -> bool:
    return bool(line.amends.rectified_at or line.amends.verified_at)


def add_another(story: Story, draft: PlanRevision, like: Finding, at: datetime) -> None:
    """Something that the plan does not have yet, seen to by the same person."""
    known = set(draft.lines.values_list("problem", flat=True))
    line = next(each for each in findings_for(draft.project) if each["problem"] not in known)
    add_finding(
        plan=draft,
        problem=line["problem"],
        source=line["source"],
        specialty=story.cast.specialties[line["specialty"]],
        measure=line["measure"],
        responsible=like.responsible,
        due=story.calendar.day("12-05"),
        by=draft.begun_by,
        at=at,
    )
