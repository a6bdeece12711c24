"""Versions of a plan in words: one as it was submitted, or what changed between two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inspections.models import Finding, ImprovementPlan, PlanVersion
from inspections.plan.difference import FIELDS, Difference, difference
from inspections.plan.lines import is_outside, rectification_phase
from inspections.words import Source
from organization.prepared import prepared
from organization.specialties import every_specialty
from organization.templatetags.ui import day

WITH = ("submitted_by", "decided_by", "amendment")
PAGE_SIZE = 20


class Vocabulary:
    """What stands in a version's data, in the reader's language."""

    def __init__(self):
        self.specialties = {each.code: each.name for each in every_specialty()}
        self.sources = {code: str(label) for code, label in Source.choices}

    def word(self, name: str, line: Mapping[str, str]) -> str:
        value = line[name]
        known = {"source": self.sources, "specialty": self.specialties}
        if name == "due" and value:
            return day(date.fromisoformat(value))
        if name == "responsible":
            return line["responsible_name"] or value
        return known.get(name, {}).get(value, value)


@dataclass(frozen=True)
class Changed:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class VersionRow:
    """One line of a version, perhaps beside the same line of an earlier one."""

    found: Difference
    vocabulary: Vocabulary
    outside: bool
    remark: str

    @property
    def kind(self) -> str:
        return self.found.kind

    @property
    def number(self) -> int:
        return self.found.new_number or self.found.old_number

    @property
    def words(self) -> dict[str, str]:
        line = self.found.line
        post = line.get("responsible_post", "")  # versions kept in the beginning lack it
        return {name: self.vocabulary.word(name, line) for name in FIELDS} | {"post": post}

    @property
    def changes(self) -> list[Changed]:
        empty = _("（空）")
        return [
            Changed(
                label=str(Finding._meta.get_field(name).verbose_name),
                old=self.vocabulary.word(name, self.found.old) or empty,
                new=self.vocabulary.word(name, self.found.new) or empty,
            )
            for name in self.found.fields
        ]


class Versions:
    """The versions of one plan, the newest first."""

    def __init__(self, plan: ImprovementPlan):
        self.plan, self.campaign, self.project = plan, plan.campaign, plan.project

    @cached_property
    def all(self) -> list[PlanVersion]:
        """Without their lines, which are long: those come with the ones that are read."""
        found = [] if self.plan.pk is None else brief(plan=self.plan.pk)
        for each in found:
            each.plan = self.plan
        return found

    def page(self, number) -> Page:
        return Paginator(self.all, PAGE_SIZE).get_page(number)

    def named(self, number) -> PlanVersion | None:
        text = str(number)
        return next((each for each in self.all if str(each.number) == text), None)

    def numbered(self, number) -> PlanVersion | None:
        """The version with its lines, as it was submitted."""
        found = self.named(number)
        if found:
            (found,) = whole(version=found.pk)
            found.plan = self.plan
        return found

    @property
    def standing(self) -> PlanVersion | None:
        """The one in force: filed last."""
        return next((each for each in self.all if each.is_filed), None)

    def pair(self, old, new) -> tuple[PlanVersion, PlanVersion] | None:
        """Two to compare; whatever was asked for wrongly becomes the last two."""
        if len(self.all) < 2:
            return None
        later = self.named(new) or self.all[0]
        before = next((each for each in self.all if each.number < later.number), self.all[-1])
        earlier = self.named(old) or before
        return self.numbered(earlier.number), self.numbered(later.number)

    def rows(self, version: PlanVersion, old: PlanVersion | None = None) -> list[VersionRow]:
        vocabulary, phase = Vocabulary(), rectification_phase(self.campaign)
        lines = version.findings
        return [
            VersionRow(
                found=found,
                vocabulary=vocabulary,
                outside=is_outside(phase, due_of(found.line)),
                remark=version.remarks.get(found.id, ""),
            )
            for found in difference(old.findings if old else lines, lines)
        ]


def listed(*, plan) -> QuerySet[PlanVersion]:
    found = PlanVersion.objects.filter(plan__pk=plan).select_related(*WITH)
    return found.defer("findings", "remarks")


def with_lines(*, version) -> QuerySet[PlanVersion]:
    return PlanVersion.objects.filter(pk=version).select_related(*WITH)


brief = prepared(listed, {"plan": ImprovementPlan._meta.pk})
whole = prepared(with_lines, {"version": PlanVersion._meta.pk})


def due_of(line: Mapping[str, str]) -> date | None:
    return date.fromisoformat(line["due"]) if line["due"] else None
