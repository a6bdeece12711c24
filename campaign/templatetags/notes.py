"""Cells of the page of notes, by plain string formatting: it has hundreds of them."""

from django import template
from django.utils.html import format_html_join

from organization.formatting import formatted

register = template.Library()

CELL = (
    '<td data-label="{}"><a class="link nowrap" href="{}">{} / {}</a> '
    '<progress class="bar{}" value="{}" max="{}">{}%</progress></td>'
)
NOTHING = '<td data-label="{}">—</td>'


@register.simple_tag
def notes_cells(cells):
    """Each milestone's: how many of the project's people have notes there; a dash if none is owed.

    `cells` has what the column is called, the obligation's address, and its Coverage.
    """
    return format_html_join("\n  ", "{}", ((cell(*each),) for each in cells))


def cell(label, address, of):
    if not address:
        return formatted(NOTHING, label)
    tint, most = " bar-ok" if of.is_complete else "", of.headcount or 1
    about = (of.covered, of.headcount, tint, of.covered, most, of.percent)
    return formatted(CELL, label, address, *about)
