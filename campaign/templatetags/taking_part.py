"""Rows of the projects that may take part by plain formatting: fifty with four boxes each."""

from functools import cache

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
    drawing = Rows()
    return joined(drawing.row(each) for each in rows)


class Rows:
    """What is the same for all rows of a page is looked up once."""

    def __init__(self):
        self.gone = formatted(GONE, _("已不在管"))
        self.states = {
            True: formatted(STATE, " state-ok", icon("circle-check"), _("已参加")),
            False: formatted(STATE, "", icon("circle-dashed"), _("未参加")),
        }
        self.about = _("%(project)s不涉及的专业")
        self.specialty = cache(lambda specialty: formatted("{}", specialty))

    def row(self, row) -> SafeString:
        project = row.project
        return formatted(
            ROW,
            pk=project.pk,
            project=project.name,
            ticked=CHECKED if row.ticked else "",
            code=project.code,
            gone="" if project.is_active else self.gone,
            region=project.region or "—",
            state=self.states[row.takes_part],
            lacks=self.lacks(row) if row.takes_part else "",
        )

    def lacks(self, row) -> SafeString:
        pk, specialty = row.project.pk, self.specialty
        boxes = [
            LACK.format(pk, lack.value, CHECKED if lack.checked else "", specialty(lack.specialty))
            for lack in row.lacks
        ]
        about = self.about % {"project": row.project.name}
        return formatted(LACKS, pk, about, mark_safe("".join(boxes)))  # noqa: S308 ids, and escaped
