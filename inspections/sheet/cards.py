"""A sheet's items as cards, their requirements and rules as rows: what a page says of each.

What an item's state is comes from the ledger's events; observations themselves are fetched only
where their note or their pictures are shown.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspections.forms.sheets import EntryForm
from inspections.models import Observation
from inspections.sheet.folding import Event
from inspections.sheet.outline import Line
from inspections.sheet.rows import RequirementRow, Row, RuleRow
from inspections.sheet.terms import Terms
from inspections.templatetags.sheets import plain
from inspections.words import ObservationKind
from organization import states
from organization.states import State
from scoring import engine

CONFORMS = State("conforms", gettext_lazy("全部符合"), "circle-check", "ok")
NOT_LOOKED_AT = State("not_looked_at", gettext_lazy("未评"), "circle-dashed")
LIFTED = State("lifted", gettext_lazy("扣分已撤销"), "circle-check", "ok")


def missing_state(count: int) -> State:
    word = ngettext("缺 %(count)d 项", "缺 %(count)d 项", count) % {"count": count}
    return State("missing", word, "circle-minus", "warn")


def costs_state(count: int) -> State:
    """Where rules took points, "missing" would not be the word."""
    word = ngettext("扣分 %(count)d 处", "扣分 %(count)d 处", count) % {"count": count}
    return State("missing", word, "circle-minus", "warn")


COUNTED = {"missing": missing_state, "costs": costs_state}
OTHERS = {each.code: each for each in (states.NOT_APPLICABLE, LIFTED, CONFORMS, NOT_LOOKED_AT)}


@dataclass(eq=False)
class Card:
    """One item with everything that was seen of it; `events` are the standing ones."""

    page: "object"
    line: Line

    @cached_property
    def item(self):
        return self.line.item

    @cached_property
    def events(self) -> list[Event]:
        return self.page.standing.get(self.item.code, [])

    @cached_property
    def score(self) -> engine.ItemScore | None:
        return self.page.scores.get(self.item.code)

    @property
    def kept(self) -> Decimal | None:
        return self.score.kept if self.score and not self.score.not_applicable else None

    @cached_property
    def deductions(self) -> int:
        """How many requirements were found missing, and rules to apply, that still cost points."""
        decided = self.page.folded.decided
        abouts = {event.about for event in self.noted}
        return len([a for a in abouts if a not in decided or decided[a].points is not None])

    @cached_property
    def noted(self) -> list[Event]:
        """The standing observations that cost points when they were made."""
        return [event for event in self.events if event.is_deduction]

    @cached_property
    def missing(self) -> dict[tuple[str | None, str], list[Event]]:
        """What was found missing and where rules apply, by requirement and rule."""
        found: dict[tuple[str | None, str], list[Event]] = {}
        for event in self.events:
            if event.kind == ObservationKind.MISSING:
                found.setdefault((event.requirement, event.rule), []).append(event)
        return found

    @cached_property
    def without_picture(self) -> list[Event]:
        """Deductions that have no picture where the item demands one."""
        return self.page.without_picture.get(self.item.code, [])

    @cached_property
    def counting(self) -> set[uuid.UUID]:
        """Of several observations of a requirement the ones that count (ruling 2)."""
        return {line.observation for line in self.score.lines} if self.score else set()

    @property
    def is_looked_at(self) -> bool:
        return bool(self.events)

    # --- marks: not applicable, confirmed ---

    def last(self, kind: str, *, own: bool = False) -> Event | None:
        authors, reader = self.page.ledger.authors, self.page.reader_id
        found = [e for e in self.events if e.kind == kind and (not own or authors[e.id] == reader)]
        return found[-1] if found else None

    @cached_property
    def is_not_applicable(self) -> bool:
        return self.item.code in self.page.folded.not_applicable

    @cached_property
    def not_applicable(self) -> Observation | None:
        """The mark with its reason."""
        mark = self.is_not_applicable and self.last(ObservationKind.NOT_APPLICABLE)
        return self.page.observations([mark])[0] if mark else None

    @cached_property
    def is_confirmed(self) -> bool:
        return self.last(ObservationKind.CONFORMS) is not None

    @cached_property
    def to_undo(self) -> Event | None:
        """The mark that this reader made and may take back."""
        if self.is_not_applicable:
            return self.last(ObservationKind.NOT_APPLICABLE, own=True)
        return None if self.deductions else self.last(ObservationKind.CONFORMS, own=True)

    @cached_property
    def stands(self) -> tuple[str, int]:
        """What its state is called among those above, and in how many places it loses points."""
        if self.is_not_applicable:
            return states.NOT_APPLICABLE.code, 0
        if self.deductions:
            ruled = any(event.rule for event in self.noted)
            return "costs" if ruled else "missing", self.deductions
        if self.noted:
            return LIFTED.code, 0
        return (CONFORMS if self.is_looked_at else NOT_LOOKED_AT).code, 0

    @cached_property
    def state(self) -> State:
        code, count = self.stands
        return COUNTED[code](count) if code in COUNTED else OTHERS[code]

    # --- rows ---

    @cached_property
    def rows(self) -> list[RequirementRow]:
        return [RequirementRow(self, requirement) for requirement in self.line.requirements]

    @cached_property
    def rule_rows(self) -> list[RuleRow]:
        return [RuleRow(self, rule) for rule in self.line.rules]

    @property
    def all_rows(self) -> list[Row]:
        return [*self.rows, *self.rule_rows]

    @cached_property
    def price(self) -> Terms | None:
        """What one missing requirement costs; None where only the rules take points."""
        price = self.line.price
        return Terms(price, self.item.points) if price else None

    @cached_property
    def whole(self) -> list[Observation]:
        """Deductions on the item as a whole, as an imported form makes them."""
        return self.page.observations(self.whole_events)

    @cached_property
    def whole_events(self) -> list[Event]:
        return [e for e in self.noted if e.requirement is None and not e.rule]

    @cached_property
    def mark(self):
        """Of the deduction on the item as a whole: its appeal, or where it may be contested."""
        return self.page.mark_of(self.whole_events)

    @property
    def takes_entries(self) -> bool:
        return self.page.may_fill and not self.is_not_applicable

    @cached_property
    def is_quiet(self) -> bool:
        """Whether all its rows look alike on every sheet: nothing was ever noted on one of them."""
        noted = ObservationKind.MISSING, ObservationKind.DECIDED
        return not self.is_full and not any(event.kind in noted for event in self.events)

    @cached_property
    def is_plain(self) -> bool:
        """Whether it looks alike on every sheet of which `looks` says the same."""
        return self.is_quiet and not self.is_not_applicable and self.page.bound is None

    @property
    def looks(self) -> tuple:
        """How many records a plain one has, whether it conforms, and whether the reader said so."""
        return self.recorded, self.is_looked_at, self.is_confirmed, bool(self.to_undo)

    @property
    def vouches(self) -> bool:
        """Whether what is not noted missing was seen to conform."""
        return self.is_looked_at and not self.is_not_applicable and not self.whole

    @property
    def is_full(self) -> bool:
        """Whether its rows carry their editors, for a reader without scripts."""
        return self.item.code == self.page.open_code

    @property
    def is_open(self) -> bool:
        """Asked for, refused just now, or, on a finished sheet, with something to read."""
        return self.is_full or (not self.page.may_fill and bool(self.noted))

    @cached_property
    def is_folded(self) -> bool:
        """Whether its rows may wait until scripts open the card: nothing was noted on them."""
        if not self.page.may_fill or self.is_open or self.noted:
            return False
        if self.is_quiet:
            return True
        return all(row.is_light or not row.takes_entries for row in self.all_rows)

    @property
    def is_used_up(self) -> bool:
        """More was found missing than the item has points."""
        score = self.score
        return bool(score) and sum(x.points for x in score.lines) - score.extra > score.lost

    # --- everything that was recorded ---

    @property
    def recorded(self) -> int:
        """How much, withdrawn and withdrawals too."""
        return self.page.recorded[self.item.code]

    # --- words ---

    @property
    def rule_words(self) -> str:
        """How the item loses points, as a sentence."""
        if self.price:
            return self.price.price_words
        sentence = _("满分 %(full)s 分，按下面的评分细则扣分，扣完为止。")
        return sentence % {"full": plain(self.item.points)}

    @property
    def new_id(self) -> uuid.UUID:
        return next(self.page.form_ids)

    @property
    def reason(self) -> EntryForm | None:
        """What was typed as a reason and refused."""
        bound = self.page.bound
        return bound if bound is not None and bound.gives_reason_for(self.item) else None
