"""Rows of a campaign's appeals by plain formatting, twenty on a page."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import cut, formatted
from organization.templatetags.ui import day, moment, points, state

register = template.Library()
LONGEST = 40  # letters of what was found
ROW = (
    '<tr><th scope="row"><a href="{address}">{item}</a>{words}</th>\n'
    '      <td>{project} <small class="muted">{code}</small></td>\n'
    "      <td>{specialty}</td>\n"
    '      <td class="num c-main nowrap">{points}</td>\n'
    "      <td>{state}{due}</td>\n"
    '      <td class="nowrap">{made}</td></tr>'
)
WORDS = ' <small class="muted fw-normal">{}</small>'
STOOD = '<s class="muted fw-normal">−{}</s> '
DUE = ' <span class="small nowrap {}">{}</span>'


@register.simple_tag(takes_context=True)
def appeal_rows(context, appeals) -> SafeString:
    """What each is about, its points, how far it is and until when it is to be decided."""
    campaign = context["campaign"].code
    return mark_safe("\n    ".join(row(campaign, each) for each in appeals))  # noqa: S308


def row(campaign: str, appeal) -> SafeString:
    words, project = appeal.words, appeal.project
    return formatted(
        ROW,
        address=reverse("appeal", args=[campaign, appeal.pk]),
        item=appeal.item.name,
        words=formatted(WORDS, cut(words, LONGEST)) if words else "",
        project=project,
        code=project.code,
        specialty=appeal.sheet.specialty,
        points=appeal_points(appeal),
        state=state(appeal.now),
        due=due(appeal) if appeal.is_open else "",
        made=moment(appeal.made_at),
    )


@register.simple_tag
def appeal_points(appeal) -> SafeString:
    """What the deduction costs now, and what it cost before where the decision changed it."""
    stood = formatted(STOOD, points(appeal.stood)) if appeal.changed else ""
    costs = appeal.costs_now
    return formatted("{}{}", stood, f"−{points(costs)}" if costs else 0)


def due(appeal) -> SafeString:
    said = _("%(day)s前") % {"day": day(appeal.due)}
    return formatted(DUE, "text-late" if appeal.is_late else "muted", said)
