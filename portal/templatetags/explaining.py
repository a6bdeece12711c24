"""What was seen of each item, by plain formatting: an explained sheet has eighty cuts."""

from functools import cache
from html import escape

from django import template
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.sheet.outline import wording
from inspections.templatetags.sheets import pictures, plain, times
from organization.formatting import formatted, joined
from organization.templatetags.ui import day, moment, points, sample, state
from portal.templatetags.explaining_sums import linked, said, sheet_address

register = template.Library()
CALC_MARK = '{} <span class="small muted">· {} {}</span>'
USED_UP = ' <span class="small muted">{}</span>'
SHOTS = '<div class="shots">{}</div>'
WITHDRAWN = ' <span class="small muted">{} {}</span>'
APPEAL = (
    '<p class="appeal-mark"><a class="link" href="{}">{}</a> {} '
    '<span class="small muted">{}</span></p>'
)
REST = '<p class="calc">{}</p>'
END = mark_safe("</a>")
STRUCK = ' class="is-struck"'
SEEN = (
    '<div class="panel explain-sheet">\n  <div class="panel-head"><h3>{}</h3>'
    '<p class="small muted">{}</p></div>\n  {}\n</div>'
)
NONE = '<p class="panel-body muted">{}</p>'


@register.simple_tag(takes_context=True)
def explained_seen(context):
    """Of each sheet the items of which there is something to tell: what was seen, and what it
    costs.
    """
    drawing = Items(context)
    return joined(drawing.sheet_of(step) for step in context["explained"].sheets)


class Items:
    """Those of some sheets; what is the same for all of them is made up once.

    Items, cuts and sights are put together as they are: each part is escaped where it comes from,
    and figures need none of it.
    """

    def __init__(self, context):
        self.context = context
        self.opens, self.not_applicable = context["opens"], context["not_applicable"]
        self.end = END if self.opens else ""
        self.sample = formatted(" {}", sample())
        self.whole = escape(_("整项"))
        self.moment = cache(lambda at: escape(moment(at)))
        self.verdicts = {each: escape(str(words)) for each, words in context["verdicts"].items()}
        self.people: dict[int | None, str] = {}
        self.kinds: dict[tuple[str, str], str] = {}

    def sheet_of(self, step) -> SafeString:
        sheet, about = step.sheet, [self.context["campaign"].code, step.sheet.pk]
        self.words, self.sheet = wording(sheet.rubric_id), sheet_address(self.context, sheet)
        self.log = escape(reverse("sheet_log", args=about)) if self.opens else ""
        when = said(_("%(when)s 提交"), when=moment(sheet.submitted_at))
        items = SafeString("".join(map(self.item, step.told))) or formatted(NONE, _("没有扣分"))
        return formatted(SEEN, linked(self.sheet, sheet.specialty), when, items)

    def item(self, item) -> str:
        about = item.line.item
        pk, code, extra = about.id, escape(about.code), item.score.extra
        link = f'<a class="link" href="{self.sheet}?item={code}#{code}">' if self.opens else ""
        return (
            f'<div class="cost" id="item-{pk}">\n'
            f"    <h4>{link}{self.words.titles[pk]}{self.end}"
            f"{self.sample if about.is_sample else ''}"
            f'<span class="item-pts">{self.kept(item)}</span></h4>\n'
            f"    {''.join(map(self.cut, item.cuts))}\n    {self.calc(item)}\n"
            f"    {formatted(REST, beyond(extra)) if extra else ''}\n  </div>"
        )

    def kept(self, item) -> str:
        if item.not_applicable:
            return state(self.not_applicable)
        return f"{points(item.score.kept)}<small> / {plain(item.full)}</small>"

    def calc(self, item) -> str:
        if item.not_applicable:
            words, mark = _("%(points)s 分不计入应得分") % {"points": plain(item.full)}, item.mark
            if mark:
                words += _("：")
                about = formatted(CALC_MARK, mark.note, mark.by, day(mark.observed_at))
                return formatted(REST, formatted("{}{}", words, about))
            return formatted(REST, words)
        if not (formula := item.formula):
            return ""
        used = formatted(USED_UP, _("本项已扣完，不再往下扣。")) if item.is_used_up else ""
        return f'<p class="calc"><span class="arith">{formula}</span>{used}</p>'

    def cut(self, cut) -> str:
        """What was missing, all that was seen of it with what became of each, what it costs."""
        about = cut.first.row
        words = self.words.about(about.requirement, about.rule) or self.whole
        appeal = appealed(about.appeal) if about.appeal else ""
        return (
            f'<div class="cut">\n  <p class="cut-what">{words}<b class="num">'
            f"{f'−{points(cut.points)}' if cut.line else 0}</b></p>\n"
            f'  <ul class="seen">{"".join(map(self.sight, cut.sights))}</ul>\n'
            f"  {appeal}\n  {calculated(cut)}\n</div>"
        )

    def sight(self, judged) -> str:
        row, pk = judged.row, judged.row.pk  # whose letters need no escaping
        back, note = row.withdrawn, row.note
        link = f'<a class="link" href="{self.log}?observation={pk}#o-{pk}">' if self.opens else ""
        withdrawn = formatted(WITHDRAWN, back.by, moment(back.recorded_at)) if back else ""
        return (
            f'<li{"" if judged.counts else STRUCK} id="seen-{pk}">'
            f"{formatted(SHOTS, pictures(row.pictures)) if row.pictures else ''}\n"
            f"    <p>{link}<b>−{points(judged.points)}</b>"
            f"{escape(times(row)) if row.count != 1 else ''}"
            f"{escape(f' {row.level}') if row.level else ''} {self.how(row, judged.sight.decides)}"
            f'{self.end} <span class="small muted">{self.person(row)} · '
            f'{self.moment(row.observed_at)}</span> <span class="verdict">'
            f"{self.verdicts[judged.verdict]}</span>{withdrawn}</p>\n"
            f"    {f'<p>{escape(note)}</p>' if note else ''}</li>"
        )

    def person(self, row) -> str:
        if row.by_id not in self.people:
            self.people[row.by_id] = escape(str(row.by))
        return self.people[row.by_id]

    def how(self, row, decides: bool) -> str:
        key = ("kind", row.kind) if decides else ("method", row.method)
        if key not in self.kinds:
            words = row.get_kind_display() if decides else row.get_method_display()
            self.kinds[key] = escape(str(words))
        return self.kinds[key]


def appealed(appeal) -> SafeString:
    reason = truncatechars(appeal.reason, 80)
    return formatted(APPEAL, appeal.get_absolute_url(), _("申诉"), state(appeal.state()), reason)


def calculated(cut) -> str:
    if cut.takes_the_rest:
        words = _("本项不得分：取走别的扣分余下的 %(points)s 分")
        return formatted(REST, words % {"points": points(cut.points)})
    formula = cut.formula
    return f'<p class="calc"><span class="arith">{formula}</span></p>' if formula else ""


def beyond(extra) -> str:
    return _("项外追加 −%(points)s，从整张评分表扣") % {"points": points(extra)}
