"""The center takes or refuses what came when its sheet was closed already.

Accepted it is an observation after the submission: by whom, where and when it was made stays on
record, score and standing follow in the same transaction, and the project has the full time to
contest from then on.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.telling import tell
from inspections.appeal.appeals import keep_score, run_window_from, worded
from inspections.models import LateObservation, Observation
from inspections.moves import lock
from inspections.sheet.entries import check, row_of
from inspections.sheet.ledger import Ledger, locked_ledger
from inspections.sheet.sheet_photos import attach, pictures_of, put_photos
from inspections.sync.events import Event, read_event
from inspections.sync.late_sealing import seal_late
from inspections.sync.moves import Later, derived_ids, entries_of
from inspections.sync.photos import SentPhoto, photos_of_all
from inspections.sync.receive import put_on_record, sent_by
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import User
from organization.templatetags.ui import moment
from scoring.opening import require_open_results

VERBS = {
    "accept_late": gettext_lazy("采纳迟到的记录"),
    "refuse_late": gettext_lazy("不采纳迟到的记录"),
}
BLANK = gettext_lazy("请写明理由，检查人会看到。")


@transaction.atomic
def accept_late(*, late: LateObservation, reason: str, by: User, at: datetime) -> None:
    """Put a late observation or picture on its sheet's record, with a reason.

    A project has the time to contest from `at`. Raises Refused (with the field) without a reason,
    for one's own, where results are frozen or the campaign is closed, and for what does not fit
    the sheet any more; Conflict when somebody decided meanwhile. Leaves one record.
    """
    event = None if late.file_id else read_event(late.event)
    also = {event.id} | derived_ids([event], {late.sheet_id: late.sheet}) if event else set()
    ledger = hold(late, also, by)
    require_open_results(late.sheet.campaign)
    if late.sheet.campaign.closed_at:
        raise Refused(_("专项工作已经结束，评分不能再改。"), "closed")
    put_photo(late, ledger, at=at) if event is None else put_event(late, event, ledger, at=at)
    decide(late, True, reason, by=by, at=at)


@transaction.atomic
def refuse_late(*, late: LateObservation, reason: str, by: User, at: datetime) -> None:
    """Leave it out of the sheet, with a reason; it stays on record. Raises Refused without a
    reason and for one's own, Conflict when somebody decided meanwhile. Leaves one record.
    """
    hold(late, (), by)
    decide(late, False, reason, by=by, at=at)


def hold(late: LateObservation, also, by: User) -> Ledger:
    sheet = late.sheet
    ledger = locked_ledger(sheet, also)
    lock(late)
    late.sheet = sheet
    if late.decided_at:
        words = {"who": late.decided_by, "when": moment(late.decided_at), "how": late.state()}
        raise Conflict(_("%(who)s已在 %(when)s 处理：%(how)s。") % words, theirs=late)
    if late.by_id == by.pk:
        raise Refused(_("这条是您记的，要由别人来处理。"), "own")
    return ledger


def decide(late: LateObservation, accepted: bool, reason: str, *, by: User, at: datetime) -> None:
    late.reason = worded(reason, str(BLANK))
    late.is_accepted, late.decided_at, late.decided_by = accepted, at, by
    late.save(update_fields=["is_accepted", "reason", "decided_at", "decided_by"])
    verb, after = ("accept_late", "accepted") if accepted else ("refuse_late", "refused")
    record(on=late, verb=verb, by=by, at=at, before="late", after=after, reason=late.reason)
    title = _("采纳了您迟到的记录：%(sheet)s") if accepted else _("没有采纳您迟到的记录：%(sheet)s")
    tell(
        people=[late.by],
        campaign=late.sheet.campaign,
        thing=f"late:{late.pk}",
        occurrence="decided",
        title=lambda: title % {"sheet": late.sheet},
        body=late.reason,
        url=late.get_absolute_url(),
        at=at,
    )
    seal_late([late.sheet], at=at)


def put_event(late: LateObservation, event: Event, ledger: Ledger, *, at: datetime) -> None:
    photos = pictures_of([event.replaces]) if event.replaces else {}
    try:
        entries = entries_of(event, ledger, photos)
    except Later as error:
        words = _("它所改的那条记录还没有采纳，请先处理那一条。")
        raise Refused(words, "not_there") from error
    for entry in entries:
        check(ledger, entry, late.by)
    about = {"sheet": late.sheet, "by": late.by, "at": at}
    rows = {each.id: row_of(each, ledger.cost(each), **about) for each in entries}
    for row in rows.values():
        sent_by(row, event, late.device, late.observed_at)
    ledger.append(rows)
    put_on_record([(event, late.sheet_id)], late.by_id, late.device, at)
    attach(late.sheet, [(rows[e.id], e.photos) for e in entries if e.photos], at=at)
    ledger.keep_progress()
    bring_up_to_date(ledger, at=at)


def bring_up_to_date(ledger: Ledger, *, at: datetime) -> None:
    """A score that counts follows; the project may contest an audit's from now on."""
    if ledger.sheet.is_self_check and ledger.sheet.submitted_at:
        keep_score(ledger, at=at)
    elif ledger.sheet.submitted_at:
        run_window_from(ledger, at=at)


def put_photo(late: LateObservation, ledger: Ledger, *, at: datetime) -> None:
    """A picture moves no score, and so no time to contest either."""
    if not Observation.objects.filter(pk=late.observation, sheet=late.sheet).exists():
        raise Refused(_("它所属的那条记录还没有采纳，请先处理那一条。"), "not_there")
    said = late.event
    sent = SentPhoto(
        id=late.pk,
        sha256=late.digest,
        taken_at=datetime.fromisoformat(said["taken_at"]),
        sent_at=datetime.fromisoformat(said["sent_at"]),
        device=late.device,
        sequence=said["sequence"],
        original_sha256=said["original_sha256"],
    )
    rows = photos_of_all(late.observation, late.file, sent, said["layer"], late.sheet, at)
    for row in rows:
        row.taken_at = late.observed_at
    put_photos(late.sheet, rows)
    ledger.keep()


def may_see_file(user: User, stored) -> bool:
    """A picture that waits is seen by whoever sees what it belongs to."""
    return LateObservation.objects.visible_to(user).filter(file=stored).exists()
