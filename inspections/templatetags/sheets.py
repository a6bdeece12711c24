"""Figures of a score sheet as its page writes them."""

from decimal import Decimal

from django import template

from organization.templatetags.ui import points
from scoring.forms.amounts import plain as without_zeros

register = template.Library()


@register.filter
def plain(value):
    """Points without decimals that say nothing: 5, 0.5."""
    return "—" if value is None else f"{without_zeros(value):f}"


@register.filter
def typed(value):
    """What stands in a field of points: a figure as it is shown, anything else as it was typed."""
    return points(value) if isinstance(value, Decimal) else (value or "")
