"""Cells of the page of notes, by plain string formatting: it has hundreds of them."""

from functools import cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined

register = template.Library()

CELL = (
    '<td data-label="{}"><a class="link nowrap" href="{}">{} / {}</a> '
    '<progress class="bar{}" value="{}" max="{}">{}%</progress></td>'
)
NOTHING = '<td data-label="{}">—</td>'


ROW = (
    '<tr>\n  <th scope="row" class="card-main">{project}</th>\n  {cells}\n'
    '  <td class="nowrap" data-label="{once}"><b>{covered} / {headcount}</b></td>\n'
    '  <td data-label="{people}">{count}</td>\n</tr>'
)
COUNT = (
    '<form class="acts headcount" method="post">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
    '<input type="hidden" name="project" value="{code}">\n'
    '    <input class="form-control{invalid}" name="headcount" type="number" min="0" max="9999"'
    ' inputmode="numeric" aria-label="{about}" placeholder="{known}" value="{value}">'
    '<button class="btn">{save}</button></form>\n    {errors}'
)
ERROR = '<p class="form-error" role="alert">{}</p>'


@register.simple_tag(takes_context=True)
def notes_rows(context, rows) -> SafeString:
    """Each project: notes of each milestone, of the whole campaign, and how many people there
    are, to be said by who may.

    A row's `cells` have what the column is called, the obligation's address, and its Coverage.
    """
    drawing = Rows(context)
    return joined(drawing.row(row) for row in rows)


class Rows:
    """What is the same for all rows of a page is looked up once."""

    def __init__(self, context):
        self.user, self.token = context["request"].user, formatted("{}", context["csrf_token"])
        self.once, self.people, self.save = _("至少一项"), _("员工总数"), _("保存")
        self.about = _("%(project)s员工总数")
        self.label = cache(lambda label: formatted("{}", label))

    def row(self, row) -> SafeString:
        may_count = self.user.has_perm("campaign.set_headcount", row)
        cells = [self.cell(*each) for each in row.cells]
        return formatted(
            ROW,
            project=row.project.name,
            cells=mark_safe("\n  ".join(cells)),  # noqa: S308 formatted
            once=self.once,
            covered=row.total.covered,
            headcount=row.total.headcount,
            people=self.people,
            count=self.count(row) if may_count else row.total.headcount,
        )

    def count(self, row) -> SafeString:
        form = row.form
        value = form["headcount"].value() if form else row.headcount
        errors = form["headcount"].errors if form else ()
        return formatted(
            COUNT,
            token=self.token,
            code=row.project.code,
            invalid=" is-invalid" if form and form.errors else "",
            about=self.about % {"project": row.project.name},
            known=row.total.people,
            value="" if value is None else value,
            save=self.save,
            errors=joined(formatted(ERROR, each) for each in errors),
        )

    def cell(self, label: str, address: str | None, of) -> str:
        """An address of this application, a label that is escaped once a page, and numbers."""
        if not address:
            return NOTHING.format(self.label(label))
        tint, most = " bar-ok" if of.is_complete else "", of.headcount or 1
        about = (of.covered, of.headcount, tint, of.covered, most, of.percent)
        return CELL.format(self.label(label), address, *about)
