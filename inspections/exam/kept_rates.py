"""How exams of many people went, as the scheduler counted it last (`campaign.kept`).

Of an exam for ten thousand projects there is a seat for each of their people: the list would go
through all of them to show a handful of figures, and an exam's page to find where it went worst.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator

from campaign.kept import kept_counts
from campaign.models import Campaign
from inspections.exam.rates import Rate, named, of_exams, project_page
from inspections.models import Exam, Seat

KEPT, PROJECTS = "exams", "projects"
AMOUNTS = ("average", "best")


def count_exams(campaign: Campaign, at: datetime) -> dict[str, dict]:
    """By exam its rate; by exam and `projects` how many of these, and those of the first page."""
    exams = list(Exam.objects.filter(campaign=campaign))
    rates, found = of_exams(exams, Seat.objects.all(), at=at), {}
    for exam in exams:
        found[part_of(exam)] = as_figures(rates.get(exam.pk, Rate()))
        page = project_page(exam, exam.seats.all(), 1, at=at)
        if page.has_other_pages():
            found[part_of(exam, PROJECTS)] = {
                "count": page.paginator.count,
                "size": page.paginator.per_page,
                "first": [
                    [project and project.pk, as_figures(rate)] for project, rate in page.object_list
                ],
            }
    return found


def part_of(exam: Exam, what: str = "") -> str:
    return f"{exam.pk} {what}".rstrip()


def as_figures(rate: Rate) -> dict:
    amounts = {name: getattr(rate, name) for name in AMOUNTS}
    told = {name: None if each is None else str(each) for name, each in amounts.items()}
    return asdict(rate) | told


def from_figures(figures: dict) -> Rate:
    amounts = {name: figures[name] and Decimal(figures[name]) for name in AMOUNTS}
    return Rate(**figures | amounts)


def kept_rates(
    campaign: Campaign, exams: Sequence[Exam], *, at: datetime
) -> tuple[dict[int, Rate], datetime | None]:
    """Those of these exams that are kept, and since when at the latest."""
    by_part = {part_of(exam): exam.pk for exam in exams}
    found = kept_counts(campaign, KEPT, by_part, at=at)
    rates = {by_part[each.part]: from_figures(each.figures) for each in found}
    return rates, min((each.counted_at for each in found), default=None)


def kept_projects(exam: Exam, *, at: datetime) -> tuple[Page | None, datetime | None]:
    """The first page of an exam's projects with their rates, and when it was counted."""
    for each in kept_counts(exam.campaign, KEPT, [part_of(exam, PROJECTS)], at=at):
        rates = {pk: from_figures(figures) for pk, figures in each.figures["first"]}
        pages = Paginator((), each.figures["size"])
        pages.count = each.figures["count"]
        page = pages.page(1)
        page.object_list = named(rates)
        return page, each.counted_at
    return None, None
