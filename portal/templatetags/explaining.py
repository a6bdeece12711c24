"""Each cut of how a score was made, by plain formatting: an explained sheet has eighty of them."""

from django import template
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.templatetags.sheets import times
from organization.formatting import formatted
from organization.templatetags.ui import moment, points, state

register = template.Library()
CUT = (
    '<div class="cut">\n'
    '  <p class="cut-what">{about}<b class="num">{costs}</b></p>\n'
    '  <ul class="seen">{sights}</ul>\n'
    "  {appeal}\n  {calc}\n</div>"
)
SIGHT = (
    '<li{struck} id="seen-{pk}">{shots}\n'
    '    <p>{link}<b>−{points}</b>{times}{level} {how}{end} <span class="small muted">{by} · {at}'
    '</span> <span class="verdict">{verdict}</span>{withdrawn}</p>\n    {note}</li>'
)
LINK = '<a class="link" href="{}?observation={}#o-{}">'
SHOTS = '<div class="shots">{}</div>'
WITHDRAWN = ' <span class="small muted">{} {}</span>'
APPEAL = (
    '<p class="appeal-mark"><a class="link" href="{}">{}</a> {} '
    '<span class="small muted">{}</span></p>'
)
CALC = '<p class="calc"><span class="arith">{}</span></p>'
REST = '<p class="calc">{}</p>'
STRUCK = mark_safe(' class="is-struck"')
END = mark_safe("</a>")


@register.simple_tag(takes_context=True)
def explained_cut(context, cut):
    """What was missing, all that was seen of it with what became of each, and what it costs."""
    about = cut.first.row
    return formatted(
        CUT,
        about=named(about),
        costs=f"−{points(cut.points)}" if cut.line else "0",
        sights=joined(sight_of(context, judged) for judged in cut.sights),
        appeal=appealed(about.appeal) if about.appeal else "",
        calc=calculated(cut),
    )


def named(about) -> str:
    if about.requirement:
        return f"{about.requirement.number}. {about.requirement.text}"
    return about.rule.text if about.rule else _("整项")


def sight_of(context, judged) -> SafeString:
    row, link = judged.row, ""
    if context["opens"]:
        address = reverse("sheet_log", args=[context["campaign"].code, row.sheet_id])
        link = formatted(LINK, address, row.pk, row.pk)
    decides = judged.sight.decides
    back = getattr(row, "withdrawn", None)
    return formatted(
        SIGHT,
        struck="" if judged.counts else STRUCK,
        pk=row.pk,
        shots=formatted(SHOTS, pictures(context, row.pictures)) if row.pictures else "",
        link=link,
        points=points(judged.points),
        times=times(row),
        level=f" {row.level}" if row.level else "",
        how=row.get_kind_display() if decides else row.get_method_display(),
        end=END if link else "",
        by=row.by,
        at=moment(row.observed_at),
        verdict=context["verdicts"].get(judged.verdict),
        withdrawn=formatted(WITHDRAWN, back.by, moment(back.recorded_at)) if back else "",
        note=formatted("<p>{}</p>", row.note) if row.note else "",
    )


def pictures(context, files) -> str:
    shots = context.template.engine.get_template("inspections/_sheet_shots.html")
    with context.push(files=files):
        return shots.render(context)


def appealed(appeal) -> SafeString:
    reason = truncatechars(appeal.reason, 80)
    return formatted(APPEAL, appeal.get_absolute_url(), _("申诉"), state(appeal.state()), reason)


def calculated(cut) -> SafeString | str:
    if cut.formula:
        return formatted(CALC, cut.formula)
    if not cut.takes_the_rest:
        return ""
    words = _("本项不得分：取走别的扣分余下的 %(points)s 分")
    return formatted(REST, words % {"points": points(cut.points)})


def joined(parts) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 each is formatted
