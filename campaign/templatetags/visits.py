"""The rows of a list of visits, by plain formatting."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from organization.formatting import cut, formatted
from organization.templatetags.ui import day, state

register = template.Library()
ROW = (
    '<li class="row-link">\n  <div class="work-main">\n'
    '    <a class="work-title" href="{url}">{project} · {subject}</a>\n'
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
    return mark_safe("".join(visit_row(visit, reader) for visit in visits))  # noqa: S308 formatted


def visit_row(visit, reader) -> str:
    url, dispute, confirm = visit.get_absolute_url(), "", ""
    if visit.is_disputed:
        dispute = formatted(DISPUTE, _("异议"), _("："), cut(visit.dispute_reason, LENGTH))
    if visit.is_to_confirm and reader.has_perm("campaign.confirm_visit", visit):
        confirm = formatted(CONFIRM, url, _("去确认"), visit)
    return formatted(
        ROW,
        url=url,
        project=visit.project,
        subject=visit.obligation.subject,
        went=visit.went,
        found=cut(visit.found, LENGTH),
        dispute=dispute,
        iso=visit.day.isoformat(),
        day=day(visit.day),
        state=state(visit.state()),
        confirm=confirm,
    )
