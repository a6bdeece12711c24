"""Rows of exams by plain formatting: how each project did, and the results to fill in."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import points

register = template.Library()
RATE = '<tr><th scope="row" class="card-main">{}</th>{}</tr>'
CELL = '<td class="num"><span class="only-card">{} </span>{}</td>'
SHARE = '<td class="num card-figure"><b>{}</b></td>'
RESULT = (
    '<tr data-seat="{pk}"{refused}>\n'
    '  <th scope="row">{name} <small class="muted">{project}{post}</small>'
    '<input type="hidden" name="revision-{pk}" value="{revision}"></th>\n'
    '  <td><input class="form-control mark-field" name="points-{pk}" value="{points}" '
    'inputmode="decimal" autocomplete="off" aria-label="{points_of}"></td>\n'
    '  <td><label class="check"><input class="form-check-input" type="checkbox" '
    'name="absent-{pk}" value="1"{checked}> <span class="only-card">{absent}</span>'
    '<span class="visually-hidden"> {name}</span></label></td>\n'
    '  <td><input class="form-control" name="remark-{pk}" value="{remark}" maxlength="200" '
    'placeholder="{why}" aria-label="{why_of}"></td>\n'
    '  <td class="row-mark"><span data-mark></span>'
    '<p class="form-error" data-error{hidden}>{error}</p></td>\n</tr>'
)
REFUSED = mark_safe(' class="is-refused"')


@register.simple_tag
def rate_rows(rates):
    """A page of projects, each with its rate; without a project where people have none."""
    return joined(
        formatted(RATE, project or _("未分项目"), rate_cells(rate)) for project, rate in rates
    )


@register.simple_tag
def rate_cells(rate):
    figures = (
        (_("应考"), rate.invited),
        (_("实考"), rate.sat),
        (_("缺考"), rate.absent),
        (_("及格"), rate.passed),
        (_("平均分"), points(rate.average)),
        (_("最高分"), points(rate.best)),
    )
    share = "—" if rate.percent is None else f"{rate.percent}%"
    cells = joined(formatted(CELL, word, figure) for word, figure in figures)
    return cells + formatted(SHARE, share)


@register.simple_tag
def result_rows(rows):
    """A person each, to fill in."""
    return joined(result_row(row) for row in rows)


def result_row(row) -> SafeString:
    seat, named = row.seat, {"name": row.seat.name}
    return formatted(
        RESULT,
        pk=seat.pk,
        refused=REFUSED if row.error else "",
        name=seat.name,
        project=seat.project or "",
        post=post_of(seat),
        revision=row.typed.get("revision") or seat.revision,
        points=row.points,
        points_of=_("%(name)s的得分") % named,
        checked=" checked" if row.absent else "",
        absent=_("缺考"),
        remark=row.remark,
        why=_("缺考原因"),
        why_of=_("%(name)s的缺考原因") % named,
        hidden="" if row.error else " hidden",
        error=row.error,
    )


def post_of(seat) -> str:
    if seat.post:
        return f" · {seat.post}"
    return "" if seat.person_id else f" · {_('无账号')}"
