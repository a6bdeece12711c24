"""A later due date: asked for by who rectifies, decided by somebody else of the center."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.finding.due_dates import put_due
from inspections.finding.findings import announce
from inspections.models import Extension, Finding
from inspections.moves import check_finding, lock, person
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import User
from organization.templatetags.ui import day, moment

VERBS = {
    "ask_extension": gettext_lazy("申请延期"),
    "grant_extension": gettext_lazy("同意延期"),
    "refuse_extension": gettext_lazy("不同意延期"),
}


@transaction.atomic
def ask_extension(
    *, finding: Finding, due: date, reason: str, by, at: datetime, revision: int | None = None
) -> Extension:
    """Ask for a later due date, before or after it has passed; the center decides.

    Raises Refused when the finding isn't open, another request waits, the reason is blank or the
    date isn't later than the one in force and not past; Conflict for a stale page.
    """
    lock(finding)
    check_finding(finding, "ask_extension", revision)
    if finding.extensions.undecided().exists():
        raise Refused(_("已有一份延期申请在等管理中心答复。"), code="waiting")
    require_later(finding, due, at=at)
    if not reason.strip():
        raise Refused(_("写明为什么要延期，管理中心才好决定。"), code="blank", field="reason")
    asked = Extension.objects.create(
        finding=finding,
        due_before=finding.due,
        asked_due=due,
        reason=reason.strip(),
        asked_at=at,
        asked_by=person(by),
    )
    record(on=finding, verb="ask_extension", by=by, at=at, reason=asked.reason, due=due.isoformat())
    return asked


@transaction.atomic
def decide_extension(
    *,
    extension: Extension,
    granted: bool,
    by,
    at: datetime,
    due: date | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Extension:
    """Grant a request, for the date asked for or another one (`due`), or refuse it with a reason.

    Who asked and who is responsible are told. Raises Refused when `by` asked for it, a refusal
    has no reason, the date isn't later than the one in force, or the finding is verified;
    Conflict when somebody decided meanwhile.
    """
    finding = extension.finding
    lock(finding)
    lock(extension)
    extension.finding = finding
    check_undecided(extension, by, revision)
    reason = reason.strip()
    if not granted and not reason:
        raise Refused(_("写明不同意的原因。"), code="blank", field="reason")
    state = finding.state(at=at).code
    if granted:
        put_off(extension, due or extension.asked_due)
    extension.granted, extension.decision = granted, reason
    extension.decided_at, extension.decided_by = at, person(by)
    extension.revision += 1
    extension.save()
    record(
        on=finding,
        verb="grant_extension" if granted else "refuse_extension",
        by=by,
        at=at,
        before=state,
        after=finding.state(at=at).code,
        reason=reason,
        **(
            {"due": finding.due.isoformat(), "was": extension.due_before.isoformat()}
            if granted
            else {}
        ),
    )
    tell_the_decision(extension, at=at)
    return extension


def check_undecided(extension: Extension, by, revision: int | None) -> None:
    if extension.decided_at or revision not in (None, extension.revision):
        raise Conflict(last_word(extension), theirs=extension)
    check_finding(extension.finding, "decide_extension")
    if person(by) and by.pk == extension.asked_by_id:
        raise Refused(_("自己申请的延期，要由管理中心其他人来定。"), code="own")


def last_word(extension: Extension) -> str:
    """Who decided what, as a sentence for the one who came second."""
    if extension.decided_at is None:
        return _("这份延期申请刚被改过，请看过再定。")
    words = {"who": extension.decided_by or _("系统"), "when": moment(extension.decided_at)}
    if extension.granted:
        return _("%(who)s已在 %(when)s 同意这份延期申请。") % words
    return _("%(who)s已在 %(when)s 答复不同意延期。") % words


def put_off(extension: Extension, due: date) -> None:
    finding = extension.finding
    if due <= finding.due:
        raise Refused(too_early(finding), code="bad_due", field="due")
    put_due(finding, due)
    finding.revision += 1
    finding.save(update_fields=["first_due", "due", "revision"])
    extension.granted_due = due


def require_later(finding: Finding, due: date, *, at: datetime) -> None:
    """Later than the date in force; where that has passed, a day that is still to come."""
    if finding.due is None:
        raise Refused(_("这条问题没有期限，不用申请延期。"), code="no_due", field="due")
    if due <= finding.due:
        raise Refused(too_early(finding), code="bad_due", field="due")
    if due < local_day(at):
        raise Refused(_("延到的日期已经过去了，请改一个日期。"), code="bad_due", field="due")


def too_early(finding: Finding) -> str:
    return _("延到的日期要晚于现在的期限（%(day)s）。") % {"day": day(finding.due)}


def tell_the_decision(extension: Extension, *, at: datetime) -> None:
    finding = extension.finding
    ids = {extension.asked_by_id, finding.responsible_id} - {None}
    announce(
        finding,
        f"extension:{extension.pk}",
        people=User.objects.filter(pk__in=ids, is_active=True),
        at=at,
        title=lambda: title_of(extension),
        body=extension.decision,
    )


def title_of(extension: Extension) -> str:
    words = {"problem": extension.finding}
    if not extension.granted:
        return _("延期未同意：%(problem)s") % words
    words["day"] = day(extension.granted_due)
    return _("已同意延期到 %(day)s：%(problem)s") % words
