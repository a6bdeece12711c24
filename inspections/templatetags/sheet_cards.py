"""The cards of a score sheet, one an item: their heads, bodies and feet, by plain formatting.

A sheet has eighty and more, most of which look alike.
"""

from functools import lru_cache
from urllib.parse import quote

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from inspections.templatetags.sheet_moves import HIDDEN, MOVE, UNDO, token_of, withdraw
from inspections.templatetags.sheet_seen import row_seen, seen_list, take_place
from inspections.templatetags.sheets import (
    kept,
    light_row,
    literal,
    once,
    plain,
    row_to_read,
    terms,
)
from organization.formatting import escaped, formatted
from organization.templatetags.ui import icon, points, sample, state

register = template.Library()
FULL = "inspections/_sheet_row.html"
CARD = (
    '<li class="item{{na}}" id="{code}" data-item="{pk}"{terms}{{done}}>\n'
    '  <details class="item-box"{{open}}>\n'
    '    <summary class="item-head" id="head-{pk}" data-unsent="{unsent}">{{head}}</summary>\n'
    '    <div class="item-body" id="body-{pk}">{{body}}</div>\n'
    "  </details>\n"
    '  <div class="item-foot no-print" id="foot-{pk}">{{foot}}</div>\n'
    "</li>\n"
)
NAME = "<h3><small>{code}</small>{name}{sample}</h3>"
HEAD = '{name}{{state}}<span class="item-pts">{{kept}}{points}</span>{{lack}}'
OF = "<small> / {}</small>"
LACK = '<p class="item-lack">{}{}</p>'
TOC = '<li><a href="#{code}" id="toc-{pk}">{{}}</a></li>\n'
TOC_ITEM = "{{}}<span>{}</span><small>{{}}</small>"
WHY = '<p class="item-why">{}</p>\n'
FOOT, PLACE = mark_safe("\0foot"), "\0{}"  # no text has such a letter
# a form about the whole item, with places for what differs from card to card
MARK = MOVE.format(
    entry="{{entry}}",
    code="{{code}}",
    token="{{token}}",  # noqa: S106 a place for it
    do="{do}",
    fields=HIDDEN.format("id", "{{id}}") + HIDDEN.format("item", "{{pk}}"),
)
CONFIRM = '<button class="btn">{}{}</button></form>'
OPEN = '<a class="btn btn-quiet" href="?item={0}#{0}"{1}>{2}</a>'
NA = (
    '<details class="na"{open}><summary class="btn btn-quiet">{icon}{word}</summary>\n'
    "  {form}</details>\n"
)
NA_FORM = (
    '{form}\n    <label class="form-label" for="why-{pk}">{why}</label>\n'
    '    <textarea class="form-control" id="why-{pk}" name="note" rows="2" maxlength="{limit}" '
    "required>{typed}</textarea>\n    {errors}\n"
    '    <button class="btn mt-2">{mark}</button></form>'
)
# words alone until scripts build it (sheet-cards.js)
FOLDED = "<noscript>{}</noscript>"
BODY = '{}\n<div class="item-log no-print" id="log-{}">{}</div>'
LOG_LINK = '<a class="tap" href="{}?item={}#{}">{}</a>'


def sheet_card(context, card):
    """One item whole."""
    if not card.is_plain:
        return card_of(context, card, item_foot(context, card, folded=card.is_folded))
    # most cards of most sheets: only the addresses and the ids of their forms differ
    pattern = once(card, ("card", *card.looks), plain_card, context, card)
    known = addresses_in(context) | {"rows": quiet_rows(context, card, card.is_folded)}
    if card.page.may_fill:
        known["id"], undo = card.new_id, card.to_undo
        known |= {"undo": undo.id} if undo else {}
        known |= {} if card.is_confirmed else {"another": card.new_id}
    return mark_safe(pattern.format(**known))  # noqa: S308 the rest are ids


def addresses_in(context) -> dict[str, str]:
    """What plain cards of one page have in common, escaped once."""
    known = context.render_context
    if "sheet_addresses" not in known:
        here = {"entry": escaped(context["entry_url"]), "log": escaped(context["log_url"])}
        known["sheet_addresses"] = here | {"token": token_of(context)}
    return known["sheet_addresses"]


def plain_card(context, card) -> str:
    """A card on whose rows nobody noted anything, with places for what differs from sheet to
    sheet.
    """
    foot = plain_foot(context, card) if card.page.may_fill else ""
    places = {
        quiet_rows(context, card, card.is_folded): "{rows}",  # kept by themselves: they are long
        escaped(context["log_url"]): "{log}",
        FOOT: foot,
    }
    whole = card_of(context, card, FOOT)
    for number, part in enumerate(places):
        whole = whole.replace(part, PLACE.format(number))
    whole = whole.replace("{", "{{").replace("}", "}}")
    for number, place in enumerate(places.values()):
        whole = whole.replace(PLACE.format(number), place)
    return whole


def plain_foot(context, card) -> str:
    parts = [not_applying(get_language(), folded=True)]
    if not card.is_looked_at:
        parts.append(open_link(card.item))
    if card.to_undo:
        parts.append(undoing(get_language()))
    elif not card.is_confirmed:
        parts.append(confirming(get_language(), rest=False).replace("{id}", "{another}"))
    known = {
        "code": card.item.code,
        "pk": str(card.item.pk),
        "limit": str(context["note_limit"]),
    } | dict.fromkeys(("open", "typed", "errors"), "")
    foot = "\n".join(parts)
    for name, value in known.items():
        foot = foot.replace(f"{{{name}}}", value)
    return foot


def card_of(context, card, foot: str) -> str:
    body = item_body(context, card, folded=card.is_folded)
    pattern = once(card, ("frame", card.takes_entries), frame_of, card)
    whole = pattern.format(
        na=" item-na" if card.is_not_applicable else "",
        done=" data-done" if card.is_looked_at else "",
        open=" open" if card.is_open else "",
        head=item_head(card),
        body=FOLDED.format(body) if card.is_folded else body,
        foot=foot,
    )
    return mark_safe(whole)  # noqa: S308 made of safe parts


def frame_of(card) -> str:
    """What is the same of a card on every sheet, with places for what is not."""
    asked = terms(card.price) if card.takes_entries else ""
    unsent = literal(_("未发送，已存本机"))
    return CARD.format(
        code=literal(card.item.code), pk=card.item.pk, terms=literal(asked), unsent=unsent
    )


@register.simple_tag
def item_head(card):
    """What it is called, how it stands, its points."""
    lack = ""
    if card.without_picture:
        lack = formatted(LACK, icon("camera", "icon-s"), _("扣分须拍照，还没有照片"))
    whole = once(card, "head", head_of, card.item).format(
        state=kept(card.page, ("state", card.stands), lambda: state(card.state)),
        kept="—" if card.kept is None else points(card.kept),
        lack=lack,
    )
    return mark_safe(whole)  # noqa: S308 made of safe parts


def head_of(item) -> str:
    shown = formatted(" {}", sample()) if item.is_sample else ""
    name = formatted(NAME, code=item.code, name=item.name, sample=shown)
    return HEAD.format(name=literal(name), points=formatted(OF, plain(item.points)))


def toc_items(cards):
    """A section's items among all of the sheet's."""
    rows = [once(card, "toc line", toc_line, card.item).format(toc_item(card)) for card in cards]
    return mark_safe("".join(rows))  # noqa: S308 each is formatted


def toc_line(item) -> str:
    return TOC.format(code=literal(item.code), pk=item.pk)


@register.simple_tag
def toc_item(card):
    return once(card, ("toc", *card.looks), toc_of, card) if card.is_plain else toc_of(card)


def toc_of(card) -> str:
    figure = escaped(card.state) if card.kept is None else points(card.kept)
    sign = kept(card.page, ("sign", card.stands[0]), lambda: icon(card.state.icon, "icon-s"))
    return mark_safe(once(card, "toc", toc_pattern, card.item).format(sign, figure))  # noqa: S308


def toc_pattern(item) -> str:
    return TOC_ITEM.format(literal(item.name))


# --- what is in it -----------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def item_body(context, card, folded=False):
    """How it loses points, its rows, and where all records of it stand.

    Rows of one that is `folded` are named by the scripts that build it.
    """
    with context.push(card=card):
        rows = quiet_rows(context, card, folded) if card.is_quiet else rows_of(context, card)
    return formatted(BODY, rows, card.item.pk, item_log(context, card))


def quiet_rows(context, card, folded: bool) -> str:
    """The same on every sheet of the rubric, and so drawn once."""
    key = "rows", card.takes_entries, card.vouches, folded
    return once(card, key, rows_of, context, card, folded)


def rows_of(context, card, folded=False) -> str:
    parts = [once(card, ("rule", card.takes_entries), rule_of, card)]
    if card.whole:
        seen = seen_list(context, card.whole, card.mark)
        parts.append(formatted('<div class="req">{}</div>', seen))
    parts += (row_of(context, row, folded) for row in card.rows)
    if card.rule_rows:
        words = pgettext("column", "评分细则")
        parts.append(formatted('<h4 class="rules-head">{}</h4>', words))
        parts += (row_of(context, row) for row in card.rule_rows)
    if card.takes_entries and not card.is_full:
        link = formatted(OPEN, card.item.code, "", _("逐项评"))
        parts.append(formatted('<p class="item-foot no-js">{}</p>', link))
    return mark_safe("\n".join(parts))  # noqa: S308 each is formatted


def rule_of(card) -> str:
    standard = formatted("{}<br>", card.item.standard) if card.item.standard else ""
    words = [card.rule_words]
    if card.item.photo_required:
        words.append(_("扣分须拍照。"))
    if card.takes_entries and card.price:
        words.append(_("缺哪项，打开哪项。"))
    return formatted('<p class="item-rule">{}{}</p>', standard, " ".join(map(str, words)))


def row_of(context, row, folded=False) -> str:
    if row.is_light:
        return once(row.card, ("light", row.key, folded), light_row, row, folded)
    if row.takes_entries:
        return drawn(context, FULL, row=row) if row.card.is_full else row_seen(context, row)
    if not row.events and not row.is_lifted:
        return once(row.card, ("read", row.key, row.card.vouches), row_to_read, row)
    return row_to_read(row) + seen_list(context, row.seen, row.mark, row) + take_place(context, row)


def drawn(context, name: str, **more) -> str:
    """A part of the page by its template, as `include` draws it."""
    known = context.render_context.setdefault("sheet_parts", {})
    if name not in known:
        known[name] = context.template.engine.get_template(name)
    with context.push(**more):
        return known[name].render(context)


@register.simple_tag(takes_context=True)
def item_log(context, card):
    """How many records there are; nothing without any."""
    count = card.recorded
    if not count:
        return ""
    words = once(card, ("recorded", count), recorded, count)
    code = card.item.code
    return formatted(LOG_LINK, context["log_url"], quote(code), code, words)


def recorded(count: int) -> str:
    return ngettext("%(count)s 条记录", "%(count)s 条记录", count) % {"count": count}


# --- what may be done with it ------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def item_foot(context, card, folded=False):
    """Marks on the item as a whole: not applicable, all of it conforms; and taking them back.

    `folded` keeps what is asked for the first one from being built before it is opened.
    """
    filling = context["page"].may_fill
    if card.is_not_applicable:
        words = _("理由：%(reason)s。本项不计入应得分。")
        why = formatted(WHY, words % {"reason": card.not_applicable.note})
        undo = card.to_undo if filling else None
        return why + withdraw(context, card, undo.id, _("撤销")) if undo else why
    if not filling:
        return ""
    costs, parts = card.deductions, []
    if not costs:
        parts.append(not_applicable(context, card, folded=folded))
    if not card.is_looked_at:
        parts.append(once(card, "open", open_link, card.item))
    if card.to_undo:
        parts.append(filled(context, card, undoing(get_language()), undo=card.to_undo.id))
    elif not card.is_confirmed:
        pattern = confirming(get_language(), rest=bool(costs))
        parts.append(filled(context, card, pattern, id=card.new_id))
    return mark_safe("\n".join(parts))  # noqa: S308 each is formatted


def open_link(item) -> str:
    return formatted(OPEN, item.code, mark_safe(" data-open"), _("逐项评"))


def filled(context, card, pattern: str, **more) -> str:
    """One of the two forms below, for this card."""
    return formatted(
        pattern,
        entry=context["entry_url"],
        token=token_of(context),
        code=card.item.code,
        pk=card.item.pk,
        **more,
    )


@lru_cache(maxsize=8)
def confirming(_language: str, *, rest: bool) -> str:
    """What is the same on all cards of which one may say that they conform."""
    button = formatted(CONFIRM, icon("checks"), _("其余全部符合") if rest else _("全部符合"))
    return MARK.format(do="confirm") + button


@lru_cache(maxsize=8)
def undoing(_language: str) -> str:
    """The same of those that this reader said to conform."""
    form = MOVE.format(
        entry="{entry}",
        code="{code}",
        token="{token}",  # noqa: S106 a place for it
        do="withdraw",
        fields=HIDDEN.format("observation", "{undo}"),
    )
    return form + formatted(UNDO, icon("arrow-back-up"), _("撤销“符合”"))


@lru_cache(maxsize=8)
def not_applying(_language: str, *, folded: bool) -> str:
    """The same of those that may be marked not applicable."""
    form = NA_FORM.format(
        form=MARK.format(do="not_applicable"),
        pk="{pk}",
        why=escaped(_("为什么不适用")),
        limit="{limit}",
        typed="{typed}",
        errors="{errors}",
        mark=escaped(_("标为不适用")),
    )
    form = FOLDED.format(form) if folded else form
    return NA.format(open="{open}", icon=icon("ban"), word=escaped(_("不适用")), form=form)


def not_applicable(context, card, *, folded: bool) -> str:
    reason, typed, refused = card.reason, "", ()
    if reason:
        typed, refused = reason["note"].value() or "", reason["note"].errors
    errors = "".join(formatted('<p class="form-error">{}</p>', each) for each in refused)
    return filled(
        context,
        card,
        not_applying(get_language(), folded=folded and not reason),
        id=card.new_id,
        limit=context["note_limit"],
        open=mark_safe(" open") if reason else "",
        typed=typed,
        errors=mark_safe(errors),  # noqa: S308 each is formatted
    )
