"""Tables of a report on its page, by plain formatting: a summary has four hundred cells."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines

from organization.formatting import formatted, joined

register = template.Library()
CELLS = {False: "<td>{}</td>", True: '<td class="num">{}</td>'}
ROW = "<tr>{}</tr>"


@register.simple_tag
def table_rows(table):
    """The rows of a document's table."""
    return joined(
        formatted(ROW, joined(formatted(CELLS[right], lines(text)) for text, right in line))
        for line in table.lines
    )


def lines(text: str) -> SafeString:
    """A cell's words, each line on its own."""
    shown = escape(str(text))
    if "\n" in shown or "\r" in shown:
        shown = normalize_newlines(shown).replace("\n", "<br>")
    return mark_safe(shown)  # noqa: S308 escaped before
