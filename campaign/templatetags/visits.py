"""The rows of a list of visits, by plain formatting."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from organization.formatting import cut, formatted
from organization.templatetags.ui import day, state

register = template.Library()
ROW = (
    '<li class="row-link">\n  <div class="work-main">\n'
    '    <a class="work-title" href="{url}">{title}</a>\n'
    '    <p class="work-meta">{went} · {found}</p>\n    {dispute}\n  </div>\n'
    '  <time class="work-due" datetime="{iso}">{day}</time>\n  {state}\n  {confirm}\n</li>'
)
DISPUTE = '<p class="work-meta text-warn">{}{}{}</p>'
CONFIRM = '<a class="btn" href="{}">{}<span class="visually-hidden"> {}</span></a>'
LENGTH = 60  # of what is quoted


@register.simple_tag(takes_context=True)
def visit_rows(context, visits):
    """Each with its specialty, and a button for who confirms."""
    reader = context["request"].user
    rows = (
        visit_row(visit, f"{visit.project} · {visit.obligation.subject}", confirm(visit, reader))
        for visit in visits
    )
    return mark_safe("".join(rows))  # noqa: S308 formatted


@register.simple_tag
def visit_rows_of_one(visits):
    """One obligation's, which need not be named."""
    return mark_safe("".join(visit_row(each, each.project) for each in visits))  # noqa: S308


def confirm(visit, reader) -> str:
    if not (visit.is_to_confirm and reader.has_perm("campaign.confirm_visit", visit)):
        return ""
    return formatted(CONFIRM, visit.get_absolute_url(), _("去确认"), visit)


def visit_row(visit, title, confirm="") -> str:
    dispute = ""
    if visit.is_disputed:
        dispute = formatted(DISPUTE, _("异议"), _("："), cut(visit.dispute_reason, LENGTH))
    return formatted(
        ROW,
        url=visit.get_absolute_url(),
        title=title,
        went=visit.went,
        found=cut(visit.found, LENGTH),
        dispute=dispute,
        iso=visit.day.isoformat(),
        day=day(visit.day),
        state=state(visit.state()),
        confirm=confirm,
    )
