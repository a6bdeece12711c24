"""What was seen of each item and what a sheet came to, by plain formatting: an explained sheet has
eighty cuts.
"""

from functools import cache

from django import template
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.sheet.outline import wording
from inspections.templatetags.sheets import pictures, plain, times
from organization.formatting import formatted, joined
from organization.templatetags.ui import day, moment, points, sample, state

register = template.Library()
ITEM = (
    '<div class="cost" id="item-{pk}">\n'
    '    <h4>{link}{name}{end}{sample}<span class="item-pts">{kept}</span></h4>\n'
    "    {cuts}\n    {calc}\n    {extra}\n  </div>"
)
ITEM_LINK = '<a class="link" href="{}?item={}#{}">'
KEPT = "{}<small> / {}</small>"
CALC_MARK = '{} <span class="small muted">· {} {}</span>'
USED_UP = ' <span class="small muted">{}</span>'
ITEM_CALC = '<p class="calc"><span class="arith">{}</span>{}</p>'
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
SECTION = (
    '<tr><th scope="row">{link}{name}{end}</th><td class="c-wide">{told}</td>'
    '<td class="num" data-label="{word_possible}">{possible}</td>'
    '<td class="num" data-label="{word_lost}">{lost}</td><td class="num c-main">{kept}</td></tr>'
)
PART_LINK = '<a class="link" href="{}#part-{}">'
TOLD = '<a class="link" href="#item-{}">{}</a> {}'
NOTHING = '<span class="muted">{}</span>'


@register.simple_tag(takes_context=True)
def explained_items(context, step):
    """Each item of which there is something to tell: what was seen, and what it costs."""
    drawing = Items(context, step.sheet)
    return joined(drawing.item(item) for item in step.told)


class Items:
    """Those of one sheet; what is the same for all of them is made up once."""

    def __init__(self, context, sheet):
        self.opens, self.not_applicable = context["opens"], context["not_applicable"]
        about = [context["campaign"].code, sheet.pk]
        self.words = wording(sheet.rubric_id)
        self.sheet, self.log = reverse("sheet", args=about), reverse("sheet_log", args=about)
        self.end = END if self.opens else ""
        self.sample = formatted(" {}", sample())
        self.whole = _("整项")
        self.moment = cache(moment)
        self.person = cache(lambda person: formatted("{}", person))
        self.verdict = cache(lambda verdict: str(context["verdicts"].get(verdict)))
        self.kinds: dict[tuple[str, str], str] = {}

    def item(self, item) -> SafeString:
        about = item.line.item
        link = formatted(ITEM_LINK, self.sheet, about.code, about.code) if self.opens else ""
        extra = item.score.extra
        return formatted(
            ITEM,
            pk=about.pk,
            link=link,
            name=self.words.titles[about.pk],
            end=self.end,
            sample=self.sample if about.is_sample else "",
            kept=self.kept(item),
            cuts=joined(self.cut(cut) for cut in item.cuts),
            calc=self.calc(item),
            extra=formatted(REST, beyond(extra)) if extra else "",
        )

    def kept(self, item) -> SafeString:
        if item.not_applicable:
            return state(self.not_applicable)
        return formatted(KEPT, points(item.score.kept), plain(item.full))

    def calc(self, item) -> SafeString | str:
        if item.not_applicable:
            words, mark = _("%(points)s 分不计入应得分") % {"points": plain(item.full)}, item.mark
            if mark:
                words += _("：")
                about = formatted(CALC_MARK, mark.note, mark.by, day(mark.observed_at))
                return formatted(REST, formatted("{}{}", words, about))
            return formatted(REST, words)
        if not item.formula:
            return ""
        used = formatted(USED_UP, _("本项已扣完，不再往下扣。")) if item.is_used_up else ""
        return formatted(ITEM_CALC, item.formula, used)

    def cut(self, cut) -> SafeString:
        """What was missing, all that was seen of it with what became of each, what it costs."""
        about = cut.first.row
        return formatted(
            CUT,
            about=self.words.about(about.requirement, about.rule) or self.whole,
            costs=f"−{points(cut.points)}" if cut.line else "0",
            sights=joined(self.sight(judged) for judged in cut.sights),
            appeal=appealed(about.appeal) if about.appeal else "",
            calc=calculated(cut),
        )

    def sight(self, judged) -> SafeString:
        row, back = judged.row, getattr(judged.row, "withdrawn", None)
        pk = formatted("{}", row.pk)
        return formatted(
            SIGHT,
            struck="" if judged.counts else STRUCK,
            pk=pk,
            shots=formatted(SHOTS, pictures(row.pictures)) if row.pictures else "",
            link=formatted(LINK, self.log, pk, pk) if self.opens else "",
            points=points(judged.points),
            times=times(row),
            level=f" {row.level}" if row.level else "",
            how=self.how(row, judged.sight.decides),
            end=self.end,
            by=self.person(row.by),
            at=self.moment(row.observed_at),
            verdict=self.verdict(judged.verdict),
            withdrawn=formatted(WITHDRAWN, back.by, moment(back.recorded_at)) if back else "",
            note=formatted("<p>{}</p>", row.note) if row.note else "",
        )

    def how(self, row, decides: bool) -> str:
        key = ("kind", row.kind) if decides else ("method", row.method)
        if key not in self.kinds:
            words = row.get_kind_display() if decides else row.get_method_display()
            self.kinds[key] = str(words)
        return self.kinds[key]


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


def beyond(extra) -> str:
    return _("项外追加 −%(points)s，从整张评分表扣") % {"points": points(extra)}


# --- what a sheet came to ----------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def explained_sections(context, step):
    """A sheet's sections with the items that cost something, as rows of a table."""
    opens = context["opens"]
    address = reverse("sheet", args=[context["campaign"].code, step.sheet.pk])
    words = {"word_possible": _("应得"), "word_lost": _("扣分"), "end": END if opens else ""}
    comma, none, nothing = _("，"), _("未分类"), formatted(NOTHING, _("没有扣分"))
    shown = wording(step.sheet.rubric_id)
    return joined(
        formatted(
            SECTION,
            link=formatted(PART_LINK, address, each.section.pk) if opens else "",
            name=each.section.name or none,
            told=joined((told(x, shown) for x in each.told), comma) if each.told else nothing,
            possible=plain(each.possible),
            lost=f"−{points(each.lost)}" if each.lost else "0",
            kept=points(each.kept),
            **words,
        )
        for each in step.sections
    )


def told(item, shown) -> SafeString:
    if item.not_applicable:
        words = f"{_('不适用')} {plain(item.full)}"
    else:
        extra = item.score.extra
        words = points(item.score.lost) + (f" + {points(extra)}" if extra else "")
    return formatted(TOLD, item.line.item.pk, shown.names[item.line.item.pk], words)
