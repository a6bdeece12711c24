"""The improvement plan's way: written line by line, submitted, filed or returned with remarks."""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign, Obligation
from campaign.obligations import (
    hand_in_by_plan,
    meet_by_plan,
    send_back_by_plan,
)
from campaign.telling import tell
from inspections.lines import gaps, require_sound, tidy
from inspections.models import Finding, ImprovementPlan, PlanVersion
from inspections.moves import check_plan, lock, person, require_part
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Project, User
from organization.roles import PROJECT_LEADERS

VERBS = {
    "draft_plan": gettext_lazy("开始编写方案"),
    "add_finding": gettext_lazy("写下问题"),
    "edit_finding": gettext_lazy("修改问题"),
    "remove_finding": gettext_lazy("删除问题"),
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
    plan: ImprovementPlan,
    by,
    at: datetime,
    id: uuid.UUID | None = None,
    origin: Finding | None = None,
    requirement=None,
    observation: uuid.UUID | None = None,
    **fields: Any,
) -> Finding:
    """Put a line at the end of a plan that is being written; only the problem is needed.

    The client may choose the id: the same id again returns the line that is there. Raises
    Refused when the plan can't be changed, the problem is blank, or a value is wrong.
    """
    lock(plan)
    sent_before = plan.findings.filter(pk=id).first() if id else None
    if sent_before:
        return sent_before
    check_plan(plan, "write")
    fields = tidy(fields)
    if not fields.get("problem"):
        raise Refused(_("先写下问题，再添加。"), code="blank", field="problem")
    require_sound(campaign=plan.campaign, project=plan.project, changes=fields)
    last = plan.findings.aggregate(last=Max("position"))["last"] or 0
    line = Finding.objects.create(
        id=id or uuid.uuid4(),
        campaign=plan.campaign,
        project=plan.project,
        plan=plan,
        position=last + 1,
        created_at=at,
        created_by=person(by),
        origin=origin,
        requirement=requirement,
        observation=observation,
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
    removed it, and Refused when the plan can't be changed or a value is wrong.
    """
    changes = tidy(changes)
    lock(finding.plan)
    finding = current_line(finding)
    changed = {name: value for name, value in changes.items() if getattr(finding, name) != value}
    if not changed:
        return finding
    check_plan(finding.plan, "write")
    if finding.revision != revision:
        raise Conflict(_("这一条刚被改过。两个版本都在下面，请逐项选。"), theirs=finding)
    require_sound(campaign=finding.campaign, project=finding.project, changes=changed)
    before = {name: str(getattr(finding, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(finding, name, value)
    finding.revision += 1
    finding.save(update_fields=[*changed, "revision"])
    after = {name: str(value or "") for name, value in changed.items()}
    record(on=finding, verb="edit_finding", by=by, at=at, old=before, new=after)
    return finding


@transaction.atomic
def remove_finding(*, finding: Finding, by, at: datetime, revision: int | None = None) -> None:
    """Take a line out of a plan that is being written; its words stay in the plan's history.

    Raises Conflict when it was changed after `revision`, Refused when the plan can't be changed.
    Removing what is gone already changes nothing.
    """
    plan = finding.plan
    lock(plan)
    found = plan.findings.filter(pk=finding.pk).first()
    if found is None:
        return
    check_plan(plan, "write")
    if revision not in (None, found.revision):
        raise Conflict(_("这一条刚被改过，请看过再删。"), theirs=found)
    record(
        on=plan,
        verb="remove_finding",
        by=by,
        at=at,
        line={name: str(getattr(found, name) or "") for name in Finding.REQUIRED},
    )
    found.delete()


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
    lines = list(plan.findings.select_related("responsible", "specialty"))
    if not lines:
        raise Refused(_("方案里还没有问题，写下至少一条再提交。"), code="empty")
    open_gaps = gaps(plan, lines)
    if open_gaps:
        words = _("；").join(str(gap) for gap in open_gaps)
        raise Refused(_("还没有写全：%(gaps)s") % {"gaps": words}, code="incomplete")
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
    *, plan: ImprovementPlan, by, at: datetime, revision: int | None = None
) -> ImprovementPlan:
    """File a submitted plan: its findings are opened and its obligation is met (ruling 15).

    Everybody responsible is told. Raises Refused when it isn't waiting for review or was
    submitted by the same person, Conflict for a stale page.
    """
    lock(plan)
    check_plan(plan, "file_plan", revision)
    if person(by) and by.pk == plan.submitted_by_id:
        raise Refused(_("方案要由提交人以外的人审核。"), code="own")
    plan.filed_at, plan.filed_by = at, person(by)
    move(plan, "file_plan", by=by, at=at, before="waiting_review")
    lines = list(plan.findings.select_related("responsible"))
    plan.findings.update(opened_at=at)
    for line in lines:
        record(on=line, verb="open_finding", by=by, at=at, before="draft", after="in_progress")
    for obligation in met_by(plan):
        meet_by_plan(obligation=obligation, by=by, at=at)
    tell_filed(plan, lines, at=at)
    return plan


@transaction.atomic
def send_back_plan(
    *,
    plan: ImprovementPlan,
    reason: str,
    by,
    at: datetime,
    remarks: Mapping[Any, str] | None = None,
    revision: int | None = None,
) -> ImprovementPlan:
    """Return a submitted plan with a reason and remarks by finding id; the project is told.

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
    for obligation in met_by(plan):
        if not obligation.is_open:
            send_back_by_plan(obligation=obligation, reason=reason, by=by, at=at)
    tell(
        people=leaders(plan.project),
        campaign=plan.campaign,
        thing=f"plan:{plan.pk}",
        occurrence=f"returned:{plan.revision}",
        at=at,
        url=address(plan),
        body=reason,
        title=lambda: _("%(project)s的实施方案被退回") % {"project": plan.project},
    )
    return plan


# --- what the moves are made of ------------------------------------------------------------


def current_line(finding: Finding) -> Finding:
    plan = finding.plan
    found = plan.findings.select_related("specialty", "responsible").filter(pk=finding.pk).first()
    if found is None:
        raise Refused(_("这一条刚被删除。"), code="gone")
    found.plan = plan
    return found


def move(plan: ImprovementPlan, verb: str, *, by, at: datetime, before: str, reason: str = ""):
    plan.revision += 1
    plan.save()
    after = plan.state(at=at).code
    record(on=plan, verb=verb, by=by, at=at, before=before, after=after, reason=reason)


def keep_version(plan: ImprovementPlan, lines: list[Finding]) -> PlanVersion:
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        submitted_at=plan.submitted_at,
        submitted_by=plan.submitted_by,
        findings=[as_data(line) for line in lines],
    )


def as_data(line: Finding) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "problem": line.problem,
        "source": line.source,
        "specialty": line.specialty.code,
        "measure": line.measure,
        "responsible": line.responsible.username,
        "responsible_name": line.responsible.name,
        "due": line.due.isoformat(),
        "remark": line.remark,
    }


def put_remarks(plan: ImprovementPlan, remarks: Mapping[Any, str]) -> None:
    said = {str(pk): text.strip() for pk, text in remarks.items()}
    lines = list(plan.findings.all())
    for line in lines:
        line.remark = said.pop(str(line.pk), "")
    if said:
        raise Refused(_("有意见指向方案里没有的问题，请刷新后再试。"), code="gone")
    Finding.objects.bulk_update(lines, ["remark"])


def met_by(plan: ImprovementPlan) -> list[Obligation]:
    owed = plan.campaign.obligations.filter(project=plan.project, accepted_at__isnull=True)
    return [each for each in owed.select_related("milestone") if each.is_met_by_plan]


def tell_filed(plan: ImprovementPlan, lines: list[Finding], *, at: datetime) -> None:
    """One message to each responsible person, and one to the project's leaders."""
    for responsible, count in Counter(line.responsible for line in lines).items():
        findings = reverse("findings", args=[plan.campaign.code])
        tell(
            people=[responsible],
            campaign=plan.campaign,
            thing=f"plan:{plan.pk}",
            occurrence=f"assigned:{plan.revision}",
            at=at,
            url=f"{findings}?person={responsible.pk}",
            title=partial(assigned, plan.project, count),
        )
    tell(
        people=leaders(plan.project),
        campaign=plan.campaign,
        thing=f"plan:{plan.pk}",
        occurrence=f"filed:{plan.revision}",
        at=at,
        url=address(plan),
        title=lambda: _("%(project)s的实施方案已备案") % {"project": plan.project},
    )


def assigned(project: Project, count: int) -> str:
    words = ngettext(
        "%(project)s有 %(count)d 条问题由您整改", "%(project)s有 %(count)d 条问题由您整改", count
    )
    return words % {"project": project, "count": count}


def leaders(project: Project) -> list[User]:
    """Manager and deputies of a project, as they are told about its plan."""
    return list(
        User.objects.filter(
            posts__project=project, posts__role__in=PROJECT_LEADERS, posts__until__isnull=True
        ).distinct()
    )


def address(plan: ImprovementPlan) -> str:
    return reverse("plan", args=[plan.campaign.code, plan.project.code])
