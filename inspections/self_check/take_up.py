"""What a self-check found missing, taken up into the project's improvement plan with one tap."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.finding.photos import attach
from inspections.models import Finding, ImprovementPlan, Observation, PlanRevision, ScoreSheet
from inspections.moves import lock
from inspections.plan.past import STANDS, lines_of
from inspections.plan.plans import add_finding, draft_plan
from inspections.plan.versions import Document
from inspections.sheet.ledger import Ledger, ledger_of
from inspections.sheet.sheet_photos import files_of
from inspections.words import Moment, Source
from organization.errors import Refused
from organization.models import Project
from organization.prepared import prepared


@transaction.atomic
def take_up(*, observation: Observation, by, at: datetime) -> Finding:
    """Make a missing requirement of a self-check a line of the plan, its pictures those of before.

    The plan is begun where there is none; a filed one takes it into the revision that is under
    way. What stands in it already, by this or another
    observation of the same thing, is returned and nothing changes. Raises Refused when nothing
    is missing there (any more), or when the plan can't be changed; then nothing is kept.
    """
    sheet = observation.sheet
    seen = standing_for(ledger_of(sheet), observation)
    plan = draft_plan(campaign=sheet.campaign, project=sheet.project, by=by, at=at)
    lock(plan)
    written = document(plan)
    if line := line_about(written, seen):
        return line
    line = add_finding(
        plan=written,
        by=by,
        at=at,
        problem=problem_of(seen),
        source=Source.SELF_CHECK,
        specialty=sheet.specialty,
        requirement=seen.requirement,
        observation=seen.pk,
    )
    attach(line, files_of(seen), Moment.BEFORE, by=by, at=at)
    return line


@transaction.atomic
def take_up_all(*, sheet: ScoreSheet, by, at: datetime) -> int:
    """Everything that a self-check found missing and the plan lacks; returns how many lines.

    All or, when the plan can't be changed, none. Raises Refused like `take_up`.
    """
    left = not_taken_up(sheet)
    for observation in left:
        take_up(observation=observation, by=by, at=at)
    return len(left)


def not_taken_up(sheet: ScoreSheet) -> list[Observation]:
    """Of each thing that costs points the observation that counts, unless the plan has it."""
    ledger = ledger_of(sheet)
    taken = {ledger.events[id].about for id in taken_up(sheet)}
    lines = ledger.folded.score.lines
    ids = [x.observation for x in lines if (x.item, x.requirement, x.rule) not in taken]
    rows = sheet.observations.select_related("item", "requirement", "rule").in_bulk(ids)
    for row in rows.values():
        row.sheet = sheet
    return [rows[id] for id in ids]


def taken_up(sheet: ScoreSheet) -> dict[UUID, Finding]:
    """The plan's lines that came of this sheet, by their observation."""
    written = document_of(sheet)
    if written is None:
        return {}
    lines = lines_from(
        campaign=sheet.campaign_id,
        project=sheet.project_id,
        revision=written.pk if isinstance(written, PlanRevision) else 0,
        sheet=sheet.pk,
    )
    return {line.observation: line for line in lines}


def document_of(sheet: ScoreSheet) -> Document | None:
    """The plan that a sheet's findings go into, or its revision; None before it was begun."""
    plan = next(iter(plan_of(campaign=sheet.campaign_id, project=sheet.project_id)), None)
    return document(plan) if plan else None


def document(plan: ImprovementPlan) -> Document:
    """What is being written: a filed plan's revision while there is one, else the plan."""
    under_way = next(iter(under_way_of(plan=plan.pk)), None) if plan.filed_at else None
    if under_way:
        under_way.plan = plan
    return under_way or plan


# --- put into SQL once: every page of a self-check asks for them -----------------------------


def plans_at(*, campaign, project):
    found = ImprovementPlan.objects.filter(campaign__pk=campaign, project__pk=project)
    return found.order_by("pk")


def revisions_under_way(*, plan):
    return PlanRevision.objects.under_way().filter(plan__pk=plan).order_by("-number")


def lines_of_sheet(*, campaign, project, revision, sheet):
    """Of a plan and of one of its revisions (0: of none)."""
    own = Observation.objects.filter(sheet__pk=sheet).order_by().values("pk")
    lines = Finding.objects.filter(campaign__pk=campaign, project__pk=project, observation__in=own)
    lines = lines.filter(STANDS | Q(draft_of__pk=revision))
    return lines.select_related("draft_of").order_by("position")


KEYS = {
    "campaign": Campaign._meta.pk,
    "project": Project._meta.pk,
    "plan": ImprovementPlan._meta.pk,
    "revision": PlanRevision._meta.pk,
    "sheet": ScoreSheet._meta.pk,
}
plan_of = prepared(plans_at, {name: KEYS[name] for name in ("campaign", "project")})
under_way_of = prepared(revisions_under_way, {"plan": KEYS["plan"]})
lines_from = prepared(
    lines_of_sheet, {name: KEYS[name] for name in ("campaign", "project", "revision", "sheet")}
)


# --- what it is made of ----------------------------------------------------------------------


def standing_for(ledger: Ledger, observation: Observation) -> Observation:
    """The observation itself, or the one that stands in its place since it was changed."""
    if not ledger.sheet.is_self_check:
        raise Refused(_("只有自查发现的缺失可以这样列入方案。"), "not_self_check")
    event = ledger.events[observation.pk]
    about = [e for e in ledger.standing() if e.is_deduction and e.about == event.about]
    if not about:
        raise Refused(_("这条缺失已经撤回，不用列入方案。"), "withdrawn")
    if event in about:
        return observation
    rows = Observation.objects.select_related("item", "requirement", "rule", "sheet")
    return rows.get(pk=about[-1].id)


def line_about(written: Document, seen: Observation) -> Finding | None:
    """The plan's line that this, or another observation of the same thing, has become."""
    same = seen.sheet.observations.order_by().filter(
        item=seen.item_id, requirement=seen.requirement_id, rule=seen.rule_id
    )
    return lines_of(written).filter(observation__in=same.values("pk")).first()


def problem_of(seen: Observation) -> str:
    """The problem in words: what should be there, and what was seen instead."""
    about = seen.requirement or seen.rule
    words = {"item": seen.item.name, "text": about.text if about else ""}
    if seen.requirement:
        problem = _("%(item)s：“%(text)s”不符合要求") % words
    else:
        problem = _("%(item)s：%(text)s") % words if about else words["item"]
    return (
        _("%(problem)s（%(note)s）") % {"problem": problem, "note": seen.note}
        if seen.note
        else problem
    )
