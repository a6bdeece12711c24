"""What came late, as a page lists it: what it says, whose it is, what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from inspections.models import LateObservation, Observation
from inspections.sheet.outline import outline
from inspections.words import Method
from organization.models import User
from organization.templatetags.ui import points

PER_PAGE = 20
RELATED = ("sheet__project", "sheet__specialty", "by", "decided_by", "file")
BEFORE = {
    "withdraw": gettext_lazy("撤回的记录"),
    "photo": gettext_lazy("照片所属的记录"),
    "observe": gettext_lazy("改动前的记录"),
}


@dataclass(frozen=True)
class Noted:
    """The observation on record that something late is about."""

    row: Observation

    @property
    def about(self) -> str:
        return named(self.row.item.name, self.row.requirement or self.row.rule)

    @property
    def words(self) -> str:
        if self.row.points is None:
            return self.row.get_kind_display()
        return _("扣 %(points)s 分") % {"points": points(self.row.points)}

    @property
    def method(self) -> str:
        return self.row.get_method_display()

    @property
    def note(self) -> str:
        return self.row.note

    @property
    def by(self) -> User | None:
        return self.row.by

    @property
    def observed_at(self) -> datetime:
        return self.row.observed_at


@dataclass
class LateRow:
    """One of them; `of` is what it withdraws, replaces or is a picture of, on record or late as
    well. `typed` is a reason that was refused, `error` why.
    """

    late: LateObservation
    may_decide: bool = False
    is_own: bool = False
    of: "Noted | LateRow | None" = None
    typed: str = ""
    error: str = ""

    @property
    def said(self) -> dict:
        return self.late.event

    @property
    def by(self) -> User:
        return self.late.by

    @property
    def observed_at(self) -> datetime:
        return self.late.observed_at

    @property
    def note(self) -> str:
        return self.said.get("note", "")

    @property
    def before(self) -> str:
        """What `of` is to it."""
        return str(BEFORE[self.said["do"]])

    @property
    def heading(self) -> str:
        """What it does and to what; a withdrawal and a picture name that of their record."""
        about = self.about or (self.of and self.of.about)
        return named(self.words, about)

    @cached_property
    def about(self) -> str:
        """The item, and the requirement or the rule."""
        of = outline(self.late.sheet.rubric_id)
        line = of.lines.get(self.said.get("item") or 0)
        leaf = of.requirements.get(self.said.get("requirement") or 0) or of.rules.get(
            self.said.get("rule") or 0
        )
        return named(line and line.item.name, leaf)

    @cached_property
    def words(self) -> str:
        """What it does, as a heading."""
        said = self.said
        if said["do"] == "confirm":
            number = len(said["items"])
            return ngettext("确认 %(count)d 项符合", "确认 %(count)d 项符合", number) % {
                "count": number
            }
        if said["do"] == "observe" and said["points"] is not None:
            cost = Decimal(said["points"]) * said["count"]
            return _("扣 %(points)s 分") % {"points": points(cost)}
        return str(DOES[said["do"]]())

    @property
    def method(self) -> str:
        methods = dict(Method.choices)
        return str(methods.get(self.said.get("method", ""), ""))


def named(*parts: object) -> str:
    return " · ".join(str(each) for each in parts if each)


DOES = {
    "observe": lambda: _("扣分"),
    "withdraw": lambda: _("撤回一条记录"),
    "not_applicable": lambda: _("标为不适用"),
    "photo": lambda: _("补一张照片"),
}


class LatePage:
    """Those of a campaign that the reader may see, what waits first; as many queries for many."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, number: str = ""):
        self.campaign, self.reader, self.at = campaign, reader, at
        shown = LateObservation.objects.visible_to(reader).filter(sheet__campaign=campaign)
        order = shown.order_by("decided_at", "received_at", "pk")
        # null sorts first on SQLite, last on PostgreSQL
        waiting, done = order.undecided(), order.filter(decided_at__isnull=False)
        self.waiting = waiting.count()
        self.undecided = waiting.select_related(*RELATED)[:PER_PAGE]
        self.done: Page = Paginator(
            done.select_related(*RELATED).order_by("-decided_at", "pk"), PER_PAGE
        ).get_page(number)

    @cached_property
    def may_decide(self) -> bool:
        return bool(self.reader.has_perm("inspections.decide_late"))

    @cached_property
    def rows(self) -> list[LateRow]:
        shown = [*self.undecided, *self.done]
        found = records_of(shown)
        return [self.row(late, found) for late in shown]

    def row(self, late: LateObservation, found: Mapping[UUID, Noted | LateRow]) -> LateRow:
        late.sheet.campaign = self.campaign
        own = late.by_id == self.reader.pk
        open_to_reader = self.may_decide and not own and late.decided_at is None
        return LateRow(late, open_to_reader, own, found.get(late.refers_to))

    @property
    def answer(self) -> str:
        if self.waiting:
            words = ngettext(
                "%(count)d 条迟到的记录待处理", "%(count)d 条迟到的记录待处理", self.waiting
            )
            return words % {"count": self.waiting}
        return _("没有待处理的迟到记录")


def records_of(shown: Iterable[LateObservation]) -> dict[UUID, Noted | LateRow]:
    """What these are about, on record or waiting itself, in two queries."""
    wanted = {late.refers_to for late in shown if late.refers_to}
    rows = Observation.objects.select_related("item", "requirement", "rule", "by").in_bulk(wanted)
    waiting = LateObservation.objects.select_related("sheet", "by").in_bulk(wanted)
    return {pk: LateRow(late) for pk, late in waiting.items()} | {
        pk: Noted(row) for pk, row in rows.items()
    }
