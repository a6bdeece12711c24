"""A project's self-check as its page shows it: specialty by specialty, and what the plan has."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from campaign.models import Campaign, Participation
from inspections.models import Finding, Observation, ScoreSheet
from inspections.words import ObservationKind
from organization import states
from organization.models import Project, Specialty, User
from organization.states import State
from scoring import engine
from scoring.models import Rubric
from scoring.models.results import ScoreKind


@dataclass(frozen=True)
class Line:
    """One specialty of a project; `missing` are the things found missing, `taken` those of them
    that stand in the plan.
    """

    specialty: Specialty
    rubric: Rubric | None
    sheet: ScoreSheet | None
    lacks: bool
    may_fill: bool
    missing: int = 0
    taken: int = 0

    @property
    def state(self) -> State:
        if self.lacks:
            return states.NOT_APPLICABLE
        return self.sheet.state() if self.sheet else states.NOT_STARTED

    @property
    def percent(self) -> Decimal | None:
        sheet = self.sheet
        return engine.SheetScore(sheet.kept, sheet.possible).shown if sheet else None

    @property
    def counts(self) -> bool:
        """Whether a self-check is expected of it."""
        return bool(self.rubric) and not self.lacks

    @property
    def is_done(self) -> bool:
        return bool(self.sheet and self.sheet.submitted_at)

    @property
    def may_open(self) -> bool:
        return self.counts and self.may_fill and self.sheet is None


class SelfCheckPage:
    """One project's self-check for one reader, in a fixed number of queries."""

    def __init__(self, campaign: Campaign, project: Project, reader: User):
        self.campaign, self.project, self.reader = campaign, project, reader

    @cached_property
    def lines(self) -> list[Line]:
        part = Participation.objects.get(campaign=self.campaign, project=self.project)
        lacking = set(part.lacks.values_list("pk", flat=True))
        missing, taken = self.findings
        return [
            Line(
                specialty,
                self.rubrics.get(specialty.pk),
                self.sheets.get(specialty.pk),
                specialty.pk in lacking,
                self.may_fill(specialty),
                missing[specialty.pk],
                taken[specialty.pk],
            )
            for specialty in self.specialties
        ]

    @cached_property
    def specialties(self) -> list[Specialty]:
        """Those that weigh in the campaign, and any other with a rubric."""
        weighing = Specialty.objects.filter(weight__campaign=self.campaign)
        found = {each.pk: each for each in weighing}
        found |= {rubric.specialty_id: rubric.specialty for rubric in self.rubrics.values()}
        return sorted(found.values(), key=lambda each: (each.order, each.code))

    @cached_property
    def rubrics(self) -> dict[int, Rubric]:
        found = Rubric.objects.current().filter(campaign=self.campaign)
        return {rubric.specialty_id: rubric for rubric in found.select_related("specialty")}

    @cached_property
    def sheets(self) -> dict[int, ScoreSheet]:
        found = ScoreSheet.objects.self_checks().filter(campaign=self.campaign)
        sheets = {sheet.specialty_id: sheet for sheet in found.filter(project=self.project)}
        for sheet in sheets.values():
            sheet.campaign, sheet.project = self.campaign, self.project
        return sheets

    def may_fill(self, specialty: Specialty) -> bool:
        asked = ScoreSheet(
            campaign=self.campaign, project=self.project, specialty=specialty, kind=ScoreKind.SELF
        )
        return self.reader.has_perm("inspections.fill_sheet", asked)

    @cached_property
    def findings(self) -> tuple[Counter, Counter]:
        """By specialty how many things are missing, and how many of them are in the plan."""
        specialty_of = {sheet.pk: pk for pk, sheet in self.sheets.items()}
        rows = Observation.objects.filter(sheet__in=specialty_of, kind=ObservationKind.MISSING)
        facts = list(rows.order_by().values_list("pk", "sheet", "item", "requirement", "rule"))
        gone = set(
            Observation.objects.filter(sheet__in=specialty_of, withdraws__isnull=False)
            .order_by()
            .values_list("withdraws", flat=True)
        )
        lines = Finding.objects.filter(campaign=self.campaign, project=self.project)
        lines = lines.filter(observation__isnull=False, withdrawn_at__isnull=True)
        lines = lines.exclude(draft_of__discarded_at__isnull=False)
        planned = set(lines.order_by().values_list("observation", flat=True))
        missing = {tuple(about) for pk, *about in facts if pk not in gone}
        taken = {tuple(about) for pk, *about in facts if pk in planned} & missing
        return tuple(
            Counter(specialty_of[sheet] for sheet, *_about in each) for each in (missing, taken)
        )

    # --- the answer -------------------------------------------------------------------------

    @property
    def expected(self) -> list[Line]:
        return [line for line in self.lines if line.counts]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.expected)

    @property
    def next_line(self) -> Line | None:
        """What to go on with: first what was begun, then what the reader may begin."""
        mine = [x for x in self.expected if x.may_fill and not x.is_done]
        return next((x for x in mine if x.sheet), next(iter(mine), None))

    @property
    def answer(self) -> str:
        words = {"project": self.project, "done": self.done, "all": len(self.expected)}
        if self.expected and self.done == len(self.expected):
            return _("%(project)s：自查已完成") % words
        return _("%(project)s：自查已提交 %(done)d / %(all)d 个专业") % words
