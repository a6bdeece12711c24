"""Figures of a score sheet, and the rows of which a sheet has a hundred and more.

Those rows are drawn by plain string formatting: a template would spend most of the page's time
on looking up what is the same on every one of them.
"""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from organization.templatetags.ui import points
from scoring.forms.amounts import plain as without_zeros

register = template.Library()


@register.filter
def plain(value):
    """Points without decimals that say nothing: 5, 0.5."""
    return f"{without_zeros(value):f}" if isinstance(value, Decimal) else ""


@register.filter
def typed(value):
    """What stands in a field of points: a figure as it is shown, anything else as it was typed."""
    return points(value) if isinstance(value, Decimal) else (value or "")


SWITCH = (
    '<label class="req-line"><span>{text}</span><span class="word"><span class="word-off">{off}'
    '</span><span class="word-on">{on}</span></span><input class="switch" type="checkbox" '
    'role="switch" name="missing" value="1" aria-label="{text} {on}"{checked}></label>'
)
LIGHT = (
    '<div class="req-box"><form class="req" id="req-{key}" data-requirement="{key}" '
    'data-number="{number}" '
    'data-observation="">{switch}<details class="req-edit"><summary class="req-sum"><span '
    'id="sum-{key}"></span><span class="btn btn-quiet">{change}</span></summary><div '
    'class="deduct"></div></details><div class="shots-kept" id="shots-{key}"></div><p '
    'class="form-error" data-refused hidden></p></form><div id="seen-{key}"></div></div>'
)
TO_READ = (
    '<div class="req{tint}"><p class="req-line"><span>{text}</span>'
    '<span class="word">{word}</span></p></div>'
)


@register.simple_tag
def switch(row):
    """A requirement with its switch: off it conforms, on it is missing."""
    checked = " checked" if row.is_on else ""
    return format_html(SWITCH, text=row.text, off=_("符合"), on=_("缺失"), checked=checked)


@register.simple_tag
def light_row(row):
    """A requirement that nobody found missing; its editor comes when the switch is used."""
    key = row.requirement.pk
    number = row.requirement.number
    return format_html(LIGHT, key=key, number=number, switch=switch(row), change=_("改"))


@register.simple_tag
def row_to_read(row):
    """A requirement on a sheet that is not being filled by this reader."""
    missing = bool(row.events)
    word = _("缺失") if missing else _("符合") if row.card.vouches else ""
    tint = " req-missing" if missing else ""
    return format_html(TO_READ, tint=tint, text=row.text, word=word)
