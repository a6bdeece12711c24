"""How a band is drawn: the same word, icon and tint on every page."""

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy

from organization.templatetags.ui import SELECTED, icon
from scoring.forms.amounts import plain
from scoring.models import RuleKind

register = template.Library()


@register.simple_tag
def band(mark):
    """A band (scoring.bands.BandMark) as icon, word and tint."""
    return format_html(
        '<span class="band band-{}">{}{}</span>', mark.tint, icon(mark.icon), mark.name
    )


@register.simple_tag
def options(pairs, chosen):
    """A select's options of (value, word), made at once: a loop in a template takes longer."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", word) for value, word in pairs),
    )


@register.filter
def percent(value):
    """25% or 12.5%: no zeros that say nothing."""
    return f"{value.normalize():f}%"


@register.filter
def figure(value):
    """Points as the rubric gives them: 4, 0.5, 100."""
    return "?" if value is None else f"{plain(Decimal(value)):f}"


COSTS = {
    RuleKind.RANGE: gettext_lazy("扣 %(points)s 分"),
    RuleKind.FIXED: gettext_lazy("扣 %(points)s 分"),
    RuleKind.PER_OCCURRENCE: gettext_lazy("每次扣 %(points)s 分"),
    RuleKind.LOSE_ITEM: gettext_lazy("本项不得分"),
    RuleKind.LEVELS: gettext_lazy("分档扣 %(points)s 分"),
    RuleKind.EXTRA: gettext_lazy("项外追加扣 %(points)s 分"),
}


@register.filter
def cost(rule):
    """What a rule of an item takes, in words; empty where nobody has settled it."""
    if not rule.kind:
        return ""
    between, figures = " / ", rule.levels
    if not figures:
        between, figures = "–", [each for each in (rule.minimum, rule.maximum) if each is not None]
    points = between.join(dict.fromkeys(map(figure, figures)))
    return COSTS[RuleKind(rule.kind)] % {"points": points}
