"""Who was told of a thing, on its page."""

from django import template
from django.core.paginator import Paginator

from campaign.told import Told, told_of

register = template.Library()
PAGE_SIZE = 10
PARAMETER = "told"


@register.inclusion_tag("campaign/_told.html", takes_context=True)
def told(context, *things: str):
    """A page of who was told of these things (`?told=`), the newest first; empty names are none."""
    request = context["request"]
    rows = told_of(*filter(None, things))
    first = list(rows[: PAGE_SIZE + 1])  # mostly all that there is: nothing to count then
    page = Paginator(first if len(first) <= PAGE_SIZE else rows, PAGE_SIZE).get_page(
        request.GET.get(PARAMETER)
    )
    return {
        "request": request,
        "page": page,
        "lines": [Told(row) for row in page],
        "parameter": PARAMETER,
    }
