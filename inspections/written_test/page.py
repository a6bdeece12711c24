"""A written test as its visit's page shows it: the exam, how the project did, what it may cost."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property

from inspections.audit_visit.observing import About, about_of, sheet_of
from inspections.exam.rates import Hardness, Rate, hardness
from inspections.models import (
    AuditVisit,
    Exam,
    Observation,
    ScoreSheet,
    Seat,
    VisitObservation,
    WrittenTest,
)
from inspections.permissions import leads
from inspections.sheet.outline import Outline, outline
from inspections.written_test.ending import needs_reason
from inspections.written_test.linking import exams_for, rate_of
from organization.models import User
from organization.states import State
from scoring.models import Rubric

HARDEST = 5
# What a requirement speaks of that an exam tells most about; the first one is proposed.
TELLING = ("考核", "应知应会", "抽问", "效果", "培训", "持证")


class TestPage:
    """One visit by written test for one reader; as many queries however many people sat it.

    A project's people see results once they are published; who failed only those who lead it,
    and each person of themselves.
    """

    __test__ = False  # no test of ours

    def __init__(self, visit: AuditVisit, reader: User, at: datetime):
        self.visit, self.reader, self.at = visit, reader, at
        is_going = bool(visit.started_at and not visit.finished_at and not visit.withdrawn_at)
        self.may_go = is_going and reader.has_perm("inspections.carry_out_visit", visit)
        self.names = reader.sees_company or leads(reader, visit.project_id)

    @cached_property
    def test(self) -> WrittenTest | None:
        found = WrittenTest.objects.filter(visit=self.visit)
        held = found.select_related("exam__specialty").first()
        if held:
            held.visit, held.exam.campaign = self.visit, self.visit.campaign
        return held

    @property
    def exam(self) -> Exam | None:
        return self.test and self.test.exam

    @cached_property
    def exams(self) -> list[Exam]:
        """What may be chosen, until something was taken from the results."""
        return list(exams_for(self.visit)) if self.may_go and not self.seen else []

    @cached_property
    def needs_reason(self) -> bool:
        return needs_reason(self.visit, at=self.at)

    @cached_property
    def is_over(self) -> bool:
        return bool(self.exam) and self.exam.is_over(at=self.at)

    @property
    def is_shown(self) -> bool:
        """Whether the reader may know how people did."""
        return self.is_over and bool(self.reader.sees_company or self.exam.published_at)

    @cached_property
    def rate(self) -> Rate:
        return rate_of(self.test, at=self.at)

    @cached_property
    def wanting(self) -> list[tuple[Seat, State]]:
        """Who failed or did not come, as far as the reader may know."""
        seats = self.exam.seats.filter(project=self.visit.project).with_result(at=self.at)
        if not self.names:
            seats = seats.filter(person=self.reader)
        states = ((each, each.state(each.result, exam=self.exam, is_over=True)) for each in seats)
        return [(each, state) for each, state in states if state.code in ("failed", "absent")]

    @cached_property
    def hardest(self) -> list[Hardness]:
        """What the project's people missed most; of an exam that is held here."""
        if not (self.exam.is_online and self.names):
            return []
        found = hardness(self.exam, at=self.at, project=self.visit.project)
        return [each for each in found if each.right < each.asked][:HARDEST]

    # --- what it may cost ---------------------------------------------------------------------

    @cached_property
    def seen(self) -> list[Observation]:
        """What was taken for the results, withdrawn or not."""
        rows = VisitObservation.objects.filter(visit=self.visit)
        rows = rows.filter(observation__sheet__in=ScoreSheet.objects.visible_to(self.reader))
        related = ("observation__withdrawal", "observation__item", "observation__sheet__campaign")
        return [each.observation for each in rows.select_related(*related)]

    @cached_property
    def abouts(self) -> list[About]:
        """The requirements that points may be taken for, where not everybody passed."""
        may = self.may_go and self.is_over and self.rate.passed < self.rate.decided
        if not may or not self.reader.has_perm("inspections.open_sheet", self.exam.specialty):
            return []
        rubric = self.rubric
        if rubric is None:
            return []
        found = (
            about_of(rubric, line.item.code, each.number)
            for line in rubric.lines.values()
            for each in line.requirements
        )
        return [each for each in found if each]

    @property
    def rubric(self) -> Outline | None:
        """That of the project's sheet, else the one in force; None once the sheet is submitted."""
        if sheet := sheet_of(self.visit, self.exam.specialty):
            return None if sheet.submitted_at else outline(sheet.rubric_id)
        found = Rubric.objects.current().filter(campaign=self.visit.campaign)
        held = found.filter(specialty=self.exam.specialty).first()
        return held and outline(held.pk)

    @cached_property
    def proposed(self) -> About | None:
        """The requirement that the results tell most about, by its words, else by its item's."""
        words = [(each, str(each.requirement.text_zh_hans)) for each in self.abouts]
        words += [(each, str(each.line.item.name_zh_hans)) for each in self.abouts]
        telling = (each for word in TELLING for each, text in words if word in text)
        return next(telling, next(iter(self.abouts), None))

    def amount(self, about: About) -> Decimal:
        """The share of people who did not pass, of the way from the least to the most."""
        return about.amount(1 - (self.rate.percent or Decimal(0)) / 100)
