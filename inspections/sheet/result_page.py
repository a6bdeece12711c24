"""A project's result as its page shows it: composite and band, rubrics, every deduction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.appeal.marks import Mark, Marks
from inspections.models import Observation, ScoreSheet
from inspections.self_check.honesty import SpecialtyGap, honesty_gap
from inspections.sheet.cards import Card
from inspections.sheet.notes import read_notes
from inspections.sheet.reading import read_events
from inspections.sheet.sheet_page import SheetPage
from inspections.sheet.sheet_photos import photos_on
from inspections.sheet.terms import level_of
from organization.models import Project, User
from organization.prepared import prepared
from scoring import engine
from scoring.bands import Banding, BandMark
from scoring.breakdown import Breakdown, Share
from scoring.league_board import place_in
from scoring.models import DeductionRule, Requirement, Standing

DEAREST = 5
AXIS_END = 100


@dataclass(frozen=True)
class Costly:
    """A deduction that counts, for the list of what cost most: `noted` by this observation, whose
    `note` is known only where the item as a whole is meant.
    """

    page: SheetPage
    card: Card
    about: Requirement | DeductionRule | None
    noted: UUID
    points: Decimal
    mark: Mark | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """What was found, by the requirement or the rule; else as the auditor noted it."""
        return self.about.text if self.about else self.note


@dataclass(frozen=True)
class Stretch:
    """A band on the number line; positions in percent of its width."""

    mark: BandMark
    start: str
    width: str
    middle: str


class NumberLine:
    """Where the composite stands among the bands, to scale."""

    def __init__(self, banding: Banding, composite: Decimal):
        self.composite = composite
        self.first = min(70, int(composite // 10) * 10)
        self.stretches = [self.stretch(mark) for mark in banding if self.end(mark) > self.first]
        self.pin = self.at(composite)

    def end(self, mark: BandMark) -> Decimal:
        return Decimal(AXIS_END) if mark.high is None else mark.high

    def at(self, points: Decimal) -> str:
        share = (max(Decimal(points), Decimal(self.first)) - self.first) / (AXIS_END - self.first)
        return f"{share * 100:.2f}%"

    def stretch(self, mark: BandMark) -> Stretch:
        low, high = max(mark.low, Decimal(self.first)), self.end(mark)
        width = (high - low) / (AXIS_END - self.first) * 100
        return Stretch(mark, self.at(low), f"{width:.2f}%", self.at((low + high) / 2))

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """Where one band ends and the next begins."""
        return [(self.at(each.mark.low), f"{each.mark.low.normalize():f}")
                for each in self.stretches if each.mark.low > self.first]  # fmt: skip

    @property
    def anchor(self) -> str:
        """Keeps the figure inside the picture at either end."""
        share = float(self.pin.rstrip("%"))
        return "start" if share < 12 else "end" if share > 88 else "middle"


class ResultPage:
    """One project's result for one reader, who sees unfinished sheets only in the company.

    Without a moment (`at`) it says nothing of appeals.
    """

    def __init__(self, campaign: Campaign, project: Project, reader, at: datetime | None = None):
        self.campaign, self.project, self.reader, self.at = campaign, project, reader, at
        found = standing_of(campaign=campaign.pk, project=project.pk)
        self.standing = next(iter(found), None) or Standing(campaign=campaign, project=project)
        self.standing.campaign, self.standing.project = campaign, project
        self.banding = Banding(campaign)
        self.breakdown = Breakdown(self.standing)

    @property
    def composite(self) -> Decimal | None:
        return self.standing.composite

    @property
    def is_final(self) -> bool:
        return self.composite is not None and not self.standing.provisional

    @cached_property
    def band(self) -> BandMark | None:
        return self.banding.of(self.composite, self.capped) if self.is_final else None

    @property
    def capped(self) -> bool:
        """Whether a missing critical requirement lowers the band that the composite gives."""
        if not (self.is_final and self.standing.capped):
            return False
        return self.banding.of(self.composite) in self.banding.above_the_cap

    @property
    def whole(self) -> int:
        """The whole points that the band goes by (ruling 1)."""
        return engine.rounded(self.composite, self.campaign.rounding)

    @cached_property
    def rank(self) -> int | None:
        return place_in(self.campaign, self.composite) if self.is_final else None

    @property
    def next_band(self) -> tuple[BandMark, Decimal] | None:
        """The band above, and how many points of the composite are missing to it.

        None for one that no points lead to, because a critical requirement is missing (ruling 4).
        """
        above = [mark for mark in self.banding if self.is_final and mark.low > self.composite]
        if self.standing.capped:
            above = [mark for mark in above if mark not in self.banding.above_the_cap]
        return (above[0], above[0].low - self.composite) if above else None

    @cached_property
    def line(self) -> NumberLine | None:
        return NumberLine(self.banding, self.composite) if self.is_final else None

    @property
    def answer(self) -> str:
        """The page in one sentence."""
        words = {"project": self.project, "composite": self.composite, "missing": self.missing}
        if self.composite is None:
            return _("%(project)s：还没有评完的评分表") % words
        if not self.is_final:
            return _("%(project)s：暂列 %(composite)s 分，%(missing)s未评完") % words
        if self.band is None:
            return _("%(project)s：%(composite)s 分") % words
        words |= {"whole": self.whole, "band": self.band}
        if self.capped:
            return _("%(project)s：%(composite)s 分，关键项缺失，等级封顶为%(band)s") % words
        if self.campaign.rounding == engine.FLOOR:
            return _("%(project)s：%(composite)s 分，舍去小数 %(whole)s，%(band)s") % words
        return _("%(project)s：%(composite)s 分，四舍五入 %(whole)s，%(band)s") % words

    @property
    def missing(self) -> str:
        """The specialties that are not finished, by name."""
        unfinished = [s for s in self.breakdown.shares if s.applies and not s.finished]
        return _("、").join(str(share.weight.specialty) for share in unfinished)

    # --- the sheets -------------------------------------------------------------------------

    @cached_property
    def sheets(self) -> dict[int, ScoreSheet]:
        """Those that this reader may see, by specialty."""
        found = audits_of(campaign=self.campaign.pk, project=self.project.pk, reader=self.reader)
        sheets = {sheet.specialty_id: sheet for sheet in found}
        for sheet in sheets.values():
            sheet.campaign, sheet.project = self.campaign, self.project
        return sheets

    @cached_property
    def pages(self) -> list[SheetPage]:
        """The finished sheets with all that was recorded of them, in one query."""
        finished = [sheet for sheet in self.sheets.values() if sheet.submitted_at]
        order = {share.weight.specialty_id: n for n, share in enumerate(self.breakdown.shares)}
        finished.sort(key=lambda sheet: order.get(sheet.specialty_id, len(order)))
        marks = Marks(finished, self.reader, self.at) if self.at else None
        self.read(finished)
        return [SheetPage(sheet, self.reader, marks=marks) for sheet in finished]

    def read(self, sheets: list[ScoreSheet]) -> None:
        read_events(sheets, allow_extra=allows_extra(sheets))

    @property
    def shares(self) -> list[tuple[Share, ScoreSheet | None]]:
        return [(s, self.sheets.get(s.weight.specialty_id)) for s in self.breakdown.shares]

    @property
    def has_samples(self) -> bool:
        return any(share.weight.is_sample for share in self.breakdown.shares)

    @cached_property
    def honesty(self) -> list[SpecialtyGap]:
        """What the project said of itself beside what was found; nothing without a self-check."""
        gaps = honesty_gap(self.campaign, self.project)
        return gaps if any(each.gap.own for each in gaps) else []

    @cached_property
    def dearest(self) -> list[Costly]:
        found = [(page, line) for page in self.pages for line in page.score.lines]
        dearest = sorted(found, key=lambda each: -each[1].points)[:DEAREST]
        costly = [cost_of(page, line) for page, line in dearest]
        if noted := [each.noted for each in costly if not each.about]:
            words = dict(noted_by(ids=noted))
            costly = [
                each if each.about else replace(each, note=words[each.noted]) for each in costly
            ]
        return costly

    @property
    def appeal_until(self) -> date | None:
        """Until when the first of the sheets can be appealed against, where one can be."""
        return min((page.appeal_until for page in self.pages if page.appeal_until), default=None)


class ToldResult(ResultPage):
    """The same with every note on the sheets: who saw it, when, in which visit, with pictures."""

    def read(self, sheets: list[ScoreSheet]) -> None:
        self.notes = read_notes(sheets, allow_extra=allows_extra(sheets), visits=True)

    @cached_property
    def told(self) -> list[SheetPage]:
        """The finished sheets with all of that at hand."""
        pages = self.pages
        outlines = {page.sheet.pk: page.ledger.outline for page in pages}
        for note in self.notes.values():
            about = outlines[note.sheet_id]
            rule = about.rules.get(note.rule_id)
            note.level = level_of(about.lines[note.item_id], note.points, rule)
        photos = photos_on([page.sheet for page in pages])
        for page in pages:
            page.photos, page.rows = photos, self.notes
        return pages

    @property
    def not_applicable(self) -> list[tuple[SheetPage, Card]]:
        return [
            (page, card)
            for page in self.told
            if page.folded.not_applicable
            for card in page.cards
            if card.not_applicable
        ]


def standing_in(*, campaign, project):
    return Standing.objects.filter(campaign__pk=campaign, project__pk=project).order_by("pk")


def audits_in(*, campaign, project):
    audits = ScoreSheet.objects.audits().filter(campaign__pk=campaign, project__pk=project)
    audits = audits.annotate(allows_extra=F("campaign__results__extra_allowed"))
    return audits.with_appeals().select_related("specialty", "rubric")


def shown_audits(*, campaign, project, projects):
    return audits_in(campaign=campaign, project=project).shown_in(projects)


PLACE = {"campaign": Campaign._meta.pk, "project": Project._meta.pk}
standing_of, every_audit = prepared(standing_in, PLACE), prepared(audits_in, PLACE)
audits_shown = prepared(shown_audits, PLACE | {"projects": Project._meta.pk})


def audits_of(*, campaign: int, project: int, reader: User) -> Iterable[ScoreSheet]:
    """A project's audit sheets that somebody may see: all of them, for most of the company."""
    about = {"campaign": campaign, "project": project}
    if not reader.sees_company:
        return audits_shown(**about, projects=sorted(reader.project_ids))
    if project not in reader.project_ids:
        return every_audit(**about)
    return audits_in(**about).visible_to(reader)


def allows_extra(sheets: Iterable[ScoreSheet]) -> bool:
    """Whether deductions beyond an item count in their campaign."""
    return any(sheet.allows_extra for sheet in sheets)


def cost_of(page: SheetPage, line: engine.Deduction) -> Costly:
    card, outline = page.by_code[line.item], page.ledger.outline
    about = (line.item, line.requirement, line.rule)
    seen = [event for event in card.noted if event.about == about]
    _item, requirement = outline.keys[line.item, line.requirement]
    rule = outline.rule_keys[line.item, line.rule]
    named = outline.requirements.get(requirement) or outline.rules.get(rule)
    noted = seen[0].id if seen else line.observation
    return Costly(page, card, named, noted, line.points, page.mark_of(seen))


def noting(*, ids):
    return Observation.objects.filter(pk__in=ids).order_by().values_list("pk", "note")


noted_by = prepared(noting, {"ids": Observation._meta.pk})
