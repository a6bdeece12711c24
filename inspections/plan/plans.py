"""The improvement plan's way: written line by line, submitted, filed or returned with remarks."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign, Obligation
from campaign.obligations import (
    hand_in_by_plan,
    meet_by_plan,
    send_back_by_plan,
)
from inspections.models import Finding, ImprovementPlan
from inspections.moves import check_plan, lock, person, require_new, require_part
from inspections.plan.amending import bar, catch_up
from inspections.plan.lines import FIELDS, gaps, require_sound, tidy
from inspections.plan.plan_telling import tell_filed, tell_leaders
from inspections.plan.versions import Document, decide_version, keep_version
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Project

VERBS = {
    "draft_plan": gettext_lazy("开始编写方案"),
    "add_finding": gettext_lazy("写下问题"),
    "edit_finding": gettext_lazy("修改问题"),
    "remove_finding": gettext_lazy("删除问题"),
    "restore_finding": gettext_lazy("恢复问题"),
    "submit_plan": gettext_lazy("提交方案"),
    "file_plan": gettext_lazy("备案方案"),
    "send_back_plan": gettext_lazy("退回方案"),
}
# --- writing -----------------------------------------------------------------------------


@transaction.atomic
def draft_plan(*, campaign: Campaign, project: Project, by, at: datetime) -> ImprovementPlan:
    """The project's plan in a campaign, begun when there is none yet.

    Raises Refused when the campaign isn't running or the project takes no part in it.
    """
    require_part(campaign, project)
    plan, begun = ImprovementPlan.objects.get_or_create(
        campaign=campaign, project=project, defaults={"created_at": at}
    )
    if begun:
        record(on=plan, verb="draft_plan", by=by, at=at, after="draft")
    return plan


@transaction.atomic
def add_finding(
    *,
    plan: Document,
    by,
    at: datetime,
    id: uuid.UUID | None = None,
    origin: Finding | None = None,
    requirement=None,
    observation: uuid.UUID | None = None,
    **fields: Any,
) -> Finding:
    """Put a line at the end of a plan, or of its revision, that is being written; only the
    problem is needed.

    The client may choose the id: the same id again returns the line that is there. Raises
    Refused when the plan can't be changed, the problem is blank, a value is wrong, or the id is
    that of something else (`same_id`).
    """
    lock(plan)
    sent_before = plan.lines.filter(pk=id).first() if id else None
    if sent_before:
        return sent_before
    check_plan(plan, "write")
    require_new(Finding, id)
    fields = tidy(fields)
    if not fields.get("problem"):
        raise Refused(_("先写下问题，再添加。"), code="blank", field="problem")
    require_sound(campaign=plan.campaign, project=plan.project, changes=fields)
    last = plan.lines.aggregate(last=Max("position"))["last"] or 0
    line = Finding.objects.create(
        id=id or uuid.uuid4(),
        campaign=plan.campaign,
        project=plan.project,
        position=last + 1,
        created_at=at,
        created_by=person(by),
        origin=origin,
        requirement=requirement,
        observation=observation,
        **plan.place,
        **fields,
    )
    record(on=line, verb="add_finding", by=by, at=at, after="draft")
    return line


@transaction.atomic
def edit_finding(
    *, finding: Finding, revision: int, changes: Mapping[str, Any], by, at: datetime
) -> Finding:
    """Change some of the six fields of a plan's line, as seen at `revision`.

    What changes nothing is no edit, however old the page. Raises Conflict (`theirs` is the line
    as it stands) when somebody changed it meanwhile, Refused with code "gone" when somebody
    removed it, and Refused when the plan can't be changed, the line is to be withdrawn, a
    rectified finding's problem is touched, or a value is wrong.
    """
    changes = tidy(changes)
    lock(finding.document)
    finding = current_line(finding)
    changed = {name: value for name, value in changes.items() if getattr(finding, name) != value}
    if not changed:
        return finding
    check_plan(finding.document, "write")
    if finding.revision != revision:
        raise Conflict(_("这一条刚被改过。两个版本都在下面，请逐项选。"), theirs=finding)
    require_open_line(finding, changed)
    require_sound(campaign=finding.campaign, project=finding.project, changes=changed)
    before = {name: str(getattr(finding, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(finding, name, value)
    finding.revision += 1
    # an amending line has caught up with what is in force: all of that is kept
    finding.save(update_fields=[*(FIELDS if finding.amends_id else changed), "revision", "base"])
    after = {name: str(value or "") for name, value in changed.items()}
    record(on=finding, verb="edit_finding", by=by, at=at, old=before, new=after)
    return finding


@transaction.atomic
def remove_finding(
    *, finding: Finding, by, at: datetime, revision: int | None = None, reason: str = ""
) -> None:
    """Take a line out of a plan that is being written; its words stay in the plan's history.

    In a revision, a line in force stays where it is, marked with the reason, and is withdrawn
    when the revision is filed. Raises Conflict when it was changed after `revision`, Refused
    when the plan can't be changed, the reason is missing, or it is rectified already. Removing
    what is gone already changes nothing.
    """
    document = finding.document
    lock(document)
    found = document.lines.select_related("amends").filter(pk=finding.pk).first()
    if found is None or found.withdrawn_at:
        return
    check_plan(document, "write")
    if revision not in (None, found.revision):
        raise Conflict(_("这一条刚被改过，请看过再删。"), theirs=found)
    if found.amends_id:
        return mark_withdrawn(found, reason=reason.strip(), by=by, at=at)
    words = {name: str(getattr(found, name) or "") for name in FIELDS}
    record(on=document, verb="remove_finding", by=by, at=at, line=words)
    found.delete()


@transaction.atomic
def restore_finding(*, finding: Finding, by, at: datetime) -> Finding:
    """Keep a line after all that the revision was to withdraw; keeping what stays is no move."""
    document = finding.document
    lock(document)
    finding = current_line(finding)
    if not finding.withdrawn_at:
        return finding
    check_plan(document, "write")
    finding.withdrawn_at, finding.withdrawn_by, finding.withdraw_reason = None, None, ""
    finding.revision += 1
    finding.save()
    record(on=finding, verb="restore_finding", by=by, at=at, before="removed", after="written")
    return finding


# --- submitting and reviewing ------------------------------------------------------------


@transaction.atomic
def submit_plan(
    *, plan: ImprovementPlan, by, at: datetime, revision: int | None = None
) -> ImprovementPlan:
    """Hand a complete plan to the management center; this version is kept as it is.

    No line may lack one of the six fields (plan.yaml, improvement_plan_item). The plan's
    obligation counts as submitted on this day, whenever the plan is filed. Raises Refused (codes
    "empty", "incomplete", or what keeps it from moving), Conflict for a stale page.
    """
    lock(plan)
    check_plan(plan, "submit_plan", revision)
    lines = list(plan.lines.select_related("responsible", "specialty"))
    if not lines:
        raise Refused(_("方案里还没有问题，写下至少一条再提交。"), code="empty")
    require_complete(plan, lines)
    before = plan.state(at=at).code
    plan.submitted_at, plan.submitted_by = at, person(by)
    move(plan, "submit_plan", by=by, at=at, before=before)
    keep_version(plan, lines)
    for obligation in met_by(plan):
        if obligation.is_open:
            hand_in_by_plan(obligation=obligation, by=by, at=at)
    return plan


@transaction.atomic
def file_plan(
    *,
    plan: ImprovementPlan,
    by,
    at: datetime,
    remarks: Mapping[Any, str] | None = None,
    revision: int | None = None,
) -> ImprovementPlan:
    """File a submitted plan: its findings are opened and its obligation is met (ruling 15).

    Remarks by finding id go along with it. Everybody responsible is told. Raises Refused when
    it isn't waiting for review or was submitted by the same person, Conflict for a stale page.
    """
    lock(plan)
    check_plan(plan, "file_plan", revision)
    require_other(plan, by)
    plan.filed_at, plan.filed_by = at, person(by)
    move(plan, "file_plan", by=by, at=at, before="waiting_review")
    put_remarks(plan, remarks or {})
    decide_version(plan, by=by, at=at)
    lines = list(plan.findings.select_related("responsible"))
    open_lines(lines, by=by, at=at)
    for obligation in met_by(plan):
        meet_by_plan(obligation=obligation, by=by, at=at)
    tell_filed(plan, lines, at=at)
    return plan


@transaction.atomic
def send_back_plan(
    *,
    plan: Document,
    reason: str,
    by,
    at: datetime,
    remarks: Mapping[Any, str] | None = None,
    revision: int | None = None,
) -> Document:
    """Return a submitted plan, or revision, with a reason and remarks by finding id; the project
    is told.

    The remarks replace those of an earlier round and stay with the lines. Raises Refused when
    it isn't waiting for review or the reason is blank, Conflict for a stale page.
    """
    lock(plan)
    check_plan(plan, "send_back_plan", revision)
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明退回的原因，项目才知道改什么。"), code="blank", field="reason")
    plan.submitted_at = plan.submitted_by = None
    plan.returned_at, plan.returned_by, plan.return_reason = at, person(by), reason
    move(plan, "send_back_plan", by=by, at=at, before="waiting_review", reason=reason)
    put_remarks(plan, remarks or {})
    decide_version(plan, by=by, at=at, reason=reason)
    for obligation in met_by(plan):
        if not obligation.is_open:
            send_back_by_plan(obligation=obligation, reason=reason, by=by, at=at)
    title = gettext_lazy("%(project)s的实施方案被退回")
    tell_leaders(plan, "returned", title, at=at, body=reason, urgent=True)
    return plan


# --- what the moves are made of ------------------------------------------------------------


def current_line(finding: Finding) -> Finding:
    """The line as it stands now, beside what it amends where it does."""
    document = finding.document
    related = ("specialty", "responsible", "amends__specialty", "amends__responsible")
    found = document.lines.select_related(*related).filter(pk=finding.pk).first()
    if found is None:
        raise Refused(_("这一条刚被删除。"), code="gone")
    for name, thing in document.place.items():
        setattr(found, name, thing)
    return catch_up(found)


def require_open_line(line: Finding, changed: Mapping[str, Any]) -> None:
    if line.withdrawn_at:
        raise Refused(_("这一条已标为撤销；要改，先恢复。"), code="withdrawn")
    if words := bar(line, problem="problem" in changed, gone=False):
        raise Refused(_("这一条%(words)s。") % {"words": words}, code="settled", field="problem")


def mark_withdrawn(line: Finding, *, reason: str, by, at: datetime) -> None:
    if words := bar(line, problem=False, gone=True):
        raise Refused(_("这一条%(words)s。") % {"words": words}, code="settled")
    if not reason:
        raise Refused(_("写明为什么撤销这一条。"), code="blank", field="why")
    line.withdrawn_at, line.withdrawn_by, line.withdraw_reason = at, person(by), reason
    line.revision += 1
    line.save()
    record(
        on=line,
        verb="remove_finding",
        by=by,
        at=at,
        before="written",
        after="removed",
        reason=reason,
    )


def require_complete(document: Document, lines: list[Finding]) -> None:
    if open_gaps := gaps(document, lines):
        words = _("；").join(str(gap) for gap in open_gaps)
        raise Refused(_("还没有写全：%(gaps)s") % {"gaps": words}, code="incomplete")


def require_other(document: Document, by) -> None:
    if person(by) and by.pk == document.submitted_by_id:
        raise Refused(_("方案要由提交人以外的人审核。"), code="own")


def open_lines(lines: list[Finding], *, by, at: datetime) -> None:
    """Lines of a plan come into force."""
    Finding.objects.filter(pk__in=[line.pk for line in lines]).update(opened_at=at)
    for line in lines:
        record(on=line, verb="open_finding", by=by, at=at, before="draft", after="in_progress")


def move(plan: Document, verb: str, *, by, at: datetime, before: str, reason: str = ""):
    plan.revision += 1
    plan.save()
    after = plan.state(at=at).code
    record(on=plan, verb=verb, by=by, at=at, before=before, after=after, reason=reason)


def put_remarks(plan: Document, remarks: Mapping[Any, str]) -> None:
    said = {str(pk): text.strip() for pk, text in remarks.items()}
    lines = list(plan.lines.all())
    for line in lines:
        line.remark = said.pop(str(line.pk), "")
    if said:
        raise Refused(_("有意见指向方案里没有的问题，请刷新后再试。"), code="gone")
    Finding.objects.bulk_update(lines, ["remark"])


def met_by(plan: Document) -> list[Obligation]:
    """What a plan meets; a revision finds it met already."""
    owed = plan.campaign.obligations.filter(project=plan.project, accepted_at__isnull=True)
    return [each for each in owed.select_related("milestone") if each.is_met_by_plan]
