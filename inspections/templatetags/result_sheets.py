"""The finished sheets of a project's result with each deduction, by plain formatting: a project has
a hundred of those.
"""

from functools import cache, lru_cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inspections.sheet.notes import METHODS
from inspections.sheet.outline import wording
from inspections.templatetags.sheet_seen import VISIT, contested
from inspections.templatetags.sheets import pictures, plain, times
from organization.formatting import escaped
from organization.templatetags.ui import day, icon, moment, points, sample, score

register = template.Library()
HEAD = (
    '<thead><tr><th scope="col">{}</th><th scope="col">{}</th><th class="num" scope="col">{}</th>'
    '<th class="num" scope="col">{}</th><th class="num" scope="col">{}</th></tr></thead>'
)
NOTHING = '<span class="muted">{}</span>'
COUNTS = ' <span class="sample">{}</span>'
USED_UP = '<p class="small muted">{}</p>'
WARNING = '<p class="note note-warning">{}<span>{}</span></p>'


@register.simple_tag(takes_context=True)
def result_sheets(context):
    """Each finished sheet: its sections, then its items that cost something, with all that was
    seen of them.
    """
    drawing = Sheets(context)
    return SafeString("".join([drawing.sheet(page) for page in context["result"].told]))


def said(sentence: str, **parts) -> str:
    """A sentence of the catalog, which is taken as templates take it, with its parts escaped."""
    shown = {name: escaped(part) for name, part in parts.items()}
    return sentence % shown if shown else sentence


@lru_cache(maxsize=8)
def head_in(_language: str) -> str:
    return HEAD.format(_("板块"), _("扣分项"), _("应得"), _("扣分"), _("得分"))


class Sheets:
    """What is the same for all sheets is looked up once. Figures need no escaping."""

    def __init__(self, context):
        self.campaign, self.banding = context["campaign"], context["result"].banding
        self.items = Items(context)
        self.head, self.sum = head_in(get_language()), _("合计")
        self.possible, self.lost = _("应得"), _("扣分")
        self.comma, self.none = _("，"), _("未分类")
        self.nothing = NOTHING.format(_("没有扣分"))
        self.way = icon("clipboard-check") + _("看评分表")

    def sheet(self, page) -> str:
        sheet = page.sheet
        pk, name = sheet.pk, escape(str(sheet.specialty))
        address = reverse("sheet", args=[self.campaign.code, pk])
        return (
            f'<section class="panel result-sheet" id="{escape(sheet.specialty.code)}" '
            f'aria-labelledby="sheet-{pk}">\n'
            f'  <div class="panel-head"><h2 id="sheet-{pk}">{name} {score(page.score.shown)}</h2>'
            f'<p class="small muted">{" · ".join(self.about(page))}</p>'
            f'<a class="btn no-print" href="{address}">{self.way}</a></div>\n'
            f'  {self.warning(page.score)}\n  <table class="tbl cards-tbl">\n'
            f'    <caption class="visually-hidden">{name}</caption>\n    {self.head}\n'
            f"    <tbody>{self.rows(page)}\n    </tbody>\n    {self.foot(page)}\n  </table>\n"
            f"  {self.items.of(page)}\n</section>"
        )

    def about(self, page):
        """By which rubric, when it was handed in, until when it can be contested, what it was."""
        rubric = page.sheet.rubric
        yield f"{escape(rubric.name)}{f' {sample()}' if rubric.is_sample else ''}"
        yield said(_("%(when)s 提交"), when=moment(page.sheet.submitted_at))
        if until := page.appeal_until:
            yield said(_("申诉期到 %(until)s"), until=day(until))
        if before := page.as_submitted:
            yield said(_("提交时 %(score)s，申诉决定后如上"), score=score(before.shown))

    def warning(self, made) -> str:
        if made.zeroed:
            words = said(_("关键项缺失，本表计零分，各项得分仅供对照。"))
        elif made.capped and (cap := self.banding.cap):
            words = said(_("关键项缺失，综合得分不变，等级最高为%(band)s。"), band=cap)
        else:
            return ""
        return WARNING.format(icon("alert-triangle"), words)

    def rows(self, page) -> str:
        """Each section: which items cost something, and what it kept."""
        names = wording(page.sheet.rubric_id).names
        return "".join([self.row(part, names) for part in page.parts])

    def row(self, part, names) -> str:
        lost = part.lost
        costly = [f"{names[card.line.item.pk]} {points(card.score.lost)}" for card in part.costly]
        return (
            f'\n      <tr><th scope="row">{escape(part.section.name or self.none)}</th>'
            f'<td class="c-wide">{self.comma.join(costly) or self.nothing}</td>'
            f'<td class="num" data-label="{self.possible}">{plain(part.possible)}</td>'
            f'<td class="num" data-label="{self.lost}">{f"−{points(lost)}" if lost else 0}</td>'
            f'<td class="num c-main">{points(part.kept)}</td></tr>'
        )

    def foot(self, page) -> str:
        lost = page.lost
        return (
            f'<tfoot><tr><th scope="row">{self.sum}</th><td class="not-phone"></td>'
            f'<td class="num" data-label="{self.possible}">{plain(page.score.possible)}</td>'
            f'<td class="num" data-label="{self.lost}">{f"−{points(lost)}" if lost else 0}</td>'
            f'<td class="num c-main">{points(page.score.kept)}</td></tr></tfoot>'
        )


class Items:
    """Items that cost something; people, moments and methods are the same few all over a page."""

    def __init__(self, context):
        self.campaign = context["campaign"]
        self.sees_company = context["request"].user.sees_company
        self.moment, self.person, self.method = cache(moment), cache(escaped), cache(method_of)
        self.visit = cache(self.visit_link)
        self.sample = f" {sample()}"
        self.counts = COUNTS.format(_("计入"))
        self.used_up = USED_UP.format(_("本项已扣完，不再往下扣。"))

    def of(self, page) -> str:
        words = wording(page.sheet.rubric_id)
        found = [card for part in page.parts for card in part.noted]
        return "".join([self.item(page, card, words) for card in found])

    def item(self, page, card, words) -> str:
        item = card.line.item
        seen = [
            f'<p class="cost-req">{about}</p>{self.seen(page, card, events)}'
            for about, events in self.abouts(card, words)
        ]
        if card.whole_events:
            seen.append(self.seen(page, card, card.whole_events, only=False))
        return (
            f'<div class="cost" id="item-{item.pk}">\n  <h3><small>{escape(item.code)}</small>'
            f"{words.names[item.pk]}{self.sample if item.is_sample else ''}"
            f'<span class="item-pts">{points(card.kept)}<small> / {plain(item.points)}</small>'
            f"</span></h3>\n  {''.join(seen)}\n  {self.used_up if card.is_used_up else ''}\n</div>"
        )

    def abouts(self, card, words):
        """Each requirement and rule of which something was seen, in words, with what was seen."""
        found = card.missing
        for each in card.line.requirements if found else ():
            if events := found.get((str(each.number), "")):
                yield words.lines[each.pk], events
        for rule in card.line.rules if found else ():
            if events := found.get((None, rule.code)):
                yield words.rules[rule.pk], events

    def seen(self, page, card, events, only=True) -> str:
        """What was seen of one thing, one after the other, and whether it is contested."""
        mark = page.mark_of(events)
        many = only and len(events) > 1
        lines = [
            self.one(each, page.photos.get(each.pk), mark, many and each.pk in card.counting)
            for each in page.observations(events)
        ]
        return f'<ul class="seen">{"".join(lines)}</ul>{contested(mark) if mark else ""}'

    def one(self, seen, files, mark, counts: bool) -> str:
        tag = "s" if mark and mark.changed else "b"
        visit = seen.visit_id if self.sees_company or seen.visit_is_over else None
        shots = f'<div class="shots">{pictures(files)}</div>' if files else ""
        return (
            f"<li><p><{tag}>−{points(seen.points)}</{tag}>{escape(times(seen))}"
            f"{f' {escape(seen.level)}' if seen.level else ''} {self.method(seen.method)} "
            f'<span class="small muted">{self.person(seen.by)} · {self.moment(seen.observed_at)}'
            f"</span>{self.counts if counts else ''}</p>\n"
            f"  {f'<p>{escape(seen.note)}</p>' if seen.note else ''}\n"
            f"  {self.visit(visit) if visit else ''}{shots}</li>"
        )

    def visit_link(self, visit: int) -> str:
        address = reverse("audit_visit", args=[self.campaign.code, visit])
        return VISIT.format(address, escape(_("看这次检查")))


def method_of(method: str) -> str:
    return escape(str(METHODS.get(method, method)))
