"""What a score's sheets, weights and band come to, by plain formatting: it is half of the page."""

from functools import lru_cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inspections.sheet.outline import wording
from inspections.templatetags.sheets import plain
from organization.formatting import escaped, formatted, joined
from organization.templatetags.ui import points, sample, score, state, yuan
from portal.explain.weighing import Place
from scoring.templatetags.scoring_ui import band, percent

register = template.Library()
LINK = '<a class="link" href="{}">{}</a>'
WARNING = '<p class="text-warn">{}</p>'
ARITH = '<p>{}{}<span class="arith">{}</span>{}</p>\n    '
LINE = "<p>{}</p>\n    "


def said(sentence: str, **parts) -> SafeString:
    """A sentence of the catalog, which is taken as templates take it, with its parts escaped."""
    shown = {name: escaped(part) for name, part in parts.items()}
    return SafeString(sentence % shown if shown else sentence)


def linked(address: str, words) -> SafeString:
    """Words that lead somewhere; without an address only the words."""
    return formatted(LINK, address, words) if address else formatted("{}", words)


def sheet_address(context, sheet) -> str:
    """Where the reader opens a sheet; empty where none of the project's is there for them."""
    about = [context["campaign"].code, sheet.pk]
    return reverse("sheet", args=about) if context["opens"] else ""


# --- the answer --------------------------------------------------------------------------------

ANSWER = '<ol class="answer panel" aria-label="{}">{}\n</ol>'
PART = "\n  <li><div><small>{}</small>{}</div></li>"
FIRST, OTHER = '<b><a href="#{}">{}</a></b>', '<b class="alt"><a href="#{}">{}</a></b>'


@register.simple_tag(takes_context=True)
def explained_answer(context):
    """Composite, whole points, band and amount in one line, each leading to where it is told."""
    result, amounts = context["result"], context["explained"].amounts
    if result.composite is None:
        return ""
    parts = [(_("综合得分"), formatted(FIRST, "weights", score(result.composite)))]
    if result.is_final:
        parts.append((_("取整"), formatted(OTHER, "band", result.whole)))
        if result.band:
            parts.append((_("等级"), formatted('<b class="alt">{}</b>', band(result.band))))
    else:
        parts.append((_("等级"), state(context["provisional"])))
    if amounts:
        whose = _("您的奖惩") if amounts.own else _("奖惩合计")
        parts.append((whose, formatted(OTHER, "amounts", yuan(amounts.net))))
    return formatted(ANSWER, said(_("结论")), joined(formatted(PART, said(w), x) for w, x in parts))


# --- sheets ------------------------------------------------------------------------------------

SHEET = (
    '<div class="panel explain-sheet">\n'
    '  <div class="panel-head"><h3>{name}</h3><p class="small muted">{rubric}{sample}</p>'
    "<b>{kept} / {possible}</b></div>\n"
    '  <table class="tbl cards-tbl">\n'
    '    <caption class="visually-hidden">{caption}</caption>\n'
    "    {head}\n    <tbody>{sections}\n    </tbody>\n  </table>\n"
    '  <div class="panel-foot">\n    {foot}\n  </div>\n</div>'
)
SHEET_HEAD = (
    '<thead><tr><th scope="col">{}</th><th scope="col">{}</th><th class="num" scope="col">{}</th>'
    '<th class="num" scope="col">{}</th><th class="num" scope="col">{}</th></tr></thead>'
)
NOTHING = '<span class="muted">{}</span>'


@register.simple_tag(takes_context=True)
def explained_sheets(context):
    """Of each sheet the sections with the items that cost something, and what they add up to."""
    drawing = Sections()
    return joined(sheet(context, step, drawing) for step in context["explained"].sheets)


def sheet(context, step, drawing: "Sections") -> SafeString:
    found, made, address = step.sheet, step.score, sheet_address(context, step.sheet)
    name = formatted("{}", found.specialty)
    return formatted(
        SHEET,
        name=linked(address, name),
        rubric=linked(found.rubric.get_absolute_url() if address else "", found.rubric),
        sample=formatted(" {}", sample()) if found.rubric.is_sample else "",
        kept=points(made.kept),
        possible=plain(made.possible),
        caption=name,
        head=sheet_head(get_language()),
        sections=drawing.rows(step, address),
        foot=joined(sheet_foot(step, context["result"])),
    )


@lru_cache(maxsize=8)
def sheet_head(_language) -> SafeString:
    words = _("板块"), _("扣分项"), _("应得"), _("扣分"), _("得分")
    return formatted(SHEET_HEAD, *map(said, words))


class Sections:
    """Those of some sheets; what is the same for all of them is made up once. Figures need no
    escaping.
    """

    def __init__(self):
        self.possible, self.lost = said(_("应得")), said(_("扣分"))
        self.comma, self.none = escape(_("，")), _("未分类")
        self.nothing = formatted(NOTHING, _("没有扣分"))
        self.not_applicable = escape(_("不适用"))

    def rows(self, step, address: str) -> SafeString:
        names = wording(step.sheet.rubric_id).names
        return SafeString("".join(self.row(each, address, names) for each in step.sections))

    def row(self, each, address: str, names) -> str:
        place = f"{address}#part-{each.section.id}" if address else ""
        told = self.comma.join(self.told(item, names) for item in each.told)
        return (
            f'<tr><th scope="row">{linked(place, each.section.name or self.none)}</th>'
            f'<td class="c-wide">{told or self.nothing}</td>'
            f'<td class="num" data-label="{self.possible}">{plain(each.possible)}</td>'
            f'<td class="num" data-label="{self.lost}">'
            f"{f'−{points(each.lost)}' if each.lost else 0}</td>"
            f'<td class="num c-main">{points(each.kept)}</td></tr>'
        )

    def told(self, item, names) -> str:
        if item.not_applicable:
            words = f"{self.not_applicable} {plain(item.full)}"
        else:
            extra = item.score.extra
            words = points(item.score.lost) + (f" + {points(extra)}" if extra else "")
        pk = item.line.item.id
        return f'<a class="link" href="#item-{pk}">{names[pk]}</a> {words}'


def sheet_foot(step, result):
    made, colon = step.score, said(_("："))
    kept, possible = plain(made.kept), plain(made.possible)
    if step.left_out:
        figures = {"full": plain(step.full), "out": plain(step.left_out), "possible": possible}
        sentence = said(_("应得分：%(full)s − %(out)s（不适用） = %(possible)s"), **figures)
        yield formatted(LINE, sentence)
    yield formatted(ARITH, said(_("得分")), colon, step.items_kept, "")
    if made.zeroed:
        yield formatted(WARNING, said(_("关键项缺失，本表计零分，各项得分仅供对照。")))
    elif made.capped and result.banding.cap:
        yield formatted(WARNING, capped(result.banding.cap))
    if step.percent is None:
        yield formatted(LINE, said(_("全部不适用，带着权重退出综合得分。")))
        return
    cut = said(_("（显示为 %(shown)s，计算用未取整的数）"), shown=score(made.shown))
    sum_ = f"{kept} ÷ {possible} × 100 = {step.percent_words}"
    rest = formatted(" {}", cut) if step.is_cut else ""
    yield formatted(ARITH, said(_("百分制")), colon, sum_, rest)


def capped(cap) -> SafeString:
    return said(_("关键项缺失，综合得分不变，等级最高为%(band)s。"), band=cap)


# --- weights -----------------------------------------------------------------------------------

WEIGHTS = (
    '<section class="panel" aria-label="{label}">\n  <table class="tbl cards-tbl">\n'
    '    <caption class="visually-hidden">{caption}</caption>\n'
    "    {head}\n    <tbody>{rows}\n    </tbody>\n  </table>\n"
    '  <div class="panel-foot">\n    {foot}\n  </div>\n</section>'
)
WEIGHTS_HEAD = '<thead><tr><th scope="col">{}</th>{}</tr></thead>'
COLUMN = '<th class="num" scope="col">{}</th>'
WEIGHT = (
    '\n      <tr><th scope="row">{name}{critical}</th>\n      <td class="num"{figures}</td>\n'
    '      <td class="num" data-label="{word}">{weight}{sample}</td>\n      {scaling}\n'
    '      <td class="num c-wide"><span class="arith">{formula}</span></td></tr>'
)
FIGURES = ' data-label="{}">{} / {}'
LOOKED_AT = ' <small class="muted">{} / {}</small>'
SCALING = '<td class="num" data-label="{}">{}</td>'


@register.simple_tag(takes_context=True)
def explained_weights(context):
    """Each sheet's way into the composite, and the sum of them."""
    explained = context["explained"]
    is_scaled = explained.composite.is_scaled
    rubrics = reverse("rubrics", args=[context["campaign"].code]) if context["opens"] else ""
    return formatted(
        WEIGHTS,
        label=said(_("按权重合成")),
        caption=said(_("各张评分表按权重合成")),
        head=weights_head(get_language(), is_scaled),
        rows=joined(weight(context, row, rubrics, is_scaled) for row in explained.weights),
        foot=joined(weights_foot(explained.composite, context["result"], is_scaled)),
    )


@lru_cache(maxsize=16)
def weights_head(_language, is_scaled: bool) -> SafeString:
    words = [
        _("得分 / 应得"),
        _("权重"),
        *([_("折算后的权重")] if is_scaled else []),
        _("计入综合"),
    ]
    columns = joined(formatted(COLUMN, said(each)) for each in words)
    return formatted(WEIGHTS_HEAD, said(_("评分表")), columns)


def weight(context, row, rubrics: str, is_scaled: bool) -> SafeString:
    step, share = row.step, row.share
    part, about = step.part, share.weight
    address = sheet_address(context, row.sheet) if row.sheet else ""
    if step.place == Place.COUNTED:
        label = said(_("得分 / 应得"))
        figures = formatted(FIGURES, label, points(part.kept), plain(part.possible))
    else:
        looked_at = row.sheet and step.place == Place.UNFINISHED
        so_far = (row.sheet.looked_at, row.sheet.item_count) if looked_at else ()
        far = formatted(LOOKED_AT, *so_far) if so_far else ""
        figures = formatted(">{}{}", state(context["places"].get(step.place)), far)
    word = said(_("折算后的权重")) if is_scaled else ""
    return formatted(
        WEIGHT,
        name=linked(address, about.specialty),
        critical=formatted(" {}", state(share.critical)) if share.critical else "",
        figures=figures,
        word=said(_("权重")),
        weight=linked(rubrics, percent(part.weight)),
        sample=formatted(" {}", sample()) if about.is_sample else "",
        scaling=formatted(SCALING, word, step.scaling or "—") if is_scaled else "",
        formula=step.formula or "—",
    )


def weights_foot(composite, result, is_scaled: bool):
    value, formula = result.composite, composite.formula
    if formula:
        rest = said(_("四舍五入到两位小数 <b>%(value)s</b>"), value=score(value))
        rest = formatted("{}{}", said(_("，")), rest) if composite.is_rounded else ""
        yield formatted(ARITH, said(_("综合得分")), said(_("：")), formula, rest)
    if is_scaled:
        words = _("没有的专业、全部不适用的和未评完的评分表带着权重退出，其余的权重折算成 100。")
        yield formatted(LINE, said(words))
    if value is not None and not result.is_final:
        words = _("评分未完成：综合得分按已评完的评分表折算，不排名、不定等级、不计奖惩。")
        yield formatted(LINE, said(words))
    if result.has_samples:
        words = _("标“样例”的权重不是方案原文，正式评分前由管理中心确定。")
        yield formatted(LINE, said(words))


# --- band --------------------------------------------------------------------------------------

BAND = '<div class="panel panel-foot">\n  {}\n</div>'
ROUNDING = '<p><span class="arith">{} → {}</span> {}</p>\n  '


@register.simple_tag(takes_context=True)
def explained_band(context):
    """From the composite to the whole points and the band that they reach."""
    result, campaign = context["result"], context["campaign"]
    rule = campaign.get_rounding_display()
    rule = said(_("（%(rule)s，本次专项工作的设置）"), rule=rule)
    parts = [formatted(ROUNDING, score(result.composite), result.whole, rule)]
    company = context["request"].user.sees_company
    league = reverse("league", args=[campaign.code]) if company else ""
    marks = (
        formatted(
            "{} {}–{}",
            linked(f"{league}?band={mark.code}" if league else "", mark),
            mark.lowest,
            mark.highest,
        )
        for mark in result.banding
    )
    parts.append(formatted("<p>{}</p>\n  ", joined(marks, said(_("，")))))
    if result.capped:
        parts.append(formatted(WARNING, capped(result.banding.cap)))
    if following := result.next_band:
        mark, missing = following
        words = said(_("距%(band)s还差 %(points)s 分"), band=mark, points=score(missing))
        parts.append(formatted("<p>{}</p>", words))
    return formatted(BAND, joined(parts))
