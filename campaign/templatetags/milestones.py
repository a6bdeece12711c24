"""A campaign's milestones in rows, by plain formatting: a campaign has two dozen, each with words
for who owes it.
"""

from functools import cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaign.words import EvidenceKind, Scope
from organization.formatting import formatted, joined
from organization.templatetags.ui import day, icon, short_day

register = template.Library()
OUTSIDE = "campaign/_outside.html"
ROW = (
    '<li{link}>\n      <div class="work-main">\n        {title}\n'
    '        <p class="work-meta">{about}</p>\n      </div>\n'
    '      <span class="work-due">{due}</span>\n      {outside}\n    </li>'
)
LINK = mark_safe(' class="row-link"')
TITLE = '<p class="work-title">{}</p>'
TITLE_LINK = '<a class="work-title" href="{}">{}</a>'
FLAG = '<span class="state state-warn">{}{}</span>'


@register.simple_tag(takes_context=True)
def milestone_rows(context, milestones):
    """What is owed in a phase, by whom and until when."""
    words, campaign = Words(), context["campaign"]
    flagged = context["is_checked"]
    return joined(row(context, each, campaign, words, flagged) for each in milestones)


def row(context, milestone, campaign, words: "Words", flagged: bool) -> SafeString:
    title, outside = formatted(TITLE, milestone.title), ""
    if campaign.started_at:
        address = reverse("milestone", args=[campaign.code, milestone.code])
        title = formatted(TITLE_LINK, address, milestone.title)
    if flagged and milestone.is_outside_its_phase:
        outside = formatted(FLAG, icon("alert-triangle"), outside_its_phase(context, milestone))
    return formatted(
        ROW,
        link=LINK if campaign.started_at else "",
        title=title,
        about=words.about(milestone),
        due=day(milestone.due),
        outside=outside,
    )


class Words:
    """What roles, scopes and kinds of papers are called: looked up once each."""

    def __init__(self):
        self.kind = cache(lambda kind: str(EvidenceKind(kind).label))
        self.scope = cache(lambda scope: str(Scope(scope).label))
        self.roles: dict[str, str] = {}

    def owner(self, milestone) -> str:
        if milestone.owner not in self.roles:
            self.roles[milestone.owner] = str(milestone.get_owner_display())
        return self.roles[milestone.owner]

    def about(self, milestone) -> str:
        """Who owes it, who approves it, and which papers it asks for."""
        parts = [self.scope(milestone.scope), self.owner(milestone)]
        if milestone.approver:
            parts.append(_("%(who)s审批") % {"who": milestone.get_approver_display()})
        parts.append(_("、").join(map(self.kind, milestone.evidence)))
        if milestone.is_gate:
            parts.append(_("关卡"))
        return " · ".join(parts)

    def owed_by(self, milestone, total: int) -> str:
        """Who owes it, with their number where the reader sees several."""
        if milestone.scope == Scope.COMPANY:
            return self.owner(milestone)
        if total < 2:
            return self.scope(milestone.scope)
        if milestone.scope == Scope.PROJECT:
            return _("%(number)s 个项目") % {"number": total}
        return _("%(number)s 个专业口") % {"number": total}


def outside_its_phase(context, milestone) -> str:
    part = context.template.engine.get_template(OUTSIDE)
    with context.push(milestone=milestone):
        return part.render(context)


# --- on the timeline ---------------------------------------------------------------------------

DRAWN = (
    '<tr class="row-link">\n  <th scope="row"><a href="{url}">{title}</a><span>{owed} · {due}'
    "{outside}</span></th>\n"
    '  <td class="tl-cell"><svg class="tl-svg" role="img" aria-label="{due}">{lines}<svg x="{x}" '
    'y="50%">{mark}<text {place} y="4">{short}</text></svg></svg></td>\n'
    '  <td class="num">{tally}</td>\n</tr>'
)
PLACES = {
    True: mark_safe('x="-13" text-anchor="end"'),
    False: mark_safe('x="13"'),
}
SHADE = '<rect class="{}" x="{}" width="{}" y="0" height="100%"/>'
DAY = '<line class="{0}" x1="{1}" x2="{1}" y1="0" y2="100%"/>'
MARKS = {
    "ok": mark_safe('<circle class="mark-ok" r="7"/><path class="tick" d="M-3 0-.8 2.4 3.2-2.2"/>'),
    "late": mark_safe('<path class="mark-late" d="M0-9 8.5 7H-8.5z"/>'),
}
OPEN_MARK = mark_safe('<circle class="mark-open" r="6"/>')
TALLY = '<div class="tally">{}{}{}{}</div>'
TALLIED = "<span{}>{}{}</span>"
OK, LATE = mark_safe(' class="text-ok"'), mark_safe(' class="text-late"')
NONE = mark_safe('<span class="muted">—</span>')


@register.simple_tag(takes_context=True)
def timeline_rows(context, stretch):
    """A phase's milestones: who owes each, its day in the picture, how many are done."""
    words, campaign = Words(), context["campaign"]
    lines = timeline_lines(context, stretch)
    return joined(drawn(context, each, campaign, words, lines) for each in stretch.rows)


def drawn(context, row, campaign, words: Words, lines) -> SafeString:
    milestone, outside = row.milestone, ""
    if milestone.is_outside_its_phase:
        outside = formatted(" · {}", outside_its_phase(context, milestone))
    return formatted(
        DRAWN,
        url=reverse("milestone", args=[campaign.code, milestone.code]),
        title=milestone.title,
        owed=words.owed_by(milestone, row.tally.total),
        due=_("期限 %(when)s") % {"when": day(milestone.due)},
        outside=outside,
        lines=lines,
        x=row.mark.x,
        mark=MARKS.get(row.mark.look, OPEN_MARK),
        place=PLACES[bool(row.mark.leftwards)],
        short=short_day(milestone.due),
        tally=tallied(row.tally),
    )


@register.simple_tag(takes_context=True)
def timeline_lines(context, stretch):
    """What every row of the picture has behind it: its phase, the months, today."""
    picture = context["picture"]
    lines = [formatted(SHADE, stretch.shade, stretch.x, stretch.width)]
    lines += (formatted(DAY, "month", month.x) for month in picture.months)
    if picture.today:
        lines.append(formatted(DAY, "today", picture.today))
    return joined(lines)


@register.simple_tag
def tallied(tally):
    """How many are done, late and unfinished; what there is none of is left out."""
    done = late = unfinished = ""
    if tally.done:
        tint = OK if tally.done == tally.total else ""
        words = _("完成 %(n)s") % {"n": tally.done}
        done = formatted(TALLIED, tint, icon("circle-check", "icon-s"), words)
    if tally.late:
        words = _("逾期 %(n)s") % {"n": tally.late}
        late = formatted(TALLIED, LATE, icon("alert-circle", "icon-s"), words)
    if tally.unfinished:
        words = _("未完 %(n)s") % {"n": tally.unfinished}
        unfinished = formatted(TALLIED, "", icon("circle-dashed", "icon-s"), words)
    return formatted(TALLY, done, late, unfinished, "" if tally.total else NONE)
