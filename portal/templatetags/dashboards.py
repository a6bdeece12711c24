"""Bars and rows of the dashboard's pictures, by plain formatting: it has a hundred of them."""

from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization.formatting import formatted, joined
from organization.templatetags.ui import day, points

register = template.Library()
BAR = (
    '<a class="bar-of" href="{url}" aria-label="{words}"><title>{words}</title>'
    '<rect class="edge" x="{x}" y="{y}" width="{width}" height="{height}" '
    'fill="url(#dash-{tint})"/><text class="value{at_hand}" x="{middle}" y="{above}" '
    'text-anchor="middle">{points}{projects}</text></a>\n      '
)
MISSING = (
    '<tr><th scope="row"><a class="link" href="{}">{}</a></th><td>{}</td>'
    '<td class="num">{}</td></tr>'
)
NUMBERS = '<tr><td class="num">{}</td><td>{}</td><td class="num">{}</td></tr>'
BAND = "{}?band={}{}"
REGION = "&region={}"
SECTION = (
    '<tr><th scope="row">{name}{weakest}</th>\n'
    '      <td class="c-bar"><svg viewBox="0 0 100 12" preserveAspectRatio="none" '
    'aria-hidden="true"><title>{words}</title><rect class="track" width="100" height="12"/>'
    '<rect class="edge" y="1.5" width="{median}" height="9" fill="url(#dash-{tint})"/>'
    '<rect class="mark" x="{mark}" width="1" height="12"/></svg></td>\n'
    '      <td class="num" data-label="{word_median}">{median}%</td>'
    '<td class="num" data-label="{word_best}">{best}%</td>'
    '<td class="num" data-label="{word_projects}">{projects}</td></tr>'
)
WEAKEST = ' <span class="tag">{}</span>'
FILED = (
    '<tr><th scope="row"><a class="link" href="{url}">{title}</a><small>{due}</small></th>\n'
    '      <td class="c-bar"><svg viewBox="0 0 100 12" preserveAspectRatio="none" '
    'aria-hidden="true">{parts}</svg></td>\n'
    '      <td class="num" data-label="{word_rate}">{rate}</td>'
    '<td class="num" data-label="{word_in_time}">{in_time}</td>'
    '<td class="num" data-label="{word_late}">{late}</td>'
    '<td class="num" data-label="{word_overdue}">{overdue}</td>'
    '<td class="num" data-label="{word_to_come}">{to_come}</td></tr>'
)
PART = '<rect class="edge" x="{}" y="1" width="{}" height="10" fill="url(#dash-{})"/>'
TINTS = {"in_time": "excellent", "late": "fail", "overdue": "late"}
LATE = '<b class="late">{}</b>'
NONE = mark_safe('<span class="muted">—</span>')


@register.simple_tag(takes_context=True)
def spread_bars(context, spread):
    """How many projects have so many points, each bar with the way to them."""
    league = reverse("league", args=[context["campaign"].code])
    region = context["dash"].region
    narrowed = REGION.format(quote(region)) if region else ""
    labels = spread.has_labels
    return joined(bar_of(bar, league, narrowed, labels) for bar in spread.bars)


def bar_of(bar, league: str, narrowed: str, has_labels: bool) -> SafeString:
    count = bar.projects
    words = ngettext(
        "%(points)s 分：%(count)s 个项目", "%(points)s 分：%(count)s 个项目", count
    ) % {"points": bar.points, "count": count}
    return formatted(
        BAR,
        url=BAND.format(league, bar.band.code, narrowed) if bar.band else league,
        words=words,
        x=bar.x,
        y=bar.y,
        width=bar.width,
        height=bar.height,
        tint=(bar.band and bar.band.tint) or "good",
        at_hand="" if has_labels else " at-hand",
        middle=bar.middle,
        above=bar.above,
        points="" if has_labels else f"{bar.points}: ",
        projects=count,
    )


@register.simple_tag
def spread_numbers(spread):
    return joined(formatted(NUMBERS, x.points, x.band or "—", x.projects) for x in spread.bars)


@register.simple_tag
def section_lines(lines):
    """Each section's median and best."""
    known = {
        "word_median": _("中位数"),
        "word_best": _("最高"),
        "word_projects": _("项目数"),
    }
    title, weakest = _("中位数 %(median)s%%，最高 %(best)s%%"), formatted(WEAKEST, _("最弱"))
    return joined(
        formatted(
            SECTION,
            name=line.name,
            weakest=weakest if line.weakest else "",
            words=title % {"median": line.median, "best": line.best},
            median=line.median,
            tint="fail" if line.weakest else "good",
            mark=line.mark,
            best=line.best,
            projects=line.found.projects,
            **known,
        )
        for line in lines
    )


@register.simple_tag(takes_context=True)
def filed_rows(context, rows):
    """How early or late each milestone's papers came."""
    code = context["campaign"].code
    known = {
        "word_rate": _("按期率"),
        "word_in_time": _("按期"),
        "word_late": _("迟交"),
        "word_overdue": _("逾期未交"),
        "word_to_come": _("未到期"),
    }
    return joined(filed_row(row, code, known) for row in rows)


def filed_row(row, code: str, known: dict[str, str]) -> SafeString:
    rate = row.in_time_percent
    return formatted(
        FILED,
        url=reverse("milestone", args=[code, row.milestone.code]),
        title=row.milestone.title,
        due=day(row.milestone.due),
        parts=joined(
            formatted(PART, x, width, TINTS.get(kind, "none"))
            for kind, _count, x, width in row.parts
        ),
        rate=NONE if rate is None else f"{rate}%",
        in_time=row.in_time,
        late=row.late,
        overdue=formatted(LATE, row.overdue) if row.overdue else "0",
        to_come=row.to_come,
        **known,
    )


@register.simple_tag(takes_context=True)
def missing_rows(context, projects):
    """Projects that miss a requirement, and what it costs each."""
    campaign = context["campaign"].code
    return joined(
        formatted(
            MISSING,
            reverse("project_result", args=[campaign, each.code]),
            each.name,
            each.region or "—",
            points(each.points),
        )
        for each in projects
    )
