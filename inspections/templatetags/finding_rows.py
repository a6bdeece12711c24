"""Rows of the list of findings by plain formatting: a page has fifty of them."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import cut, formatted, joined
from organization.templatetags.ui import day, icon, short_day, state

register = template.Library()
ROW = (
    '<tr class="row-link">\n'
    '  <th scope="row" class="card-main"><div class="row-head">{pick}\n'
    '    <div><a href="{url}">{problem}</a>\n'
    '      <p class="row-marks">{marks}{cause}</p></div></div></th>\n'
    "  {project}\n  <td>{specialty}</td>\n"
    '  <td class="nowrap">{responsible}</td>\n'
    '  <td class="nowrap">{due}{first}</td>\n'
    '  <td class="card-figure">{state}</td>\n</tr>\n'
)
PICK = (
    '<label class="bulk-pick"><input class="form-check-input" type="checkbox" name="chosen" '
    'value="{}"><span class="visually-hidden">{}</span></label>'
)
NO_PICK = mark_safe('<span class="bulk-pick"></span>')
CAUSE = "<span>{}</span>"
PROJECT = "<td>{}</td>"
FIRST = '<br><span class="small muted">{}</span>'
AGAIN = '<span class="state state-warn">{}{}</span>'
ASKS = '<span class="state state-wait">{}{}</span>'


@register.simple_tag
def finding_rows(found, rows):
    """A page's rows of `found`, the list as it was asked for."""
    one_project, may_tick = found.project, found.may_tick
    return joined(row_of(row, one_project, may_tick) for row in rows)


def row_of(row, one_project, may_tick: bool) -> SafeString:
    finding = row.finding
    return formatted(
        ROW,
        pick=pick_of(row, may_tick),
        url=row.url,
        problem=cut(finding.problem, 160),
        marks=finding_marks(row),
        cause=formatted(CAUSE, finding.get_root_cause_display()) if finding.root_cause else "",
        project="" if one_project else formatted(PROJECT, finding.project),
        specialty=finding.specialty or "—",
        responsible=finding.responsible or "—",
        due=day(finding.due) or "—",
        first=first_due(finding) if finding.first_due else "",
        state=state(row.state),
    )


def pick_of(row, may_tick: bool) -> SafeString | str:
    if not row.may_reassign:
        return NO_PICK if may_tick else ""
    words = _("选择 %(problem)s") % {"problem": cut(row.finding.problem, 40)}
    return formatted(PICK, row.finding.pk, words)


def first_due(finding) -> SafeString:
    return formatted(FIRST, _("原定 %(day)s") % {"day": short_day(finding.first_due)})


@register.simple_tag
def finding_marks(row):
    """That it was found before, and that more time is asked for."""
    marks = []
    if row.times > 1:
        words = _("第 %(times)s 次") % {"times": row.times}
        marks.append(formatted(AGAIN, icon("repeat"), words))
    if row.finding.asks_extension and not row.finding.verified_at:
        marks.append(formatted(ASKS, icon("calendar-plus"), _("申请延期")))
    return joined(marks)
