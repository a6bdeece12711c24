"""Writes deduction rules into a cell so that `rulings` reads the same ones back."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from scoring.engine import Kind

from .amounts import plain
from .rules import Rule
from .rulings import parse_rules
from .wording import tidy

# Signs that end a clause or close what was settled; the person's own words lose them.
SIGNS = str.maketrans({"；": "，", ";": "，", "【": "（", "】": "）"})


def rules_text(rules: Iterable[Rule], points: Decimal | None = None) -> str:
    """The cell for an item's rules; with its `points` it begins 符合5分, as the company writes.

    The rules' own words where they say what the rules are, otherwise each with what was settled
    in 【】 behind its words: 材料不齐【扣1分】.
    """
    named = [_named(rule) for rule in rules]
    texts = [rule.text for rule in named]
    whole = [f"符合{_figure(points)}分", *texts] if points is not None and texts else texts
    numbered = [f"{number}.{text}" for number, text in enumerate(whole, start=1)]
    for words in ("；".join(texts if points is None else numbered), "；".join(whole)):
        if parse_rules(words).rules == tuple(named):
            return words
    settled = [f"{_occasion(rule.text)}【{_amount(rule)}】" for rule in named]
    return "；".join([*whole[: len(whole) - len(texts)], *settled])


def rule_words(rule: Rule) -> str:
    """The words for one rule; reading them gives its kind, figures, levels and `each` again."""
    return rules_text([rule])


def _named(rule: Rule) -> Rule:
    """The rule with words: those of its kind where it has none of its own."""
    if _occasion(rule.text):
        return rule
    amount = _amount(rule)
    alone = rule.each or rule.kind in (Kind.LEVELS, Kind.EXTRA, None)
    return replace(rule, text=amount if alone else f"其他情形，{amount}")


def _amount(rule: Rule) -> str:
    """What the rule takes, in words that name no occasion."""
    match rule.kind:
        case None:
            return "待定"
        case Kind.LOSE_ITEM:
            return "不得分"
        case Kind.LEVELS:
            return f"分档扣{'、'.join(map(_figure, rule.levels))}分"
        case Kind.EXTRA:
            return f"追加扣除{_figures(rule)}分"
        case Kind.PER_OCCURRENCE:
            return f"{'每发现一处' if rule.each else '每次'}扣{_figures(rule)}分"
    return f"{'每缺一项' if rule.each else ''}扣{_figures(rule)}分"


def _figures(rule: Rule) -> str:
    one = rule.minimum == rule.maximum and rule.kind != Kind.RANGE
    return _figure(rule.minimum) if one else f"{_figure(rule.minimum)}-{_figure(rule.maximum)}"


def _figure(value: Decimal | None) -> str:
    return f"{plain(value or Decimal(0)):f}"


def _occasion(text: str) -> str:
    return re.sub(r"\s+", " ", tidy(text).translate(SIGNS)).strip("，, ")
