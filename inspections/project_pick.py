"""Projects to be ticked, of which there may be a thousand: those chosen, and a page of others."""

from collections.abc import Iterable, Mapping

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.forms import Form
from django.utils.functional import cached_property

from campaign.models import Campaign
from organization.models import Project

PAGE_SIZE = 20
SEARCH_LENGTH = 60


def is_finding(request) -> bool:
    """Whether a form was sent to find more projects: nothing is judged or saved yet."""
    return request.method == "POST" and "find" in request.POST


class ProjectPick:
    """`chosen` are codes; `asked` names a search (q) and a page (find)."""

    def __init__(self, campaign: Campaign, chosen: Iterable[str], asked: Mapping[str, str]):
        self.campaign, self.codes = campaign, list(chosen)
        self.projects = campaign.projects.order_by("code")
        self.search = asked.get("q", "").strip()[:SEARCH_LENGTH]
        self.number = asked.get("find")

    @cached_property
    def chosen(self) -> list[Project]:
        return list(self.projects.filter(code__in=self.codes))

    @cached_property
    def page(self) -> Page:
        """The others that are found; without a word all are, and counted without the projects."""
        word, others = self.search, self.projects.exclude(code__in=self.codes)
        if word:
            found = Q(name__icontains=word) | Q(code__icontains=word) | Q(region__icontains=word)
            return Paginator(others.filter(found), PAGE_SIZE).get_page(self.number)
        pages = Paginator(others, PAGE_SIZE)
        pages.count = self.campaign.number_taking_part - len(self.chosen)
        return pages.get_page(self.number)


def picking(request, campaign: Campaign, form: Form) -> dict:
    """What a page with a form that asks for `projects` needs to show them.

    While more are looked for nothing is judged yet: the form forgets its errors.
    """
    if is_finding(request):
        form.errors.clear()
    return {
        "pick": ProjectPick(campaign, form["projects"].value() or [], request.POST),
        "is_finding": is_finding(request),
    }
