"""Rows of call-backs by plain formatting: a project each, with a figure for every question."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined

register = template.Library()
ROW = (
    '<tr><th scope="row">{project} <small class="muted fw-normal">{code}</small></th>\n'
    '  <td class="num c-main">{overall}</td>\n'
    '  <td class="num" data-label="{called_word}">{called}</td>\n'
    '  <td class="num" data-label="{percent_word}">{percent}</td>\n'
    '  <td class="num" data-label="{answered_word}">{answered}</td>\n'
    '  <td class="num" data-label="{complaints_word}">{complaints}</td>\n'
    "  {lines}</tr>\n"
)
LINE = '<td class="num" data-label="{}">{} <small class="muted">({})</small></td>'


@register.simple_tag
def callback_rows(rows):
    words = {
        "called_word": _("已拨客户"),
        "percent_word": _("接通率"),
        "answered_word": _("已回答"),
        "complaints_word": _("投诉"),
    }
    return joined(row_of(row, words) for row in rows)


def row_of(row, words: dict) -> SafeString:
    reach = row.reach
    return formatted(
        ROW,
        project=row.project,
        code=row.project.code,
        overall="—" if row.overall is None else row.overall,
        called=reach.called,
        percent=f"{reach.percent}%" if reach.called else "—",
        answered=reach.answered,
        complaints=reach.complaints,
        lines=joined(line_of(question, said) for question, said in row.lines),
        **words,
    )


def line_of(question, said) -> SafeString:
    mean = said.mean
    return formatted(LINE, question.text, "—" if mean is None else mean, said.count)
