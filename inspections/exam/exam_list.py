"""The list of exams: what one reader sees of a campaign's, narrowed by the address."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from inspections.exam.kept_rates import kept_rates
from inspections.exam.rates import Rate, of_exams
from inspections.exam.words import ExamForm
from inspections.models import Exam, Seat
from organization.models import Specialty, User
from organization.specialties import every_specialty
from organization.states import State

PAGE_SIZE = 50
TABS = {
    "coming": gettext_lazy("未开始"),
    "open": gettext_lazy("考试中"),
    "over": gettext_lazy("已结束"),
    "all": gettext_lazy("全部"),
}


@dataclass(frozen=True)
class Tab:
    code: str
    word: object
    count: int
    current: bool


@dataclass(frozen=True)
class ExamRow:
    exam: Exam
    state: State
    rate: Rate


class ExamList:
    """Figures are of the people that the reader may see: a leader's are the project's."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, chosen: QueryDict):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.tab = chosen.get("show") if chosen.get("show") in TABS else "all"
        self.form = chosen.get("form") if chosen.get("form") in ExamForm.values else ""
        self.specialty = Specialty.objects.filter(code=chosen.get("specialty", "")).first()
        self.counted_at: datetime | None = None
        visible = Exam.objects.filter(campaign=campaign).visible_to(reader)
        self.narrowed = visible.filter(**self.filters)
        self.counts = self.narrowed.aggregate(
            **{code: Count("pk", filter=self.condition(code)) for code in TABS}
        )

    @property
    def filters(self) -> dict:
        wanted = {"form": self.form, "specialty": self.specialty}
        return {name: value for name, value in wanted.items() if value}

    def condition(self, code: str) -> Q:
        standing = Q(called_off_at__isnull=True)
        return {
            "coming": standing & Q(opens_at__gt=self.at),
            "open": standing & Q(opens_at__lte=self.at, closes_at__gt=self.at),
            "over": Q(closes_at__lte=self.at) | ~standing,
            "all": Q(),
        }[code]

    @property
    def tabs(self) -> list[Tab]:
        return [Tab(code, word, self.counts[code], code == self.tab) for code, word in TABS.items()]

    def page(self, number) -> Page:
        found = self.narrowed.filter(self.condition(self.tab)).select_related("specialty")
        page = Paginator(found, PAGE_SIZE).get_page(number)
        exams = list(page.object_list)
        rates = self.rates(exams)
        page.object_list = [self.row(exam, rates.get(exam.pk, Rate())) for exam in exams]
        return page

    def rates(self, exams: list[Exam]) -> dict[int, Rate]:
        """What is kept, for who sees everybody, and counted anew what is not."""
        kept: dict[int, Rate] = {}
        if self.reader.sees_company:
            kept, self.counted_at = kept_rates(self.campaign, exams, at=self.at)
        others = [exam for exam in exams if exam.pk not in kept]
        if not others:
            return kept
        return kept | of_exams(others, Seat.objects.visible_to(self.reader), at=self.at)

    def row(self, exam: Exam, rate: Rate) -> ExamRow:
        exam.campaign = self.campaign
        return ExamRow(exam=exam, state=exam.state(at=self.at, unentered=rate.open), rate=rate)

    @cached_property
    def may_set(self) -> list[Specialty]:
        """The specialties whose exams the reader sets."""
        specialties = every_specialty() if self.reader.sees_company else ()
        return [each for each in specialties if self.reader.has_perm("inspections.set_exam", each)]

    @property
    def answer(self) -> str:
        """The page's first line: what is going on, else what comes, else what was."""
        running, coming = self.counts["open"], self.counts["coming"]
        if running:
            words = ngettext("%(count)d 场考试正在进行", "%(count)d 场考试正在进行", running)
            return words % {"count": running}
        if coming:
            words = ngettext("%(count)d 场考试还没开始", "%(count)d 场考试还没开始", coming)
            return words % {"count": coming}
        return _("考试都已结束") if self.counts["all"] else _("还没有考试")
