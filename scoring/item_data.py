"""An item as plain data: what the item form is given and gives back, and what can be kept as JSON.

    {"section": "内部管理", "name": "制度建设", "standard": "", "points": "5",
     "photo_required": false,
     "requirements": [{"text": "制度上墙公示", "critical": ""}],
     "rules": [{"kind": "range", "text": "", "min": "0.5", "max": "2", "levels": [], "each": true}]}

Figures are text, unknown ones null; a rule without a kind (null) is text that nobody has settled.
"""

from dataclasses import replace
from decimal import Decimal

from scoring.content import Entry, Line
from scoring.engine import Kind
from scoring.forms import Item, Rule
from scoring.forms.amounts import plain


def data_of(item: Item) -> dict:
    """An item that was read from a form."""
    critical = item.critical or ("",) * len(item.requirements)
    return {
        "section": item.section,
        "name": item.name,
        "standard": item.standard,
        "points": _text(item.points),
        "requirements": _lines(zip(item.requirements, critical, strict=True)),
        "rules": [rule_data(rule) for rule in item.rules],
        "photo_required": item.photo_required,
    }


def with_data(item: Item, data: dict) -> Item:
    """An item that was read, as a person put it right; the rule's cell and places stay."""
    places = dict(zip(item.requirements, item.requirement_cells, strict=False))
    texts = [line["text"] for line in data["requirements"]]
    return replace(
        item,
        section=data["section"],
        name=data["name"],
        standard=data["standard"],
        requirements=tuple(texts),
        requirement_cells=tuple(places.get(text, "") for text in texts),
        critical=tuple(line["critical"] for line in data["requirements"]),
        points=_figure(data["points"]),
        rules=tuple(rule_of(rule) for rule in data["rules"]),
        photo_required=data["photo_required"],
    )


def entry_data(entry: Entry, section: str) -> dict:
    """A stored item; `section` is its section's name."""
    return {
        "section": section,
        "name": entry.name[0],
        "standard": entry.standard[0],
        "points": _text(entry.points),
        "requirements": _lines((line.text[0], line.critical) for line in entry.requirements),
        "rules": [rule_data(rule) for rule, _english in entry.rules],
        "photo_required": entry.photo_required,
    }


def entry_of(data: dict, *, code: str, section: str, before: Entry | None = None) -> Entry:
    """An item to store; `section` is its section's code.

    Texts that are as they were in `before` keep their English words; the rules keep the cell
    that they came from while they are the same. What a person saved is no sample any more.
    """
    english = _english(before)
    rules = tuple((rule_of(rule), english.get(rule["text"])) for rule in data["rules"])
    same = before is not None and _rules_of(before) == data["rules"]
    return Entry(
        code=code,
        section=section,
        name=(data["name"], english.get(data["name"])),
        standard=(data["standard"], english.get(data["standard"])),
        requirements=tuple(
            Line((line["text"], english.get(line["text"])), line["critical"])
            for line in data["requirements"]
        ),
        points=_figure(data["points"]),
        rules=rules,
        rule_text=before.rule_text if same else "",
        photo_required=data["photo_required"],
    )


def rule_data(rule: Rule) -> dict:
    return {
        "kind": str(rule.kind) if rule.kind else None,
        "text": rule.text,
        "min": _text(rule.minimum),
        "max": _text(rule.maximum),
        "levels": [_text(level) for level in rule.levels],
        "each": rule.each,
    }


def rule_of(data: dict) -> Rule:
    return Rule(
        data["text"],
        Kind(data["kind"]) if data["kind"] else None,
        _figure(data["min"]),
        _figure(data["max"]),
        tuple(Decimal(level) for level in data["levels"]),
        data["each"],
    )


def _rules_of(entry: Entry) -> list[dict]:
    return [rule_data(rule) for rule, _english in entry.rules]


def _lines(pairs) -> list[dict]:
    return [{"text": text, "critical": critical} for text, critical in pairs]


def _english(before: Entry | None) -> dict[str, str]:
    """Chinese → English of everything that the item said."""
    if before is None:
        return {}
    pairs = [before.name, before.standard, *(line.text for line in before.requirements)]
    pairs += [(rule.text, english) for rule, english in before.rules]
    return {zh: english for zh, english in pairs if zh and english}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{plain(value):f}"


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
