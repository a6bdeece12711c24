"""What the summary's page shows: chapters with their tables, pictures, who may do what."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from campaign.models import Campaign, Obligation
from inspections.closing.chapters import CHAPTERS, Shown, builder_of, specialty_names
from inspections.closing.chapters.findings import FINDINGS, percent
from inspections.closing.chapters.pictures import PICTURES
from inspections.closing.summary import pictured
from inspections.forms.writing import ChapterForm
from inspections.handing_in import summary_obligations
from inspections.models import Chapter, ChosenPair, Finding, FindingPhoto, Summary
from inspections.words import Moment
from organization import states
from organization.models import User
from organization.prepared import prepared

FEW = 40  # findings with pictures to choose from


@dataclass
class Part:
    """A chapter as it is drawn: its blocks by kind, its words or the form that writes them."""

    number: int
    chapter: Chapter
    title: object
    blocks: list[tuple[str, Shown]]
    form: ChapterForm | None
    has_pictures: bool


class Choice(NamedTuple):
    """A finding that may be shown, by its pictures' files; `chosen` if it is."""

    finding: UUID
    problem: str
    project: str
    before: UUID
    after: UUID
    chosen: bool


def to_choose(*, campaign):
    return pictured(campaign=campaign).values_list("pk", "problem", "project__name")[:FEW]


def pictures(*, findings):
    found = FindingPhoto.objects.filter(finding__pk__in=findings).order_by("added_at", "pk")
    return found.values_list("finding_id", "moment", "file_id")


newest_pictured = prepared(to_choose, {"campaign": Campaign._meta.pk})
pictures_of = prepared(pictures, {"findings": Finding._meta.pk})


def told(*, summary):
    return Chapter.objects.filter(summary__pk=summary).select_related("edited_by")


def paired(*, summary):
    found = ChosenPair.objects.filter(summary__pk=summary)
    found = found.select_related("before", "after", "finding__project")
    shown = ("before__file_id", "after__file_id", "finding__problem", "finding__project__name")
    return found.only("summary_id", *shown)


SUMMARY = {"summary": Summary._meta.pk}
chapters_of, pairs_of = prepared(told, SUMMARY), prepared(paired, SUMMARY)


class SummaryScreen:
    """The summary seen by one reader; `typed` is a form that could not be saved."""

    def __init__(
        self, campaign: Campaign, summary: Summary | None, reader: User, at: datetime, typed=None
    ):
        self.campaign, self.summary, self.reader, self.at = campaign, summary, reader, at
        self.typed = typed
        runs = campaign.started_at is not None and campaign.closed_at is None
        self.may_write = runs and reader.has_perm("inspections.write_summary")
        self.state = states.SUBMITTED if summary and summary.handed_in_at else states.DRAFT

    @cached_property
    def parts(self) -> list[Part]:
        names = specialty_names()
        found = []
        for chapter in chapters_of(summary=self.summary.pk):
            chapter.summary = self.summary
            builder = builder_of(chapter.code)
            if builder:
                found.append(self.part(len(found) + 1, chapter, builder, names))
        return found

    def part(self, number: int, chapter: Chapter, builder, names) -> Part:
        blocks = builder.show(chapter.facts, names)
        return Part(
            number=number,
            chapter=chapter,
            title=builder.title,
            blocks=[(type(block).__name__.lower(), block) for block in blocks],
            form=self.form_of(chapter) if self.may_write else None,
            has_pictures=builder.code == PICTURES.code,
        )

    def form_of(self, chapter: Chapter) -> ChapterForm:
        if self.typed and self.typed.thing.pk == chapter.pk:
            return self.typed
        return ChapterForm(thing=chapter)

    @property
    def has_new_chapters(self) -> bool:
        there = {part.chapter.code for part in self.parts}
        return any(builder.code not in there for builder in CHAPTERS)

    @property
    def answer(self) -> str:
        """How much was found, and how much of it is solved."""
        if self.summary is None:
            return _("还没有总结")
        facts = next(p.chapter.facts for p in self.parts if p.chapter.code == FINDINGS.code)
        total = facts["total"]
        return _("发现 %(found)d 条问题，整改率 %(rate)s") % {
            "found": total["found"],
            "rate": percent(total["rectified"], total["found"]),
        }

    @property
    def facts_at(self) -> datetime:
        return min(part.chapter.facts_at for part in self.parts)

    # --- pictures

    @cached_property
    def pairs(self) -> list[ChosenPair]:
        return pairs_of(summary=self.summary.pk)

    @cached_property
    def choices(self) -> list[Choice]:
        """Findings with both pictures, and whether they are shown; two queries."""
        chosen = {pair.finding_id: pair.finding for pair in self.pairs}
        found = newest_pictured(campaign=self.campaign.pk)
        there = {pk for pk, *_words in found}
        found += [(x.pk, x.problem, x.project.name) for x in chosen.values() if x.pk not in there]
        photos: dict[tuple, list[UUID]] = {}
        for finding, moment, file in pictures_of(findings=[pk for pk, *_words in found]):
            photos.setdefault((finding, moment), []).append(file)
        return [
            Choice(pk, *words, before[0], after[-1], pk in chosen)
            for pk, *words in found
            if (before := photos.get((pk, Moment.BEFORE)))
            and (after := photos.get((pk, Moment.AFTER)))
        ]

    # --- handing in

    @cached_property
    def obligations(self) -> list[Obligation]:
        return summary_obligations(self.campaign)

    @property
    def may_hand_in(self) -> bool:
        return self.may_write and any(
            self.reader.has_perm("campaign.submit", each) for each in self.obligations
        )
