"""A rubric's items as they read, and what one version changes in another, by plain formatting: a
rubric has eighty items.
"""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import icon, sample
from scoring.models import Critical, RuleKind
from scoring.templatetags.scoring_ui import cost, figure

register = template.Library()
ITEM = (
    '<article class="rubric-item{open}" id="{code}">\n'
    '  <span class="code">{code}</span>\n'
    "  <div>\n    <h3>{name}{sample}</h3>\n    {standard}\n"
    '    <ol class="req-list">{lines}</ol>\n    {rules}\n  </div>\n'
    '  <div class="num"><b>{points} {unit}</b>{price}</div>\n  {tools}\n</article>\n'
)
STANDARD = '<p class="small muted">{}</p>'
LINE = "<li>{}{}</li>"
CRITICAL = ' <span class="rule-mark">{} {}</span>'
NO_LINES = '<li class="text-warn">{}</li>'
PRICE = '<br><span class="small muted">{}</span>'
RULES = '<ul class="rule-list">\n  {}\n  {}\n</ul>'
RULE = "<li>{} {}</li>"
UNSETTLED = '<span class="text-warn">{}</span>'
PICTURE = '<li class="rule-mark">{} {}</li>'
TOOLS = (
    '<div class="item-tools">\n'
    '  <a class="btn btn-quiet" href="{url}">{pencil}{change}</a>\n{up}\n{down}\n'
    '  <button class="btn btn-quiet" form="arrange" name="do" value="remove {code} {mark}" '
    'data-sure="{sure}">{trash}{remove}</button>\n</div>'
)
MOVE = (
    '  <button class="btn btn-quiet" form="arrange" name="do" value="{} {}" aria-label="{}"{}>'
    "{}</button>"
)
DISABLED = mark_safe(" disabled")
ROW = (
    '<li class="difference-row"><span class="code">{code}</span><div>\n'
    '  <p>{name} <span class="small muted">{section}</span>{words}</p>\n  {parts}\n</div>{points}'
    "</li>"
)
WORD = ' <span class="change">{}</span>'
PARTS = '<dl class="parts">{}</dl>'
PART = "<dt>{}</dt><dd>{}{}</dd>"
BEFORE = '<del><span class="visually-hidden">{}</span>{}</del>'
AFTER = ' <ins><span class="visually-hidden">{}</span>{}</ins>'
POINTS = '<b class="num">{} {}</b>'


@register.simple_tag(takes_context=True)
def rubric_items(context, items, tools=False):
    """The items of a section; `tools` draws what a draft's writer needs."""
    last = len(items) - 1
    ends = ((n == 0, n == last) for n in range(len(items)))
    return joined(
        rubric_item(item, item_tools(context, item, *end) if tools else "")
        for item, end in zip(items, ends, strict=True)
    )


@register.simple_tag
def rubric_item(item, tools=""):
    """One stored item as it reads."""
    rules, standard = list(item.rules.all()), item.standard
    lines = joined(map(line, item.requirements.all()))
    says_more = standard and standard != item.name
    priced = item.deduct_max is not None or not rules
    return formatted(
        ITEM,
        open=" is-open" if getattr(item, "is_open", False) else "",
        code=item.code,
        name=item.name,
        sample=formatted(" {}", sample()) if item.is_sample else "",
        standard=formatted(STANDARD, linebreaksbr(standard)) if says_more else "",
        lines=lines or formatted(NO_LINES, _("没有检查内容")),
        rules=rules_of(item, rules),
        points=figure(item.points),
        unit=_("分"),
        price=formatted(PRICE, price(item)) if priced else "",
        tools=tools,
    )


def line(requirement) -> SafeString:
    mark = ""
    if requirement.critical:
        word = Critical(requirement.critical).label
        mark = formatted(CRITICAL, icon("alert-triangle", "icon-s"), word)
    return formatted(LINE, requirement.text, mark)


@register.simple_tag
def price(item):
    """What a missing requirement of a stored item costs, in words."""
    low, high = figure(item.deduct_min), figure(item.deduct_max)
    if item.deduct_max is None:
        return _("扣分待定")
    if item.deduct_kind == RuleKind.PER_OCCURRENCE:
        return _("每发现一处扣 %(each)s") % {"each": high}
    if item.deduct_min == item.deduct_max:
        return _("每缺一项扣 %(each)s") % {"each": high}
    return _("每缺一项扣 %(low)s–%(high)s") % {"low": low, "high": high}


def rules_of(item, rules) -> SafeString | str:
    if not (rules or item.photo_required):
        return ""
    rows = joined(formatted(RULE, rule.text, settled(rule)) for rule in rules)
    picture = ""
    if item.photo_required:
        picture = formatted(PICTURE, icon("camera", "icon-s"), _("扣分须拍照"))
    return formatted(RULES, rows, picture)


def settled(rule) -> SafeString:
    words = cost(rule)
    return formatted("<b>{}</b>", words) if words else formatted(UNSETTLED, _("还没有定扣法"))


def item_tools(context, item, first: bool, last: bool) -> SafeString:
    code, rubric = item.code, context["rubric"]
    named = {"code": code}
    up = _("上移 %(code)s") % named, DISABLED if first else "", icon("arrow-up")
    down = _("下移 %(code)s") % named, DISABLED if last else "", icon("arrow-down")
    return formatted(
        TOOLS,
        url=reverse("rubric_item", args=[context["campaign"].code, rubric.pk, code]),
        pencil=icon("pencil"),
        change=_("改"),
        up=formatted(MOVE, "up", code, *up),
        down=formatted(MOVE, "down", code, *down),
        code=code,
        mark=item.mark,
        sure=_("删除 %(item)s？写的内容会留在经过里。") % {"item": item},
        trash=icon("trash"),
        remove=_("删除"),
    )


@register.simple_tag
def difference_rows(rows):
    """Each item that differs from the version in force."""
    return joined(map(difference_row, rows))


def difference_row(row) -> SafeString:
    parts, whole = "", ""
    if row.parts:
        parts = formatted(PARTS, joined(map(part_of, row.parts)))
    else:
        whole = formatted(POINTS, figure(row.points), _("分"))
    return formatted(
        ROW,
        code=row.code,
        name=row.name,
        section=row.section,
        words=joined(formatted(WORD, word) for word in row.words),
        parts=parts,
        points=whole,
    )


def part_of(part) -> SafeString:
    before = after = ""
    if part.before is not None:
        before = formatted(BEFORE, _("原来"), linebreaksbr(part.before))
    if part.after is not None:
        after = formatted(AFTER, _("现在"), linebreaksbr(part.after))
    return formatted(PART, part.word, before, after)
