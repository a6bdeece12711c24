"""The frame around every page: campaign and day, the sections a role needs, inbox, me."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from campaign.access import current_campaign
from organization import states
from organization.clock import local_day
from organization.roles import PROJECT_ROLES, Role

MARKS = {states.CLOSED: "is-done", states.IN_PROGRESS: "is-now", states.NOT_STARTED: ""}


@dataclass(frozen=True)
class Section:
    """A main section: who needs it, and which pages belong to it (for the current mark)."""

    word: object
    icon: str
    url_name: str
    roles: frozenset[str]
    pages: tuple[str, ...] = ()
    per_campaign: bool = True


CENTER = {Role.MANAGEMENT_CENTER}
LEAD = {Role.SPECIALTY_LEAD}
TOP = {Role.PRESIDENT, Role.EXECUTIVE}
ADMIN = {Role.ADMINISTRATOR}
# The order is the order of the menu; nobody sees more than six.
SECTIONS = (
    Section(
        pgettext_lazy("nav", "我的工作"), "checkbox", "home", frozenset(Role), per_campaign=False
    ),
    Section(
        pgettext_lazy("nav", "时间轴"),
        "timeline-event",
        "timeline",
        frozenset(PROJECT_ROLES | TOP | LEAD | ADMIN),
        ("milestone", "obligation", "campaign"),
    ),
    Section(
        pgettext_lazy("nav", "审核"),
        "checklist",
        "review",
        frozenset(CENTER),
        ("obligation", "plan", "plans"),
    ),
    Section(
        pgettext_lazy("nav", "实施方案"),
        "clipboard-list",
        "plans",
        frozenset(PROJECT_ROLES),
        ("plan",),
    ),
    Section(
        pgettext_lazy("nav", "问题"),
        "photo-check",
        "findings",
        frozenset(PROJECT_ROLES | CENTER | LEAD),
        ("finding", "finding_new"),
    ),
    Section(
        pgettext_lazy("nav", "评分表"),
        "clipboard-check",
        "sheets",
        frozenset(CENTER | LEAD),
        ("sheet",),
    ),
    Section(
        pgettext_lazy("nav", "排名"),
        "trophy",
        "league",
        frozenset(CENTER | LEAD | TOP | ADMIN),
        ("project_result",),
    ),
    Section(
        pgettext_lazy("nav", "成绩"),
        "chart-bar",
        "my_result",
        frozenset(PROJECT_ROLES),
        ("project_result",),
    ),
    Section(pgettext_lazy("nav", "结算"), "cash", "settlement", frozenset(CENTER | TOP)),
    Section(
        pgettext_lazy("nav", "评分细则"),
        "list-check",
        "rubrics",
        frozenset(ADMIN),
        ("rubric", "rubric_import", "rubric_review"),
    ),
    Section(
        pgettext_lazy("nav", "后台"),
        "settings",
        "admin:index",
        frozenset(ADMIN),
        per_campaign=False,
    ),
)


@dataclass(frozen=True)
class Link:
    word: object
    icon: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class PhaseMark:
    mark: str
    words: str


class Shell:
    """What the frame shows; asks the database only when a template draws it."""

    def __init__(self, request):
        self.user = request.user
        self.request = request
        self.campaign = current_campaign(request)
        self.at = timezone.now()
        phases = list(self.campaign.phases.all()) if self.campaign else []
        self.phases = [
            PhaseMark(MARKS[phase.state(at=self.at)], f"{phase.name} · {phase.state(at=self.at)}")
            for phase in phases
        ]
        self.day_line = day_line(self.campaign, phases, at=self.at)
        self.unread = self.user.messages_received.unread().count()
        self.initials = self.user.name[-2:]
        self.post = str(self.user.main_post or "")

    @property
    def nav(self):
        match = self.request.resolver_match
        name = match.url_name if match else ""
        mine = [s for s in SECTIONS if not s.roles.isdisjoint(self.user.roles)][:6]
        owners = [s for s in mine if name == s.url_name] or [s for s in mine if name in s.pages]
        return [
            self.link(section, section in owners[:1]) for section in mine if self.address(section)
        ]

    def address(self, section: Section) -> str:
        if not section.per_campaign:
            return reverse(section.url_name)
        return reverse(section.url_name, args=[self.campaign.code]) if self.campaign else ""

    def link(self, section: Section, current: bool) -> Link:
        return Link(section.word, section.icon, self.address(section), current)


def day_line(campaign, phases, *, at) -> str:
    """第 58 天 · 整改预防 · 还剩 4 天; between phases the next one and when it begins."""
    if not phases:
        return ""
    today = local_day(at)
    number = (today - phases[0].start).days + 1
    if number < 1:
        words = ngettext("%(days)d 天后开始", "%(days)d 天后开始", 1 - number)
        return words % {"days": 1 - number}
    if today > phases[-1].end:
        return _("已结束")
    now = next((p for p in phases if p.start <= today <= p.end), None)
    if now is None:
        coming = next(p for p in phases if p.start > today)
        return _("第 %(day)d 天 · %(days)d 天后进入%(phase)s") % {
            "day": number,
            "days": (coming.start - today).days,
            "phase": coming.name,
        }
    left = now.days_left(at=at)
    if not left:
        return _("第 %(day)d 天 · %(phase)s · 最后一天") % {"day": number, "phase": now.name}
    words = ngettext(
        "第 %(day)d 天 · %(phase)s · 还剩 %(left)d 天",
        "第 %(day)d 天 · %(phase)s · 还剩 %(left)d 天",
        left,
    )
    return words % {
        "day": number,
        "phase": now.name,
        "left": left,
    }


def context(request):
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
