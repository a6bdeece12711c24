"""What customers complain of becomes an observation on the project's sheet, by its one door."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.seals import seal
from inspections.audit_visit.observing import observe_on
from inspections.callback.sampling import require_calls
from inspections.callback.words import LOW, CallOutcome
from inspections.models import Call, CallbackQuestion, Callee, Observation, ScoreSheet
from inspections.sheet.outline import Line, outline
from organization.errors import Refused
from organization.history import record
from organization.models import User
from scoring import engine
from scoring.models import Requirement

COMPLAINT = "complaint"


@dataclass(frozen=True)
class Matter:
    """A complaint (without `grade`) or a low answer; `question` names the requirement, if any."""

    callee: Callee
    code: str
    text: str
    question: CallbackQuestion | None

    @property
    def id(self) -> uuid.UUID:
        """The observation's: it comes on the sheet but once, also after a correction."""
        return uuid.uuid5(self.callee.key, self.code)

    @property
    def is_tied(self) -> bool:
        return bool(self.question and self.question.specialty_id)

    @property
    def note(self) -> str:
        return f"{self.callee} {self.text}"


@dataclass(frozen=True)
class Place:
    """A requirement on a sheet that somebody may fill, and what missing it costs at least."""

    sheet: ScoreSheet
    line: Line
    requirement: Requirement

    @property
    def least(self) -> Decimal | None:
        """None where the rule leaves no choice."""
        return least_of(self.line.price)

    @property
    def most(self) -> Decimal | None:
        price = self.line.price
        return (max(price.levels, default=None) or price.maximum) if self.least else None


def least_of(price: engine.Rule | None) -> Decimal | None:
    if price is None or price.kind == engine.Kind.LOSE_ITEM:
        return None
    if price.kind == engine.Kind.LEVELS:
        return min(price.levels)
    return None if price.minimum == price.maximum else price.minimum


def matters_of(callee: Callee, call: Call | None) -> list[Matter]:
    """What of a call may go on the sheet: the complaint first, then low answers that are tied."""
    if call is None or call.outcome != CallOutcome.ANSWERED:
        return []
    return list(matters(callee, call))


def matters(callee: Callee, call: Call) -> Iterator[Matter]:
    if call.complaint:
        text = _("投诉：%(text)s") % {"text": call.complaint}
        yield Matter(callee, COMPLAINT, text, call.about)
    low = call.answers.filter(grade__in=LOW, question__specialty__isnull=False)
    for answer in low.select_related("question__specialty").order_by("question__order"):
        words = {"question": answer.question.text, "grade": answer.get_grade_display()}
        text = _("对“%(question)s”的回答是“%(grade)s”") % words
        yield Matter(callee, str(answer.question_id), text, answer.question)


def open_sheets(callee: Callee, user: User) -> list[ScoreSheet]:
    """The project's audit sheets that are not handed in and that somebody may fill."""
    visit = callee.sample.visit
    found = ScoreSheet.objects.audits().unfinished()
    found = found.filter(campaign=visit.campaign, project=visit.project)
    related = found.select_related("campaign", "project", "specialty", "rubric")
    ordered = related.order_by("specialty__order")
    return [sheet for sheet in ordered if user.has_perm("inspections.fill_sheet", sheet)]


def place_of(matter: Matter, sheets: list[ScoreSheet]) -> Place | None:
    """Where a matter that is tied to a requirement belongs, whichever version the sheet has."""
    question = matter.question
    if not matter.is_tied:
        return None
    for sheet in sheets:
        line = outline(sheet.rubric_id).by_code.get(question.item)
        if sheet.specialty_id == question.specialty_id and line:
            found = (each for each in line.requirements if each.number == question.line)
            return next((Place(sheet, line, each) for each in found), None)
    return None


def place_named(key: int, sheets: list[ScoreSheet]) -> Place | None:
    """The requirement with this key, on one of these sheets."""
    for sheet in sheets:
        held = outline(sheet.rubric_id)
        if requirement := held.requirements.get(key):
            return Place(sheet, held.lines[requirement.item_id], requirement)
    return None


@transaction.atomic
def put_on_sheet(
    *, matter: Matter, place: Place | None, points: Decimal | None, by: User, at: datetime
) -> Observation:
    """Record that the requirement is missing, by call-back; the note has the pseudonym only.

    `points` within the rule's range, None for the least. A matter that is on record stays as it
    is. Refused without a place, after the visit, and for what the sheet refuses.
    """
    visit = matter.callee.sample.visit
    require_calls(visit, by)
    if known := Observation.objects.filter(pk=matter.id).first():
        return known
    if place is None:
        raise Refused(_("选一条检查内容；它的评分表要先由您开始。"), code="place", field="place")
    row = observe_on(
        visit=visit, specialty=place.sheet.specialty,
        about=(place.line.item.code, place.requirement.number),
        points=place.least if points is None else points,
        note=matter.note, id=matter.id, by=by, at=at,
    )  # fmt: skip
    record(on=visit, verb="put_on_sheet", by=by, at=at, place=matter.callee.place, item=row.item_id)
    seal(visit.campaign, "callbacks", about=str(visit.pk), at=at)
    return row
