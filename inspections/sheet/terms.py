"""What a rule asks of whoever enters it, in words: an amount, a count, one of some levels."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inspections.sheet.entries import COUNT_LIMIT
from inspections.templatetags.sheets import plain
from organization.templatetags.ui import points
from scoring import engine
from scoring.engine import Kind

BREAK = re.compile(r"[，,；;、。\n]+")
FIGURE = re.compile(r"[\s:：(（]*([得扣计为]*)\s*(\d+(?:\.\d+)?)\s*(?:分|points?)?[)）\s]*")
NOTHING = "不得分"


@dataclass(frozen=True)
class Level:
    """One level of a rule: the points that it takes, and its own words."""

    lost: Decimal
    words: str

    @property
    def value(self) -> str:
        return points(self.lost)

    @property
    def cost(self) -> str:
        return _("扣 %(points)s 分") % {"points": plain(self.lost)} if self.lost else _("不扣分")


@dataclass(frozen=True)
class Terms:
    """A rule as the page offers it; `full` are its item's points, `text` the rule's own words."""

    rule: engine.Rule
    full: Decimal
    text: str = ""
    allow_extra: bool = True

    @property
    def is_chosen(self) -> bool:
        """Whether the amount lies between two figures, for a person to choose."""
        one = self.rule.kind in (Kind.LOSE_ITEM, Kind.LEVELS)
        return not one and self.rule.minimum != self.rule.maximum

    @property
    def is_counted(self) -> bool:
        return self.rule.kind == Kind.PER_OCCURRENCE

    @property
    def most(self) -> int:
        return COUNT_LIMIT

    @cached_property
    def levels(self) -> list[Level]:
        """The levels from the cheapest to the dearest; none for rules of other kinds."""
        if self.rule.kind != Kind.LEVELS:
            return []
        words = level_words(self.text, self.full)
        known = words if set(self.rule.levels) <= words.keys() else {}
        return [Level(lost, known.get(lost, "")) for lost in sorted(self.rule.levels)]

    @property
    def first(self) -> Decimal:
        """The amount that a tap takes: the least, of levels the least that costs anything."""
        if self.levels:
            return next((each.lost for each in self.levels if each.lost), self.levels[0].lost)
        return self.full if self.rule.kind == Kind.LOSE_ITEM else self.rule.minimum

    # --- words ---

    @property
    def low(self) -> str:
        return plain(self.rule.minimum)

    @property
    def high(self) -> str:
        return plain(self.rule.maximum)

    @property
    def range_words(self) -> str:
        return _("扣分（%(low)s–%(high)s）") % self.ends

    @property
    def bounds_words(self) -> str:
        return _("扣分应在 %(low)s–%(high)s 分之间，以 0.1 分为一档。") % self.ends

    @property
    def ends(self) -> dict[str, str]:
        return {"low": points(self.rule.minimum), "high": points(self.rule.maximum)}

    @property
    def figure(self) -> str:
        """1 or 0.5–2."""
        return f"{self.low}–{self.high}" if self.is_chosen else self.low

    @property
    def kind_words(self) -> str:
        """How the rule takes points."""
        return KINDS[self.rule.kind]() % {"figure": self.figure}

    @property
    def is_uncounted(self) -> bool:
        """An extra that the campaign does not count (ruling 4)."""
        return self.rule.kind == Kind.EXTRA and not self.allow_extra

    @property
    def price_words(self) -> str:
        """How an item with this price loses points, as a sentence."""
        words = {"full": plain(self.full), "figure": self.figure}
        if self.is_counted:
            sentence = _("满分 %(full)s 分，每发现一处扣 %(figure)s 分，扣完为止。")
            return sentence % words
        return _("满分 %(full)s 分，每缺一项扣 %(figure)s 分，扣完为止。") % words


KINDS = {
    Kind.FIXED: lambda: _("扣 %(figure)s 分"),
    Kind.RANGE: lambda: _("扣 %(figure)s 分"),
    Kind.PER_OCCURRENCE: lambda: _("每次扣 %(figure)s 分"),
    Kind.LEVELS: lambda: _("分档扣分"),
    Kind.LOSE_ITEM: lambda: _("本项不得分"),
    Kind.EXTRA: lambda: _("项外追加扣 %(figure)s 分"),
}


def level_words(text: str, full: Decimal) -> dict[Decimal, str]:
    """符合2.0，基本符合1.0，不符合0 on two points: each level's words by the points it takes."""
    pieces = [piece for piece in BREAK.split(text) if piece.strip()]
    found = (level_in(piece, full) for piece in pieces)
    return dict(level for level in found if level)


def level_in(piece: str, full: Decimal) -> tuple[Decimal, str] | None:
    """The points that a piece of the text takes: it says what is kept, or after 扣 what is lost."""
    found = FIGURE.findall(piece)
    if not found and NOTHING in piece:
        return full, piece.replace(NOTHING, "").strip(" ：:")
    if len(found) != 1:
        return None
    verb, figure = found[0]
    lost = Decimal(figure) if "扣" in verb else full - Decimal(figure)
    return lost, FIGURE.sub("", piece).strip(" ：:")


def level_of(line, points: Decimal | None, rule) -> str:
    """The words of the level that somebody chose by these points, of a rule that has levels;
    `line` is the item's (`outline.Line`).
    """
    if rule is None:
        return ""
    terms = Terms(line.scored.rule(rule.code), line.item.points, rule.text)
    return next((each.words for each in terms.levels if each.lost == points), "")
