"""Rows of the projects that may take part by plain formatting: fifty with four boxes each."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import icon

register = template.Library()
ROW = (
    '<tr>\n  <td class="tick"><input class="form-check-input" type="checkbox" name="project"'
    ' value="{pk}" aria-label="{project}"{ticked}></td>\n'
    '  <th scope="row" class="card-main">{project} <small class="muted">{code}</small>{gone}</th>\n'
    '  <td>{region}</td>\n  <td class="card-figure">{state}</td>\n'
    '  <td class="lacks">{lacks}</td>\n</tr>'
)
GONE = ' <small class="text-warn">{}</small>'
STATE = '<span class="state{}">{}{}</span>'
LACKS = (
    '<input type="hidden" name="row" value="{}"><fieldset class="lack-list">'
    '<legend class="visually-hidden">{}</legend>{}</fieldset>'
)
LACK = (
    '\n    <label><input class="form-check-input" type="checkbox" name="lacks-{}" value="{}"{}>'
    " {}</label>"
)
CHECKED = mark_safe(" checked")


@register.simple_tag
def project_rows(rows) -> SafeString:
    """Each project: whether it takes part, and which specialties it does not have."""
    return joined(project_row(each) for each in rows)


def project_row(row) -> SafeString:
    project = row.project
    taking, not_taking = (
        (" state-ok", "circle-check", _("已参加")),
        ("", "circle-dashed", _("未参加")),
    )
    tint, sign, word = taking if row.part else not_taking
    return formatted(
        ROW,
        pk=project.pk,
        project=project,
        ticked=CHECKED if row.ticked else "",
        code=project.code,
        gone="" if project.is_active else formatted(GONE, _("已不在管")),
        region=project.region or "—",
        state=formatted(STATE, tint, icon(sign), word),
        lacks=lacks_of(row) if row.part else "",
    )


def lacks_of(row) -> SafeString:
    pk = row.project.pk
    about = _("%(project)s不涉及的专业") % {"project": row.project}
    boxes = joined(
        formatted(LACK, pk, each.value, CHECKED if each.checked else "", each.specialty)
        for each in row.lacks
    )
    return formatted(LACKS, pk, about, boxes)
