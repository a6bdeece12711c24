"""Who is paid or fined how much for a project's band, by plain formatting."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import icon, listed, moment, state, yuan
from portal.templatetags.explaining_sums import linked, said

register = template.Library()
MUTED = ' <span class="small muted">{}</span>'
AMOUNTS = (
    '<section class="panel" aria-label="{label}">\n'
    '  <div class="panel-head"><p>{about}</p></div>\n  {outdated}\n  {lines}\n</section>'
)
SETTLED = '{} {} <span class="small muted">{}</span>'
OUTDATED = '<p class="note note-warning">{}<span>{}</span></p>'
TABLE = (
    '<table class="tbl cards-tbl">\n    <caption class="visually-hidden">{}</caption>\n    {}\n'
    "    <tbody>{}\n    </tbody>\n"
    '    <tfoot><tr><th scope="row">{}</th><td class="not-phone"></td><td class="not-phone"></td>'
    '<td class="num c-main">{}</td></tr></tfoot>\n  </table>'
)
TABLE_HEAD = (
    '<thead><tr><th scope="col">{}</th><th scope="col">{}</th><th class="num" scope="col">{}</th>'
    '<th class="num" scope="col">{}</th></tr></thead>'
)
PAID = (
    '\n      <tr><th scope="row">{}</th><td class="c-wide">{}</td>'
    '<td class="num" data-label="{}">{}</td><td class="num c-main">{}</td></tr>'
)
UNPAID = (
    '\n      <tr><th class="fw-normal" scope="row">{}</th><td class="c-wide muted">{}</td>'
    '<td class="num" data-label="{}">{}</td><td class="num c-main">—</td></tr>'
)
NO_TEAM = (
    '\n      <tr><th class="fw-normal" scope="row">{}</th><td class="c-wide muted">{}</td>'
    '<td class="num c-none">—</td><td class="num c-main">—</td></tr>'
)
ADDED = (
    '\n      <tr><th scope="row">{}</th><td class="c-wide">{} <span class="small muted">{}</span>'
    '</td><td class="num c-none">—</td><td class="num c-main">{}</td></tr>'
)


@register.simple_tag(takes_context=True)
def explained_amounts(context):
    """Who is paid or fined how much, role by role."""
    amounts = context["explained"].amounts
    outdated = said(_("结算生成以后成绩有变化，要重新生成。"))
    return formatted(
        AMOUNTS,
        label=said(_("奖惩")),
        about=settled(context["campaign"], amounts),
        outdated=formatted(OUTDATED, icon("alert-triangle"), outdated) if amounts.outdated else "",
        lines=amount_table(context, amounts)
        if amounts.lines or amounts.adjustments
        else formatted('<p class="panel-body muted">{}</p>', said(_("暂列的项目不计奖惩。"))),
    )


def settled(campaign, amounts) -> SafeString:
    settlement = amounts.settlement
    if not settlement:
        return said(_("还没有生成结算。按现在的成绩和岗位会是："))
    words = said(_("第 %(number)s 次结算"), number=settlement.number)
    if not amounts.own:
        words = linked(reverse("settlement", args=[campaign.code]), words)
    when = said(_("岗位截至 %(when)s"), when=moment(settlement.posts_as_of))
    return formatted(SETTLED, state(settlement.state()), words, when)


def amount_table(context, amounts) -> SafeString:
    drawing = Lines(context, amounts)
    rows = [drawing.line(each) for each in amounts.lines]
    rows += [drawing.added(each) for each in amounts.adjustments]
    head = amounts_head(get_language())
    caption, sum_ = said(_("按岗位的奖惩")), said(_("合计"))
    return formatted(TABLE, caption, head, joined(rows), sum_, yuan(amounts.net))


@lru_cache(maxsize=8)
def amounts_head(_language) -> SafeString:
    return formatted(TABLE_HEAD, *map(said, (_("岗位"), _("人员"), _("每人"), _("小计"))))


class Lines:
    """The lines of one table; what is the same for all of them is made up once."""

    def __init__(self, context, amounts):
        self.amounts, self.result = amounts, context["result"]
        self.word = said(_("每人"))
        self.team = said(_("%(project)s团队"), project=context["project"])
        sandbox = reverse("settlement_sandbox", args=[context["campaign"].code])
        self.sandbox = "" if amounts.own else sandbox

    def line(self, line) -> SafeString:
        if line.paid:
            who = joined((self.paid(one) for one in line.paid), said(_("、")))
            each = "—" if line.each is None else linked(self.sandbox, yuan(line.each))
            return formatted(PAID, line.word, who, self.word, each, yuan(line.total))
        if line.is_team:
            return formatted(NO_TEAM, said(_("团队奖")), self.from_points())
        why = said(_("没有在岗的人")) if line.each else self.nothing()
        each = yuan(line.each) if line.each else "—"
        return formatted(UNPAID, line.word, why, self.word, each)

    def paid(self, one) -> SafeString:
        parts = [one.person or self.team]
        if not one.person and self.amounts.team:
            parts.append(formatted(' <span class="muted">{}</span>', self.from_points()))
        if one.others:
            words = said(_("另任%(roles)s，取最高"), roles=listed(one.other_words))
            parts.append(formatted(MUTED, words))
        if one.note:
            parts.append(formatted(MUTED, one.note))
        return joined(parts)

    def added(self, each) -> SafeString:
        word, who = said(_("人工调整")), each.person or self.team
        return formatted(ADDED, word, who, each.reason, yuan(each.amount))

    def from_points(self) -> SafeString:
        about = {"lowest": self.amounts.team.lowest, "whole": self.result.whole}
        return said(_("%(lowest)s 分起，取整 %(whole)s 分"), **about)

    def nothing(self) -> SafeString:
        return said(_("%(band)s等级不设奖惩"), band=self.result.band)
