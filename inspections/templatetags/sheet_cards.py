"""The cards of a score sheet, one an item: their heads, bodies and feet, by plain formatting.

A sheet has eighty and more, most of which look alike. What somebody noted is drawn by templates.
"""

from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inspections.templatetags.sheets import light_row, plain, row_to_read, terms, times
from organization.formatting import formatted
from organization.templatetags.ui import icon, moment, points, sample, state

register = template.Library()
ROW = "inspections/_sheet_row_any.html"
MARK = "inspections/_appeal_mark.html"
FILES = "inspections/_sheet_shots.html"
ONE = (
    '<li><p>{points}{times}{level} {method} <span class="small muted">{by} · {at}</span>'
    "{counts}</p>\n  {note}\n  {visit}{shots}{undo}</li>"
)
VISIT = '<p class="small"><a href="{}">{}</a></p>'
SHOTS = '<div class="shots">{}</div>'
CARD = (
    '<li class="item{na}" id="{code}" data-item="{pk}"{terms}{done}>\n'
    '  <details class="item-box"{open}>\n'
    '    <summary class="item-head" id="head-{pk}" data-unsent="{unsent}">{head}</summary>\n'
    '    <div class="item-body" id="body-{pk}">{body}</div>\n'
    "  </details>\n"
    '  <div class="item-foot no-print" id="foot-{pk}">{foot}</div>\n'
    "</li>\n"
)
HEAD = (
    "<h3><small>{code}</small>{name}{sample}</h3>{state}"
    '<span class="item-pts">{kept}<small> / {points}</small></span>{lack}'
)
LACK = '<p class="item-lack">{}{}</p>'
TOC = '<li><a href="#{code}" id="toc-{pk}">{inner}</a></li>\n'
TOC_ITEM = "{}<span>{}</span><small>{}</small>"
WHY = '<p class="item-why">{}</p>\n'
MOVE = (
    '<form class="move" action="{entry}#{code}" method="post">{token}'
    '<input type="hidden" name="do" value="{do}">{fields}'
)
CSRF = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
HIDDEN = '<input type="hidden" name="{}" value="{}">'
UNDO = '<button class="btn btn-quiet">{}{}</button></form>'
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
LOG = '<div class="item-log no-print" id="log-{}">{}</div>'
LOG_LINK = '<a class="tap" href="{}?item={}#{}">{}</a>'


@register.simple_tag(takes_context=True)
def sheet_card(context, card):
    """One item whole."""
    item = card.item
    body = item_body(context, card, folded=card.is_folded)
    return formatted(
        CARD,
        na=" item-na" if card.is_not_applicable else "",
        code=item.code,
        pk=item.pk,
        terms=terms(card.price) if card.takes_entries else "",
        done=mark_safe(" data-done") if card.is_looked_at else "",
        open=mark_safe(" open") if card.is_open else "",
        unsent=_("未发送，已存本机"),
        head=item_head(card),
        body=formatted(FOLDED, body) if card.is_folded else body,
        foot=item_foot(context, card, folded=card.is_folded),
    )


@register.simple_tag
def item_head(card):
    """What it is called, how it stands, its points."""
    item, lack = card.item, ""
    if card.without_picture:
        lack = formatted(LACK, icon("camera", "icon-s"), _("扣分须拍照，还没有照片"))
    return formatted(
        HEAD,
        code=item.code,
        name=item.name,
        sample=formatted(" {}", sample()) if item.is_sample else "",
        state=state(card.state),
        kept="—" if card.kept is None else points(card.kept),
        points=plain(item.points),
        lack=lack,
    )


@register.simple_tag
def toc_items(cards):
    """A section's items among all of the sheet's."""
    rows = (
        formatted(TOC, code=card.item.code, pk=card.item.pk, inner=toc_item(card)) for card in cards
    )
    return mark_safe("".join(rows))  # noqa: S308 each is formatted


@register.simple_tag
def toc_item(card):
    figure = card.state if card.kept is None else points(card.kept)
    return formatted(TOC_ITEM, icon(card.state.icon, "icon-s"), card.item.name, figure)


# --- what is in it -----------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def item_body(context, card, folded=False):
    """How it loses points, its rows, and where all records of it stand.

    Rows of one that is `folded` are named by the scripts that build it.
    """
    parts = [rule_of(card)]
    with context.push(card=card):
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
    parts.append(formatted(LOG, card.item.pk, item_log(context, card)))
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
        return light_row(row, folded)
    if row.takes_entries or (context["page"].is_self_check and row.seen):
        return drawn(context, ROW, row=row)
    if not row.seen:
        return row_to_read(row)
    with context.push(row=row):
        return row_to_read(row) + seen_list(context, row.seen, row.mark)


@register.simple_tag(takes_context=True)
def seen_list(context, list, mark=None):
    """What was seen of a row, one after the other, and whether it is contested."""
    if not list:
        return ""
    rows = "".join(seen_one(context, each, mark) for each in list)
    lines = formatted('<ul class="seen">{}</ul>', mark_safe(rows))  # noqa: S308 each is formatted
    return lines + drawn(context, MARK, mark=mark) if mark else lines


def seen_one(context, seen, mark) -> str:
    page, card, row = context["page"], context["card"], context.get("row")
    reader, many = context["request"].user, len(row.seen) > 1 if row else False
    counts = many and seen.pk in card.counting
    files = page.photos.get(seen.pk)
    mine = seen.by_id == reader.pk
    more = {"files": files, "mine": seen} if mine else {"files": files}
    visit, link = seen.known_visit, ""
    if visit and (reader.sees_company or visit.finished_at):
        address = reverse("audit_visit", args=[context["request"].campaign.code, visit.pk])
        link = formatted(VISIT, address, _("看这次检查"))
    return formatted(
        ONE,
        points=formatted(
            "<s>−{}</s>" if mark and mark.changed else "<b>−{}</b>", points(seen.points)
        ),
        times=times(seen),
        level=f" {seen.level}" if seen.level else "",
        method=seen.get_method_display(),
        by=seen.by,
        at=moment(seen.observed_at),
        counts=formatted(' <span class="sample">{}</span>', _("计入")) if counts else "",
        note=formatted("<p>{}</p>", seen.note) if seen.note else "",
        visit=link,
        shots=formatted(SHOTS, drawn(context, FILES, **more)) if files else "",
        undo=withdraw(context, card, seen.pk, _("撤回")) if page.may_fill and mine else "",
    )


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
    words = ngettext("%(count)s 条记录", "%(count)s 条记录", count) % {"count": count}
    code = card.item.code
    return formatted(LOG_LINK, context["log_url"], quote(code), code, words)


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
        parts.append(formatted(OPEN, card.item.code, mark_safe(" data-open"), _("逐项评")))
    if card.to_undo:
        parts.append(withdraw(context, card, card.to_undo.id, _("撤销“符合”")))
    elif not card.is_confirmed:
        form = move(context, card, "confirm", id=card.new_id, item=card.item.pk)
        words = _("其余全部符合") if costs else _("全部符合")
        parts.append(form + formatted(CONFIRM, icon("checks"), words))
    return mark_safe("\n".join(parts))  # noqa: S308 each is formatted


@register.simple_tag(takes_context=True)
def withdraw(context, card, id, word):
    """Takes back what one entered oneself."""
    form = move(context, card, "withdraw", observation=id)
    return form + formatted(UNDO, icon("arrow-back-up"), word)


def not_applicable(context, card, *, folded: bool) -> str:
    form, refused = move(context, card, "not_applicable", id=card.new_id, item=card.item.pk), []
    typed, reason = "", card.reason
    if reason:
        typed, refused = reason["note"].value() or "", reason["note"].errors
    errors = "".join(formatted('<p class="form-error">{}</p>', each) for each in refused)
    form = formatted(
        NA_FORM,
        form=form,
        pk=card.item.pk,
        why=_("为什么不适用"),
        limit=context["note_limit"],
        typed=typed,
        errors=mark_safe(errors),  # noqa: S308 each is formatted
        mark=_("标为不适用"),
    )
    return formatted(
        NA,
        open=mark_safe(" open") if reason else "",
        icon=icon("ban"),
        word=_("不适用"),
        form=formatted(FOLDED, form) if folded and not reason else form,
    )


def move(context, card, do: str, **fields) -> str:
    """The beginning of a form that enters something; its button and its end are to come."""
    known = context.render_context
    if "sheet_token" not in known:  # made anew each time that it is read
        known["sheet_token"] = formatted(CSRF, str(context.get("csrf_token", "")))
    hidden = "".join(formatted(HIDDEN, name, value) for name, value in fields.items())
    return formatted(
        MOVE,
        entry=context["entry_url"],
        code=card.item.code,
        token=known["sheet_token"],
        do=do,
        fields=mark_safe(hidden),  # noqa: S308 escaped
    )
