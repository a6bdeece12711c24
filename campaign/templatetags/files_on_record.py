"""Files on record to choose from, by plain formatting, twenty on a page."""

from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import cut, formatted
from organization.templatetags.ui import day, moment

register = template.Library()
LONGEST = 30  # letters of a milestone
TICKED = mark_safe(" checked")
ROW = (
    '<li>\n  <div class="work-main">\n'
    '    <label class="tick"><input class="form-check-input" type="checkbox" name="chosen" '
    'value="{pk}"{ticked}> <span class="work-title file-name">{name}</span></label>\n'
    '    <p class="work-meta">{kind} · {milestone}{year}{here}</p>\n'
    '    <div class="work-meta"><p>{about}{early}</p>\n<p>{came}</p></div>\n  </div>\n'
    '  <a class="btn" href="{address}" target="_blank" rel="noopener">{see}'
    '<span class="visually-hidden"> {name}</span></a>\n</li>'
)
HERE = " · {}"
EARLY = ' <span class="text-warn">{}</span>'


@register.simple_tag(takes_context=True)
def pick_rows(context, files) -> SafeString:
    """Each file: where it counts, what day it is about, when it came and from whom."""
    ticked, see = context["ticked"], _("查看")
    rows = (pick_row(context, each, str(each.pk) in ticked, see) for each in files)
    return mark_safe("\n".join(rows))  # noqa: S308 each is formatted


def pick_row(context, row, is_ticked: bool, see: str) -> SafeString:
    owed, first_day = row.obligation, context["first_day"]
    other = owed.campaign_id != context["obligation"].campaign_id
    early = row.about and first_day and row.about < first_day
    size = filesizeformat(row.file.size)
    came = {"when": moment(row.added_at), "who": row.added_by or "", "size": size}
    return formatted(
        ROW,
        pk=row.pk,
        ticked=TICKED if is_ticked else "",
        name=row.file.name,
        kind=row.get_kind_display(),
        milestone=cut(owed.milestone.title, LONGEST),
        year=f" · {owed.campaign.year}" if other else "",
        here=formatted(HERE, _("本任务已有")) if row.is_here else "",
        about=_("资料日期 %(when)s") % {"when": day(row.about)} if row.about else _("资料日期未填"),
        early=formatted(EARLY, _("早于专项开始")) if early else "",
        came=_("%(when)s %(who)s 上传 · %(size)s") % came,
        address=reverse("file", args=[row.file.pk]),
        see=see,
    )
