"""A case as its page shows it: who has answered what so far, and the projects one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from inspections.case.cases import BETWEEN_REMINDERS
from inspections.models import Case, CaseAnswer, CaseSite
from inspections.words import Reply
from organization.list_file import workbook_of
from organization.models import User
from organization.templatetags.ui import moment

PER_PAGE = 50
LONGEST = 60
SHOWN = {
    "all": (gettext_lazy("全部"), Q()),
    "unanswered": (gettext_lazy("未答复"), Q(answered_at=None)),
    "not_here": (gettext_lazy("本项目没有"), Q(reply=Reply.NOT_HERE)),
    "found": (gettext_lazy("本项目也有"), Q(reply=Reply.FOUND)),
    "late": (gettext_lazy("迟答"), Q(answered_at__gt=F("case__answer_by"))),
}
COUNTS = {code: Count("pk", filter=condition) for code, (_word, condition) in SHOWN.items()}


@dataclass(frozen=True)
class Chip:
    code: str
    word: object
    count: int
    current: bool


class CasePage:
    """What one reader sees of a case; `params` are the address's, the unknown is passed over."""

    def __init__(self, case: Case, reader: User, at: datetime, params: Mapping[str, str]):
        self.case, self.reader, self.at = case, reader, at
        self.show = params.get("show") if params.get("show") in SHOWN else "all"
        self.region = params.get("region", "").strip()[:LONGEST]
        self.search = params.get("q", "").strip()[:LONGEST]
        self.number = params.get("page", "")
        self.may_lead = reader.has_perm("inspections.spread", case)
        self.sites = CaseSite.objects.filter(case=case).visible_to(reader)

    @cached_property
    def counts(self) -> dict[str, int]:
        return self.sites.aggregate(**COUNTS)

    @property
    def overdue(self) -> int:
        """Who has still to answer, past the hour."""
        is_past = self.case.is_running and self.case.is_past(at=self.at)
        return self.counts["unanswered"] if is_past else 0

    @property
    def answered(self) -> int:
        return self.counts["all"] - self.counts["unanswered"]

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(code, word, self.counts[code], code == self.show)
            for code, (word, _condition) in SHOWN.items()
        ]

    @cached_property
    def chosen(self):
        found = self.sites.filter(SHOWN[self.show][1]).order_by("project__code")
        if self.region:
            found = found.filter(project__region=self.region)
        if text := self.search:
            found = found.filter(Q(project__name__icontains=text) | Q(project__code__iexact=text))
        standing = CaseAnswer.objects.filter(site=OuterRef("pk")).order_by("-answered_at", "-pk")
        found = found.annotate(last_answer=Subquery(standing.values("pk")[:1]))
        return found.select_related("project", "finding")

    @cached_property
    def page(self):
        page = Paginator(self.chosen, PER_PAGE).get_page(self.number)
        page.object_list = self.rows(page.object_list)
        return page

    def rows(self, sites: Iterable[CaseSite]) -> list[CaseSite]:
        """Each with the answer that stands, however often it was changed; three queries."""
        sites = list(sites)
        answers = CaseAnswer.objects.filter(
            pk__among=[x.last_answer for x in sites if x.last_answer]
        )
        answers = answers.order_by().select_related("answered_by").prefetch_related("files")
        last = {each.pk: each for each in answers}
        return [self.row(site, last.get(site.last_answer)) for site in sites]

    def row(self, site: CaseSite, last: CaseAnswer | None) -> CaseSite:
        site.case = self.case
        know_campaign(site)
        site.now = site.state(at=self.at)
        site.late = site.hours_late(at=self.at) if site.answered_at else 0
        site.last = last
        return site

    @cached_property
    def regions(self) -> list[str]:
        found = self.sites.exclude(project__region="").order_by("project__region")
        return list(found.values_list("project__region", flat=True).distinct())

    @property
    def may_remind(self) -> bool:
        """At most once an hour, and only while somebody has to answer."""
        asked = self.case.reminded_at
        waits = bool(asked) and self.at < asked + BETWEEN_REMINDERS
        return self.may_lead and self.case.is_running and self.counts["unanswered"] and not waits

    @property
    def answer(self) -> str:
        """The page in one sentence."""
        if self.overdue:
            words = ngettext(
                "%(count)d 个项目过了时限还没有答复",
                "%(count)d 个项目过了时限还没有答复",
                self.overdue,
            )
            return words % {"count": self.overdue}
        words = {"done": self.answered, "all": self.counts["all"]}
        return _("%(done)d / %(all)d 个项目已答复") % words

    def workbook(self) -> bytes:
        """Exactly the rows that the filters leave."""
        heads = [
            _("项目编码"), _("项目"), _("区域"), _("答复"), _("答复人"), _("答复时间"),
            _("迟（小时）"), _("说明"), _("开出的问题"),
        ]  # fmt: skip
        rows = map(self.values, self.rows(self.chosen))
        return workbook_of(heads, rows, title=_("举一反三"))

    def values(self, site: CaseSite) -> list:
        last, project = site.last, site.project
        return [
            project.code,
            project.name,
            project.region,
            str(site.now),
            str(last.answered_by or "") if last else "",
            moment(site.answered_at),
            site.late or None,
            last.note if last else "",
            str(site.finding or ""),
        ]


# --- the list of all ---------------------------------------------------------------------------


class CaseList:
    """A campaign's cases that a reader may see, each with how many have answered."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, params: Mapping[str, str]):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.show = params.get("show") if params.get("show") in ("running", "ended") else "all"
        self.number = params.get("page", "")
        self.visible = Case.objects.filter(campaign=campaign).visible_to(reader)

    @cached_property
    def counts(self) -> dict[str, int]:
        over = Q(closed_at__isnull=False) | Q(withdrawn_at__isnull=False)
        cases = Case.objects.filter(pk__in=self.visible.order_by().values("pk"))
        return cases.aggregate(
            all=Count("pk"), running=Count("pk", filter=~over), ended=Count("pk", filter=over)
        )

    @property
    def chips(self) -> list[Chip]:
        words = {"all": _("全部"), "running": _("进行中"), "ended": _("已结束")}
        return [
            Chip(code, word, self.counts[code], code == self.show) for code, word in words.items()
        ]

    @cached_property
    def page(self):
        found = Case.objects.filter(pk__in=self.visible.order_by().values("pk"))
        if self.show != "all":
            running = Case.objects.running().order_by().values("pk")
            is_running = Q(pk__in=running)
            found = found.filter(is_running if self.show == "running" else ~is_running)
        mine = Q() if self.reader.sees_company else Q(sites__project__in=self.reader.project_ids)
        found = found.select_related("finding__project", "spread_by").annotate(
            asked=Count("sites", filter=mine),
            done=Count("sites", filter=mine & Q(sites__answered_at__isnull=False)),
            also=Count("sites", filter=mine & Q(sites__reply=Reply.FOUND)),
        )
        page = Paginator(found.order_by("-spread_at", "-pk"), PER_PAGE).get_page(self.number)
        page.object_list = [self.row(case) for case in page]
        return page

    def row(self, case: Case) -> Case:
        case.campaign = self.campaign
        case.now = case.state(at=self.at)
        case.is_overdue = case.is_running and case.done < case.asked and case.is_past(at=self.at)
        return case

    @property
    def answer(self) -> str:
        running = self.counts["running"]
        if running:
            words = ngettext("%(count)d 件正在答复", "%(count)d 件正在答复", running)
            return words % {"count": running}
        return _("没有正在答复的举一反三") if self.counts["all"] else _("还没有举一反三")


def know_campaign(site: CaseSite) -> None:
    """The finding that a site answered with is of the case's campaign mostly."""
    if site.finding and site.finding.campaign_id == site.case.campaign_id:
        site.finding.campaign = site.case.campaign
