"""What is owed on its way: proved by written material, submitted, accepted or returned."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Value
from django.utils.translation import gettext as _

from campaign.models import Campaign, Evidence, Milestone, Obligation
from campaign.obstacles import obstacles
from campaign.owing import people_owing
from campaign.permissions import is_author
from campaign.telling import tell
from campaign.words import EvidenceKind
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.files import DOCUMENTS, IMAGES, stored_for
from organization.history import history_of, record
from organization.models import StoredFile, User
from organization.prepared import prepared

OPEN, WAITING, ACCEPTED = "open", "waiting", "accepted"
# Where an obligation has to stand for each move; anything else is refused.
MOVES = {
    "attach_evidence": {OPEN},
    "withdraw_evidence": {OPEN},
    "reuse_evidence": {OPEN},
    "revise_evidence": {OPEN},
    "mark_notes": {OPEN},
    "write_note": {OPEN},
    "submit": {OPEN},
    "accept": {WAITING},
    "send_back": {WAITING},
    "meet_by_plan": {OPEN, WAITING},
}


def attach_evidence(
    *,
    obligation: Obligation,
    upload,
    kind: str,
    by: User,
    at: datetime,
    about: date | None = None,
) -> Evidence:
    """Add a file of a kind, about a day; photos have to be pictures.

    Raises Refused once the obligation was submitted or accepted, for one that a plan meets, for
    a day that is still to come and for a file that is there already; ValidationError for one
    that can't be kept.
    """
    check_move(obligation, "attach_evidence")
    check_uploads_meet(obligation)
    check_about(about, at)
    with stored_for(upload=upload, by=by, at=at, allow=allowed_for(kind)) as stored:
        return keep_evidence(obligation, stored, kind=kind, about=about, by=by, at=at)


@transaction.atomic
def keep_evidence(
    obligation: Obligation, stored: StoredFile, *, kind: str, about: date | None, by, at: datetime
) -> Evidence:
    obligation = locked(obligation, for_move="attach_evidence")
    check_new_file(obligation, stored)
    evidence = Evidence.objects.create(
        obligation=obligation, file=stored, kind=kind, about=about, added_at=at, added_by=by
    )
    change(obligation, "attach_evidence", by=by, at=at, kind=kind, name=stored.name)
    return evidence


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, by: User, at: datetime) -> Evidence:
    """Take a file away; it stays on record. Refused once submitted, or when taken away before."""
    obligation = locked(evidence.obligation, for_move="withdraw_evidence")
    evidence = Evidence.objects.select_related("file").get(pk=evidence.pk)
    check_stands(evidence)
    evidence.withdrawn_at, evidence.withdrawn_by = at, by
    evidence.save()
    change(
        obligation, "withdraw_evidence", by=by, at=at, kind=evidence.kind, name=evidence.file.name
    )
    return evidence


@transaction.atomic
def write_note(
    *, obligation: Obligation, note: str, by, at: datetime, revision: int | None = None
) -> Obligation:
    """Change the note; the old one goes on record. Conflict when `revision` is not the newest."""
    obligation = locked(obligation, for_move="write_note", revision=revision)
    old, obligation.note = obligation.note, note.strip()
    if obligation.note != old:
        change(obligation, "write_note", by=by, at=at, old=old)
    return obligation


@transaction.atomic
def submit(*, obligation: Obligation, by, at: datetime, revision: int | None = None) -> Obligation:
    """Hand it in for review; the company's own is done with that (ruling 15).

    Raises Refused when it waits already, was accepted, is met by a plan, or something that is
    asked for is not there (`obstacles`); Conflict when `revision` is not the newest.
    """
    obligation = locked(obligation, for_move="submit", revision=revision)
    check_uploads_meet(obligation)
    found = obstacles(obligation)
    if found:
        raise Refused(" ".join(map(str, found)), code=found[0].code)
    hand_in(obligation, by=by, at=at)
    if obligation.is_done_when_submitted:
        obligation.accepted_at, obligation.accepted_by = at, obligation.submitted_by
    return change(obligation, "submit", by=by, at=at)


@transaction.atomic
def accept(*, obligation: Obligation, by, at: datetime, revision: int | None = None) -> Obligation:
    """Find it good; who owes it is told. Late stays late (ruling 11).

    Raises Refused unless it waits, and for its author (ruling 15); Conflict when `revision` is
    not the newest.
    """
    obligation = locked(obligation, for_move="accept", revision=revision)
    check_uploads_meet(obligation)
    check_not_author(obligation, by)
    obligation.accepted_at, obligation.accepted_by = at, person(by)
    change(obligation, "accept", by=by, at=at)
    milestone = obligation.milestone
    tell_owners(
        obligation, "accepted", lambda: _("已通过：%(thing)s") % {"thing": milestone.title}, at=at
    )
    return obligation


@transaction.atomic
def send_back(
    *, obligation: Obligation, reason: str, by, at: datetime, revision: int | None = None
) -> Obligation:
    """Return it with a reason, to be corrected and submitted again; who owes it is told.

    Raises Refused unless it waits, without a reason, and for its author; Conflict when
    `revision` is not the newest.
    """
    obligation = locked(obligation, for_move="send_back", revision=revision)
    check_uploads_meet(obligation)
    check_not_author(obligation, by)
    if not reason.strip():
        raise Refused(_("请写明退回的理由。"), code="reason", field="reason")
    take_back(obligation, reason=reason.strip(), by=by, at=at)
    change(obligation, "send_back", by=by, at=at, reason=reason.strip())
    milestone = obligation.milestone
    tell_owners(
        obligation,
        "returned",
        lambda: _("已退回：%(thing)s") % {"thing": milestone.title},
        body=reason.strip(),
        urgent=True,
        at=at,
    )
    return obligation


@transaction.atomic
def hand_in_by_plan(*, obligation: Obligation, by, at: datetime) -> Obligation:
    """The improvement plan was submitted: measured on this day, not on that of its filing."""
    obligation = locked(obligation, for_move="submit")
    hand_in(obligation, by=by, at=at)
    return change(obligation, "submit", by=by, at=at)


@transaction.atomic
def send_back_by_plan(*, obligation: Obligation, reason: str, by, at: datetime) -> Obligation:
    """The improvement plan was sent back; inspections tells the people."""
    obligation = locked(obligation, for_move="send_back")
    take_back(obligation, reason=reason, by=by, at=at)
    return change(obligation, "send_back", by=by, at=at, reason=reason)


@transaction.atomic
def meet_by_plan(*, obligation: Obligation, by, at: datetime) -> Obligation:
    """The improvement plan was filed, which meets its obligation without uploads (ruling 15)."""
    obligation = locked(obligation, for_move="meet_by_plan")
    if not obligation.is_met_by_plan:
        raise Refused(_("这项任务要上传资料。"), code="not_by_plan")
    if obligation.is_open:
        hand_in(obligation, by=by, at=at)
    obligation.accepted_at, obligation.accepted_by = at, person(by)
    return change(obligation, "meet_by_plan", by=by, at=at)


def changes_since(obligation: Obligation, revision: int):
    """What others did after somebody opened the page at this revision, newest first."""
    opened = min(max(revision, 0), obligation.revision)  # no longer than a database's numbers
    return history_of(obligation).filter(detail__revision__gt=opened)


@dataclass(frozen=True)
class Tally:
    """How many obligations there are, and how they stand; `returned` ones are late or open too."""

    total: int = 0
    done: int = 0
    late: int = 0
    waiting: int = 0
    returned: int = 0

    @property
    def open(self) -> int:
        """To be done, and their day has not passed."""
        return self.total - self.done - self.late - self.waiting

    @property
    def unfinished(self) -> int:
        """Neither done nor late: still open, or waiting for a review."""
        return self.open + self.waiting


STANDINGS = ("left", "late", "waiting", "returned")


def tallies(
    obligations: QuerySet, *, at: datetime, totals: Mapping[int, int] | None = None
) -> dict[int, Tally]:
    """The tally of each milestone, by its id; one query.

    In two parts: all are only counted, unless their `totals` are known, and how those stand that
    are not accepted, which are few in the end, is read from an index of their own.
    """
    by_milestone, none = obligations.order_by().values("milestone"), Value(0)
    whole = by_milestone.annotate(
        total=Count("*"), left=none, late=none, waiting=none, returned=none
    )
    unaccepted = by_milestone.filter(accepted_at=None).annotate(
        total=none, **standings(local_day(at))
    )
    found: dict[int, Counter] = defaultdict(Counter)
    for milestone, total in (totals or {}).items():
        found[milestone].update(dict.fromkeys(STANDINGS, 0) | {"total": total})
    for row in whole.union(unaccepted, all=True) if totals is None else unaccepted:
        found[row.pop("milestone")].update(row)
    for counts in found.values():
        counts["done"] = counts["total"] - counts.pop("left")
    return {milestone: Tally(**counts) for milestone, counts in found.items()}


def standings(day) -> dict[str, Count]:
    """Of obligations that are not accepted, how many stand where on this day: STANDINGS."""
    to_do = Q(submitted_at=None)
    return {
        "left": Count("milestone"),
        "late": Count("milestone", filter=to_do & Q(due__lt=day)),
        "waiting": Count("milestone", filter=~to_do),
        "returned": Count("milestone", filter=to_do & Q(returned_at__isnull=False)),
    }


def tally_of(milestone: Milestone, total: int, *, at: datetime) -> Tally:
    """The tally of all of one milestone's obligations, of which there are `total`; one query."""
    about = {"campaign": milestone.campaign_id, "milestone": milestone.pk, "day": local_day(at)}
    left, *others = next(iter(standings_in(**about)), [0] * len(STANDINGS))
    return Tally(total, total - left, *others)


def unaccepted(*, campaign, milestone, day) -> QuerySet[Obligation]:
    # named by the campaign too, as the index has them
    rows = Obligation.objects.filter(campaign__pk=campaign, milestone__pk=milestone)
    rows = rows.filter(accepted_at=None).order_by().values("milestone")
    return rows.annotate(**standings(day)).values_list(*STANDINGS)


standings_in = prepared(
    unaccepted,
    {
        "campaign": Campaign._meta.pk,
        "milestone": Milestone._meta.pk,
        "day": Obligation._meta.get_field("due"),
    },
)


def locked(obligation: Obligation, *, for_move: str, revision: int | None = None) -> Obligation:
    """The obligation as it is now, held until the transaction ends, if the move is allowed."""
    now = Obligation.objects.with_all().select_for_update(of=("self",)).get(pk=obligation.pk)
    if revision is not None and revision != now.revision:
        raise Conflict(_("您打开这一页之后，这项任务有了变化。"), theirs=now)
    check_move(now, for_move)
    return now


def check_move(obligation: Obligation, move: str) -> None:
    stands = ACCEPTED if obligation.accepted_at else OPEN if obligation.is_open else WAITING
    if stands in MOVES[move]:
        return
    words = {
        OPEN: _("还没有提交，不能审核。"),
        WAITING: _("已经提交，正在等待审核。需要修改时，请审核人退回。"),
        ACCEPTED: _("已经通过，不能再改动。"),
    }
    raise Refused(words[stands], code=stands)


def check_uploads_meet(obligation: Obligation) -> None:
    if obligation.is_met_by_plan:
        raise Refused(_("这项任务由已备案的实施方案完成，不用上传资料。"), code="by_plan")


def check_about(about: date | None, at: datetime) -> None:
    if about and about > local_day(at):
        raise Refused(_("资料日期不能晚于今天。"), code="about", field="about")


def allowed_for(kind: str) -> frozenset[str]:
    """Photos have to be pictures; anything else may be any document."""
    return IMAGES if kind == EvidenceKind.PHOTO else DOCUMENTS


def check_new_file(obligation: Obligation, stored: StoredFile) -> None:
    """The same content once in an obligation, whatever its name and kind."""
    same = obligation.evidence.standing().filter(file__sha256=stored.sha256).first()
    if same:
        words = {"name": stored.name, "kind": same.get_kind_display()}
        raise Refused(
            _("“%(name)s”已经上传过，在“%(kind)s”里。要同时算作另一类，请从已有资料中选用。")
            % words,
            code="same_file",
        )


def check_stands(evidence: Evidence) -> None:
    words = {"name": evidence.file.name}
    if evidence.withdrawn_at:
        raise Refused(_("“%(name)s”已经撤下。") % words, code="already")
    if evidence.replaced_by_id:
        raise Refused(_("“%(name)s”已经有更新的版本。") % words, code="replaced")


def check_not_author(obligation: Obligation, by) -> None:
    if isinstance(by, User) and is_author(by, obligation):
        raise Refused(_("自己提交的，要由别人审核。"), code="own_work")


def hand_in(obligation: Obligation, *, by, at: datetime) -> None:
    obligation.submitted_at, obligation.submitted_by = at, person(by)
    obligation.first_submitted_at = obligation.first_submitted_at or at


def take_back(obligation: Obligation, *, reason: str, by, at: datetime) -> None:
    obligation.submitted_at = obligation.submitted_by = None
    obligation.returned_at, obligation.returned_by = at, person(by)
    obligation.return_reason = reason


def person(by) -> User | None:
    return by if isinstance(by, User) else None


def change(
    obligation: Obligation, verb: str, *, by, at: datetime, reason: str = "", **detail
) -> Obligation:
    """Write it with the next revision, and put that on record."""
    before = Obligation.objects.get(pk=obligation.pk).state(at=at).code
    obligation.revision += 1
    obligation.save()
    record(
        on=obligation,
        verb=verb,
        by=by,
        at=at,
        before=before,
        after=obligation.state(at=at).code,
        reason=reason,
        revision=obligation.revision,
        **detail,
    )
    return obligation


def tell_owners(
    obligation: Obligation, what: str, title, *, at: datetime, body: str = "", urgent: bool = False
) -> None:
    tell(
        people=people_owing(obligation),
        campaign=obligation.campaign,
        thing=obligation.thing,
        occurrence=f"{what} {obligation.revision}",
        title=title,
        body=body,
        url=obligation.get_absolute_url(),
        urgent=urgent,
        at=at,
    )
