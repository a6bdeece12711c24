"""The rows of the list of improvement plans, by plain formatting."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organization.formatting import formatted
from organization.long_select import radio
from organization.templatetags.ui import day, state

register = template.Library()
register.simple_tag(radio, name="radio")
ROW = (
    '<tr class="row-link">\n      <th scope="row" class="card-main"><a href="{url}">{project}</a>'
    '<small class="muted"> {code}{region}</small></th>\n'
    '      <td class="card-figure">{state}{revision}</td>\n{lines}{complete}{outside}{verified}'
    "      <td>{submitted}</td>\n    </tr>\n"
)
FIGURE = '      <td class="num" data-label="{}">{}</td>\n'
OUTSIDE = '<b class="text-warn">{}</b>'
OWED = '<span class="muted">{}</span>'


@register.simple_tag(takes_context=True)
def plan_rows(context, rows):
    """Each project with where its plan stands."""
    code = context["campaign"].code
    return mark_safe("".join(plan_row(code, row) for row in rows))  # noqa: S308 each is formatted


def plan_row(campaign: str, row) -> SafeString:
    project, revision, outside = row.project, row.revision_state, 0
    if row.outside:
        outside = formatted(OUTSIDE, row.outside)
    return formatted(
        ROW,
        url=reverse("plan", args=[campaign, project.code]),
        project=project,
        code=project.code,
        region=f" · {project.region}" if project.region else "",
        state=state(row.state),
        revision=formatted(" {}", state(revision)) if revision else "",
        lines=formatted(FIGURE, pgettext("several", "问题"), row.lines),
        complete=formatted(FIGURE, _("写全"), row.complete),
        outside=formatted(FIGURE, _("期限在阶段外"), outside),
        verified=formatted(FIGURE, _("已整改"), row.verified),
        submitted=submitted(row),
    )


def submitted(row) -> SafeString | str:
    """When it was handed in and how late, else until when it has to be."""
    if row.plan and row.plan.submitted_at:
        words = _("%(day)s 提交") % {"day": day(row.plan.submitted_at)}
        return formatted("{} {}", words, state(row.late)) if row.late else words
    if row.obligation:
        return formatted(OWED, _("期限 %(day)s") % {"day": day(row.obligation.due)})
    return "—"
