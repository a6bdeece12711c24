"""Figures of a score sheet, and the rows of which a sheet has a hundred and more.

Those rows are drawn by plain string formatting: a template would spend most of the page's time
on looking up what is the same on every one of them.
"""

import json
import re
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html_join, json_script
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organization.formatting import escaped, formatted
from organization.long_select import option
from organization.templatetags.ui import icon, points
from scoring.forms.amounts import plain as without_zeros

register = template.Library()


@register.filter
def plain(value):
    """Points without decimals that say nothing: 5, 0.5."""
    return shortest(value) if isinstance(value, Decimal) else ""


@lru_cache(maxsize=4096)
def shortest(value: Decimal) -> str:
    return f"{without_zeros(value + 0):f}"


@register.filter
def typed(value):
    """What stands in a field of points: a figure as it is shown, anything else as it was typed."""
    return points(value) if isinstance(value, Decimal) else (value or "")


@register.filter
def as_json(shapes):
    """What was drawn on a picture, for the scripts."""
    return json.dumps(shapes, separators=(",", ":"))


class WordsAsTheyAre(DjangoJSONEncoder):
    """Letters themselves, where escapes of them are twice as long."""

    def __init__(self, **options):
        super().__init__(**options | {"ensure_ascii": False})


@register.filter
def words_script(words, place):
    """Words for the scripts, as `json_script` gives them."""
    return json_script(words, place, WordsAsTheyAre)


@register.filter
def signed(value):
    """A difference with its sign, the real minus: +3.20, −1.50; a dash where there is none."""
    if value is None:
        return "—"
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{abs(value):.2f}"


@register.filter
def of_one(seen):
    """What one occurrence cost, of an observation."""
    return None if seen.points is None else seen.points / seen.count


@register.filter
def times(seen):
    """How a count made the points of an observation: （0.1 × 3）."""
    if seen.count == 1:
        return ""
    return _("（%(one)s × %(count)s）") % {"one": points(of_one(seen)), "count": seen.count}


REQUIREMENT = ' data-requirement="{}" data-name="{}"'
SWITCH = (
    '<label class="req-line"><span>{text}{marks}</span><span class="word"><span class="word-off">'
    '{off}</span><span class="word-on">{on}</span></span><input class="switch" type="checkbox" '
    'role="switch" name="missing" value="1" aria-label="{text} {on}"{checked}></label>'
)
BOX = (
    '<div class="req-box"><form class="req" id="req-{key}"{about} data-observation="{observation}"'
    '{held}>{switch}{lack}<details class="req-edit"><summary class="req-sum"><span id="sum-{key}">'
    '{sum}</span><span class="btn btn-quiet">{change}</span></summary><div class="deduct"></div>'
    '</details><div class="shots-kept" id="shots-{key}">{shots}</div><p class="form-error" '
    'data-refused hidden></p></form><div id="seen-{key}">{seen}</div>{take}</div>'
)
FILLED = ("observation", "held", "sum", "shots", "seen", "take", "checked")
NOTHING = dict.fromkeys(("observation", "held", "sum", "shots", "seen"), "")  # was noted
TAKE = '<div class="take" id="take-{}"></div>'
# what scripts name when they build a row (sheet-cards.js): a phone waits for it a hundred times
NAMES = re.compile(r' (?:id|aria-label)="[^"]*"')
TO_READ = (
    '<div class="req{tint}"><p class="req-line"><span>{text}{marks}</span>'
    '<span class="word">{word}</span></p>{lack}</div>'
)
LACK = '<p class="req-lack">{icon}{words}</p>'
CRITICAL = ' <span class="state critical">{icon}{words}</span>'
COST = ' <span class="cost-kind">{words}</span>'


@register.simple_tag
def switch(row):
    """A requirement or rule with its switch: off it conforms, on it costs points."""
    off, on = words_of(row)
    checked = " checked" if row.is_on else ""
    return formatted(SWITCH, text=row.text, marks=marks(row), off=off, on=on, checked=checked)


def words_of(row) -> tuple[str, str]:
    """What the switch says, off and on."""
    if not row.is_rule:
        return _("符合"), _("缺失")
    return (_("未定档"), _("已定档")) if row.terms.levels else (_("没有"), _("扣分"))


def marks(row):
    """Behind its words: that a requirement is critical, how a rule takes points."""
    if not row.is_rule:
        sign = icon("alert-triangle", "icon-s")
        return formatted(CRITICAL, icon=sign, words=row.critical) if row.critical else ""
    words = row.terms.kind_words
    if row.terms.is_uncounted:
        words += _("（本次专项工作不计项外扣分）")
    return formatted(COST, words=words)


@register.simple_tag(name="about")
def about_of(row):
    """What the scripts need to know of a row; of a requirement its card says what it costs."""
    if not row.is_rule:
        return formatted(REQUIREMENT, row.requirement.pk, row.name)
    attributes = ' data-rule="{}" data-name="{}"{}'
    return formatted(attributes, row.rule.pk, row.name, terms(row.terms))


@register.simple_tag
def terms(asked):
    """What a tap costs and what may be chosen, for the scripts; nothing where nobody can tap."""
    if asked is None:
        return ""
    known = {"first": points(asked.first)}
    if asked.is_chosen:
        known |= {"low": asked.low, "high": asked.high}
        known |= {"range": asked.range_words, "bounds": asked.bounds_words}
    if asked.is_counted:
        known["each"] = asked.kind_words
    if asked.levels:
        known["levels"] = json.dumps([[x.value, x.words, x.cost] for x in asked.levels])
    return format_html_join("", ' data-{}="{}"', known.items())


@register.simple_tag
def lack(row):
    """That a picture is needed; shown while there is none (sheet.css), in print from the record."""
    if not row.card.item.photo_required:
        return ""
    return picture_lacks()


def picture_lacks() -> str:
    return formatted(LACK, icon=icon("camera", "icon-s"), words=_("扣分须拍照，还没有照片"))


@register.simple_tag
def light_row(row, waits=False):
    """A row on which nobody noted anything; its editor comes when the switch is used.

    `waits` is for one that is built by scripts, or read without any.
    """
    lacks, own = row.card.item.photo_required, row.page.is_self_check
    if not row.is_rule:
        pattern = light_requirement(get_language(), lacks, own, waits)
        about = {"key": row.key, "pk": row.requirement.pk, "name": row.name}
        return formatted(pattern, text=row.text, marks=marks(row), **about)
    take = formatted(TAKE, row.key) if own else ""
    parts = {"about": about_of(row), "switch": switch(row), "lack": lack(row), "take": take}
    return formatted(BOX, key=row.key, change=_("改"), **NOTHING, **parts)


@lru_cache(maxsize=16)
def light_requirement(_language: str, lacks: bool, own: bool, waits: bool) -> str:
    """What is the same on hundreds of rows, with places for what is not."""
    off, on = escaped(_("符合")), escaped(_("缺失"))
    pattern = BOX.format(
        **NOTHING,
        key="{key}",
        about=REQUIREMENT.format("{pk}", "{name}"),
        switch=SWITCH.format(text="{text}", marks="{marks}", off=off, on=on, checked=""),
        lack=picture_lacks() if lacks else "",
        change=escaped(_("改")),
        take=TAKE.format("{key}") if own else "",
    )
    return NAMES.sub("", pattern) if waits else pattern


def once(card, what, draw, *of) -> str:
    """What hangs on the item alone: drawn on the first sheet of its rubric (`outline.pieces`)."""
    return kept(card.page, (what, card.item.pk), draw, *of)


def kept(page, key, draw, *of) -> str:
    """The same of what hangs on the rubric, by a key of its own."""
    known = page.pieces
    if key not in known:
        known[key] = draw(*of)
    return known[key]


def noted_row(row) -> str:
    """What is the same of a row on every sheet, with places for what was noted (`FILLED`)."""
    off, on = words_of(row)
    words = {"text": row.text, "marks": marks(row), "off": off, "on": on}
    switch = SWITCH.format(checked="{checked}", **{k: literal(word) for k, word in words.items()})
    known = {"about": about_of(row), "lack": lack(row), "change": _("改")}
    return BOX.format(
        key=row.key,
        switch=switch,
        **{name: literal(part) for name, part in known.items()},
        **{name: f"{{{name}}}" for name in FILLED[:-1]},
    )


def literal(part) -> str:
    """Escaped, for a pattern that is yet to be formatted."""
    return escaped(part).replace("{", "{{").replace("}", "}}")


@register.simple_tag
def row_to_read(row):
    """A row on a sheet that is not being filled by this reader, or on which nobody can tap."""
    noted = any(event.is_deduction for event in row.events) and not row.is_lifted
    return formatted(
        TO_READ,
        tint=" req-missing" if noted else "",
        text=row.text,
        marks=marks(row),
        word=word_of(row, noted),
        lack=lack(row) if row.lacks_picture else "",
    )


def word_of(row, noted: bool) -> str:
    if row.is_lifted:
        return _("扣分已撤销")
    if row.is_rule:
        return _("扣分") if noted else ""
    if noted:
        return _("缺失")
    return _("符合") if row.card.vouches and row.terms else ""


def files_at() -> str:
    """The address under which files stand by their keys."""
    return files_under(get_script_prefix(), get_urlconf())


@lru_cache(maxsize=8)
def files_under(_prefix: str, _addresses: str | None) -> str:
    return reverse("file", args=[UUID(int=0)]).removesuffix(f"{UUID(int=0)}/")


SHOT = '<figure class="shot"><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"></a></figure>'
PAPER = '<a class="tap" href="{}">{}{}</a>'


@register.simple_tag
def file_shots(files):
    """Files of which id, kind and name are known: pictures as such, others by their names."""
    place = files_at()
    sign = icon("file-text", "icon-s")
    return mark_safe(  # noqa: S308 made of safe parts
        "".join(
            formatted(SHOT, f"{place}{pk}/", name)
            if kind == "image"
            else formatted(PAPER, f"{place}{pk}/", sign, name)
            for pk, kind, name in files
        )
    )


PICTURE = (
    '<figure class="shot"><a href="{0}"><img src="{0}" alt="{1}"{2} loading="lazy"></a></figure>'
)
LAYER = ' data-layer="{}"'


def pictures(files):
    """Stored pictures to look at, with what was drawn on them; many stand on one page."""
    place = files_at()
    return mark_safe(  # noqa: S308 made of safe parts
        "".join(
            formatted(
                PICTURE,
                f"{place}{each.pk}/",
                each.name,
                formatted(LAYER, as_json(each.layer)) if each.layer else "",
            )
            for each in files
        )
    )


@register.simple_tag
@lru_cache(maxsize=8)
def options(known: tuple[tuple[str, str], ...]):
    """What may be chosen, as it is sent and as people read it: a thousand that never change."""
    return mark_safe("".join(option(each, words, set()) for each, words in known))  # noqa: S308 escaped
