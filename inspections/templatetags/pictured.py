"""Findings to choose a report's pictures from, by plain formatting."""

from django import template
from django.urls import reverse

from organization.formatting import cut, formatted, joined

register = template.Library()
CHOICE = (
    '\n      <li><label><input class="form-check-input" type="checkbox" name="finding" '
    'value="{finding}"{chosen}>\n        <span class="pair-shots">'
    '<img src="{before}" alt="" loading="lazy"><img src="{after}" alt="" loading="lazy"></span>\n'
    '        <span class="small">{problem} <span class="muted">{project}</span></span></label></li>'
)
CHOSEN = formatted(" checked")


@register.simple_tag
def choice_rows(choices):
    """Each with the picture of before and that of after."""
    return joined(
        formatted(
            CHOICE,
            finding=choice.finding,
            chosen=CHOSEN if choice.chosen else "",
            before=reverse("file", args=[choice.before]),
            after=reverse("file", args=[choice.after]),
            problem=cut(choice.problem, 30),
            project=choice.project,
        )
        for choice in choices
    )
