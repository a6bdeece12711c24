"""Changing a filed plan: the next version is written beside the one in force, then filed.

Nothing that is in force moves before the revision is filed, and what was written stays on record
whether it is filed or discarded.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.finding.due_dates import put_due
from inspections.models import Finding, ImprovementPlan, PlanRevision
from inspections.moves import check_plan, lock, person
from inspections.plan.amending import FIELDS, amended, amendment, as_text, catch_up
from inspections.plan.lines import gaps
from inspections.plan.plan_telling import tell_assigned, tell_leaders
from inspections.plan.plans import (
    move,
    open_lines,
    put_remarks,
    require_complete,
    require_other,
)
from inspections.plan.versions import decide_version, keep_version
from organization.errors import Refused
from organization.history import record

VERBS = {
    "revise_plan": gettext_lazy("开始修订方案"),
    "submit_revision": gettext_lazy("提交修订"),
    "file_revision": gettext_lazy("备案修订"),
    "discard_revision": gettext_lazy("放弃修订"),
    "revise_finding": gettext_lazy("修订问题"),
    "withdraw_finding": gettext_lazy("撤销问题"),
}


@transaction.atomic
def revise_plan(
    *, plan: ImprovementPlan, reason: str, by, at: datetime, revision: int | None = None
) -> PlanRevision:
    """Begin the next version of a filed plan, with a line for every finding in force.

    Raises Refused when the plan isn't filed, is being revised already (code "under_way"), or
    the reason is blank; Conflict for a stale page.
    """
    lock(plan)
    check_plan(plan, "revise_plan", revision)
    if plan.revisions.under_way().exists():
        raise Refused(_("这份方案正在修订。"), code="under_way")
    if not reason.strip():
        raise Refused(_("写明为什么要修订。"), code="blank", field="reason")
    last = plan.revisions.aggregate(last=Max("number"))["last"] or 0
    made = PlanRevision.objects.create(
        plan=plan, number=last + 1, reason=reason.strip(), begun_at=at, begun_by=person(by)
    )
    standing = plan.lines.select_related("specialty", "responsible")
    Finding.objects.bulk_create([amendment(finding, made) for finding in standing])
    record(on=made, verb="revise_plan", by=by, at=at, after="draft", reason=made.reason)
    return made


@transaction.atomic
def submit_revision(
    *, draft: PlanRevision, by, at: datetime, revision: int | None = None
) -> PlanRevision:
    """Hand a complete revision to the center; it is kept as a version as it is now.

    Raises Refused when a line lacks something or touches what is rectified (code "incomplete"),
    or when it changes nothing ("same"); Conflict for a stale page.
    """
    lock(draft)
    check_plan(draft, "submit_plan", revision)
    lines = lines_of(draft)
    require_complete(draft, lines)
    if not any(is_change(line) for line in lines):
        raise Refused(_("和现行版本没有差别，还没有要提交的。"), code="same")
    before = draft.state(at=at).code
    draft.submitted_at, draft.submitted_by = at, person(by)
    move(draft, "submit_revision", by=by, at=at, before=before)
    keep_version(draft, lines)
    return draft


@transaction.atomic
def file_revision(
    *,
    draft: PlanRevision,
    by,
    at: datetime,
    remarks: Mapping[Any, str] | None = None,
    revision: int | None = None,
) -> PlanRevision:
    """Bring a revision into force: new lines are opened, changed fields go to the findings in
    force, what was taken out is withdrawn; each with its record. Fields that it didn't touch
    stay as they are by now.

    Who is newly responsible, and the leaders, are told. Raises Refused when it isn't waiting
    for review, was submitted by the same person, or a finding that it withdraws or renames was
    rectified meanwhile (code "settled"); Conflict for a stale page.
    """
    lock(draft)
    check_plan(draft, "file_plan", revision)
    require_other(draft, by)
    lines = lines_of(draft, held=True)
    require_unsettled(draft, lines)
    draft.filed_at, draft.filed_by = at, person(by)
    move(draft, "file_revision", by=by, at=at, before="waiting_review")
    put_remarks(draft, remarks or {})
    decide_version(draft, by=by, at=at)
    assigned = bring_into_force(draft, lines_of(draft), by=by, at=at)
    tell_assigned(draft, assigned, at=at)
    tell_leaders(draft, "filed", gettext_lazy("%(project)s的方案修订已备案"), at=at)
    return draft


@transaction.atomic
def discard_revision(
    *, draft: PlanRevision, reason: str, by, at: datetime, revision: int | None = None
) -> PlanRevision:
    """Give a revision up while it is written; what was written stays readable, with the reason."""
    lock(draft)
    check_plan(draft, "discard_revision", revision)
    if not reason.strip():
        raise Refused(_("写明为什么放弃这次修订。"), code="blank", field="reason")
    before = draft.state(at=at).code
    draft.discarded_at, draft.discarded_by = at, person(by)
    draft.discard_reason = reason.strip()
    move(draft, "discard_revision", by=by, at=at, before=before, reason=draft.discard_reason)
    return draft


# --- what the moves are made of ------------------------------------------------------------


def lines_of(draft: PlanRevision, *, held: bool = False) -> list[Finding]:
    """Its lines beside what they amend as that is by now; `held` keeps those from moving on."""
    if held:
        list(Finding.objects.select_for_update().filter(amendments__draft_of=draft))
    related = ("specialty", "responsible", "amends__specialty", "amends__responsible")
    lines = [catch_up(line) for line in draft.lines.select_related(*related)]
    for line in lines:
        line.draft_of = draft
    return lines


def is_change(line: Finding) -> bool:
    return bool(not line.amends_id or line.withdrawn_at or amended(line))


def require_unsettled(draft: PlanRevision, lines: list[Finding]) -> None:
    settled = [gap for gap in gaps(draft, lines) if gap.settled]
    if settled:
        words = _("；").join(str(gap) for gap in settled)
        message = _("修订期间有问题已经整改：%(words)s。请退回，由项目改过再报。")
        raise Refused(message % {"words": words}, code="settled")


def bring_into_force(draft: PlanRevision, lines: list[Finding], *, by, at) -> Counter:
    """Who has how many findings now that were not theirs before."""
    added = [line for line in lines if not line.amends_id]
    for line in added:
        line.plan = draft.plan
        line.save(update_fields=["plan"])
    open_lines(added, by=by, at=at)
    assigned = Counter(line.responsible for line in added)
    for line in lines:
        if line.amends_id and line.withdrawn_at:
            withdraw(line, by=by, at=at)
        elif line.amends_id and "responsible" in apply(line, by=by, at=at):
            assigned[line.responsible] += 1
    return assigned


def withdraw(line: Finding, *, by, at: datetime) -> None:
    finding = line.amends
    before = finding.state(at=at).code
    finding.withdrawn_at, finding.withdrawn_by = at, person(by)
    finding.withdraw_reason = line.withdraw_reason
    finding.revision += 1
    finding.save()
    reason = line.withdraw_reason
    record(
        on=finding, verb="withdraw_finding", by=by, at=at,
        before=before, after="withdrawn", reason=reason,
    )  # fmt: skip


def apply(line: Finding, *, by, at: datetime) -> dict[str, Any]:
    """Put what the revision changes into the finding in force; the center's remark goes along."""
    finding, changes = line.amends, amended(line)
    old = {name: as_text(finding, name) for name in changes}
    if "due" in changes:
        put_due(finding, changes["due"])
    for name, value in changes.items():
        if name == "due":
            put_due(finding, value)
        else:
            setattr(finding, name, value)
    finding.remark, finding.revision = line.remark, finding.revision + bool(changes)
    finding.save(update_fields=[*FIELDS, "first_due", "remark", "revision"])
    if changes:
        new = {name: as_text(finding, name) for name in changes}
        reason = line.draft_of.reason
        record(on=finding, verb="revise_finding", by=by, at=at, reason=reason, old=old, new=new)
    return changes
