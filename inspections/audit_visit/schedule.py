"""The schedule of announced visits: drafted, handed in, approved by an executive or returned.

The executive organises the inspection (plan.yaml, inspection.led_by), the center carries it out.
Single visits are changed in `changes`.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.lifecycle import people_with
from campaign.models import Campaign
from campaign.reminders.working_days import is_working_day
from campaign.telling import News, tell, tell_each
from inspections.audit_visit.auditors import check_auditors, own_projects
from inspections.audit_visit.planning import Plan, make_plan
from inspections.edits import require_day_inside
from inspections.models import AuditSchedule, AuditVisit
from inspections.moves import lock, person, require_running
from organization.bulk import insert
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Post, User
from organization.roles import PROJECT_LEADERS, Role
from organization.templatetags.ui import short_day

VERBS = {
    "draft_schedule": gettext_lazy("编排检查安排"),
    "submit_schedule": gettext_lazy("检查安排报批"),
    "approve_schedule": gettext_lazy("批准检查安排"),
    "return_schedule": gettext_lazy("退回检查安排"),
    "add_audit_visit": gettext_lazy("增加检查"),
    "change_audit_visit": gettext_lazy("调整检查"),
    "remove_audit_visit": gettext_lazy("取消检查"),
    "start_audit_visit": gettext_lazy("开始检查"),
    "finish_audit_visit": gettext_lazy("结束检查"),
}
MOST_DAYS, MOST_PER_DAY, REASON_LIMIT = 92, 9, 1000
STANDS = {
    "waiting_approval": gettext_lazy("检查安排已经报批，退回后才能再改。"),
    "approved": gettext_lazy("检查安排已经批准，请逐条调整。"),
    "draft": gettext_lazy("检查安排还没有报批。"),
    "returned": gettext_lazy("检查安排已经退回，还没有再报批。"),
}
WRITING, WAITING = {"draft", "returned"}, {"waiting_approval"}


@transaction.atomic
def draft_schedule(
    *,
    campaign: Campaign,
    auditors: Collection[User],
    first: date,
    last: date,
    doubles: int,
    by,
    at: datetime,
    per_day: int = 2,
    seed: int = 1,
    revision: int | None = None,
) -> AuditSchedule:
    """Spread the auditors over all projects and the working days from `first` to `last`.

    `doubles` percent of the projects are seen by two; nobody goes to a project of theirs, past
    or present. A draft before it is replaced; what was added by hand and what was cancelled stays,
    and a project that was given a visit by hand gets no other. What could not be met stands in
    `shortfalls`.
    Raises Refused (with the field) for wrong figures and once it was handed in, Conflict when
    `revision` is not the newest.
    """
    require_running(campaign)
    check_auditors(auditors)
    days = days_between(campaign, first, last)
    check_figures(doubles, per_day)
    schedule = begun(campaign, revision)
    drafted(campaign).delete()
    plan = planned(campaign, auditors, days, doubles, per_day, seed)
    facts = {"first": first, "last": last, "doubles": doubles, "per_day": per_day, "seed": seed}
    for name, value in facts.items():
        setattr(schedule, name, value)
    schedule.shortfalls = [asdict(each) for each in plan.shortfalls]
    schedule.drafted_at, schedule.drafted_by = at, person(by)
    put(schedule)
    write(campaign, plan, by=by, at=at)
    detail = {"visits": len(plan.visits), "auditors": len(auditors), "seed": seed}
    record(on=schedule, verb="draft_schedule", by=by, at=at, after="draft", **detail)
    return schedule


def days_between(campaign: Campaign, first: date, last: date) -> list[date]:
    """The working days of a stretch, of which there has to be one."""
    require_day_inside(campaign, first, "first")
    if last < first:
        raise Refused(_("最后一天早于第一天。"), code="days", field="last")
    if (last - first).days >= MOST_DAYS:
        message = _("最多安排 %(most)d 天。") % {"most": MOST_DAYS}
        raise Refused(message, code="days", field="last")
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if not (days := [day for day in every if is_working_day(day)]):
        raise Refused(_("这几天都不是工作日。"), code="no_working_day", field="last")
    return days


def check_figures(doubles: int, per_day: int) -> None:
    if not 0 <= doubles <= 100:
        raise Refused(_("占比应在 0–100 之间。"), code="doubles", field="doubles")
    if not 1 <= per_day <= MOST_PER_DAY:
        message = _("每人每天应在 1–%(most)d 个项目之间。") % {"most": MOST_PER_DAY}
        raise Refused(message, code="per_day", field="per_day")


def begun(campaign: Campaign, revision: int | None) -> AuditSchedule:
    """The campaign's schedule, locked, to be drafted anew; or a new one."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    held = AuditSchedule.objects.filter(campaign=campaign).first()
    if held is None:
        return AuditSchedule(campaign=campaign)
    held.campaign = campaign
    hold(held, WRITING, revision)
    return held


def drafted(campaign: Campaign):
    """The visits of a draft that the next one replaces."""
    return AuditVisit.objects.announced().standing().filter(campaign=campaign, by_hand=False)


def planned(campaign: Campaign, auditors, days, doubles: int, per_day: int, seed: int) -> Plan:
    by_hand = AuditVisit.objects.announced().standing().filter(campaign=campaign)
    going = by_hand.filter(auditors__isnull=False).values_list("auditors", "day")
    projects = campaign.projects.exclude(pk__in=by_hand.values("project"))
    return make_plan(
        projects=list(projects.values_list("pk", flat=True)),
        auditors=[each.pk for each in auditors],
        barred=own_projects(auditors),
        days=days,
        doubles=doubles,
        per_day=per_day,
        seed=seed,
        taken=Counter(going),
    )


def write(campaign: Campaign, plan: Plan, *, by, at: datetime) -> None:
    """The plan's visits, with their auditors."""
    AuditVisit.objects.bulk_create(
        AuditVisit(
            campaign=campaign, project_id=each.project, day=each.day,
            planned_at=at, planned_by=person(by),
        )
        for each in plan.visits
    )  # fmt: skip
    ids = dict(drafted(campaign).values_list("project", "pk"))
    link = AuditVisit.auditors.through
    pairs = ((ids[each.project], who) for each in plan.visits for who in each.auditors)
    insert(link, ("auditvisit", "user"), pairs)


# --- handing in, approving, returning ----------------------------------------------------------


@transaction.atomic
def submit_schedule(
    *, schedule: AuditSchedule, by, at: datetime, revision: int | None = None
) -> AuditSchedule:
    """Hand the schedule to the executives, who are told. Refused while it has no visit."""
    require_running(schedule.campaign)
    before = hold(schedule, WRITING, revision)
    count = standing(schedule).count()
    if not count:
        raise Refused(_("还没有安排任何检查，不能报批。"), code="empty")
    schedule.submitted_at, schedule.submitted_by = at, person(by)
    schedule.returned_at = schedule.returned_by = None
    put(schedule)
    move(schedule, "submit_schedule", before, by=by, at=at, visits=count)
    title = gettext_lazy("检查安排等您批准")
    announce(schedule, people_with(Role.EXECUTIVE), "submitted", title, at=at)
    return schedule


@transaction.atomic
def approve_schedule(
    *, schedule: AuditSchedule, by, at: datetime, revision: int | None = None
) -> AuditSchedule:
    """Make the visits certain: auditors and the leaders of the projects are told of theirs.

    Not by whoever drafted or handed it in. Raises Refused unless it waits, Conflict when stale.
    """
    require_running(schedule.campaign)
    before = hold(schedule, WAITING, revision)
    if person(by) and by.pk in (schedule.drafted_by_id, schedule.submitted_by_id):
        raise Refused(_("不能批准自己编排的检查安排。"), code="own")
    schedule.approved_at, schedule.approved_by = at, person(by)
    put(schedule)
    move(schedule, "approve_schedule", before, by=by, at=at)
    tell_everybody(schedule, at=at)
    return schedule


@transaction.atomic
def return_schedule(
    *, schedule: AuditSchedule, reason: str, by, at: datetime, revision: int | None = None
) -> AuditSchedule:
    """Give it back to whoever handed it in, with the reason; that person is told."""
    require_running(schedule.campaign)
    before = hold(schedule, WAITING, revision)
    reason = checked_reason(reason)
    author = schedule.submitted_by
    schedule.returned_at, schedule.returned_by, schedule.return_reason = at, person(by), reason
    schedule.submitted_at = schedule.submitted_by = None
    put(schedule)
    move(schedule, "return_schedule", before, by=by, at=at, reason=reason)
    title = gettext_lazy("检查安排被退回，请修改")
    announce(schedule, [author] if author else [], "returned", title, at=at, body=reason)
    return schedule


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明原因。"), code="blank", field="reason")
    if len(reason) > REASON_LIMIT:
        message = _("最多 %(limit)d 个字，请写短一些。") % {"limit": REASON_LIMIT}
        raise Refused(message, code="long", field="reason")
    return reason


def hold(schedule: AuditSchedule, stages: set[str], revision: int | None) -> str:
    """The schedule locked where it may make this move, as the page saw it; its stage."""
    campaign = schedule.campaign
    lock(schedule)
    schedule.campaign = campaign
    if revision not in (None, schedule.revision):
        raise Conflict(_("检查安排刚被改过，请看过再做决定。"), theirs=schedule)
    stage = schedule.state().code
    if stage not in stages:
        raise Refused(STANDS[stage], code=stage)
    return stage


def put(schedule: AuditSchedule) -> None:
    schedule.revision += 1
    schedule.save()


def move(schedule: AuditSchedule, verb: str, before: str, *, by, at, reason="", **detail) -> None:
    after = schedule.state().code
    record(
        on=schedule, verb=verb, by=by, at=at, before=before, after=after, reason=reason, **detail
    )


def standing(schedule: AuditSchedule):
    return AuditVisit.objects.announced().standing().filter(campaign=schedule.campaign)


# --- who is told -------------------------------------------------------------------------------


def announce(schedule: AuditSchedule, people: Iterable[User], what: str, title, *, at, body=""):
    tell(
        people=people,
        campaign=schedule.campaign,
        thing=f"audit_schedule:{schedule.pk}",
        occurrence=f"{what} {schedule.revision}",
        title=title,
        body=body,
        url=schedule.get_absolute_url(),
        at=at,
    )


def tell_everybody(schedule: AuditSchedule, *, at: datetime) -> None:
    """One message to each auditor, however many visits; one of each visit to its project."""
    visits = list(standing(schedule).select_related("project").prefetch_related("auditors"))
    leaders = leaders_of({visit.project_id for visit in visits})
    rounds: dict[User, int] = {}
    for visit in visits:
        visit.campaign = schedule.campaign
        for who in visit.auditors.all():
            rounds[who] = rounds.get(who, 0) + 1
    news = [
        News(
            [who], schedule.campaign, f"audit_schedule:{schedule.pk}",
            f"approved {schedule.revision}", partial(rounds_title, count),
            schedule.get_absolute_url(),
        )
        for who, count in rounds.items()
    ]  # fmt: skip
    news += [news_of(v, leaders[v.project_id], "approved") for v in visits]
    tell_each(news, at=at)


def leaders_of(projects: Collection[int]) -> dict[int, list[User]]:
    """Who leads these projects today, by the project's id."""
    found: dict[int, list[User]] = {pk: [] for pk in projects}
    posts = Post.objects.current().of(*PROJECT_LEADERS).filter(project__in=projects)
    for post in posts.filter(user__is_active=True).select_related("user"):
        if post.user not in found[post.project_id]:  # a deputy may have a post per specialty
            found[post.project_id].append(post.user)
    return found


def news_of(visit: AuditVisit, people: Iterable[User], what: str, body="") -> News:
    """That a visit is certain, was moved, or does not come."""
    title = partial(visit_title, what, str(visit.project), visit.day)
    occurrence = f"{what} {visit.revision}"
    url = visit.get_absolute_url()
    return News(list(people), visit.campaign, visit.thing, occurrence, title, url, body)


def visit_title(what: str, project: str, day: date) -> str:
    words = {"project": project, "day": short_day(day)}
    if what == "removed":
        return _("%(day)s 对%(project)s的检查已取消") % words
    if what == "changed":
        return _("检查有调整：%(day)s %(project)s") % words
    return _("%(day)s 检查%(project)s") % words


def rounds_title(count: int) -> str:
    words = ngettext(
        "检查安排已批准，您有 %(count)d 次检查", "检查安排已批准，您有 %(count)d 次检查", count
    )
    return words % {"count": count}
