"""The tables of a project's result, by plain formatting. Figures need no escaping."""

from html import escape
from itertools import groupby

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.sheet.outline import wording
from inspections.templatetags.sheets import plain
from organization import states
from organization.formatting import escaped
from organization.templatetags.ui import points, score, state
from scoring.templatetags.scoring_ui import percent

register = template.Library()
BEHIND = ' <span class="small text-warn">{}</span>'
SAMPLE = ' <span class="sample fw-normal">{}</span>'
APPEAL = ' <a class="small" href="{}">{}</a>'
NONE = '<td class="num c-none">—</td>'


@register.simple_tag
def compared_rows(sections):
    """Each section's own percent beside the company's median and best, by specialty."""
    none, behind = _("未分类"), BEHIND.format(_("低于中位数"))
    said = _("中位数"), _("最好"), _("项目数")
    parts = []
    for specialty, rows in groupby(sections, key=lambda row: row.specialty):
        of = escape(str(specialty))
        parts.append(
            f'<tr class="group-row"><th colspan="5" scope="colgroup">{of}</th></tr>'
            f"{''.join([compared(row, of, none, behind, said) for row in rows])}"
        )
    return SafeString("".join(parts))


def compared(row, of: str, none: str, behind: str, said: tuple[str, str, str]) -> str:
    name, own = escape(row.section.name or none), score(row.own)
    median, best = score(row.median), score(row.best)
    said_median, said_best, said_projects = said
    return (
        f'\n      <tr data-name="{name}" data-of="{of}" data-own="{own}" data-median="{median}" '
        f'data-best="{best}"><th class="fw-normal" scope="row">{name}'
        f'{behind if row.behind else ""}</th><td class="num c-main">{own}</td>'
        f'<td class="num" data-label="{said_median}">{median}</td>'
        f'<td class="num" data-label="{said_best}">{best}</td>'
        f'<td class="num muted" data-label="{said_projects}">{row.company.projects}</td></tr>'
    )


@register.simple_tag(takes_context=True)
def rubric_rows(context):
    """Each score sheet with its weight, and what it brings to the composite."""
    campaign = context["campaign"].code
    said = _("得分 / 应得"), _("权重"), _("计入综合")
    shares = context["result"].shares
    return SafeString("".join([rubric_row(campaign, *each, said) for each in shares]))


def rubric_row(campaign: str, share, sheet, said: tuple[str, str, str]) -> str:
    said_points, said_weight, said_brings = said
    weight, name = share.weight, escape(str(share.weight.specialty))
    if sheet:
        name = f'<a class="link" href="{reverse("sheet", args=[campaign, sheet.pk])}">{name}</a>'
    if weight.is_sample:
        name += SAMPLE.format(_("样例权重"))
    if share.critical:
        name += f" {state(share.critical)}"
    if not share.applies:
        made = f'<td class="num">{state(states.NOT_APPLICABLE)}</td>{NONE}'
    elif not share.finished:
        made = f'<td class="num"><span class="muted small">{so_far(sheet)}</span></td>{NONE}'
    else:
        made = (
            f'<td class="num" data-label="{said_points}">{points(share.kept)} / '
            f'{plain(share.possible)}</td><td class="num c-main">{score(share.shown)}</td>'
        )
    brings = "—" if share.brings is None else f"{share.brings:f}"
    return (
        f'\n      <tr><th scope="row">{name}</th>\n      {made}\n      '
        f'<td class="num" data-label="{said_weight}">× {escaped(percent(weight.percent))}</td>'
        f'<td class="num" data-label="{said_brings}">{brings}</td></tr>'
    )


def so_far(sheet) -> str:
    """How far an unfinished sheet is, for who sees it."""
    if not sheet:
        return _("未评完")
    return _("未评完 %(done)s / %(all)s") % {"done": sheet.looked_at, "all": sheet.item_count}


@register.simple_tag(takes_context=True)
def dearest_rows(context):
    """What cost most, each leading to all that was seen of it."""
    about = [context["campaign"].code, context["project"].code]
    place = reverse("result_deductions", args=about)
    return SafeString("".join([dearest_row(each, place) for each in context["result"].dearest]))


def dearest_row(cost, place: str) -> str:
    mark, item, sheet = cost.mark, cost.card.line.item, cost.page.sheet
    stood = appeal = ""
    if mark and mark.changed:
        stood = f'<s class="small">−{points(mark.appeal.stood)}</s> '
    if mark and mark.appeal:
        appeal = APPEAL.format(mark.appeal.get_absolute_url(), _("申诉"))
    words = f'<p class="small">{escape(cost.words)}</p>' if cost.words else ""
    return (
        f'\n    <li><span class="num">{stood}<b>−{points(cost.points)}</b></span><div>'
        f'<a class="link" href="{place}#item-{item.pk}">'
        f"{wording(sheet.rubric_id).names[item.pk]}</a> "
        f'<span class="small muted">{escape(str(sheet.specialty))}</span>{appeal}{words}</div></li>'
    )
