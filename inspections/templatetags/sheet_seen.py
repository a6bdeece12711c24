"""Rows of a score sheet on which somebody noted something, by plain formatting: a sheet that was
filled with care has eighty of them.
"""

from functools import lru_cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inspections.templatetags.sheet_moves import move, withdraw
from inspections.templatetags.sheets import (
    LAYER,
    as_json,
    files_at,
    noted_row,
    once,
    pictures,
    times,
)
from inspections.words import Method
from organization.formatting import formatted
from organization.templatetags.ui import icon, moment, points, state

register = template.Library()
METHODS = dict(Method.choices)
ONE = (
    '<li><p>{points}{times}{level} {method} <span class="small muted">{by} · {at}</span>'
    "{counts}</p>\n  {note}\n  {visit}{shots}{undo}</li>"
)
VISIT = '<p class="small"><a href="{}">{}</a></p>'
SHOTS = '<div class="shots">{}</div>'
MINE = ' data-points="{}" data-count="{}" data-method="{}" data-note="{}"'
SUM = "<b>{points}</b>{times}{level}{method}{note}{counts}"
COUNTS = ' · <span class="muted">{}</span>'
TAKE = '<div class="take no-print" id="take-{}">{}</div>'
TAKEN = (
    '<p class="take-done"><span class="state state-ok">{icon}{word}</span> '
    '<a class="tap" href="{url}#line-{pk}">{link}</a></p>'
)
TAKE_UP = (
    '<button class="btn">{icon}{word}<span class="visually-hidden">{colon}{text}</span>'
    "</button></form>"
)
SENT = (
    '<figure class="shot"><a href="{0}"><img src="{0}" alt="{1}"{2}{3} loading="lazy"></a>'
    "<figcaption>{4}</figcaption></figure>"
)
CHECKED = mark_safe(" checked")
OWN = ' data-photo="{}" data-mine="{}"'
CONTESTED = '<p class="appeal-mark"><a href="{url}">{word}</a> {state}{costs}</p>'
COSTS = ' <b class="num">{}</b>'
CONTEST = '<p class="appeal-mark no-print"><a class="btn" href="{}">{}{}</a></p>'


@register.simple_tag(takes_context=True)
def row_seen(context, row):
    """A row that this reader may fill; its editor comes from the pattern when it is opened."""
    mine, held = row.mine, ""
    if mine:
        held = formatted(MINE, points(row.draft.points), mine.count, mine.method, mine.note)
    return formatted(
        once(row.card, ("noted", row.key), noted_row, row),
        observation=mine.pk if mine else "",
        held=held,
        sum=row_sum(row),
        shots=shots(context, row.photos, mine),
        seen=seen_list(context, row.others, row=row),
        take=take_place(context, row),
        checked=CHECKED if row.is_on else "",
    )


@register.simple_tag
def row_sum(row):
    """What one's own observation costs and says, in a line; nothing without one."""
    mine = row.mine
    if not mine:
        return ""
    words = _("扣 %(points)s") % {"points": points(mine.points)}
    counts = row.others and mine.pk in row.card.counting
    return formatted(
        SUM,
        points=words,
        times=times(mine),
        level=f" {mine.level}" if mine.level else "",
        method=SafeString(f" · {method_of(mine)}") if mine.method else "",
        note=f" · {mine.note}" if mine.note else "",
        counts=formatted(COUNTS, _("计入")) if counts else "",
    )


def method_of(seen) -> SafeString:
    return method_in(get_language(), seen.method)


@lru_cache(maxsize=32)
def method_in(_language: str, method: str) -> SafeString:
    """What `get_method_display` gives; that one puts all words together every time."""
    return formatted("{}", METHODS.get(method, method))


@register.simple_tag(takes_context=True)
def seen_list(context, list, mark=None, row=None):
    """What was seen of a row, one after the other, and whether it is contested."""
    if not list:
        return ""
    row, card = row or context.get("row"), context["card"]
    counting = card.counting if row and len(row.seen) > 1 else ()
    rows = "".join([seen_one(context, card, each, mark, each.pk in counting) for each in list])
    lines = SafeString(f'<ul class="seen">{rows}</ul>')
    return lines + contested(mark) if mark else lines


def seen_one(context, card, seen, mark, counts: bool) -> str:
    page = card.page
    files, visit = page.photos.get(seen.pk), seen.known_visit
    mine = seen.by_id == page.reader_id
    pattern = "<s>−{}</s>" if mark and mark.changed else "<b>−{}</b>"
    return ONE.format(
        points=pattern.format(points(seen.points)),
        times=escape(times(seen)),
        level=f" {escape(seen.level)}" if seen.level else "",
        method=method_of(seen),
        by=escape(str(seen.by)),
        at=moment(seen.observed_at),
        counts=formatted(' <span class="sample">{}</span>', _("计入")) if counts else "",
        note=f"<p>{escape(seen.note)}</p>" if seen.note else "",
        visit=visit_link(context, visit) if visit else "",
        shots=formatted(SHOTS, shots(context, files, mine and seen)) if files else "",
        undo=withdraw(context, card, seen.pk, _("撤回")) if page.may_fill and mine else "",
    )


def visit_link(context, visit) -> str:
    """To a visit that the reader may look at; most of a sheet comes from the same few."""
    known = context.render_context.setdefault("sheet_visits", {})
    if visit.pk not in known:
        request = context["request"]
        known[visit.pk] = ""
        if request.user.sees_company or visit.finished_at:
            address = reverse("audit_visit", args=[request.campaign.code, visit.pk])
            known[visit.pk] = formatted(VISIT, address, _("看这次检查"))
    return known[visit.pk]


def contested(mark) -> SafeString:
    """Its appeal with what became of it, or where it may be contested."""
    if not mark.appeal:
        if not mark.url:
            return SafeString()
        return SafeString(CONTEST.format(escape(mark.url), icon("scale"), escape(_("申诉"))))
    appeal, costs = mark.appeal, ""
    if mark.changed:
        costs = formatted(COSTS, f"−{points(appeal.costs)}" if appeal.costs else "0")
    parts = {"word": _("申诉"), "state": state(mark.state), "costs": costs}
    return formatted(CONTESTED, url=appeal.get_absolute_url(), **parts)


@register.simple_tag(takes_context=True)
def shots(context, files, mine=None):
    """Pictures; of a sheet that is being filled also that they were sent, and whose they are."""
    if not files:
        return ""
    if not getattr(context.get("page"), "may_fill", False):
        return pictures(files)
    place = files_at()
    made = (
        formatted(
            SENT,
            f"{place}{file.pk}/",
            file.name,
            formatted(LAYER, as_json(file.layer)) if file.layer else "",
            formatted(OWN, file.pk, file.observation) if mine else "",
            _("已传"),
        )
        for file in files
    )
    return mark_safe("".join(made))  # noqa: S308 each is formatted


# --- what a self-check gives the plan ----------------------------------------------------------


def take_place(context, row) -> SafeString | str:
    if not context["page"].is_self_check:
        return ""
    return formatted(TAKE, row.key, take(context, row))


@register.simple_tag(takes_context=True)
def take(context, row):
    """A missing requirement of a self-check, and the plan: one tap puts it there, once."""
    if not row.lacking:
        return ""
    line = row.taken
    if line:
        url = line.draft_of.get_absolute_url() if line.draft_of else plan_of(context)
        words = {"word": _("已列入方案"), "link": _("看这一条")}
        return formatted(TAKEN, icon=icon("circle-check"), url=url, pk=line.pk, **words)
    if not context["page"].takes_up:
        return ""
    form = move(context, row.card, "take_up", observation=row.lacking.id)
    words = {"word": _("列入方案"), "colon": _("："), "text": row.text}
    return form + formatted(TAKE_UP, icon=icon("clipboard-list"), **words)


def plan_of(context) -> str:
    return reverse("plan", args=[context["campaign"].code, context["sheet"].project.code])
