"""Lessons as a list: searched by their words, narrowed by specialty, campaign and where from."""

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from inspections.learning.lessons import searched
from inspections.models import Lesson
from organization.models import Specialty, User

PAGE_SIZE = 20
TABS = {
    "all": (gettext_lazy("全部"), Q()),
    "finding": (gettext_lazy("来自整改"), Q(finding__isnull=False)),
    "seminar": (gettext_lazy("来自研讨会"), Q(seminar_problem__isnull=False)),
    "own": (gettext_lazy("另外写下"), Q(finding=None, seminar_problem=None)),
}


class LessonList:
    """Lessons are everybody's, of every campaign: they are there to be used again."""

    def __init__(self, reader: User, chosen: QueryDict):
        self.tab = chosen.get("show") if chosen.get("show") in TABS else "all"
        self.search = chosen.get("q", "").strip()[:100]
        self.specialty = Specialty.objects.filter(code=chosen.get("specialty", "")).first()
        seen = Campaign.objects.visible_to(reader)
        self.campaigns = list(seen.filter(started_at__isnull=False).order_by("-year", "code"))
        named = [held for held in self.campaigns if held.code == chosen.get("campaign")]
        self.campaign = named[0] if named else None

    def narrowed(self) -> QuerySet[Lesson]:
        found = searched(Lesson.objects.standing(), self.search)
        for name in ("specialty", "campaign"):
            if getattr(self, name):
                found = found.filter(**{name: getattr(self, name)})
        return found

    @property
    def tabs(self) -> list[tuple[str, object, bool]]:
        return [(code, word, code == self.tab) for code, (word, _condition) in TABS.items()]

    def page(self, number) -> Page:
        found = self.narrowed().filter(TABS[self.tab][1])
        found = found.select_related("specialty", "campaign", "created_by")
        found = found.prefetch_related("photos").order_by("-created_at", "-pk")
        return Paginator(found, PAGE_SIZE).get_page(number)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.specialty or self.campaign or self.tab != "all")

    def answer(self, page: Page) -> str:
        count = page.paginator.count
        if count:
            return ngettext("%(count)d 条经验", "%(count)d 条经验", count) % {"count": count}
        return _("没有找到经验") if self.is_narrowed else _("还没有记下经验")
