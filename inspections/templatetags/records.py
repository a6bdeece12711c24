"""What was recorded on a score sheet, by plain formatting: a page has eighty records."""

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.templatetags.sheet_seen import SHOTS, method_of
from inspections.templatetags.sheets import pictures, times
from inspections.words import ObservationKind
from organization.formatting import formatted, joined
from organization.templatetags.ui import moment, points, state

register = template.Library()
ITEM = (
    '<section class="panel" id="{code}" aria-labelledby="of-{pk}">\n'
    '    <div class="panel-head"><h2 id="of-{pk}">{item}</h2>{state}</div>\n'
    '    <ol class="story panel-body">{rows}</ol>\n  </section>\n'
)
ROW = (
    '<li{gone} id="o-{pk}"><p><b>{kind}</b>{about}{costs} · {by} <time class="muted small" '
    'datetime="{iso}">{at}</time>{withdrawn}</p>\n  {note}\n  {shots}</li>'
)
GONE = mark_safe(' class="is-gone"')
NOTE = '<p class="small">{}</p>'
KINDS = dict(ObservationKind.choices)


@register.simple_tag
def recorded_items(found):
    """The items of a page of a sheet's log, each with its records."""
    return joined(item_of(card, rows, found.photos) for card, rows in found.parts())


def item_of(card, rows, photos) -> SafeString:
    return formatted(
        ITEM,
        code=card.item.code,
        pk=card.item.pk,
        item=card.item,
        state=state(card.state),
        rows=joined(record_of(row, photos.get(row.pk)) for row in rows),
    )


def record_of(row, files) -> SafeString:
    ruled, gone = row.rule and row.kind == ObservationKind.MISSING, _("已撤回")
    return formatted(
        ROW,
        gone=GONE if row.is_gone else "",
        pk=row.pk,
        kind=_("扣分") if ruled else KINDS[row.kind],
        about=about_of(row),
        costs=costs_of(row),
        by=row.by,
        iso=timezone.localtime(row.recorded_at).isoformat(),
        at=moment(row.recorded_at),
        withdrawn=f" · {gone}" if row.is_gone else "",
        note=formatted(NOTE, row.note) if row.note else "",
        shots=formatted(SHOTS, pictures(files)) if files else "",
    )


def about_of(row) -> str:
    if row.rule:
        return f" {row.rule}"
    if row.requirement:
        words = _("第 %(number)s 项") % {"number": row.requirement.number}
        return f" {words}"
    return ""


def costs_of(row) -> str:
    """The points with how they came about; nothing of what costs none."""
    if row.points is None:
        return ""
    level = f" {row.level}" if row.level else ""
    method = f" · {method_of(row)}" if row.method else ""
    return f" −{points(row.points)}{times(row)}{level}{method}"
