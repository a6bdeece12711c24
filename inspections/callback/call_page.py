"""What an auditor sees while calling: whose turn it is, and what came of each customer."""

from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.callback.complaints import Matter, Place, matters_of, open_sheets, place_of
from inspections.callback.words import CallOutcome
from inspections.models import AuditVisit, Call, CallbackSample, Callee, Observation
from inspections.sheet.outline import Line, outline
from organization.models import User
from organization.states import State

WAITING = State("not_called", gettext_lazy("还没打"), "circle-dashed")
AGAIN = State("call_again", gettext_lazy("再打"), "clock", "warn")
LOST = State("not_reached", gettext_lazy("打不通"), "ban")
ANSWERED = State("answered", gettext_lazy("已回答"), "circle-check", "ok")
DECLINED = State("refused", gettext_lazy("不愿回答"), "ban")


def state_of(callee: Callee) -> State:
    outcomes = [call.outcome for call in callee.standing]
    if CallOutcome.ANSWERED in outcomes:
        return ANSWERED
    if CallOutcome.REFUSED in outcomes:
        return DECLINED
    if len(outcomes) >= callee.sample.tries:
        return LOST
    return AGAIN if outcomes else WAITING


def callees_of(sample: CallbackSample) -> list[Callee]:
    """In the order of the draw, each with its calls that stand, state and masked customer."""
    standing = Prefetch("calls", Call.objects.standing(), to_attr="standing")
    found = sample.callees.select_related("customer").prefetch_related(standing)
    rows = list(found.order_by("place"))
    for row in rows:
        row.sample = sample
        row.state = state_of(row)
        row.is_open = row.state in (WAITING, AGAIN)
    return rows


class CallPage:
    """One call-back visit for one of its auditors."""

    def __init__(self, visit: AuditVisit):
        self.visit = visit
        found = CallbackSample.objects.filter(visit=visit).select_related("questionnaire")
        self.sample = found.first()
        if self.sample:
            self.sample.visit = visit

    @cached_property
    def callees(self) -> list[Callee]:
        return callees_of(self.sample) if self.sample else []

    @property
    def next(self) -> Callee | None:
        """First whom nobody called yet, then who is to be called again."""
        waiting = [each for each in self.callees if each.state == WAITING]
        again = [each for each in self.callees if each.state == AGAIN]
        return next(iter(waiting + again), None)

    @property
    def is_open(self) -> bool:
        visit = self.visit
        return bool(visit.started_at) and not (visit.finished_at or visit.withdrawn_at)

    @property
    def answer(self) -> str:
        if not self.sample:
            return _("先抽取客户，再打电话")
        done = sum(1 for each in self.callees if each.state == ANSWERED)
        left = sum(1 for each in self.callees if each.is_open)
        return _("%(done)d 位已回答，%(left)d 位还要打") % {"done": done, "left": left}

    @property
    def is_short(self) -> bool:
        """Whether the list ended before as many were drawn as the campaign wants."""
        return bool(self.sample) and len(self.sample.order) < self.sample.size


class CalleePage:
    """One customer of a visit: tries so far, and what of an answer may go on the sheet."""

    def __init__(self, callee: Callee, reader: User, at: datetime):
        self.callee, self.reader, self.at = callee, reader, at
        self.visit = callee.sample.visit
        related = callee.calls.select_related("by", "correction", "about__specialty")
        self.calls = list(related.prefetch_related("answers__question"))
        corrected = {call.corrects_id for call in self.calls}
        callee.standing = [call for call in self.calls if call.pk not in corrected]

    @property
    def state(self) -> State:
        return state_of(self.callee)

    @property
    def is_open(self) -> bool:
        return self.state in (WAITING, AGAIN)

    @property
    def answered(self) -> Call | None:
        calls = (c for c in self.callee.standing if c.outcome == CallOutcome.ANSWERED)
        return next(calls, None)

    @cached_property
    def sheets(self) -> list:
        return open_sheets(self.callee, self.reader)

    @cached_property
    def matters(self) -> list[tuple[Matter, Place | None, Observation | None]]:
        """Each with the place that its question names, and what is on record of it."""
        found = matters_of(self.callee, self.answered)
        ids = [matter.id for matter in found]
        rows = Observation.objects.filter(pk__in=ids).select_related("sheet__campaign", "item")
        known = {row.pk: row for row in rows}
        return [(m, place_of(m, self.sheets), known.get(m.id)) for m in found]

    @property
    def lines(self) -> list[Line]:
        """The items of the sheets that the auditor fills, for a complaint without a question."""
        outlines = (outline(sheet.rubric_id) for sheet in self.sheets)
        return [line for each in outlines for line in each.lines.values() if line.price]
