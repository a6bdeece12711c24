"""Tables of a report on its page, by plain formatting: a summary has four hundred cells."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines

from organization.formatting import escaped, formatted, joined

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
    shown = escaped(normalize_newlines(text))
    return mark_safe(shown.replace("\n", "<br>"))  # noqa: S308 escaped before
