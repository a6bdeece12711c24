"""A sheet's items as cards, their requirements as rows: what a page says of each.

What an item's state is comes from the ledger's events; observations themselves are fetched only
where their note or their pictures are shown.
"""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspections.folding import Event
from inspections.forms.sheets import EntryForm
from inspections.models import Observation
from inspections.outline import Line
from inspections.templatetags.sheets import plain
from inspections.words import ObservationKind
from organization import states
from organization.states import State
from organization.templatetags.ui import points
from scoring import engine
from scoring.models import Requirement

CONFORMS = State("conforms", gettext_lazy("全部符合"), "circle-check", "ok")
NOT_LOOKED_AT = State("not_looked_at", gettext_lazy("未评"), "circle-dashed")
SHOWN = ("points", "method", "note", "photos")


def missing_state(count: int) -> State:
    word = ngettext("缺 %(count)d 项", "缺 %(count)d 项", count) % {"count": count}
    return State("missing", word, "circle-minus", "warn")


@dataclass(eq=False)
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


@dataclass(eq=False)
class Row:
    """One requirement: one's own observation, which is edited, and everybody's others."""

    card: "Card"
    requirement: Requirement

    @property
    def page(self):
        return self.card.page

    @cached_property
    def events(self) -> list[Event]:
        number = str(self.requirement.number)
        return [event for event in self.card.events if event.requirement == number]

    @cached_property
    def seen(self) -> list[Observation]:
        return self.page.observations(self.events)

    @cached_property
    def mine(self) -> Observation | None:
        own = [seen for seen in self.seen if seen.by_id == self.page.reader.pk]
        return own[-1] if own else None

    @property
    def others(self) -> list[Observation]:
        return [seen for seen in self.seen if seen != self.mine]

    @property
    def text(self) -> str:
        return f"{self.requirement.number}. {self.requirement.text}"

    @property
    def is_on(self) -> bool:
        """Whether the switch is on: for what one noted oneself, and what was refused just now."""
        return bool(self.mine or self.draft.errors)

    @cached_property
    def draft(self) -> Draft:
        bound = self.page.bound
        if bound is not None and bound.is_about(self.requirement):
            return Draft.typed(bound)
        if self.mine:
            return Draft(self.mine.points, self.mine.method, self.mine.note)
        return Draft(self.card.line.rule.minimum, self.page.usual_method)

    @property
    def blank(self) -> Draft:
        """The fields of another entry: what was refused just now, else nothing typed yet."""
        if self.draft.errors:
            return self.draft
        return Draft(self.card.line.rule.minimum, self.page.usual_method)

    @property
    def new_id(self) -> uuid.UUID:
        """For a form that is sent without JavaScript: sending it twice does no harm either."""
        return uuid.uuid4()

    @property
    def photos(self):
        return self.page.photos.get(self.mine.pk, []) if self.mine else []


@dataclass(eq=False)
class Card:
    """One item with everything that was seen of it; `events` are the standing ones."""

    page: "object"
    line: Line

    @property
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

    @property
    def deductions(self) -> int:
        """How many requirements (or the item as a whole) were found missing."""
        return len(self.score.lines) if self.score else 0

    @cached_property
    def counting(self) -> set[uuid.UUID]:
        """Of several observations of a requirement the ones that count (ruling 2)."""
        return {line.observation for line in self.score.lines} if self.score else set()

    @property
    def is_looked_at(self) -> bool:
        return bool(self.events)

    # --- marks: not applicable, confirmed ---

    def last(self, kind: str, *, own: bool = False) -> Event | None:
        authors, reader = self.page.ledger.authors, self.page.reader.pk
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

    @property
    def is_confirmed(self) -> bool:
        return self.last(ObservationKind.CONFORMS) is not None

    @property
    def to_undo(self) -> Event | None:
        """The mark that this reader made and may take back."""
        if self.is_not_applicable:
            return self.last(ObservationKind.NOT_APPLICABLE, own=True)
        return None if self.deductions else self.last(ObservationKind.CONFORMS, own=True)

    @cached_property
    def state(self) -> State:
        if self.is_not_applicable:
            return states.NOT_APPLICABLE
        if self.deductions:
            return missing_state(self.deductions)
        return CONFORMS if self.is_looked_at else NOT_LOOKED_AT

    # --- rows ---

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(self, requirement) for requirement in self.line.requirements]

    @cached_property
    def whole(self) -> list[Observation]:
        """Deductions on the item as a whole, as an imported form makes them."""
        missing = ObservationKind.MISSING
        events = [e for e in self.events if e.kind == missing and e.requirement is None]
        return self.page.observations(events)

    @property
    def takes_entries(self) -> bool:
        return self.page.may_fill and not self.is_not_applicable

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
        return self.is_full or (not self.page.may_fill and bool(self.deductions))

    @property
    def is_used_up(self) -> bool:
        """More was found missing than the item has points."""
        return bool(self.score) and sum(x.points for x in self.score.lines) > self.score.lost

    # --- everything that was recorded ---

    @property
    def recorded(self) -> int:
        """How much, withdrawn and withdrawals too."""
        return self.page.recorded[self.item.code]

    @property
    def log(self) -> list[Observation]:
        """All of it, newest first; `is_gone` marks what was withdrawn later."""
        events = [e for e in self.page.ledger.events.values() if e.item == self.item.code]
        rows = self.page.observations(events)
        for row in rows:
            withdrawal = row.kind == ObservationKind.WITHDRAWAL
            row.is_gone = not withdrawal and row.pk not in self.page.folded.standing_ids
        return rows[::-1]

    # --- words ---

    @property
    def rule_words(self) -> str:
        """How the item loses points, as a sentence."""
        rule = self.line.rule
        low, high = plain(rule.minimum), plain(rule.maximum)
        figures = {"full": plain(self.item.points), "low": low, "high": high}
        if low == high:
            return _("满分 %(full)s 分，每缺一项扣 %(low)s 分，扣完为止。") % figures
        return _("满分 %(full)s 分，每缺一项扣 %(low)s–%(high)s 分，扣完为止。") % figures

    @property
    def range_words(self) -> str:
        return _("扣分（%(low)s–%(high)s）") % self.ends

    @property
    def bounds_words(self) -> str:
        return _("扣分应在 %(low)s–%(high)s 分之间，以 0.1 分为一档。") % self.ends

    @property
    def ends(self) -> dict[str, str]:
        rule = self.line.rule
        return {"low": points(rule.minimum), "high": points(rule.maximum)}

    @property
    def new_id(self) -> uuid.UUID:
        return uuid.uuid4()

    @property
    def reason(self) -> EntryForm | None:
        """What was typed as a reason and refused."""
        bound = self.page.bound
        return bound if bound is not None and bound.gives_reason_for(self.item) else None
