"""A rubric from an Excel form as far as it goes without writing: read, checked, coded, shown."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from campaign.models import Campaign
from organization.models import Specialty
from scoring.former import former_items
from scoring.forms import Item, Message, Rule, Understood, read_rubric
from scoring.forms.amounts import plain
from scoring.forms.workbook import Source
from scoring.models import Requirement, Section
from scoring.rubrics import name_codes

LONGEST_REQUIREMENT = Requirement._meta.get_field("text").max_length
LONGEST_SECTION = Section._meta.get_field("name").max_length
MOST_POINTS = Decimal("9999.99")


def read_form(
    file: Source,
    *,
    campaign: Campaign,
    specialty: Specialty,
    name: str = "",
    number: int | None = None,
    columns: Mapping[str, int] | None = None,
    with_hidden: bool = False,
) -> Understood:
    """The rubric in a form with the codes that its items would get. Writes nothing.

    `number` says which of the file's tables (1-based), `columns` which column is what (role →
    column number); without it, what people put right under such a header before is used. What
    is wrong with the file is in `errors`; a missing path raises OSError.
    """
    understood = read_rubric(file)
    faults = [fault for item in understood.items for fault in _unfit(understood, item)]
    understood = replace(understood, errors=[*understood.errors, *faults])
    return name_codes(understood, specialty, former_items(campaign, specialty))


def _unfit(understood: Understood, item: Item) -> Iterable[Message]:
    """What reads well but cannot be kept: texts too long, figures too large."""
    texts = [
        (item.section, LONGEST_SECTION, item.cells.get("section")),
        *((text, LONGEST_REQUIREMENT, cell)
          for text, cell in zip(item.requirements, item.requirement_cells, strict=True)),
    ]  # fmt: skip
    for text, limit, cell in texts:
        if len(text) > limit:
            yield Message("text_too_long", understood.sheet, cell, {"limit": limit})
    for role, figure in (
        ("points", item.points), ("rule", item.deduct_min), ("rule", item.deduct_max),
    ):  # fmt: skip
        if figure is not None and figure > MOST_POINTS:
            params = {"value": f"{figure:f}"}
            yield Message("figure_unfit", understood.sheet, item.cells.get(role), params)


def with_answers(understood: Understood, answers: Mapping[int, Mapping]) -> Understood:
    """What was read, with what a person put in where the form is silent, by the item's first row.

    An answer holds any of an item's fields.
    """
    items = [replace(item, **answers.get(item.rows[0], {})) for item in understood.items]
    return replace(understood, items=items)


def as_data(understood: Understood, file: str = "") -> dict:
    """What `import_rubric` prints: figures as text, unknown ones as null; `file` is its name."""
    return {
        "total": _figure(understood.total),
        "weight_percent": _figure(understood.weight_percent),
        "complete": understood.complete,
        "items": [
            {
                "code": item.code,
                "section": item.section,
                "name": item.name,
                "points": _figure(item.points),
                "deduct_min": _figure(item.deduct_min),
                "deduct_max": _figure(item.deduct_max),
                "requirements": list(item.requirements),
                "rules": [_rule(rule) for rule in item.rules],
            }
            for item in understood.items
        ],
        "errors": [_message(message, file) for message in understood.errors],
        "warnings": [_message(message, file) for message in understood.warnings],
    }


def _rule(rule: Rule) -> dict:
    """One deduction rule; `kind` is null where nobody has settled what the text means."""
    return {
        "kind": rule.kind,
        "text": rule.text,
        "min": _figure(rule.minimum),
        "max": _figure(rule.maximum),
        "levels": [_figure(level) for level in rule.levels],
        "each_requirement": rule.each,
    }


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{plain(value):f}"


def _message(message: Message, file: str) -> dict:
    place = {"sheet": message.sheet, "cell": message.cell, "message": message.message}
    return {"file": file, **place} if file else place
