"""The tables of a project's result, a row for each section, by plain formatting."""

from itertools import groupby

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import score

register = template.Library()
GROUP = '<tr class="group-row"><th colspan="5" scope="colgroup">{specialty}</th></tr>{rows}'
COMPARED = (
    '\n      <tr data-name="{name}" data-of="{of}" data-own="{own}" data-median="{median}" '
    'data-best="{best}"><th class="fw-normal" scope="row">{name}{behind}</th>'
    '<td class="num c-main">{own}</td><td class="num" data-label="{said_median}">{median}</td>'
    '<td class="num" data-label="{said_best}">{best}</td>'
    '<td class="num muted" data-label="{said_projects}">{projects}</td></tr>'
)
BEHIND = ' <span class="small text-warn">{}</span>'


@register.simple_tag
def compared_rows(sections):
    """Each section's own percent beside the company's median and best, by specialty."""
    none, behind = _("未分类"), formatted(BEHIND, _("低于中位数"))
    said = {"said_median": _("中位数"), "said_best": _("最好"), "said_projects": _("项目数")}
    return joined(
        formatted(
            GROUP, specialty=of, rows=joined(compared(row, of, none, behind, said) for row in rows)
        )
        for of, rows in groupby(sections, key=lambda row: row.specialty)
    )


def compared(row, of, none: str, behind: SafeString, said: dict[str, str]) -> SafeString:
    return formatted(
        COMPARED,
        name=row.section.name or none,
        of=of,
        own=score(row.own),
        median=score(row.median),
        best=score(row.best),
        behind=behind if row.behind else "",
        projects=row.company.projects,
        **said,
    )
