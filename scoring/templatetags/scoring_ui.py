"""How a band is drawn: the same word, icon and tint on every page."""

from decimal import Decimal

from django import template
from django.utils.html import format_html

from organization.templatetags.ui import icon
from scoring.forms.amounts import plain

register = template.Library()


@register.simple_tag
def band(mark):
    """A band (scoring.bands.BandMark) as icon, word and tint."""
    return format_html(
        '<span class="band band-{}">{}{}</span>', mark.tint, icon(mark.icon), mark.name
    )


@register.filter
def percent(value):
    """25% or 12.5%: no zeros that say nothing."""
    return f"{value.normalize():f}%"


@register.filter
def figure(value):
    """Points as the rubric gives them: 4, 0.5, 100."""
    return "?" if value is None else f"{plain(Decimal(value)):f}"
