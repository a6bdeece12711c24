"""The sections of a score sheet, by plain formatting: as steps, among its contents, with all their
cards.
"""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.templatetags.sheet_cards import CONFIRM, sheet_card, toc_items
from inspections.templatetags.sheet_moves import HIDDEN, MOVE, token_of
from inspections.templatetags.sheets import kept
from organization.formatting import escaped, formatted
from organization.templatetags.ui import icon

register = template.Library()
STEP = "<b>{}</b><span>{}{} / {}</span>"
STEP_LINE = '<li><a href="#part-{0}" id="step-{0}" data-step="{0}">{1}\n</a></li>'
TOC = '{}<span>{}</span><small>{} / {}<span class="visually-hidden"> {}</span></small>'
TOC_LINE = (
    '\n      <li data-toc="{0}"><a href="#part-{0}" id="toc-part-{0}">{1}\n</a>\n'
    '        <ol class="sub">{2}        </ol></li>'
)
PART = (
    '\n    <section class="sheet-part" id="part-{pk}" data-part="{pk}"{later} '
    'aria-labelledby="part-name-{pk}">\n'
    '      <h2 class="part-name" id="part-name-{pk}">{name}</h2>\n'
    "      <ul>{cards}</ul>\n"
    "      {foot}\n"
    "    </section>\n    "
)
FOOT = '<div class="part-foot no-print" id="part-foot-{}">{}\n</div>'


def name_of(page, part) -> str:
    section = part.section
    return kept(page, ("part", section.pk), lambda: escaped(section.name or _("未分类")))


@register.simple_tag
def sheet_steps(page):
    """All sections in a row, for a page that shows one of them at a time."""
    lines = [STEP_LINE.format(part.section.pk, step(page, part)) for part in page.parts]
    return SafeString("".join(lines))


@register.simple_tag
def step(page, part):
    """A section's name, how many of its items were looked at, and whether all were."""
    sign = "" if part.left else icon("check", "icon-s")
    return SafeString(STEP.format(name_of(page, part), sign, part.done, part.total))


@register.simple_tag
def sheet_toc(page):
    """All sections with their items."""
    lines = (
        TOC_LINE.format(part.section.pk, toc_part(page, part), toc_items(part.cards))
        for part in page.parts
    )
    return SafeString("".join(lines))


@register.simple_tag
def toc_part(page, part):
    """A section among the sheet's contents."""
    state = part.state
    words = icon(state.icon), name_of(page, part), part.done, part.total, escaped(state)
    return SafeString(TOC.format(*words))


@register.simple_tag(takes_context=True)
def sheet_parts(context, page):
    """All sections with all their cards."""
    return SafeString("".join([sheet_part(context, page, part) for part in page.parts]))


def sheet_part(context, page, part) -> str:
    pk = part.section.pk
    return PART.format(
        pk=pk,
        later="" if part is page.first_part else " data-later",
        name=name_of(page, part),
        cards="".join([sheet_card(context, card) for card in part.cards]),
        foot=FOOT.format(pk, part_foot(context, part)) if page.may_fill else "",
    )


@register.simple_tag(takes_context=True)
def part_foot(context, part):
    """Says of everything that is left of a section that it conforms; nothing where nothing is."""
    if not part.left:
        return ""
    section = part.section
    move = MOVE.format(
        entry=escaped(context["entry_url"]),
        code=f"part-{section.pk}",
        token=token_of(context),
        do="confirm",
        fields=HIDDEN.format("id", part.new_id) + HIDDEN.format("section", section.pk),
    )
    words = _("其余全部符合")
    if section.name:
        words = ngettext(
            "“%(name)s”其余 %(left)s 项全部符合", "“%(name)s”其余 %(left)s 项全部符合", part.left
        ) % {"name": section.name, "left": part.left}
    return SafeString(move) + formatted(CONFIRM, icon("checks"), words)
