"""Trainings and surveys of a campaign as one reader sees them."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.kept import kept_counts
from campaign.models import Campaign
from inspections.models import Attendance, NeedsAnswer, NeedsSurvey, Training
from organization.clock import local_day, start_of
from organization.models import Specialty, User

KEPT = "trainings"
PAGE_SIZE = 50
SURVEYS_SIZE = 20
SHOWN = {
    "all": gettext_lazy("全部"),
    "coming": gettext_lazy("将举行"),
    "past": gettext_lazy("已举行"),
    "cancelled": gettext_lazy("已取消"),
}


def number_by(name: str, rows: QuerySet) -> Coalesce:
    """How many rows lead to the one asked for by this field. Counted as rows, which an index of
    that field knows; a join would carry each of them through the sorting.
    """
    own = rows.filter(**{name: OuterRef("pk")}).order_by().values(name)
    return Coalesce(own.annotate(n=Count("*")).values("n"), 0)


def count_trainings(campaign: Campaign, at: datetime) -> dict[str, dict]:
    """By training how many came: what the scheduler keeps (`campaign.kept`)."""
    trainings = list(campaign.trainings.order_by("pk").values_list("pk", flat=True))
    came = came_to(trainings)
    return {str(pk): {"came": came.get(pk, 0)} for pk in trainings}


def came_to(trainings: list[int]) -> dict[int, int]:
    there = Attendance.objects.filter(training__in=trainings, came=True).order_by()
    return dict(there.values_list("training").annotate(n=Count("*")))


class TrainingList:
    def __init__(self, campaign: Campaign, reader: User, at: datetime, chosen):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.show = chosen.get("show") if chosen.get("show") in SHOWN else "all"
        self.surveys_at = chosen.get("surveys")
        self.counted_at: datetime | None = None
        self.specialty = Specialty.objects.filter(code=chosen.get("specialty", "")).first()

    @property
    def narrowed(self) -> QuerySet[Training]:
        found = self.campaign.trainings.visible_to(self.reader)
        return found.filter(specialty=self.specialty) if self.specialty else found

    def condition(self, show: str) -> Q:
        today = start_of(local_day(self.at))
        return {
            "all": Q(),
            "coming": Q(cancelled_at=None, starts_at__gte=today),
            "past": Q(cancelled_at=None, starts_at__lt=today),
            "cancelled": Q(cancelled_at__isnull=False),
        }[show]

    @cached_property
    def counts(self) -> dict[str, int]:
        return self.narrowed.aggregate(
            **{show: Count("pk", filter=self.condition(show), distinct=True) for show in SHOWN}
        )

    @property
    def chips(self) -> list[tuple]:
        return [(show, word, self.counts[show], show == self.show) for show, word in SHOWN.items()]

    def page(self, number) -> Page:
        found = self.narrowed.filter(self.condition(self.show)).select_related("specialty")
        pages = Paginator(found.order_by("-starts_at", "-pk"), PAGE_SIZE)
        pages.count = self.counts[self.show]  # known already
        page = pages.get_page(number)
        page.object_list = list(page.object_list)
        came = self.came([each.pk for each in page])
        for each in page:
            each.came = came.get(each.pk, 0)
            each.campaign, each.now = self.campaign, each.state(at=self.at)
        return page

    def came(self, trainings: list[int]) -> dict[int, int]:
        """How many came to each: as it is kept, and counted where it is not."""
        kept = kept_counts(self.campaign, KEPT, map(str, trainings), at=self.at)
        self.counted_at = min((each.counted_at for each in kept), default=None)
        known = {int(each.part): each.figures["came"] for each in kept}
        others = [pk for pk in trainings if pk not in known]
        return known | came_to(others) if others else known

    @cached_property
    def surveys(self) -> Page:
        """Those that close last come first."""
        found = self.campaign.surveys.visible_to(self.reader).select_related("specialty")
        found = found.annotate(answered=number_by("survey", NeedsAnswer.objects.all()))
        found = found.filter(specialty=self.specialty) if self.specialty else found
        shown = Paginator(found.order_by("-closes", "-pk"), SURVEYS_SIZE).get_page(self.surveys_at)
        shown.object_list = list(shown.object_list)
        for each in shown:
            each.campaign, each.now = self.campaign, each.state(at=self.at)
        return shown

    @cached_property
    def to_answer(self) -> list[NeedsSurvey]:
        """What a project that this reader leads has still to answer, on whatever page."""
        led = [each.pk for each in self.own_projects if self.leads(each)]
        found = self.campaign.surveys.open(at=self.at).owed_by(led)
        found = found.filter(specialty=self.specialty) if self.specialty else found
        return list({survey.pk: survey for survey in found}.values()) if led else []

    def leads(self, project) -> bool:
        return self.reader.has_perm("inspections.answer_needs", project)

    @cached_property
    def own_projects(self):
        return [post.project for post in self.reader.current_posts if post.project]

    @property
    def answer(self) -> str:
        waiting = len(self.to_answer)
        if waiting:
            words = ngettext("%(n)d 项需求调查等您填", "%(n)d 项需求调查等您填", waiting)
            return words % {"n": waiting}
        if self.counts["coming"]:
            coming = self.counts["coming"]
            return ngettext("%(n)d 场培训将举行", "%(n)d 场培训将举行", coming) % {"n": coming}
        past = self.counts["past"]
        if past:
            return ngettext("已举行 %(n)d 场培训", "已举行 %(n)d 场培训", past) % {"n": past}
        return _("还没有安排培训")
