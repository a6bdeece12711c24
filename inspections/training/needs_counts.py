"""What came of a survey so far, for who sees all projects: put into SQL once."""

from collections.abc import Callable
from functools import partial

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from campaign.models import Campaign, Participation
from inspections.models import NeedsAnswer, NeedsSurvey
from organization.models import Project, Specialty
from organization.prepared import prepared

NAMES_A_PAGE = 60
PAGE_SIZE = 50


def answered_in(survey) -> QuerySet:
    return NeedsAnswer.objects.filter(survey=survey).order_by().values("project")


def lacking_in(*, campaign, specialty) -> QuerySet[Participation]:
    found = Participation.lacks.through.objects.filter(specialty=specialty)
    return found.filter(participation__campaign=campaign).order_by().values_list("pk")[:1]


def asked_in(*, survey, campaign, specialty, some_lack: bool) -> QuerySet:
    """One row: how many are asked, and how many of them have not answered; without the projects."""
    asked = Participation.objects.filter(campaign=campaign).order_by()
    if some_lack:
        asked = asked.exclude(lacks=specialty)
    left = Count("project", filter=~Q(project__in=answered_in(survey)))
    numbers = asked.values("campaign").annotate(number=Count("project"), left=left)
    return numbers.values_list("number", "left")


def numbers_in(*, survey) -> QuerySet:
    """One row: how many answered, and how many of them in their own words as well."""
    told = Count("pk", filter=~Q(line=""))
    answers = NeedsAnswer.objects.filter(survey=survey).order_by().values("survey")
    return answers.annotate(number=Count("pk"), told=told).values_list("number", "told")


def told_in(survey) -> QuerySet[NeedsAnswer]:
    """What projects added in their own words, by project."""
    told = NeedsAnswer.objects.filter(survey=survey).exclude(line="").select_related("project")
    return told.order_by("project__code")


def missing_in(survey, campaign, specialty) -> QuerySet[Project]:
    """Who is asked and has not answered, by code: as `NeedsSurvey.projects` has them."""
    part = Participation.objects.filter(campaign=campaign, project=OuterRef("pk"))
    part = part.exclude(lacks=specialty)
    return Project.objects.filter(Exists(part)).exclude(pk__in=answered_in(survey)).order_by("code")


SURVEY = {"survey": NeedsSurvey._meta.pk}
PARTS = {"campaign": Campaign._meta.pk, "specialty": Specialty._meta.pk}
lacking, asked_of = prepared(lacking_in, PARTS), prepared(asked_in, SURVEY | PARTS)
numbers_of = prepared(numbers_in, SURVEY)
first_told = prepared(lambda *, survey: told_in(survey)[:PAGE_SIZE], SURVEY)
first_missing = prepared(
    lambda *, survey, campaign, specialty: missing_in(survey, campaign, specialty)[:NAMES_A_PAGE],
    SURVEY | PARTS,
)


class NeedsCounts:
    def __init__(self, survey: NeedsSurvey):
        self.survey = {"survey": survey.pk}
        self.parts = {"campaign": survey.campaign_id, "specialty": survey.specialty_id}
        some_lack = bool(lacking(**self.parts))  # mostly nobody lacks it
        rows = asked_of(**self.survey, **self.parts, some_lack=some_lack)
        self.asked, self.left = next(iter(rows), (0, 0))
        self.answered, self.told = next(iter(numbers_of(**self.survey)), (0, 0))

    def lines(self, number) -> Page:
        first = partial(first_told, **self.survey)
        return page_of(told_in(**self.survey), PAGE_SIZE, self.told, number, first)

    def missing(self, number) -> Page:
        found = missing_in(**self.survey, **self.parts)
        first = partial(first_missing, **self.survey, **self.parts)
        return page_of(found, NAMES_A_PAGE, self.left, number, first)


def page_of(found: QuerySet, size: int, count: int, number, first: Callable) -> Page:
    """Of what is counted already; the first page comes as `first` gives it."""
    pages = Paginator(found, size)
    pages.count = count
    page = pages.get_page(number)
    if page.number == 1:
        page.object_list = first() if count else []
    return page
