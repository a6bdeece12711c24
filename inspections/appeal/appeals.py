"""A project contests a deduction inside its window; somebody else than its auditor decides.

The decision is one more event of the sheet's append-only ledger: the decided amount stands in
place of all observations of that deduction, and score and standing follow in the same
transaction. What was observed and submitted stays on record and readable.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.seals import seal
from inspections.appeal.telling import tell_decided, tell_made
from inspections.models import Appeal, Observation, ScoreSheet
from inspections.moves import lock, person
from inspections.sheet.ledger import Ledger, ledger_of, locked_ledger
from inspections.sheet.notes import Note
from inspections.sheet.sheet_photos import kept
from inspections.sheet.sheets import finished
from inspections.words import ObservationKind, Outcome
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.files import DOCUMENTS
from organization.history import record
from organization.models import StoredFile, User
from organization.prepared import prepared
from organization.templatetags.ui import day, moment
from organization.templatetags.ui import points as shown
from scoring.opening import late_appeals_until, require_open_results

VERBS = {
    "appeal": gettext_lazy("提出申诉"),
    "take_back_appeal": gettext_lazy("收回申诉"),
    "decide_appeal": gettext_lazy("决定申诉"),
}
TEXT_LIMIT = 1000
TENTH = Decimal("0.1")


# --- the project's ---------------------------------------------------------------------------


def appeal(
    *, observation: Observation, reason: str, by, at: datetime, files: Iterable = ()
) -> Appeal:
    """Contest the deduction that an observation belongs to, with a reason and evidence.

    `files` are uploads or stored files. The center is told, and the settlement waits. Raises
    Refused when the sheet is no submitted audit sheet, its window is over, results are frozen,
    the observation costs nothing, the deduction was contested before, or (with the field) the
    reason is blank or too long; ValidationError for a file that isn't one. Leaves one record.
    """
    fresh = [each for each in files if not isinstance(each, StoredFile)]
    known = [each for each in files if isinstance(each, StoredFile)]
    with kept(fresh, by=person(by), at=at, allow=DOCUMENTS) as stored, transaction.atomic():
        sheet = observation.sheet
        ledger = locked_ledger(sheet)
        require_window(sheet, at=at)
        require_deduction(ledger, observation)
        made = Appeal.objects.create(
            sheet=sheet,
            item=observation.item,
            requirement=observation.requirement,
            rule=observation.rule,
            stood=cost_now(ledger, observation),
            reason=worded(reason, _("请写明为什么不同意这处扣分。")),
            # whoever decides has a day, also for what comes in the window's last evening
            due=max(last_day(sheet), local_day(at) + timedelta(days=1)),
            made_at=at,
            made_by=person(by),
        )
        made.contested.set(contested_rows(observation))
        made.files.set([*known, *stored])
        seal_appeal(made, at=at)
        keep_score(ledger, at=at)
        points = {"points": str(made.stood)}
        record(on=made, verb="appeal", by=by, at=at, after="open", reason=made.reason, **points)
        tell_made(made, at=at)
    return made


def require_window(sheet: ScoreSheet, *, at: datetime) -> None:
    """Whether deductions of a sheet may be contested now (ruling 14)."""
    require_open_results(sheet.campaign)
    if sheet.is_self_check or not sheet.submitted_at:
        raise Refused(_("检查组提交评分表后才能申诉。"), code="not_submitted")
    if not window_is_open(sheet, at=at) and not is_reopened(sheet, at=at):
        sentence = _("申诉期到 %(day)s 为止，现在不能再申诉。")
        raise Refused(sentence % {"day": day(last_day(sheet))}, code="window")


def window_is_open(sheet: ScoreSheet, *, at: datetime) -> bool:
    if sheet.is_self_check or not sheet.submitted_at:
        return False
    return at < finished(sheet)["objections_until"]


def run_window_from(ledger: Ledger, *, at: datetime) -> None:
    """The time to contest a submitted sheet's deductions begins at `at` (ruling 14): it was signed,
    signing was refused, or a late observation was accepted. Score and settlement follow.
    """
    ledger.sheet.appeal_from = at
    ledger.keep("appeal_from")
    keep_score(ledger, at=at)


def is_reopened(sheet: ScoreSheet, *, at: datetime) -> bool:
    """Whether a correction of the settlement lets deductions be contested beyond their window."""
    until = late_appeals_until(sheet.campaign)
    return bool(sheet.submitted_at and not sheet.is_self_check and until and at < until)


def last_day(sheet: ScoreSheet):
    """The last day of a submitted sheet's window, which ends with that day."""
    return local_day(finished(sheet)["objections_until"] - timedelta(microseconds=1))


def require_contestable(observation: Observation, *, at: datetime) -> None:
    """Refused, as `appeal` would, where a deduction cannot be contested now."""
    require_window(observation.sheet, at=at)
    require_deduction(ledger_of(observation.sheet), observation)


def require_deduction(ledger: Ledger, observation: Observation) -> None:
    event = ledger.events.get(observation.pk)
    if event is None or event not in ledger.folded.standing or not event.is_deduction:
        raise Refused(_("这条记录没有扣分，不用申诉。"), code="no_deduction")
    if standing_appeal(observation):
        raise Refused(_("这处扣分已经申诉过；一处扣分只能申诉一次。"), code="appealed")
    if event.about not in costs(ledger):
        raise Refused(_("这条记录没有计入扣分，不用申诉。"), code="no_deduction")


def standing_appeal(observation: Observation) -> Appeal | None:
    """The one that contests the same deduction, unless it was taken back."""
    for made in in_force_on(sheet=observation.sheet_id):
        if about(made) == about(observation):
            made.sheet = observation.sheet
            return made
    return None


def made_on(*, sheet):
    """What of a sheet was contested, the latest first."""
    return Appeal.objects.in_force().filter(sheet__pk=sheet)


in_force_on = prepared(made_on, {"sheet": ScoreSheet._meta.pk})


def contested_rows(observation: Observation) -> QuerySet[Observation]:
    """Everything that stands of the same deduction, oldest first."""
    same = Observation.objects.filter(sheet=observation.sheet, kind=ObservationKind.MISSING)
    same = same.filter(**about(observation), withdrawal__isnull=True)
    return same.order_by("recorded_at", "pk")


def appeals_of(sheet: ScoreSheet):
    return Appeal.objects.filter(sheet=sheet)


def about(thing: Observation | Note | Appeal) -> dict:
    """What tells a deduction from the others of its sheet."""
    return {"item": thing.item_id, "requirement": thing.requirement_id, "rule": thing.rule_id}


def costs(ledger: Ledger) -> dict[tuple, Decimal]:
    """What each deduction of a sheet costs now, by what it is about (`Event.about`)."""
    lines = ledger.folded.score.lines
    return {(line.item, line.requirement, line.rule): line.points for line in lines}


def key_of(ledger: Ledger, thing: Observation | Appeal) -> tuple:
    """What a deduction is about, as events have it."""
    of = (thing.item_id, thing.requirement_id, thing.rule_id, None, None)
    return ledger.outline.event(None, ObservationKind.MISSING, *of).about


def cost_now(ledger: Ledger, thing: Observation | Appeal) -> Decimal:
    """The points that a deduction costs now; of a lost item what the others leave of it."""
    return costs(ledger)[key_of(ledger, thing)]


@transaction.atomic
def take_back_appeal(*, appeal: Appeal, by, at: datetime, revision: int | None = None) -> Appeal:
    """The project gives up an appeal that nobody has decided; inside the window it may appeal
    again. Raises Conflict when it was decided or taken back meanwhile, Refused when results are
    frozen. Leaves one record.
    """
    ledger = hold(appeal, revision)
    appeal.taken_back_at, appeal.taken_back_by = at, person(by)
    appeal.revision += 1
    appeal.save()
    seal_appeal(appeal, at=at)
    keep_score(ledger, at=at)
    record(on=appeal, verb="take_back_appeal", by=by, at=at, before="open", after="taken_back")
    return appeal


# --- who decides -----------------------------------------------------------------------------


@transaction.atomic
def decide_appeal(
    *,
    appeal: Appeal,
    outcome: str,
    reason: str,
    by,
    at: datetime,
    points: Decimal | None = None,
    revision: int | None = None,
) -> Appeal:
    """Keep, reduce (to `points`, in tenths) or withdraw the contested deduction, with a reason.

    A reduced amount is more than nothing and less than what stands; it may lie below the item's
    range, for it is a decision. The project and the auditors are told. Raises Refused (with the
    field) for what is missing or wrong, when `by` made one of the contested observations or has
    a post in the project, and when results are frozen; Conflict when somebody decided, or the
    project took it back meanwhile. Leaves one record, and one event in the sheet's ledger.
    """
    ledger = hold(appeal, revision)
    require_somebody_else(appeal, by)
    if outcome not in Outcome.values:
        raise Refused(_("请选择怎么决定。"), code="outcome", field="outcome")
    cost = cost_now(ledger, appeal)
    decided = decided_points(ledger, appeal, outcome, points, cost)
    reason = worded(reason, _("请写明理由，项目和检查人都会看到。"))
    appeal.entry = put(ledger, appeal, decided, reason, by=by, at=at)
    appeal.outcome, appeal.decision = outcome, reason
    appeal.points = None if outcome == Outcome.WITHDRAWN else cost_now(ledger, appeal)
    appeal.decided_at, appeal.decided_by = at, person(by)
    appeal.revision += 1
    appeal.save()
    seal_appeal(appeal, at=at)
    keep_score(ledger, at=at)
    ledger.keep_progress()
    figures = {"stood": str(cost), "points": str(appeal.costs)}
    verb = {"verb": "decide_appeal", "before": "open", "after": outcome}
    record(on=appeal, by=by, at=at, reason=reason, **verb, **figures)
    tell_decided(appeal, at=at)
    return appeal


def hold(appeal: Appeal, revision: int | None) -> Ledger:
    """The sheet and the appeal locked; Conflict unless it is open and as the page saw it."""
    sheet = appeal.sheet
    ledger = locked_ledger(sheet)
    lock(appeal)
    appeal.sheet = sheet
    if not appeal.is_open or revision not in (None, appeal.revision):
        raise Conflict(last_word(appeal), theirs=appeal)
    require_open_results(sheet.campaign)
    return ledger


def last_word(appeal: Appeal) -> str:
    """Who did what to it, for the one who came second."""
    if appeal.taken_back_at:
        words = {"who": appeal.taken_back_by or _("系统"), "when": moment(appeal.taken_back_at)}
        return _("%(who)s已在 %(when)s 收回这份申诉。") % words
    if appeal.decided_at is None:
        return _("这份申诉刚被改过，请看过再定。")
    words = {"who": appeal.decided_by or _("系统"), "when": moment(appeal.decided_at)}
    words["outcome"] = appeal.state()
    return _("%(who)s已在 %(when)s 作出决定：%(outcome)s。") % words


def require_somebody_else(appeal: Appeal, by) -> None:
    user = person(by)
    if user and appeal.contested.filter(by=user).exists():
        raise Refused(_("这处扣分是您记的，要由别人来决定。"), code="own")
    if user and appeal.project.pk in user.project_ids:
        raise Refused(_("您在这个项目任职，要由别人来决定。"), code="own_project")


def decided_points(
    ledger: Ledger, appeal: Appeal, outcome: str, points: Decimal | None, cost: Decimal
) -> Decimal | None:
    """The points that go on record; what is kept costs what its dearest observation says."""
    if outcome == Outcome.WITHDRAWN:
        return None
    if outcome == Outcome.KEPT:
        line = next(x for x in ledger.folded.score.lines if x.observation in contested(appeal))
        return ledger.events[line.observation].points
    if points is None or not points.is_finite():
        raise Refused(_("请填写减为扣多少分。"), code="amount", field="points")
    if not 0 < points < cost:
        sentence = _("减少后的扣分要大于 0、小于现在的 %(cost)s 分；填的是 %(given)s 分。")
        words = {"cost": shown(cost), "given": points}
        raise Refused(sentence % words, code="amount", field="points")
    if points % TENTH:
        sentence = _("扣分以 0.1 分为一档；填的是 %(given)s 分。") % {"given": points}
        raise Refused(sentence, code="amount", field="points")
    return points


def contested(appeal: Appeal) -> set[uuid.UUID]:
    return set(appeal.contested.values_list("pk", flat=True))


def worded(text: str, blank: str) -> str:
    """A reason as it is kept; Refused when it is blank or too long."""
    text = text.strip()
    if not text:
        raise Refused(blank, code="blank", field="reason")
    if len(text) > TEXT_LIMIT:
        sentence = _("最多 %(limit)d 个字，请写短一些。") % {"limit": TEXT_LIMIT}
        raise Refused(sentence, code="long", field="reason")
    return text


def put(
    ledger: Ledger, appeal: Appeal, points: Decimal | None, reason: str, *, by, at: datetime
) -> Observation:
    """The decision as an event of the sheet's ledger."""
    entry = Observation(
        id=uuid.uuid4(),
        sheet=appeal.sheet,
        kind=ObservationKind.DECIDED,
        item_id=appeal.item_id,
        requirement_id=appeal.requirement_id,
        rule_id=appeal.rule_id,
        points=points,
        note=reason,
        by=person(by),
        observed_at=at,
        recorded_at=at,
    )
    ledger.append({entry.pk: entry})
    return entry


def seal_appeal(appeal: Appeal, *, at: datetime) -> None:
    """As it stands now; before the score, for whoever holds a standing waits for no seal."""
    seal(appeal.sheet.campaign, "appeal", about=str(appeal.pk), at=at)


def keep_score(ledger: Ledger, *, at: datetime) -> None:
    """Bring the project's score and standing up to date, with what is still to be decided."""
    still_open = appeals_of(ledger.sheet).undecided().count()
    ledger.record_score(at=at, open_objections=still_open, **finished(ledger.sheet))


# --- lent to the rooms below (inspections.apps) ----------------------------------------------


def may_see_file(user: User, file: StoredFile) -> bool:
    """The evidence of an appeal is seen by whoever sees the appeal: the company and the project."""
    return Appeal.objects.visible_to(user).filter(files=file).exists()
