"""What a sheet says when it is signed, section by section, by plain formatting."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.templatetags.sheets import plain
from organization.formatting import formatted, joined
from organization.templatetags.ui import moment, points

register = template.Library()
SECTION = (
    '<section class="signed-part">\n  <h3>{name} <span class="num">{kept} / {possible}</span></h3>'
    "\n  {items}\n</section>"
)
ITEMS = "<ul>{}</ul>"
NOTHING = '<p class="muted">{}</p>'
ITEM = "<li><p><b>{code} {name}</b></p>\n    {reason}\n    {deductions}</li>"
SEEN = (
    '<p class="signed-seen"><span>{about}{how}{note}{photos}{apart} <small class="muted">{by} {at}'
    '</small></span> <b class="num">{costs}</b></p>'
)


@register.simple_tag
def signed_sections(what):
    return joined(map(section_of, what.sections))


def section_of(section) -> SafeString:
    items = joined(map(item_of, section.noted))
    return formatted(
        SECTION,
        name=section.name or _("未分类"),
        kept=points(section.kept),
        possible=plain(section.possible),
        items=formatted(ITEMS, items) if items else formatted(NOTHING, _("没有扣分")),
    )


def item_of(item) -> SafeString:
    reason = ""
    if item.not_applicable is not None:
        words = _("不适用：%(reason)s") % {"reason": item.not_applicable}
        reason = formatted("<p>{}</p>", words)
    deductions = joined(map(seen_of, item.deductions))
    return formatted(ITEM, code=item.code, name=item.name, reason=reason, deductions=deductions)


def seen_of(seen) -> SafeString:
    said, method = seen.said, seen.method
    how, apart = _("申诉决定") if seen.is_decided else method, _("不另计")
    photos = len(said["photos"])
    pictures = ngettext("照片 %(count)s 张", "照片 %(count)s 张", photos) % {"count": photos}
    return formatted(
        SEEN,
        about=seen.about,
        how=f" · {how}" if how else "",
        note=f" · {said['note']}" if said["note"] else "",
        photos=f" · {pictures}" if photos else "",
        apart="" if seen.counts else f" · {apart}",
        by=said["by"]["name"],
        at=moment(seen.observed_at),
        costs=f"−{points(seen.points)}" if seen.counts else "0",
    )
