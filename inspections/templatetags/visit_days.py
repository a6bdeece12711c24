"""The visits of a day of the calendar by plain formatting: a full week shows two hundred."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from inspections.words import Method
from organization.formatting import formatted

register = template.Library()
ROW = '<li><a href="{}">{}</a><small>{}{}</small></li>'


@register.simple_tag
def day_visits(visits) -> SafeString:
    """Where, by which method where it isn't the announced one, and who goes."""
    if not visits:
        return SafeString()
    words = dict(Method.choices)
    place = reverse("audit_visit", args=[visits[0].campaign.code, 0]).removesuffix("0/")
    rows = (
        formatted(
            ROW,
            f"{place}{visit.pk}/",
            visit.project,
            "" if visit.method == Method.OPEN else f"{words[visit.method]} · ",
            visit.who,
        )
        for visit in visits
    )
    return mark_safe("\n        ".join(rows))  # noqa: S308 each is formatted
