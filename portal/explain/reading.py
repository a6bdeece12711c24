"""Everything that made one project's score, joined: records, the engine's figures, amounts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import Appeal, ScoreSheet
from inspections.sheet.folding import Event, Folded
from inspections.sheet.ledger import Ledger, ledger_of
from inspections.sheet.notes import Note, read_notes
from inspections.sheet.result_page import ResultPage
from inspections.sheet.sheet_photos import photos_on
from inspections.sheet.terms import level_of
from inspections.words import ObservationKind
from organization.models import Project, User
from organization.prepared import prepared
from organization.templatetags.ui import points, score
from portal.explain.amounts import Amounts, amounts_for
from portal.explain.steps import SheetStep, Sight, sheet_step
from portal.explain.weighing import CompositeStep, WeightStep
from scoring import engine
from scoring.breakdown import Share, Stored
from scoring.models import Score, ScoreLine
from scoring.models.results import ScoreKind


@dataclass(frozen=True)
class WeightRow:
    """A rubric's line among the weights: the engine's step, the campaign's weight, its sheet.

    `sheet` is None where there is none, or where the reader knows nothing of an unfinished one.
    """

    step: WeightStep
    share: Share
    sheet: ScoreSheet | None


@dataclass(frozen=True)
class Difference:
    """A stored figure that the records don't give any more."""

    what: str
    name: str
    stored: str
    computed: str

    def __str__(self):
        words = {"name": self.name, "stored": self.stored, "computed": self.computed}
        return _("%(name)s：成绩里存的是 %(stored)s，按记录重算是 %(computed)s") % words


class Explanation:
    """One project's score explained to one reader; without a reader everything is told.

    Of sheets only the finished ones are told: they are all that counts, and what an unfinished
    one holds is hidden from its project. A fixed number of queries for as many rubrics.
    """

    def __init__(
        self, campaign: Campaign, project: Project, *, at: datetime, reader: User | None = None
    ):
        self.campaign, self.project, self.reader, self.at = campaign, project, reader, at
        self.result = ResultPage(campaign, project, reader)

    # --- what was seen --------------------------------------------------------------------

    @cached_property
    def audits(self) -> list[ScoreSheet]:
        sheets = audits_of(campaign=self.campaign.pk, project=self.project.pk)
        for sheet in sheets:
            sheet.campaign, sheet.project = self.campaign, self.project
            if sheet.rubric.campaign_id == self.campaign.pk:
                sheet.rubric.campaign = self.campaign
        return sheets

    @cached_property
    def finished(self) -> dict[int, ScoreSheet]:
        """The finished sheets, by their key."""
        return {sheet.pk: sheet for sheet in self.audits if sheet.submitted_at}

    @cached_property
    def notes(self) -> dict[UUID, Note]:
        """All of the finished sheets, whose ledgers are read with them."""
        sheets = self.finished.values()
        return read_notes(sheets, allow_extra=any(sheet.allows_extra for sheet in sheets))

    @cached_property
    def ledgers(self) -> dict[int, Ledger]:
        """Of the finished sheets, by their key."""
        _read = self.notes
        return {pk: ledger_of(sheet) for pk, sheet in self.finished.items()}

    @cached_property
    def rows(self) -> dict[UUID, Note]:
        """What took points or marked an item, as it was recorded; withdrawn ones know by what."""
        rows, appeals, photos = self.notes, self.appeals, photos_on(self.finished.values())
        for row in rows.values():
            outline = self.ledgers[row.sheet_id].outline
            row.requirement = outline.requirements.get(row.requirement_id)
            row.rule = outline.rules.get(row.rule_id)
            row.level = level_of(outline.lines[row.item_id], row.points, row.rule)
            row.appeal = appeals.get(about_of(row))
            row.pictures = photos.get(row.pk, [])
            if row.withdraws_id in rows:
                rows[row.withdraws_id].withdrawn = row
        return rows

    @cached_property
    def appeals(self) -> dict[tuple, Appeal]:
        """Those that were not taken back, by what they are about."""
        found = appeals_of(sheets=[*self.ledgers])
        sheets = {sheet.pk: sheet for sheet in self.audits}
        appeals = {about_of(appeal): appeal for appeal in found}
        for appeal in appeals.values():
            appeal.sheet = sheets[appeal.sheet_id]
        return appeals

    @cached_property
    def sheets(self) -> list[SheetStep]:
        return [self.step_of(sheet, self.ledgers[pk]) for pk, sheet in self.finished.items()]

    def step_of(self, sheet: ScoreSheet, ledger: Ledger) -> SheetStep:
        folded, told = ledger.folded, (ObservationKind.MISSING, ObservationKind.DECIDED)
        sights = [
            self.sight_of(event, folded) for event in ledger.events.values() if event.kind in told
        ]
        marks = {
            event.item: self.rows[event.id]
            for event in ledger.events.values()
            if event.kind == ObservationKind.NOT_APPLICABLE and event in folded.standing
        }
        return sheet_step(ledger.outline.parts, folded.score, sights, marks=marks, sheet=sheet)

    def sight_of(self, event: Event, folded: Folded) -> Sight:
        seen = engine.Seen(
            event.item, event.requirement, event.points or Decimal(0), event.id,
            kind=event.effect, rule=event.rule,
        )  # fmt: skip
        decided = folded.decided.get(event.about)
        return Sight(
            seen,
            stands=event in folded.standing,
            row=self.rows[event.id],
            decides=event.kind == ObservationKind.DECIDED,
            replaced=decided is not None and decided.id != event.id,
        )

    # --- composite, band, amounts ---------------------------------------------------------

    @cached_property
    def composite(self) -> CompositeStep:
        breakdown = self.result.breakdown
        return CompositeStep(list(breakdown.parts.values()), breakdown.composite)

    @cached_property
    def weights(self) -> list[WeightRow]:
        shares = {share.weight.specialty.code: share for share in self.result.breakdown.shares}
        sheets = {s.specialty.code: s for s in self.audits if s.submitted_at or self.sees_all}
        return [
            WeightRow(step, shares[step.part.code], sheets.get(step.part.code))
            for step in self.composite.weights
        ]

    @property
    def sees_all(self) -> bool:
        return self.reader is None or self.reader.sees_company

    @cached_property
    def amounts(self) -> Amounts | None:
        band = self.result.band.code if self.result.band else ""
        return amounts_for(
            self.campaign, self.project, self.result.standing, band, reader=self.reader, at=self.at
        )

    # --- whether records and results agree --------------------------------------------------

    @cached_property
    def differences(self) -> list[Difference]:
        """Where what is stored is not what the records give."""
        return [*self.of_sheets(), *self.of_composite()]

    def of_sheets(self) -> Iterable[Difference]:
        about = {"campaign": self.campaign.pk, "project": self.project.pk}
        stored = self.stored()
        lines = defaultdict(set)
        for key, observation, taken in lines_of(**about):
            lines[key].add((observation, taken))
        for step in self.sheets:
            specialty = step.sheet.specialty
            kept = stored.get(specialty.code)
            was = figures_of(kept) if kept else "—"
            if was != (now := figures_of(step.score)):
                yield Difference(f"sheet:{specialty.code}", str(specialty), was, now)
            own = {(line.observation, line.points) for line in step.score.lines}
            if lines[step.sheet.specialty_id] != own:
                before, after = lines[step.sheet.specialty_id], own
                words = _("%(specialty)s的扣分") % {"specialty": specialty}
                sums = [points(sum((p for _id, p in each), Decimal(0))) for each in (before, after)]
                yield Difference(f"lines:{specialty.code}", words, *sums)

    def stored(self) -> dict[str, Stored | Score]:
        """The scores by the code of the specialty, also of one that the campaign doesn't weigh."""
        weighed = self.result.breakdown.stored
        if all(sheet.specialty.code in weighed for sheet in self.finished.values()):
            return weighed
        found = scores_of(campaign=self.campaign.pk, project=self.project.pk)
        return {score.specialty.code: score for score in found}

    def of_composite(self) -> Iterable[Difference]:
        standing, made = self.result.standing, self.composite.composite
        if standing.composite != made.value:
            figures = score(standing.composite), score(made.value)
            yield Difference("composite", _("综合得分"), *figures)


def audited(*, campaign, project):
    found = ScoreSheet.objects.audits().filter(campaign__pk=campaign, project__pk=project)
    found = found.annotate(allows_extra=F("campaign__results__extra_allowed"))
    return found.select_related("specialty", "rubric").order_by("specialty__order")


def in_force(*, sheets):
    return Appeal.objects.in_force().filter(sheet__pk__in=sheets)


def every_score(*, campaign, project):
    found = Score.objects.audits().filter(campaign__pk=campaign, project__pk=project)
    return found.select_related("specialty")


def taken(*, campaign, project):
    about = {"score__campaign__pk": campaign, "score__project__pk": project}
    lines = ScoreLine.objects.filter(**about, score__kind=ScoreKind.AUDIT).order_by()
    return lines.values_list("score__specialty", "observation", "points")


PLACE = {"campaign": Campaign._meta.pk, "project": Project._meta.pk}
audits_of, lines_of = prepared(audited, PLACE), prepared(taken, PLACE)
scores_of = prepared(every_score, PLACE)
appeals_of = prepared(in_force, {"sheets": ScoreSheet._meta.pk})


def about_of(found: Note | Appeal) -> tuple:
    """The sheet and what of it: several records of the same thing are one deduction."""
    return found.sheet_id, found.item_id, found.requirement_id, found.rule_id


def figures_of(found: Stored | Score | engine.SheetScore) -> str:
    """A sheet's points, stored or computed: 90.5 / 100."""
    return f"{points(found.kept)} / {points(found.possible)}"
