"""On-site support: a specialty logs its visits, the project confirms them or objects."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Obligation, Participation, SupportVisit, VisitFile
from campaign.obligations import locked, person
from campaign.owing import people_owing
from campaign.telling import tell
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.files import stored_for
from organization.history import record
from organization.models import Post, Project, StoredFile, User
from organization.roles import PROJECT_LEADERS
from organization.templatetags.ui import short_day

TO_CONFIRM, DISPUTED, CONFIRMED, WITHDRAWN = "to_confirm", "disputed", "confirmed", "withdrawn"
# Where a visit has to stand for each move; all of them while its obligation is open.
MOVES = {
    "edit_visit": {TO_CONFIRM, DISPUTED},
    "add_visit_file": {TO_CONFIRM, DISPUTED},
    "remove_visit_file": {TO_CONFIRM, DISPUTED},
    "withdraw_visit": {TO_CONFIRM, DISPUTED},
    "confirm_visit": {TO_CONFIRM, DISPUTED},
    "dispute_visit": {TO_CONFIRM},
}


@transaction.atomic
def log_visit(
    *, obligation: Obligation, project: Project, day: date, went: str, found: str, by, at: datetime
) -> SupportVisit:
    """Put a visit on the list; the project's leaders are asked to confirm it.

    Raises Refused once the obligation was submitted, for one that asks for no visits, a project
    that takes no part, a day to come or before the campaign, an empty field and the same again.
    """
    obligation = locked(obligation, for_move="attach_evidence")
    if not obligation.asks_for_visits:
        raise Refused(_("这项任务不用登记现场督导。"), code="no_visits")
    check_project(obligation, project)
    facts = checked(obligation, {"day": day, "went": went, "found": found}, at)
    if obligation.visits.standing().filter(project=project, **facts).exists():
        raise Refused(_("这次督导已经登记过。"), code="same_visit")
    visit = SupportVisit.objects.create(
        obligation=obligation, project=project, logged_at=at, logged_by=person(by), **facts
    )
    change(visit, "log_visit", by=by, at=at)
    tell_project(visit, at=at)
    return visit


@transaction.atomic
def edit_visit(
    *, visit: SupportVisit, changes: dict, by, at: datetime, revision: int | None = None
) -> SupportVisit:
    """Correct day, people or findings until it is confirmed; an objection is answered by that.

    The project is told again where it had objected. Raises Refused like `log_visit`, Conflict
    when `revision` is not the newest.
    """
    visit = held(visit, for_move="edit_visit", revision=revision)
    facts = checked(visit.obligation, changes, at)
    old = {name: str(getattr(visit, name)) for name in facts if getattr(visit, name) != facts[name]}
    if not old and not visit.is_disputed:
        return visit
    answered = visit.is_disputed
    for name, value in facts.items():
        setattr(visit, name, value)
    visit.disputed_at = visit.disputed_by = None
    change(visit, "edit_visit", by=by, at=at, old=old)
    if answered:
        tell_project(visit, at=at)
    return visit


def add_visit_file(*, visit: SupportVisit, upload, by: User, at: datetime) -> VisitFile:
    """Add a photo or paper until the visit is confirmed.

    Raises Refused afterwards and for a file that is there already; ValidationError for one that
    can't be kept.
    """
    check_move(visit, "add_visit_file")
    with stored_for(upload=upload, by=by, at=at) as stored:
        return keep_file(visit, stored, by=by, at=at)


@transaction.atomic
def keep_file(visit: SupportVisit, stored: StoredFile, *, by, at: datetime) -> VisitFile:
    visit = held(visit, for_move="add_visit_file")
    if visit.files.filter(removed_at=None, file__sha256=stored.sha256).exists():
        raise Refused(_("“%(name)s”已经上传过。") % {"name": stored.name}, code="same_file")
    kept = VisitFile.objects.create(visit=visit, file=stored, added_at=at, added_by=by)
    change(visit, "add_visit_file", by=by, at=at, name=stored.name)
    return kept


@transaction.atomic
def remove_visit_file(*, file: VisitFile, by, at: datetime) -> VisitFile:
    """Take a photo away; it stays on record. Refused once confirmed, or when done before."""
    visit = held(file.visit, for_move="remove_visit_file")
    file = VisitFile.objects.select_related("file").get(pk=file.pk)
    if file.removed_at:
        raise Refused(_("“%(name)s”已经撤下。") % {"name": file.file.name}, code="already")
    file.removed_at, file.removed_by = at, person(by)
    file.save()
    change(visit, "remove_visit_file", by=by, at=at, name=file.file.name)
    return file


@transaction.atomic
def withdraw_visit(
    *, visit: SupportVisit, by, at: datetime, revision: int | None = None
) -> SupportVisit:
    """Take a visit off the list until it is confirmed; it stays on record."""
    visit = held(visit, for_move="withdraw_visit", revision=revision)
    visit.withdrawn_at, visit.withdrawn_by = at, person(by)
    return change(visit, "withdraw_visit", by=by, at=at)


@transaction.atomic
def confirm_visit(
    *, visit: SupportVisit, by, at: datetime, revision: int | None = None
) -> SupportVisit:
    """The project says that it was so; whoever owes the obligation is told.

    Raises Refused when it was confirmed or withdrawn, and for the one who logged it; Conflict
    when `revision` is not the newest.
    """
    visit = held(visit, for_move="confirm_visit", revision=revision)
    check_not_logger(visit, by)
    visit.confirmed_at, visit.confirmed_by = at, person(by)
    change(visit, "confirm_visit", by=by, at=at)
    tell_owner(visit, lambda: _("%(project)s已确认现场督导") % {"project": visit.project}, at=at)
    return visit


@transaction.atomic
def dispute_visit(
    *, visit: SupportVisit, reason: str, by, at: datetime, revision: int | None = None
) -> SupportVisit:
    """The project objects, with a reason; whoever owes the obligation is told, and corrects it.

    Raises Refused unless it waits for the project, without a reason, and for the one who logged
    it; Conflict when `revision` is not the newest.
    """
    visit = held(visit, for_move="dispute_visit", revision=revision)
    check_not_logger(visit, by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明有什么异议。"), code="reason", field="reason")
    visit.disputed_at, visit.disputed_by, visit.dispute_reason = at, person(by), reason
    change(visit, "dispute_visit", by=by, at=at, reason=reason)
    words = {"project": visit.project}
    tell_owner(visit, lambda: _("%(project)s对现场督导有异议") % words, body=reason, at=at)
    return visit


# --- what the moves share ---


def held(visit: SupportVisit, *, for_move: str, revision: int | None = None) -> SupportVisit:
    """The visit as it is now, with its open obligation, held until the transaction ends."""
    obligation = locked(visit.obligation, for_move="attach_evidence")
    now = SupportVisit.objects.select_for_update(of=("self",)).select_related("project")
    now = now.get(pk=visit.pk)
    now.obligation = obligation
    if revision is not None and revision != now.revision:
        raise Conflict(_("您打开这一页之后，这次督导有了变化。"), theirs=now)
    check_move(now, for_move)
    return now


def check_move(visit: SupportVisit, move: str) -> None:
    stands = stands_at(visit)
    if stands in MOVES[move]:
        return
    words = {
        TO_CONFIRM: _("还在等项目确认。"),
        DISPUTED: _("项目已经提出异议，等专业口答复。"),
        CONFIRMED: _("项目已经确认，不能再改动。"),
        WITHDRAWN: _("这次督导已经撤回。"),
    }
    raise Refused(words[stands], code=stands)


def stands_at(visit: SupportVisit) -> str:
    if visit.withdrawn_at:
        return WITHDRAWN
    if visit.confirmed_at:
        return CONFIRMED
    return DISPUTED if visit.disputed_at else TO_CONFIRM


def check_project(obligation: Obligation, project: Project) -> None:
    there = Participation.objects.filter(campaign=obligation.campaign_id, project=project)
    if not there.exists():
        raise Refused(_("这个项目没有参加本次专项工作。"), code="project", field="project")


def checked(obligation: Obligation, facts: dict, at: datetime) -> dict:
    """Trimmed, with nothing empty and a day that can be right."""
    facts = {name: v.strip() if isinstance(v, str) else v for name, v in facts.items()}
    for name in ("went", "found"):
        if not facts.get(name, "-"):
            raise Refused(_("这一栏不能空着。"), code="empty", field=name)
    day = facts.get("day")
    if day and day > local_day(at):
        raise Refused(_("督导日期不能晚于今天。"), code="day", field="day")
    first = obligation.campaign.phases.order_by("start").values_list("start", flat=True).first()
    if day and first and day < first:
        words = {"day": short_day(first)}
        raise Refused(_("专项工作%(day)s才开始。") % words, code="before", field="day")
    return facts


def check_not_logger(visit: SupportVisit, by) -> None:
    if isinstance(by, User) and by.pk == visit.logged_by_id:
        raise Refused(_("自己登记的，要由项目其他负责人确认。"), code="own_work")


def change(
    visit: SupportVisit, verb: str, *, by, at: datetime, reason: str = "", **detail
) -> SupportVisit:
    """Write it with the next revision, and put that on record."""
    before = SupportVisit.objects.get(pk=visit.pk).state().code
    visit.revision += 1
    visit.save()
    record(
        on=visit,
        verb=verb,
        by=by,
        at=at,
        before=before,
        after=visit.state().code,
        reason=reason,
        revision=visit.revision,
        **detail,
    )
    return visit


def tell_project(visit: SupportVisit, *, at: datetime) -> None:
    """Its leaders are asked to say whether it was so."""
    posts = Post.objects.current().of(*PROJECT_LEADERS).filter(project=visit.project)
    tell(
        people=User.objects.filter(is_active=True, posts__in=posts).distinct(),
        campaign=visit.obligation.campaign,
        thing=visit.thing,
        occurrence=f"asked {visit.revision}",
        title=lambda: (
            _("请确认%(subject)s的现场督导：%(project)s %(day)s")
            % {
                "subject": visit.obligation.subject,
                "project": visit.project,
                "day": short_day(visit.day),
            }
        ),
        body=visit.found,
        url=visit.get_absolute_url(),
        at=at,
    )


def tell_owner(visit: SupportVisit, title, *, at: datetime, body: str = "") -> None:
    tell(
        people=people_owing(visit.obligation),
        campaign=visit.obligation.campaign,
        thing=visit.thing,
        occurrence=f"answered {visit.revision}",
        title=title,
        body=body,
        url=visit.get_absolute_url(),
        at=at,
    )
