"""What a project's result says of each offer and of each section's gap, by plain formatting: a page
has eighty of either.
"""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.sheet.outline import wording
from inspections.templatetags.sheets import plain, signed
from organization.formatting import formatted, joined
from organization.templatetags.ui import points, score
from scoring.models import DeductionRule

register = template.Library()
OFFER = (
    '<label class="offer"><input class="form-check-input" type="checkbox" name="met" '
    'value="{key}"{ticked}><span>{name}{about}</span><b class="num">−{costs}</b></label>'
)
OFFER_ABOUT = ' <span class="muted">{}</span>'
WAY = "<li>{}{}</li>"
CHECKED = mark_safe(" checked")


@register.simple_tag
def offer_rows(offers):
    """What there is to tick of one sheet."""
    return joined(
        formatted(
            OFFER,
            key=offer.key,
            ticked=CHECKED if offer.ticked else "",
            name=wording(offer.item.rubric_id).names[offer.item.pk],
            about=formatted(OFFER_ABOUT, text_of(offer)) if offer.about else "",
            costs=points(offer.costs),
        )
        for offer in offers
    )


@register.simple_tag
def way_rows(offers):
    """The offers that bring a band."""
    return joined(
        formatted(
            WAY,
            wording(offer.item.rubric_id).names[offer.item.pk],
            formatted(" · {}", text_of(offer)) if offer.about else "",
        )
        for offer in offers
    )


def text_of(offer) -> SafeString:
    words = wording(offer.item.rubric_id)
    is_rule = isinstance(offer.about, DeductionRule)
    return (words.rules if is_rule else words.requirements)[offer.about.pk]


@register.simple_tag
def result_gap(gap):
    """What a project said of itself beside what was found, in three cells."""
    return SafeString(gap_cells(gap, escape(_("自查")), escape(_("检查"))))


@register.simple_tag
def result_gaps(sections):
    """The same of each section."""
    own, audit, none = escape(_("自查")), escape(_("检查")), _("未分类")
    rows = [
        f'<tr><td class="c-wide c-section">{escape(name or none)}</td>'
        f"{gap_cells(gap, own, audit)}</tr>"
        for name, gap in sections
    ]
    return SafeString("".join(rows))


def gap_cells(gap, own: str, audit: str) -> str:
    wide = " text-warn" if gap.is_wide else ""
    sides = side_cell(gap.own, own) + side_cell(gap.audit, audit)
    return f'{sides}<td class="num c-main{wide}">{signed(gap.difference)}</td>'


def side_cell(side, word: str) -> str:
    if not side:
        return f'<td class="num" data-label="{word}"><span class="muted">—</span></td>'
    return (
        f'<td class="num" data-label="{word}">{score(side.shown)}<small class="muted points"> '
        f"{points(side.kept)} / {plain(side.possible)}</small></td>"
    )
