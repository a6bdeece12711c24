"""Where a plan or a finding stands, and which moves that allows."""

from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.models import Finding, ImprovementPlan, PlanRevision
from organization.errors import Conflict, Refused
from organization.models import Project, User
from organization.templatetags.ui import moment

PLAN_MOVES = {
    "write": {"draft", "returned"},
    "submit_plan": {"draft", "returned"},
    "file_plan": {"waiting_review"},
    "send_back_plan": {"waiting_review"},
    "revise_plan": {"filed"},
    "discard_revision": {"draft", "returned"},
}
PLAN_STANDS = {
    "draft": gettext_lazy("方案还没有提交。"),
    "waiting_review": gettext_lazy("方案已经提交，正在等管理中心审核；退回后才能再改。"),
    "returned": gettext_lazy("方案已经退回，正在等项目修改。"),
    "filed": gettext_lazy("方案已经备案；要改，先开始修订。"),
    "discarded": gettext_lazy("这次修订已经放弃，不能再改。"),
}
LAST_MOVES = (
    ("submitted", gettext_lazy("%(who)s已在 %(when)s 提交了这份方案。")),
    ("filed", gettext_lazy("%(who)s已在 %(when)s 将这份方案备案。")),
    ("returned", gettext_lazy("%(who)s已在 %(when)s 退回了这份方案。")),
    ("discarded", gettext_lazy("%(who)s已在 %(when)s 放弃了这次修订。")),
)
# Pictures of before may also be added while the rectification waits for its verification.
FINDING_MOVES = {
    "rectify": {"open"},
    "remove_photo": {"open"},
    "add_after": {"open"},
    "add_before": {"open", "waiting"},
    "verify": {"waiting"},
    "reopen": {"waiting", "verified"},
    "ask_extension": {"open"},
    "decide_extension": {"open", "waiting"},
    "reassign": {"open"},
    "name_root_cause": {"open", "waiting", "verified"},
}
FINDING_STANDS = {
    "draft": gettext_lazy("方案还没有备案，这条问题还不用整改。"),
    "open": gettext_lazy("这条问题还没有整改完成。"),
    "waiting": gettext_lazy("整改已经送出，正在等验证。"),
    "verified": gettext_lazy("这条问题已经验证通过。"),
    "withdrawn": gettext_lazy("修订方案时撤销了这条问题，不用再整改。"),
}


def require_new(model: type[Model], id: UUID | None) -> None:
    """An id that the client chose is nobody else's, whom it would tell of nothing but that."""
    if id and model._base_manager.filter(pk=id).exists():
        message = _("这个编号已经用于另一条记录，内容不同，没有保存。")
        raise Refused(message, code="same_id")


def require_running(campaign: Campaign) -> None:
    """Work goes on while the campaign runs; on which day of it binds nobody (ruling 16)."""
    if campaign.started_at is None:
        raise Refused(_("专项工作还没有开始。"), code="not_started")
    if campaign.closed_at is not None:
        raise Refused(_("专项工作已经结束，不能再改。"), code="closed")


def require_part(campaign: Campaign, project: Project) -> None:
    """The campaign runs, and the project takes part in it."""
    require_running(campaign)
    if not campaign.participations.filter(project=project).exists():
        message = _("%(project)s没有参加这次专项工作。") % {"project": project}
        raise Refused(message, code="no_part")


def check_plan(
    plan: ImprovementPlan | PlanRevision, move: str, revision: int | None = None
) -> None:
    """Whether the plan may make this move; a page older than the plan is told what happened."""
    if revision not in (None, plan.revision):
        raise Conflict(last_move(plan), theirs=plan)
    require_running(plan.campaign)
    stage = plan.state(at=None).code
    if stage not in PLAN_MOVES[move]:
        raise Refused(PLAN_STANDS[stage], code=stage)


def last_move(plan: ImprovementPlan | PlanRevision) -> str:
    """Who did what to the plan last, as a sentence."""
    done = [
        (getattr(plan, f"{verb}_at"), getattr(plan, f"{verb}_by"), words)
        for verb, words in LAST_MOVES
        if getattr(plan, f"{verb}_at", None)
    ]
    if not done:
        return _("这份方案刚被改过，请看过再做决定。")
    when, who, words = max(done, key=lambda each: each[0])
    return words % {"who": who or _("系统"), "when": moment(when)}


def stage_of(finding: Finding) -> str:
    """Where a finding stands whatever the day is: draft, open, waiting, verified, withdrawn."""
    if finding.opened_at is None:
        return "draft"
    if finding.withdrawn_at:
        return "withdrawn"
    if finding.verified_at:
        return "verified"
    return "waiting" if finding.rectified_at else "open"


def check_finding(finding: Finding, move: str, revision: int | None = None) -> None:
    """Whether the finding may make this move; a page older than the finding is told so."""
    stage = stage_of(finding)
    if revision not in (None, finding.revision):
        aside = _("这条问题刚被改过（期限、责任人或原因），请看过再提交。")
        still_open = stage == "open" and stage in FINDING_MOVES[move]
        raise Conflict(aside if still_open else FINDING_STANDS[stage], theirs=finding)
    require_running(finding.campaign)
    if stage not in FINDING_MOVES[move]:
        raise Refused(FINDING_STANDS[stage], code=stage)


def lock(thing) -> None:
    """Hold the row until the transaction ends, and see it as it stands now."""
    thing.refresh_from_db(from_queryset=type(thing).objects.select_for_update())


def person(by) -> User | None:
    """The acting person where there is one; a word such as "command" is kept by the history."""
    return None if isinstance(by, str) else by
