"""What came of a survey so far, for who sees all projects: put into SQL once."""

from collections.abc import Callable
from functools import partial

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from campaign.models import Campaign, Participation
from campaign.numbers import number_of
from inspections.models import NeedsAnswer, NeedsSurvey
from organization.models import Project, Specialty, User
from organization.prepared import prepared

NAMES_A_PAGE = 60
PAGE_SIZE = 50


def answered_in(survey) -> QuerySet:
    return NeedsAnswer.objects.filter(survey=survey).order_by().values("project")


def lacking_in(*, campaign, specialty) -> QuerySet[Participation]:
    found = Participation.lacks.through.objects.filter(specialty=specialty)
    return found.filter(participation__campaign=campaign).order_by().values_list("pk")[:1]


def numbers_in(*, survey, campaign, specialty, some_lack: bool) -> QuerySet:
    """One row: how many are asked, how many of them answered, how many answered at all, and how
    many in their own words as well; each along an index, without the projects.
    """
    asked = Participation.objects.filter(campaign=campaign)
    if some_lack:
        asked = asked.exclude(lacks=specialty)
    answers = NeedsAnswer.objects.filter(survey=survey)
    heard = asked.filter(Exists(answers.filter(project=OuterRef("project"))))
    parts = (
        number_of(asked),
        number_of(heard),
        number_of(answers, "survey"),
        number_of(answers.exclude(line=""), "survey"),
    )
    numbers = {f"number{place}": number for place, number in enumerate(parts)}
    found = NeedsSurvey.objects.filter(pk=survey).order_by()
    return found.annotate(**numbers).values_list(*numbers)


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
lacking, numbers_of = prepared(lacking_in, PARTS), prepared(numbers_in, SURVEY | PARTS)
of_campaign = prepared(
    lambda *, survey, campaign: (
        NeedsSurvey.objects.filter(pk=survey, campaign=campaign)
        .select_related("specialty")
        .order_by()
    ),
    SURVEY | {"campaign": Campaign._meta.pk},
)
first_told = prepared(lambda *, survey: told_in(survey)[:PAGE_SIZE], SURVEY)
first_missing = prepared(
    lambda *, survey, campaign, specialty: missing_in(survey, campaign, specialty)[:NAMES_A_PAGE],
    SURVEY | PARTS,
)


def survey_or_404(campaign: Campaign, reader: User, pk: int) -> NeedsSurvey:
    """One that the reader may see; as it was put into SQL once for who sees them all."""
    if reader.sees_company:
        found = next(iter(of_campaign(survey=pk, campaign=campaign.pk)), None)
    else:
        visible = campaign.surveys.visible_to(reader).select_related("specialty")
        found = visible.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.campaign = campaign
    return found


class NeedsCounts:
    def __init__(self, survey: NeedsSurvey):
        self.survey = {"survey": survey.pk}
        self.parts = {"campaign": survey.campaign_id, "specialty": survey.specialty_id}
        some_lack = bool(lacking(**self.parts))  # mostly nobody lacks it
        [numbers] = numbers_of(**self.survey, **self.parts, some_lack=some_lack)
        self.asked, heard, self.answered, self.told = numbers
        self.left = self.asked - heard

    def lines(self, number) -> Page:
        found, first = partial(told_in, **self.survey), partial(first_told, **self.survey)
        return page_of(found, first, PAGE_SIZE, self.told, number)

    def missing(self, number) -> Page:
        about = self.survey | self.parts
        found, first = partial(missing_in, **about), partial(first_missing, **about)
        return page_of(found, first, NAMES_A_PAGE, self.left, number)


def page_of(
    found: Callable[[], QuerySet], first: Callable[[], list], size: int, count: int, number
) -> Page:
    """Of what is counted already; the first page comes as `first` gives it."""
    page = Paginator(range(count), size).get_page(number)
    if page.number > 1:
        page.object_list = found()[page.start_index() - 1 : page.end_index()]
    else:
        page.object_list = first() if count else []
    return page
