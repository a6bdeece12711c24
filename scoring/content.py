"""A rubric's inside as plain values: from a form, the template or the database, and back to it.

Whatever makes a rubric makes a `Content` first; `write` is the only one that puts it into rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django.db.models import QuerySet

from organization.bulk import insert
from scoring import forms as form
from scoring.codes import Former
from scoring.engine import Kind
from scoring.forms import Rule
from scoring.models import DeductionRule, Item, Requirement, Rubric, Section

KEPT_IN_CACHE = 16  # of a campaign only those in force are compared with
LONGEST_NAME = Item._meta.get_field("name").max_length
LONGEST_RULE = Item._meta.get_field("rule_text").max_length

Words = tuple[str, str | None]  # Chinese, English
LINE_FIELDS = ("item", "number", "text", "text_zh_hans", "text_en", "critical")
RULE_FIELDS = (
    "item", "number", "kind", "text", "text_zh_hans", "text_en", "minimum", "maximum", "levels",
)  # fmt: skip
# A rubric's inside from the leaves up, and how each row leads to its rubric.
CLEARED = (
    (Requirement, "item__rubric"),
    (DeductionRule, "item__rubric"),
    (Item, "rubric"),
    (Section, "rubric"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement; `critical` is "", "zero" or "cap"."""

    text: Words
    critical: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, in both languages (English may be empty); `section` is a section's code.

    `rules` are all of its rules with their English words, the price of a missing requirement
    (`each`) among them; `rule_text` is the cell that they were read from.
    """

    code: str
    section: str
    name: Words
    standard: Words
    requirements: tuple[Line, ...]
    points: Decimal | None
    rules: tuple[tuple[Rule, str | None], ...]
    rule_text: str = ""
    photo_required: bool = False
    is_sample: bool = False

    @property
    def price(self) -> Rule | None:
        """What one missing requirement costs."""
        return next((rule for rule, _english in self.rules if rule.each), None)

    @property
    def further(self) -> list[tuple[Rule, str | None]]:
        """The rules besides the price, each for an occasion of its own."""
        return [(rule, english) for rule, english in self.rules if not rule.each]


@dataclass(frozen=True, slots=True)
class Content:
    """A rubric's inside: sections as (code, Chinese, English), items that name them by code."""

    sections: tuple[tuple[str, str, str | None], ...]
    entries: tuple[Entry, ...]


# --- from a form -------------------------------------------------------------------------


def of_form(coded: form.Understood, former: Sequence[Former]) -> Content:
    """What was read, with the English and the section codes that earlier versions give it."""
    by_code = {each.code: each for each in former}
    known = {each.section: each for each in former}
    taken = {each.section_code for each in former}
    fresh = (code for code in (f"s{n}" for n in range(1, 10_000)) if code not in taken)
    codes = {n: known[n].section_code if n in known else next(fresh) for n in coded.sections}
    english = {name: known[name].english.get(name) for name in codes if name in known}
    sections = tuple((code, name, english.get(name)) for name, code in codes.items())
    entries = (_of_form(item, codes[item.section], by_code.get(item.code)) for item in coded.items)
    return Content(sections, tuple(entries))


def _of_form(item: form.Item, section: str, before: Former | None) -> Entry:
    english = before.english if before else {}
    critical = item.critical or ("",) * len(item.requirements)
    return Entry(
        code=item.code or "",
        section=section,
        name=(cut(item.name, LONGEST_NAME), english.get(item.name)),
        standard=(item.standard, english.get(item.standard)),
        requirements=tuple(
            Line((text, english.get(text)), mark)
            for text, mark in zip(item.requirements, critical, strict=True)
        ),
        points=item.points,
        rules=tuple((rule, english.get(rule.text)) for rule in item.rules),
        rule_text=cut(item.rule, LONGEST_RULE),
        photo_required=item.photo_required,
    )


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


# --- from the template's data ------------------------------------------------------------


def of_template(data: dict) -> Content:
    """The shape is that of fixtures/rubrics.yaml."""
    sections = tuple((code, each["zh"], each["en"]) for code, each in data["sections"].items())
    return Content(sections, tuple(_of_data(item) for item in data["items"]))


def _of_data(item: dict) -> Entry:
    requirements = zip(item["requirements_zh"], item["requirements_en"], strict=True)
    return Entry(
        code=item["code"],
        section=item["section"],
        name=(item["zh"], item["en"]),
        standard=(item.get("standard_zh", ""), item.get("standard_en", "")),
        requirements=tuple(Line(words) for words in requirements),
        points=exact(item["points"]),
        rules=tuple((rule, None) for rule in _price(*(item.get("deduct") or (None, None)))),
        is_sample=bool(item.get("sample")),
    )


def _price(low, high) -> Iterable[Rule]:
    low, high = exact(low), exact(high)
    if low is not None and high is not None:
        yield Rule("", Kind.FIXED if low == high else Kind.RANGE, low, high, each=True)


def exact(figure) -> Decimal | None:
    """A figure of a data file without the noise of binary fractions."""
    return None if figure is None else Decimal(str(figure))


# --- from the database -------------------------------------------------------------------


def of_rubric(rubric: Rubric) -> Content:
    """What a rubric holds: four queries, whatever its size."""
    return of_inside(*inside_of(rubric))


@lru_cache(maxsize=KEPT_IN_CACHE)
def of_published(pk: int, _published_at: datetime) -> Content:
    """The same of a published one, read once in this process: it never changes."""
    return of_rubric(Rubric(pk=pk))


def inside_of(rubric: Rubric) -> tuple[QuerySet[Section], QuerySet[Item]]:
    items = rubric.items.order_by("order", "pk").select_related("section")
    return (
        rubric.sections.order_by("order", "pk"),
        items.prefetch_related("requirements", "rules"),
    )


def of_inside(sections: Iterable[Section], items: Iterable[Item]) -> Content:
    return Content(
        tuple((each.code, each.name_zh_hans, each.name_en) for each in sections),
        tuple(map(of_item, items)),
    )


def of_item(item: Item) -> Entry:
    """One item as it is stored."""
    return Entry(
        code=item.code,
        section=item.section.code,
        name=(item.name_zh_hans, item.name_en),
        standard=(item.standard_zh_hans or "", item.standard_en),
        requirements=tuple(
            Line((each.text_zh_hans, each.text_en), each.critical)
            for each in item.requirements.all()
        ),
        points=item.points,
        rules=tuple(stored_rules(item)),
        rule_text=item.rule_text,
        photo_required=item.photo_required,
        is_sample=item.is_sample,
    )


def stored_rules(item: Item) -> Iterable[tuple[Rule, str | None]]:
    """An item's rules: the price of a missing requirement, if it has one, and the further ones."""
    if item.deduct_min is not None and item.deduct_max is not None:
        kind = Kind(item.deduct_kind)
        if kind == Kind.RANGE and item.deduct_min == item.deduct_max:
            kind = Kind.FIXED
        yield Rule("", kind, item.deduct_min, item.deduct_max, each=True), None
    for row in item.rules.all():
        levels = tuple(map(Decimal, row.levels))
        kind = Kind(row.kind) if row.kind else None
        yield Rule(row.text_zh_hans, kind, row.minimum, row.maximum, levels), row.text_en


# --- to the database ---------------------------------------------------------------------


def write(rubric: Rubric, content: Content) -> None:
    """Write the inside of an empty rubric: five statements, whatever its size."""
    sections = Section.objects.bulk_create(
        Section(rubric=rubric, code=code, name_zh_hans=zh, name_en=en, order=order)
        for order, (code, zh, en) in enumerate(content.sections)
    )
    by_code = {section.code: section.pk for section in sections}
    rows = [{"name": e.name[0], "standard": e.standard[0], **columns(e)} for e in content.entries]
    places = [(rubric.pk, by_code[e.section], n) for n, e in enumerate(content.entries)]
    names = ("rubric", "section", "order", *(rows[0] if rows else ()))
    insert(Item, names, ((*place, *row.values()) for place, row in zip(places, rows, strict=True)))
    keys = dict(Item.objects.filter(rubric=rubric).order_by().values_list("code", "pk"))
    write_leaves([(keys[entry.code], entry) for entry in content.entries])


def write_leaves(entries: Sequence[tuple[int, Entry]]) -> None:
    """Write the requirements and further rules of items, by key, that have none yet."""
    insert(Requirement, LINE_FIELDS, (row for each in entries for row in lines_of(*each)))
    insert(DeductionRule, RULE_FIELDS, (row for each in entries for row in rules_of(*each)))


def clear(draft: Rubric) -> None:
    """Empty a draft: four statements, whatever its size.

    Django's own delete would load every row to see what refers to it; nothing can refer to rows
    of a draft, and the database's constraints watch over it all the same.
    """
    for model, draft_of in CLEARED:
        rows = model.objects.filter(**{draft_of: draft}).order_by()
        rows._raw_delete(rows.db)


def columns(entry: Entry) -> dict:
    """An item's own columns, without its section and its place."""
    price = entry.price
    return {
        "code": entry.code,
        "name_zh_hans": entry.name[0],
        "name_en": entry.name[1],
        "standard_zh_hans": entry.standard[0],
        "standard_en": entry.standard[1],
        "points": entry.points,
        "deduct_min": price.minimum if price else None,
        "deduct_max": price.maximum if price else None,
        "deduct_kind": price.kind if price and price.kind else Kind.RANGE,
        "rule_text": entry.rule_text,
        "photo_required": entry.photo_required,
        "is_sample": entry.is_sample,
    }


def lines_of(item: int, entry: Entry) -> Iterable[tuple]:
    for number, line in enumerate(entry.requirements, start=1):
        zh, en = line.text
        yield item, number, zh, zh, en, line.critical


def rules_of(item: int, entry: Entry) -> Iterable[tuple]:
    for number, (rule, english) in enumerate(entry.further, start=1):
        zh, levels = cut(rule.text, LONGEST_RULE), [f"{level:f}" for level in rule.levels]
        figures = (rule.minimum, rule.maximum, levels)
        yield item, number, rule.kind or "", zh, zh, english, *figures
