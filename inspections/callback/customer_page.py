"""What the list of customers asks for where nothing narrows it, put into SQL once."""

from functools import partial

from django.core.paginator import Page
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet

from campaign.models import Campaign
from inspections.models import Customer
from organization.models import Project
from organization.narrow_pages import NarrowPaginator
from organization.prepared import prepared
from organization.project_choice import ProjectChoice, in_order

PER_PAGE = 20


def listed_in(campaign) -> QuerySet[Customer]:
    return Customer.objects.listed().filter(campaign=campaign)


def with_projects(found: QuerySet[Customer]) -> QuerySet[Customer]:
    return found.select_related("project").order_by("project__code", "number")


def having(campaign) -> QuerySet[Project]:
    """Of which projects there are any."""
    return Project.objects.filter(Exists(listed_in(campaign).filter(project=OuterRef("pk"))))


def counted(*, campaign) -> QuerySet:
    """One row; no Count, which groups."""
    count = Func("campaign", function="COUNT", output_field=IntegerField())
    return listed_in(campaign).order_by().annotate(count=count).values_list("count")


def on_first_page(*, campaign) -> QuerySet[Customer]:
    first = with_projects(listed_in(campaign)).values("pk")[:PER_PAGE]
    return with_projects(Customer.objects.filter(pk__in=first))


HELD = {"campaign": Campaign._meta.pk}
numbers, first_page = prepared(counted, HELD), prepared(on_first_page, HELD)
choices = prepared(lambda *, campaign, most: in_order(having(campaign), most), HELD)


class CustomerList:
    """The campaign's customers, those of one project where that was `asked` for."""

    def __init__(self, campaign: Campaign, asked: str):
        self.held = {"campaign": campaign.pk}
        self.choice = ProjectChoice(having(campaign), asked, self.choices)
        self.listed = listed_in(campaign)

    def choices(self, most: int) -> list[tuple]:
        return choices(**self.held, most=most)

    def page(self, number) -> Page:
        choice = self.choice
        if choice.chosen or choice.is_part:
            asked = Q(project=choice.chosen) if choice.chosen else choice.like("project__")
            pages = NarrowPaginator(with_projects(self.listed.filter(asked)), PER_PAGE)
        else:
            [(count,)] = numbers(**self.held)
            opening = partial(first_page, **self.held)
            pages = NarrowPaginator(
                with_projects(self.listed), PER_PAGE, count=count, opening=opening
            )
        return pages.get_page(number)
