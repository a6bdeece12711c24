"""Lines of work by plain formatting: a page has up to fifty of them."""

from django import template
from django.utils.safestring import SafeString

from organization.formatting import formatted, joined
from organization.templatetags.ui import day, state

register = template.Library()
ROW = (
    '<li class="row-link">\n'
    '  <div class="work-main">\n'
    '    <a class="work-title" href="{url}">{title}</a>\n'
    '    <p class="work-meta">{meta}</p>\n'
    "  </div>\n"
    "  {due}\n"
    "  {state}\n"
    '  <a class="btn" href="{url}">{action}<span class="visually-hidden"> {title}</span></a>\n'
    "</li>\n"
)
DUE = '<time class="work-due" datetime="{}">{}</time>'
NOTE = '<span class="work-due">{}</span>'


@register.simple_tag
def work_rows(rows, first):
    """All but the first, which stands out above them."""
    return joined(work_row(row) for row in rows if row is not first)


def work_row(row) -> SafeString:
    if row.due:
        due = formatted(DUE, row.due.isoformat(), day(row.due))
    else:
        due = formatted(NOTE, row.note)
    return formatted(
        ROW,
        url=row.url,
        title=row.title,
        meta=row.meta,
        due=due,
        state=state(row.state),
        action=row.action,
    )
