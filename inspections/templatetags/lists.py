"""Cells of long lists, of which a page has two hundred and more, by plain formatting."""

from functools import cache
from html import escape
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.self_check.honesty import Gap
from inspections.sheet.sheet_list import Cell
from inspections.templatetags.sheets import plain, signed
from organization.formatting import escaped, formatted
from organization.templatetags.ui import icon, points, query, score, state

register = template.Library()
NAME = '<span class="cell-name">{}</span>{}'
OUT = mark_safe('<span class="muted" aria-hidden="true">·</span>')
LINK = '<a class="cell-link" href="{}"><span class="cell-name">{}</span>{}\n  {}\n  {}</a>\n  {}'
DONE = '<b class="cell-figure">{}</b>{}'
SIGNING = '<span class="small">{} {}</span>'
BEGUN = (
    '<span class="cell-figure">{0} / {1}</span>\n  <progress class="bar" value="{0}" max="{1}" '
    'aria-label="{2}"></progress>{3}'
)
KEPT = '<span class="small muted">{} / {}</span>'
UNSENT = '<span class="small text-warn" data-unsent-sheet="{}" hidden>{} {}</span>'
READY = '<p class="ready small" data-ready="{}" data-url="{}" role="status"></p>'
START = (
    '{}\n  <form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
    'value="{}"><input type="hidden" name="project" value="{}"><input type="hidden" '
    'name="specialty" value="{}"><button class="btn">{}{}<span class="visually-hidden"> {} {}'
    "</span></button></form>"
)
NONE_YET = '<span class="cell-name">{}</span><span class="muted small">{}</span>'
LATE = ' <span class="sample" title="{}">{}</span>'
DASH = '<span class="muted">—</span>'


@register.simple_tag(takes_context=True)
def sheet_cell(context, cell: Cell, part):
    """One project's sheet of one specialty in a list of sheets or self-checks."""
    if not cell.is_asked_for:
        return OUT
    if cell.sheet:
        return sheet_link(context, cell)
    if not (cell.lacks or context["found"].sees_all):
        return formatted(NONE_YET, cell.specialty, _("还没有结果"))
    named = formatted(NAME, cell.specialty, state(cell.state))
    return start(context, cell, part, named) if cell.may_open and not cell.lacks else named


def sheet_link(context, cell: Cell):
    """To the sheet: its score once it is handed in, how far it is before."""
    words, sheet = same_on_all(context), cell.sheet
    address = f"{words['place']}{sheet.pk}/"
    if sheet.submitted_at:
        signing = cell.signing
        drawn = formatted(SIGNING, icon(signing.icon, "icon-s"), signing) if signing else ""
        figures = formatted(DONE, score(cell.percent), drawn)
    else:
        kept = formatted(KEPT, points(sheet.kept), plain(sheet.possible)) if sheet.possible else ""
        figures = formatted(BEGUN, sheet.looked_at, sheet.item_count, words["looked_at"], kept)
    waits = words["waits"] and not sheet.submitted_at
    return formatted(
        LINK,
        address,
        cell.specialty,
        state(cell.state),
        figures,
        formatted(UNSENT, sheet.pk, words["icon"], words["unsent"]),
        formatted(READY, sheet.pk, address) if waits else "",
    )


def same_on_all(context) -> dict:
    """What the cells of a page have in common, looked up once."""
    known = context.render_context.setdefault("sheet_links", {})
    if not known:
        known |= {
            "place": reverse("sheet", args=[context["campaign"].code, 0]).removesuffix("0/"),
            "looked_at": _("已评项数"),
            "icon": icon("cloud-off", "icon-s"),
            "unsent": mark_safe(_("<b data-count></b> 项待传")),  # noqa: S308 the catalogue's
            "waits": context["found"].to_go_on_with,
        }
    return known


def start(context, cell: Cell, part, named):
    """The way to open a sheet that is not there yet."""
    return formatted(
        START,
        named,
        query(context),
        context["csrf_token"],
        part.project.code,
        cell.specialty.code,
        icon("plus"),
        _("开始"),
        part.project,
        cell.specialty,
    )


@register.simple_tag(takes_context=True)
def gap_rows(context, rows):
    """Each project with its figures for everything together and for each specialty."""
    drawing = Gaps(context["campaign"])
    return SafeString("".join([drawing.row(row) for row in rows]))


class Gaps:
    """What is the same for all cells is looked up once. Figures need no escaping."""

    def __init__(self, campaign):
        self.place = reverse("project_result", args=[campaign.code, "0"]).removesuffix("0/")
        self.own, self.audit, self.all = escape(_("自查")), escape(_("检查")), escape(_("综合"))
        self.late = formatted(LATE, _("检查得分出来之后才提交自查"), _("后交"))
        self.names = cache(escaped)

    def row(self, row) -> str:
        code, cells = escape(row.code), [self.cells(self.all, row.total)]
        cells += [self.cells(self.names(str(of)), gap) for of, gap in row.gaps]
        return (
            f'\n    <tr><th scope="row"><a href="{self.place}{quote(row.code)}/#honesty">'
            f'{escape(row.name)}</a> <small class="muted fw-normal">{code}</small></th>\n'
            f"      {''.join(cells)}</tr>"
        )

    def cells(self, word: str, gap: Gap) -> str:
        own = score(gap.own.shown) if gap.own else DASH
        audit = score(gap.audit.shown) if gap.audit else DASH
        return (
            f'<td class="num c-own"><span class="gap-word gap-name">{word} </span>'
            f'<span class="gap-word">{self.own} </span>{own}</td>'
            f'<td class="num c-audit"><span class="gap-word">{self.audit} </span>{audit}</td>'
            f'<td class="num c-gap{" text-warn" if gap.is_wide else ""}">'
            f"<b>{signed(gap.difference)}</b>{self.late if gap.is_late else ''}</td>"
        )
