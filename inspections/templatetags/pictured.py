"""Findings to choose a report's pictures from, by plain formatting."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.templatetags.sheets import files_at
from organization.formatting import cut, formatted, joined

register = template.Library()
CHOICE = (
    '\n      <li><label><input class="form-check-input" type="checkbox" name="finding" '
    'value="{finding}"{chosen}>\n        <span class="pair-shots">'
    '<img src="{before}" alt="" loading="lazy"><img src="{after}" alt="" loading="lazy"></span>\n'
    '        <span class="small">{problem} <span class="muted">{project}</span></span></label></li>'
)
CHOSEN = formatted(" checked")


PAIR = (
    '\n  <figure><div class="pair-shots"><img src="{before}" alt="{word_before}" loading="lazy">'
    '<img src="{after}" alt="{word_after}" loading="lazy"></div>\n'
    '    <figcaption>{problem} <span class="muted">{project}</span></figcaption></figure>'
)
LINK = '<a href="{}">{}</a>'


@register.simple_tag
def choice_rows(choices):
    """Each with the picture of before and that of after."""
    place = files_at()
    return joined(
        formatted(
            CHOICE,
            finding=choice.finding,
            chosen=CHOSEN if choice.chosen else "",
            before=f"{place}{choice.before}/",
            after=f"{place}{choice.after}/",
            problem=cut(choice.problem, 30),
            project=choice.project,
        )
        for choice in choices
    )


@register.simple_tag(takes_context=True)
def pair_figures(context, pairs):
    """Pictures of before and after that were chosen, under each what the problem was."""
    place, before, after = files_at(), _("整改前"), _("整改后")
    links = context["request"].user.sees_company
    return joined(
        formatted(
            PAIR,
            before=f"{place}{pair.before.file_id}/",
            after=f"{place}{pair.after.file_id}/",
            word_before=before,
            word_after=after,
            problem=problem(context, pair, links),
            project=pair.finding.project,
        )
        for pair in pairs
    )


def problem(context, pair, links: bool) -> str:
    words = cut(pair.finding.problem, 50)
    if not links:
        return words
    address = reverse("finding", args=[context["campaign"].code, pair.finding_id])
    return formatted(LINK, address, words)
