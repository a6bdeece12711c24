"""A campaign's appeals that a reader may see, as filters in the address ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from campaign.models import Campaign
from inspections.models import Appeal
from inspections.models.appeals import AppealQuerySet
from inspections.words import Outcome
from organization.clock import local_day
from organization.list_file import workbook_of
from organization.models import Specialty, User
from organization.narrow_pages import NarrowPaginator
from organization.prepared import prepared
from organization.templatetags.ui import moment

PER_PAGE = 20
LONGEST = 60
SHOWN = {
    "all": (gettext_lazy("全部"), Q()),
    "open": (gettext_lazy("待决定"), Q(decided_at=None, taken_back_at=None)),
    "kept": (pgettext_lazy("appeal", "维持"), Q(outcome=Outcome.KEPT)),
    "reduced": (gettext_lazy("减少"), Q(outcome=Outcome.REDUCED)),
    "withdrawn": (pgettext_lazy("appeal", "撤销"), Q(outcome=Outcome.WITHDRAWN)),
    "taken_back": (gettext_lazy("收回"), Q(taken_back_at__isnull=False)),
}
COUNTS = {code: Count("pk", filter=condition) for code, (_word, condition) in SHOWN.items()}
SHOWN_OF_IT = ("sheet__project", "item", "requirement", "rule")
IN_THE_FILE = ("sheet__specialty", "made_by", "decided_by")


def appeals_in(*, campaign) -> AppealQuerySet:
    # by the item's rubric, of which there are few, rather than by ten thousands of sheets
    return Appeal.objects.filter(item__rubric__campaign__pk=campaign)


def in_order(appeals: AppealQuerySet) -> AppealQuerySet:
    """Those that wait first, the newest of each before the others."""
    waits = ExpressionWrapper(SHOWN["open"][1], BooleanField())
    return appeals.annotate(waits=waits).order_by("-waits", "-made_at", "-pk")


def counted(*, campaign) -> AppealQuerySet:
    groups = appeals_in(campaign=campaign).order_by().values("item__rubric__campaign")
    return groups.annotate(**COUNTS).values_list(*COUNTS)


def shown(*, campaign, show: str, part: slice = slice(0, PER_PAGE)) -> AppealQuerySet:
    """A page by its keys: a database that sorts ten thousand rows carries all of them along."""
    keys = in_order(appeals_in(campaign=campaign).filter(SHOWN[show][1])).values("pk")
    page = in_order(Appeal.objects.filter(pk__in=keys[part]))
    return page.select_related(*SHOWN_OF_IT)


CAMPAIGN = {"campaign": Campaign._meta.pk}
counts_of, first_of = prepared(counted, CAMPAIGN), prepared(shown, CAMPAIGN)


class Every:
    """A campaign's appeals, of which slices alone are read."""

    def __init__(self, campaign: Campaign, show: str):
        self.about = {"campaign": campaign.pk, "show": show}

    def __getitem__(self, part: slice) -> list[Appeal]:
        if part.start:  # of which each would be a statement of its own
            return list(shown(**self.about, part=part))
        return first_of(**self.about)[: part.stop]


@dataclass(frozen=True)
class Chip:
    code: str
    word: object
    count: int
    current: bool


class AppealList:
    """`params` are the address's; the unknown is passed over."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, params: Mapping[str, str]):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.show = params.get("show") if params.get("show") in SHOWN else "all"
        self.specialty = params.get("specialty", "").strip()[:LONGEST]
        self.search = params.get("q", "").strip()[:LONGEST]
        self.number = params.get("page", "")
        self.visible = appeals_in(campaign=campaign.pk).visible_to(reader)
        self.shows_every = reader.sees_company and not self.is_narrowed

    @cached_property
    def counts(self) -> dict[str, int]:
        if not self.shows_every:
            return self.narrowed.order_by().aggregate(**COUNTS)
        found = counts_of(campaign=self.campaign.pk) or [[0] * len(COUNTS)]
        return dict(zip(COUNTS, found[0], strict=True))

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(code, word, self.counts[code], code == self.show)
            for code, (word, _condition) in SHOWN.items()
        ]

    @property
    def narrowed(self):
        """What specialty and project leave, whatever the state."""
        found = self.visible
        if self.specialty:
            found = found.filter(sheet__specialty__code=self.specialty)
        if text := self.search:
            project = Q(sheet__project__name__icontains=text) | Q(sheet__project__code__iexact=text)
            found = found.filter(project)
        return found

    @property
    def is_narrowed(self) -> bool:
        return bool(self.specialty or self.search)

    @property
    def chosen(self):
        """What the filters leave, in that order."""
        return in_order(self.narrowed.filter(SHOWN[self.show][1])).select_related(*SHOWN_OF_IT)

    @cached_property
    def page(self):
        every = Every(self.campaign, self.show)
        pages = (
            Paginator(every, PER_PAGE)
            if self.shows_every
            else NarrowPaginator(self.chosen, PER_PAGE)
        )
        pages.count = self.counts[self.show]
        page = pages.get_page(self.number)
        page.object_list = [self.row(appeal) for appeal in page]
        return page

    def row(self, appeal: Appeal) -> Appeal:
        appeal.sheet.campaign = self.campaign
        if known := self.specialties_by_id.get(appeal.sheet.specialty_id):
            appeal.sheet.specialty = known
        appeal.now = appeal.state(at=self.at)
        appeal.is_late = appeal.is_open and appeal.due < local_day(self.at)
        return appeal

    @cached_property
    def specialties(self) -> list[Specialty]:
        weighed = Specialty.objects.filter(weight__campaign=self.campaign)
        return list(weighed.order_by("order", "code"))

    @cached_property
    def specialties_by_id(self) -> dict[int, Specialty]:
        return {each.pk: each for each in self.specialties}

    @property
    def answer(self) -> str:
        """The page in one sentence."""
        waiting = self.counts["open"]
        if waiting:
            words = ngettext("%(count)d 件申诉待决定", "%(count)d 件申诉待决定", waiting)
            return words % {"count": waiting}
        return _("没有待决定的申诉") if self.counts["all"] else _("还没有申诉")

    def workbook(self) -> bytes:
        """Exactly the rows that the filters leave."""
        heads = [
            _("项目编码"), _("项目"), _("专业"), _("评分项"), _("检查内容"), _("原扣分"),
            _("申诉理由"), _("申诉人"), _("申诉时间"), _("状态"), _("决定扣分"), _("决定理由"),
            _("决定人"), _("决定时间"),
        ]  # fmt: skip
        chosen = self.chosen.select_related(*SHOWN_OF_IT, *IN_THE_FILE)
        rows = (self.values(self.row(appeal)) for appeal in chosen)
        return workbook_of(heads, rows, title=_("申诉"))

    def values(self, appeal: Appeal) -> list:
        return [
            appeal.project.code,
            appeal.project.name,
            str(appeal.sheet.specialty),
            str(appeal.item),
            appeal.words,
            appeal.stood,
            appeal.reason,
            str(appeal.made_by or ""),
            moment(appeal.made_at),
            str(appeal.now),
            appeal.costs,
            appeal.decision,
            str(appeal.decided_by or ""),
            moment(appeal.decided_at),
        ]
