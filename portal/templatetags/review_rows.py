"""The rows of what waits for a reviewer, by plain formatting."""

from django import template
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import moment

register = template.Library()
ROW = (
    '\n    <li class="row-link">\n      <div class="work-main">{pick}'
    '<a class="work-title" href="{url}">{title}</a>'
    '<p class="work-meta">{subject}{by}</p></div>\n'
    '      <span class="work-due">{since}</span>\n'
    '      <a class="btn" href="{url}">{action}'
    '<span class="visually-hidden"> {title} {subject}</span></a>\n    </li>'
)
PICK = (
    '<label class="bulk-pick"><input class="form-check-input" type="checkbox" name="chosen" '
    'value="{}"{}><span class="visually-hidden">{}</span></label>'
)
BY = " · {}"


@register.simple_tag
def review_rows(rows, action, ticked):
    """One thing each, with a button and, where it can be decided with others, a box to tick."""
    return joined(row_of(each, action, each.key in (ticked or ())) for each in rows)


def row_of(row, action, is_ticked: bool):
    return formatted(
        ROW,
        pick=pick_of(row, is_ticked) if row.pick else "",
        url=row.url,
        title=row.title,
        subject=row.subject,
        by=formatted(BY, row.by) if row.by else "",
        since=moment(row.since),
        action=action,
    )


def pick_of(row, is_ticked: bool):
    words = _("选择 %(title)s %(subject)s") % {"title": row.title, "subject": row.subject}
    return formatted(PICK, row.pick, formatted(" checked") if is_ticked else "", words)
