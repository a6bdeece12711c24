"""A finding's way once it is in force: rectified with photos, verified by another, reopened."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.telling import tell
from inspections.finding.causes import put_cause
from inspections.finding.photos import attach, fresh_photos, stored
from inspections.models import Finding
from inspections.moves import check_finding, lock, person, require_part
from inspections.plan.lines import require_sound, tidy
from inspections.plan.plan_telling import leaders
from inspections.words import Moment, Source
from organization.errors import Refused
from organization.history import record
from organization.models import Project, Specialty, User

VERBS = {
    "open_finding": gettext_lazy("列入整改"),
    "add_photo": gettext_lazy("上传照片"),
    "remove_photo": gettext_lazy("删除照片"),
    "rectify": gettext_lazy("整改完成"),
    "verify": gettext_lazy("确认已整改"),
    "reopen": gettext_lazy("退回重改"),
}


def open_finding(
    *,
    campaign: Campaign,
    project: Project,
    problem: str,
    specialty: Specialty,
    due: date,
    by,
    at: datetime,
    responsible: User | None = None,
    measure: str = "",
    source: str = Source.AUDIT,
    requirement=None,
    observation=None,
    photos: Iterable = (),
) -> Finding:
    """Open a finding outside a plan, in force at once; `photos` are uploads of how it looks now.

    The responsible person, or without one the project's leaders, are told. Raises Refused when
    the campaign isn't running, the project takes no part, or a value is blank or wrong;
    ValidationError for a picture that isn't one.
    """
    require_part(campaign, project)
    fields = tidy(
        {
            "problem": problem,
            "specialty": specialty,
            "due": due,
            "responsible": responsible,
            "measure": measure,
            "source": source,
        }
    )
    for name in ("problem", "specialty", "due"):
        if not fields[name]:
            raise Refused(_("这一项不能空着。"), code="blank", field=name)
    require_sound(campaign=campaign, project=project, changes=fields)
    files = stored(photos, by=by, at=at)
    with transaction.atomic():
        finding = Finding.objects.create(
            campaign=campaign,
            project=project,
            requirement=requirement,
            observation=observation,
            created_at=at,
            created_by=person(by),
            opened_at=at,
            **fields,
        )
        attach(finding, files, Moment.BEFORE, by=by, at=at)
        record(on=finding, verb="open_finding", by=by, at=at, after="in_progress")
        announce(
            finding,
            "opened",
            people=[responsible] if responsible else leaders(project),
            at=at,
            title=lambda: _("新的问题由您整改：%(problem)s") % {"problem": finding},
        )
    return finding


def rectify(
    *,
    finding: Finding,
    text: str,
    by,
    at: datetime,
    photos: Iterable = (),
    before: Iterable = (),
    cause: str = "",
    cause_text: str = "",
    revision: int | None = None,
) -> Finding:
    """Record what was done; then it waits for somebody else's verification.

    `photos` and `before` are uploads that come with it; at least one picture of before has to
    be there, and one of after taken since the last reopening. Its root cause may be named with
    it, and has to be for a repeat. Raises Refused (code "incomplete") when text, pictures or
    that are missing, or when the finding isn't open; Conflict for a stale page.
    """
    pictures = {
        Moment.BEFORE: stored(before, by=by, at=at),
        Moment.AFTER: stored(photos, by=by, at=at),
    }
    with transaction.atomic():
        lock(finding)
        check_finding(finding, "rectify", revision)
        for moment, files in pictures.items():
            attach(finding, files, moment, by=by, at=at)
        for field, message in missing_to_rectify(finding, text, cause).items():
            raise Refused(message, code="incomplete", field=field)
        state = finding.state(at=at).code
        if cause:
            put_cause(finding, cause, cause_text)
        finding.rectification = text.strip()
        finding.rectified_at, finding.rectified_by = at, person(by)
        move(finding, "rectify", by=by, at=at, before=state, **({"cause": cause} if cause else {}))
    return finding


@transaction.atomic
def verify(
    *, finding: Finding, by, at: datetime, note: str = "", revision: int | None = None
) -> Finding:
    """Confirm a rectification; who did it, and who was responsible, are told.

    Raises Refused when it doesn't wait for verification or `by` is who rectified it, Conflict
    for a stale page.
    """
    lock(finding)
    check_finding(finding, "verify", revision)
    if person(by) and by.pk == finding.rectified_by_id:
        raise Refused(_("要由整改人以外的人来验证。"), code="own")
    finding.verified_at, finding.verified_by = at, person(by)
    finding.verification = note.strip()
    move(finding, "verify", by=by, at=at, before="waiting_verify", reason=note.strip())
    announce(
        finding,
        f"verified:{finding.revision}",
        people=doers(finding),
        at=at,
        body=note.strip(),
        title=lambda: _("整改已验证：%(problem)s") % {"problem": finding},
    )
    return finding


@transaction.atomic
def reopen(
    *, finding: Finding, reason: str, by, at: datetime, revision: int | None = None
) -> Finding:
    """Send a rectification back, or open a verified finding again, with a reason.

    What was written and the pictures stay; a new picture of after is needed next time. Raises
    Refused when the reason is blank or it is open anyway, Conflict for a stale page.
    """
    lock(finding)
    check_finding(finding, "reopen", revision)
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明退回的原因，项目才知道还要改什么。"), code="blank", field="reason")
    state, people = finding.state(at=at).code, doers(finding)
    finding.rectified_at = finding.rectified_by = None
    finding.verified_at, finding.verified_by, finding.verification = None, None, ""
    finding.reopened_at, finding.reopened_by, finding.reopen_reason = at, person(by), reason
    move(finding, "reopen", by=by, at=at, before=state, reason=reason)
    announce(
        finding,
        f"reopened:{finding.revision}",
        people=people,
        at=at,
        body=reason,
        urgent=True,
        title=lambda: _("整改被退回：%(problem)s") % {"problem": finding},
    )
    return finding


def missing_to_rectify(finding: Finding, text: str, cause: str = "") -> dict[str, str]:
    """What a rectification still lacks, by field: words, pictures, a repeat's root cause."""
    missing = {}
    if not text.strip():
        missing["text"] = _("写一写是怎么改的。")
    if not fresh_photos(finding).exists():
        missing["after"] = (
            _("退回以后，要有一张新的整改后照片。")
            if finding.reopened_at
            else _("还缺整改后照片。")
        )
    if not finding.photos.filter(moment=Moment.BEFORE).exists():
        missing["before"] = _("还缺整改前照片。")
    if not (cause or finding.root_cause) and finding.earlier_openings().exists():
        missing["cause"] = _("同一检查内容再次出现，要写明根本原因。")
    return missing


# --- what the moves are made of ------------------------------------------------------------


def move(
    finding: Finding, verb: str, *, by, at: datetime, before: str, reason: str = "", **detail
) -> None:
    finding.revision += 1
    finding.save()
    after = finding.state(at=at).code
    record(on=finding, verb=verb, by=by, at=at, before=before, after=after, reason=reason, **detail)


def doers(finding: Finding) -> list[User]:
    """Who is told of a verdict: who rectified it and who is responsible for it."""
    ids = Q(pk=finding.rectified_by_id) | Q(pk=finding.responsible_id)
    return list(User.objects.filter(ids, is_active=True))


def announce(
    finding: Finding, occurrence: str, *, people, title, at: datetime, body="", urgent=False
) -> None:
    tell(
        people=people,
        campaign=finding.campaign,
        thing=f"finding:{finding.pk}",
        occurrence=occurrence,
        title=title,
        body=body,
        urgent=urgent,
        at=at,
        url=finding.get_absolute_url(),
    )
