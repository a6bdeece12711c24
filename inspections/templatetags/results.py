"""What a project's result says of each item and each offer, by plain formatting: a page has eighty
of either.
"""

from functools import cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.sheet.outline import wording
from inspections.templatetags.sheet_seen import ONE, SHOTS, VISIT, contested
from inspections.templatetags.sheets import pictures, plain, signed, times
from organization.formatting import formatted, joined
from organization.templatetags.ui import moment, points, sample, score
from scoring.models import DeductionRule

register = template.Library()
ITEM = (
    '<div class="cost" id="item-{pk}">\n'
    '  <h3><small>{code}</small>{name}{sample}<span class="item-pts">{kept}<small> / {points}'
    "</small></span></h3>\n  {seen}\n  {used_up}\n</div>"
)
ABOUT = '<p class="cost-req">{}</p>{}'
SEEN = '<ul class="seen">{}</ul>{}'
USED_UP = '<p class="small muted">{}</p>'
COUNTS = ' <span class="sample">{}</span>'
STOOD, STANDS = "<s>−{}</s>", "<b>−{}</b>"
NOTE = "<p>{}</p>"
OFFER = (
    '<label class="offer"><input class="form-check-input" type="checkbox" name="met" '
    'value="{key}"{ticked}><span>{name}{about}</span><b class="num">−{costs}</b></label>'
)
OFFER_ABOUT = ' <span class="muted">{}</span>'
WAY = "<li>{}{}</li>"
CHECKED = mark_safe(" checked")
SIDE = (
    '<td class="num" data-label="{}">{}<small class="muted points"> {} / {}</small></td>',
    '<td class="num" data-label="{}"><span class="muted">—</span></td>',
)
GAP = '{}{}<td class="num c-main{}">{}</td>'
SECTION = '<tr><td class="c-wide c-section">{}</td>{}</tr>'
CARD_COST = "{} {}"


@register.simple_tag(takes_context=True)
def result_items(context, page):
    """Each item of a finished sheet that cost something, with all that was seen of it."""
    drawing = Items(context, page)
    return joined(drawing.item(card) for part in page.parts for card in part.noted)


class Items:
    """What is the same for all items of a sheet is looked up once."""

    def __init__(self, context, page):
        self.page = page
        self.campaign, reader = context["campaign"], context["request"].user
        self.sees_company = reader.sees_company
        self.methods: dict[str, str] = {}
        self.moment = cache(moment)
        self.person = cache(lambda person: formatted("{}", person))
        self.words = wording(page.sheet.rubric_id)
        self.sample = formatted(" {}", sample())
        self.counts = formatted(COUNTS, _("计入"))

    def item(self, card) -> SafeString:
        item, seen = card.item, [*self.rows(card)]
        if card.whole_events:
            seen.append(self.seen(card, card.whole_events, only=False))
        return formatted(
            ITEM,
            pk=item.pk,
            code=item.code,
            name=self.words.names[item.pk],
            sample=self.sample if item.is_sample else "",
            kept=points(card.kept),
            points=plain(item.points),
            seen=joined(seen),
            used_up=formatted(USED_UP, _("本项已扣完，不再往下扣。")) if card.is_used_up else "",
        )

    def rows(self, card):
        """Of each requirement and rule of which something was seen."""
        found = card.missing
        for each in card.line.requirements:
            if events := found.get((str(each.number), "")):
                yield formatted(ABOUT, self.words.lines[each.pk], self.seen(card, events))
        for rule in card.line.rules:
            if events := found.get((None, rule.code)):
                yield formatted(ABOUT, self.words.rules[rule.pk], self.seen(card, events))

    def seen(self, card, events, only=True) -> SafeString:
        """What was seen of one thing, one after the other, and whether it is contested."""
        mark = self.page.mark_of(events)
        many = only and len(events) > 1
        lines = (
            self.one(each, mark, many and each.pk in card.counting)
            for each in self.page.observations(events)
        )
        return formatted(SEEN, joined(lines), contested(mark) if mark else "")

    def one(self, seen, mark, counts: bool) -> SafeString:
        visit, link, files = seen.known_visit, "", self.page.photos.get(seen.pk)
        if visit and (self.sees_company or visit.finished_at):
            address = reverse("audit_visit", args=[self.campaign.code, visit.pk])
            link = formatted(VISIT, address, _("看这次检查"))
        return formatted(
            ONE,
            points=formatted(STOOD if mark and mark.changed else STANDS, points(seen.points)),
            times=times(seen),
            level=f" {seen.level}" if seen.level else "",
            method=self.method(seen),
            by=self.person(seen.by),
            at=self.moment(seen.observed_at),
            counts=self.counts if counts else "",
            note=formatted(NOTE, seen.note) if seen.note else "",
            visit=link,
            shots=formatted(SHOTS, pictures(files)) if files else "",
            undo="",
        )

    def method(self, seen) -> str:
        if seen.method not in self.methods:
            self.methods[seen.method] = str(seen.get_method_display())
        return self.methods[seen.method]


@register.simple_tag
def costly_items(cards):
    """A section's items that cost something, in a row."""
    words = wording(cards[0].item.rubric_id)
    rows = [
        formatted(CARD_COST, words.names[card.item.pk], points(card.score.lost)) for card in cards
    ]
    return mark_safe(_("，").join(rows))  # noqa: S308 each is formatted


@register.simple_tag
def offer_rows(offers):
    """What there is to tick of one sheet."""
    return joined(
        formatted(
            OFFER,
            key=offer.key,
            ticked=CHECKED if offer.ticked else "",
            name=wording(offer.item.rubric_id).names[offer.item.pk],
            about=formatted(OFFER_ABOUT, text_of(offer)) if offer.about else "",
            costs=points(offer.costs),
        )
        for offer in offers
    )


@register.simple_tag
def way_rows(offers):
    """The offers that bring a band."""
    return joined(
        formatted(
            WAY,
            wording(offer.item.rubric_id).names[offer.item.pk],
            formatted(" · {}", text_of(offer)) if offer.about else "",
        )
        for offer in offers
    )


def text_of(offer) -> SafeString:
    words = wording(offer.item.rubric_id)
    is_rule = isinstance(offer.about, DeductionRule)
    return (words.rules if is_rule else words.requirements)[offer.about.pk]


@register.simple_tag
def result_gap(gap):
    """What a project said of itself beside what was found, in three cells."""
    return gap_cells(gap, _("自查"), _("检查"))


@register.simple_tag
def result_gaps(sections):
    """The same of each section."""
    own, audit, none = _("自查"), _("检查"), _("未分类")
    rows = (formatted(SECTION, name or none, gap_cells(gap, own, audit)) for name, gap in sections)
    return joined(rows)


def gap_cells(gap, own: str, audit: str) -> SafeString:
    wide = " text-warn" if gap.is_wide else ""
    sides = side_cell(gap.own, own), side_cell(gap.audit, audit)
    return formatted(GAP, *sides, wide, signed(gap.difference))


def side_cell(side, word: str) -> SafeString:
    if not side:
        return formatted(SIDE[1], word)
    return formatted(SIDE[0], word, score(side.shown), points(side.kept), plain(side.possible))
