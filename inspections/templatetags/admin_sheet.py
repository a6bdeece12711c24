"""A score sheet in the admin site, to read: its eighty items by plain formatting.

One that the reader may fill is drawn by templates.
"""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.templatetags.sheets import once, plain, times
from organization.formatting import formatted, joined
from organization.templatetags.ui import moment, points

register = template.Library()
HEAD = (
    '<tbody id="item-{}">\n  <tr class="item-line">'
    '<th scope="rowgroup">{}<br><small>{}</small></th>\n    <td><b>'
)
ITEM = "{}{}</b> {}\n      {}\n      {}\n      </td>\n    </tr>\n  {}\n</tbody>"
AWAY = "<p>{} · {}</p>\n"
ROW = "<tr><td>{}{}</td>\n    <td>{}{}</td>\n    </tr>"
SMALL = " <small>{}</small>"
LACKS = "<p><b>{}</b></p>"
SEEN = '<div class="seen-one"><b>−{}</b>{}{} {} · {} · {}{}{}\n</div>'
NOTE = "<br>{}"
PICTURE = ' <a href="{}">{}</a>'
FILLED = "inspections/_sheet_admin_item.html"


@register.simple_tag(takes_context=True)
def admin_items(context, cards) -> SafeString:
    """Items: what each is worth, what became of it, and what was seen of each of its rows."""
    if context["page"].may_fill:
        filled = context.template.engine.get_template(FILLED)
        return joined(drawn(context, filled, card) for card in cards)
    return joined(item_of(card) for card in cards)


def drawn(context, part, card) -> SafeString:
    with context.push(card=card):
        return part.render(context)


def item_of(card) -> SafeString:
    away = card.not_applicable
    return formatted(
        ITEM,
        once(card, "admin_head", head_of, card),
        card.state,
        "" if card.kept is None else f"{points(card.kept)} / {plain(card.item.points)}",
        seen_of(card.page, card.whole),
        formatted(AWAY, away.note, away.by) if away else "",
        rows_of(card),
    )


def head_of(card) -> SafeString:
    return formatted(HEAD, card.item.pk, card.item, card.rule_words)


def rows_of(card) -> SafeString:
    if not card.missing:  # mostly
        return once(card, "admin_rows", bare_rows, card)
    return joined(row_of(row) if row.events else bare(row) for row in card.all_rows)


def bare_rows(card) -> SafeString:
    return joined(bare(row) for row in card.all_rows)


def bare(row) -> SafeString:
    """One of which nothing was seen."""
    return formatted(ROW, row.text, small_of(row), "", "")


def row_of(row) -> SafeString:
    lacks = formatted(LACKS, _("扣分须拍照，还没有照片")) if row.lacks_picture else ""
    return formatted(ROW, row.text, small_of(row), seen_of(row.card.page, row.seen), lacks)


def small_of(row) -> SafeString | str:
    about = row.terms.kind_words if row.is_rule else row.critical
    return formatted(SMALL, about) if row.is_rule or about else ""


def seen_of(page, observations) -> SafeString:
    return joined(one_seen(page, each) for each in observations)


def one_seen(page, seen) -> SafeString:
    return formatted(
        SEEN,
        points(seen.points),
        times(seen),
        f" {seen.level}" if seen.level else "",
        seen.get_method_display(),
        seen.by,
        moment(seen.observed_at),
        formatted(NOTE, seen.note) if seen.note else "",
        joined(
            formatted(PICTURE, reverse("file", args=[file.pk]), _("照片"))
            for file in page.photos.get(seen.pk, ())
        ),
    )
