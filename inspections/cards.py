"""A sheet as its page shows it: totals, steps, one card per item, one row per requirement."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspections.forms.sheets import EntryForm
from inspections.ledger import Ledger, ledger_of
from inspections.models import Observation, ScoreSheet
from inspections.outline import Line, Part
from inspections.sheet_photos import photos_of
from inspections.templatetags.sheets import plain
from inspections.words import Method, ObservationKind
from organization import states
from organization.states import State
from scoring.models import Requirement

CONFORMS = State("conforms", _("全部符合"), "circle-check", "ok")
NOT_LOOKED_AT = State("not_looked_at", _("未评"), "circle-dashed")
SHOWN = ("points", "method", "note", "photos")
DONE_PART = State("done", _("已评完"), "circle-check", "ok")


def missing_state(count: int) -> State:
    word = ngettext_lazy("缺 %(count)d 项", "缺 %(count)d 项", "count") % {"count": count}
    return State("missing", word, "circle-minus", "warn")


def rule_words(line: Line) -> str:
    """How the item loses points, as a sentence."""
    low, high = plain(line.rule.minimum), plain(line.rule.maximum)
    figures = {"full": plain(line.item.points), "low": low, "high": high}
    if low == high:
        return _("满分 %(full)s 分，每缺一项扣 %(low)s 分，扣完为止。") % figures
    return _("满分 %(full)s 分，每缺一项扣 %(low)s–%(high)s 分，扣完为止。") % figures


@dataclass
class Draft:
    """What stands in a row's fields: what was typed and refused, else what is on record."""

    points: object
    method: str
    note: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def typed(cls, form: EntryForm) -> "Draft":
        """What somebody typed; errors of fields that nobody sees stand under `general`."""
        shown = {name: form.errors[name] for name in SHOWN if name in form.errors}
        rest = [text for name, texts in form.errors.items() if name not in SHOWN for text in texts]
        value = {name: form[name].value() or "" for name in ("points", "method", "note")}
        return cls(**value, errors=shown | {"general": rest})


@dataclass
class Row:
    """One requirement: one's own observation, which is edited, and everybody's others."""

    card: "Card"
    requirement: Requirement
    seen: list[Observation]
    draft: Draft
    mine: Observation | None = None

    @property
    def others(self) -> list[Observation]:
        return [seen for seen in self.seen if seen != self.mine]

    @property
    def is_missing(self) -> bool:
        return bool(self.seen)

    @property
    def is_on(self) -> bool:
        """Whether the switch is on: for what one noted oneself, and what was refused just now."""
        return bool(self.mine or self.draft.errors)

    @property
    def new_id(self) -> uuid.UUID:
        """For a form that is sent without JavaScript: sending it twice does no harm either."""
        return uuid.uuid4()

    @property
    def photos(self):
        return self.card.page.photos.get(self.mine.pk, []) if self.mine else []


@dataclass
class Card:
    """One item with everything that was seen of it."""

    page: "SheetPage"
    line: Line

    @property
    def item(self):
        return self.line.item

    @cached_property
    def seen(self) -> list[Observation]:
        return self.page.standing.get(self.item.pk, [])

    @cached_property
    def score(self):
        return self.page.scores.get(self.item.code)

    @property
    def kept(self) -> Decimal | None:
        return self.score.kept if self.score and not self.score.not_applicable else None

    @property
    def deductions(self) -> int:
        """How many requirements (or the item as a whole) were found missing."""
        return len(self.score.lines) if self.score else 0

    @property
    def counting(self) -> set[uuid.UUID]:
        """Of several observations of a requirement the ones that count (ruling 2)."""
        return {line.observation for line in self.score.lines} if self.score else set()

    @property
    def is_looked_at(self) -> bool:
        return bool(self.seen)

    @cached_property
    def not_applicable(self) -> Observation | None:
        return self.last(ObservationKind.NOT_APPLICABLE)

    @cached_property
    def confirmed(self) -> Observation | None:
        return self.last(ObservationKind.CONFORMS)

    def last(self, kind: str, *, by=None) -> Observation | None:
        found = [s for s in self.seen if s.kind == kind and by in (None, s.by)]
        return found[-1] if found else None

    @cached_property
    def my_confirmation(self) -> Observation | None:
        return self.last(ObservationKind.CONFORMS, by=self.page.reader)

    @property
    def is_mine_to_undo(self) -> bool:
        return bool(self.not_applicable and self.not_applicable.by_id == self.page.reader.pk)

    @property
    def state(self) -> State:
        if self.not_applicable:
            return states.NOT_APPLICABLE
        if self.deductions:
            return missing_state(self.deductions)
        return CONFORMS if self.seen else NOT_LOOKED_AT

    @cached_property
    def rows(self) -> list[Row]:
        return [self.row(requirement) for requirement in self.line.requirements]

    def row(self, requirement: Requirement) -> Row:
        seen = [s for s in self.seen if s.requirement_id == requirement.pk]
        own = [s for s in seen if s.by_id == self.page.reader.pk]
        mine = own[-1] if own else None
        return Row(self, requirement, seen, self.page.draft_of(self, requirement, mine), mine)

    @property
    def whole(self) -> list[Observation]:
        """Deductions on the item as a whole, as an imported form makes them."""
        missing = ObservationKind.MISSING
        return [s for s in self.seen if s.kind == missing and not s.requirement_id]

    @property
    def log(self) -> list[Observation]:
        """Everything that was recorded of the item, withdrawn and withdrawals too, newest first."""
        rows = self.page.ledger.rows.values()
        return [row for row in reversed(list(rows)) if row.item_id == self.item.pk]

    @property
    def is_open(self) -> bool:
        """Asked for, refused just now, or, on a finished sheet, with something to read."""
        read_only = not self.page.may_fill and bool(self.deductions)
        return self.item.code == self.page.open_code or read_only

    @property
    def is_used_up(self) -> bool:
        """More was found missing than the item has points."""
        return bool(self.score) and sum(x.points for x in self.score.lines) > self.score.lost

    @property
    def rule_words(self) -> str:
        return rule_words(self.line)

    @property
    def new_id(self) -> uuid.UUID:
        return uuid.uuid4()

    @property
    def reason(self) -> EntryForm | None:
        """What was typed as a reason and refused."""
        bound = self.page.bound
        return bound if bound is not None and bound.gives_reason_for(self.item) else None


@dataclass
class PartView:
    """A section as a step: its cards, and how many of them were looked at."""

    part: Part
    cards: list[Card]

    @property
    def section(self):
        return self.part.section

    @property
    def done(self) -> int:
        return sum(card.is_looked_at for card in self.cards)

    @property
    def left(self) -> int:
        return len(self.cards) - self.done

    @property
    def new_id(self) -> uuid.UUID:
        return uuid.uuid4()

    @property
    def state(self) -> State:
        if not self.left:
            return DONE_PART
        return states.IN_PROGRESS if self.done else NOT_LOOKED_AT

    # --- of a finished sheet ---

    @property
    def costly(self) -> list[Card]:
        return [card for card in self.cards if card.deductions]

    @property
    def possible(self) -> Decimal:
        return sum((card.score.possible for card in self.cards if card.score), Decimal(0))

    @property
    def lost(self) -> Decimal:
        return sum((card.score.lost for card in self.cards if card.score), Decimal(0))

    @property
    def kept(self) -> Decimal:
        return self.possible - self.lost


class SheetPage:
    """A sheet for one reader. `bound` is a form that was refused and keeps what was typed."""

    def __init__(
        self, sheet: ScoreSheet, reader, *, bound: EntryForm | None = None, open_code: str = ""
    ):
        self.sheet, self.reader, self.bound = sheet, reader, bound
        self.ledger: Ledger = ledger_of(sheet)
        self.open_code = open_code
        self.may_fill = not sheet.submitted_at and reader.has_perm("inspections.fill_sheet", sheet)

    @property
    def folded(self):
        return self.ledger.folded

    @property
    def score(self):
        return self.folded.score

    @property
    def lost(self) -> Decimal:
        return self.score.possible - self.score.kept

    @cached_property
    def scores(self):
        return {score.code: score for score in self.score.items}

    @cached_property
    def standing(self) -> dict[int, list[Observation]]:
        found: dict[int, list[Observation]] = {}
        for row in self.ledger.standing():
            found.setdefault(row.item_id, []).append(row)
        return found

    @cached_property
    def photos(self):
        return photos_of(self.ledger.standing())

    @cached_property
    def parts(self) -> list[PartView]:
        return [
            PartView(part, [Card(self, line) for line in part.lines])
            for part in self.ledger.outline.parts
        ]

    @cached_property
    def cards(self) -> list[Card]:
        return [card for part in self.parts for card in part.cards]

    @property
    def total(self) -> int:
        return len(self.cards)

    @property
    def done(self) -> int:
        return len(self.folded.looked_at)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def next_card(self) -> Card | None:
        """The first item that nobody has looked at."""
        return next((card for card in self.cards if not card.is_looked_at), None)

    @cached_property
    def auditors(self) -> list:
        """Who noted anything on this sheet, in the order they came."""
        return list(dict.fromkeys(row.by for row in self.ledger.rows.values()))

    @cached_property
    def usual_method(self) -> str:
        """What the reader chose last here, else the announced inspection."""
        chosen = [r.method for r in self.ledger.rows.values() if r.by_id == self.reader.pk]
        return next((method for method in reversed(chosen) if method), Method.OPEN)

    def draft_of(self, card: Card, requirement: Requirement, mine: Observation | None) -> Draft:
        bound = self.bound
        if bound is not None and bound.is_about(requirement):
            return Draft(
                bound["points"].value(),
                bound["method"].value() or self.usual_method,
                bound["note"].value() or "",
                bound.errors,
            )
        if mine:
            return Draft(mine.points, mine.method, mine.note)
        return Draft(card.line.rule.minimum, self.usual_method)

    def cards_of(self, items: Iterable[int]) -> list[Card]:
        wanted = set(items)
        return [card for card in self.cards if card.item.pk in wanted]
