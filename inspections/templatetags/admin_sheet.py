"""A score sheet in the admin site, to read: its eighty items by plain formatting.

One that the reader may fill is drawn by templates, and so is what was seen.
"""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.templatetags.sheets import plain
from organization.formatting import formatted, joined
from organization.templatetags.ui import points

register = template.Library()
ITEM = (
    '<tbody id="item-{pk}">\n  <tr class="item-line">'
    '<th scope="rowgroup">{item}<br><small>{words}</small></th>\n'
    "    <td><b>{state}</b> {kept}\n      {whole}\n      {away}\n      </td>\n    </tr>\n"
    "  {rows}\n</tbody>"
)
AWAY = "<p>{} · {}</p>\n"
ROW = "<tr><td>{}{}</td>\n    <td>{}{}</td>\n    </tr>"
SMALL = " <small>{}</small>"
LACKS = "<p><b>{}</b></p>"
FILLED, SEEN = "inspections/_sheet_admin_item.html", "inspections/_sheet_admin_seen.html"


@register.simple_tag(takes_context=True)
def admin_item(context, card) -> SafeString:
    """One item: what it is worth, what became of it, and what was seen of each of its rows."""
    if context["page"].may_fill:
        return drawn(context, FILLED, card=card)
    away = card.not_applicable
    return formatted(
        ITEM,
        pk=card.item.pk,
        item=card.item,
        words=card.rule_words,
        state=card.state,
        kept="" if card.kept is None else f"{points(card.kept)} / {plain(card.item.points)}",
        whole=seen_of(context, card.whole),
        away=formatted(AWAY, away.note, away.by) if away else "",
        rows=joined(row_of(context, row) for row in card.all_rows),
    )


def row_of(context, row) -> SafeString:
    about = row.terms.kind_words if row.is_rule else row.critical
    small = formatted(SMALL, about) if row.is_rule or about else ""
    if not row.card.events:  # mostly
        return formatted(ROW, row.text, small, "", "")
    lacks = formatted(LACKS, _("扣分须拍照，还没有照片")) if row.lacks_picture else ""
    return formatted(ROW, row.text, small, seen_of(context, row.seen), lacks)


def seen_of(context, observations) -> SafeString:
    return joined(drawn(context, SEEN, seen=each) for each in observations)


def drawn(context, name: str, **more) -> SafeString:
    part = context.template.engine.get_template(name)
    with context.push(**more):
        return part.render(context)
