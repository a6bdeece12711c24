"""What a sheet's observations come to. Pure: plain values in, plain values out.

The fold knows no order: a withdrawal takes back the observation that it names, whichever of the
two came first, so that what was entered without a network may arrive as it likes.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import cached_property

from inspections.words import ObservationKind
from scoring import engine

MISSING, WITHDRAWAL = ObservationKind.MISSING, ObservationKind.WITHDRAWAL
NOT_APPLICABLE, DECIDED = ObservationKind.NOT_APPLICABLE, ObservationKind.DECIDED


class Event(NamedTuple):
    """One observation as the fold needs it.

    `item` is the item's code, `requirement` the number of its line and `rule` the code of its
    rule, None and "" for the item as a whole; `points` are what a MISSING one costs, by a rule of
    the kind `effect`; `withdraws` is the id that a WITHDRAWAL takes back. The points of a DECIDED
    one are what the deduction costs by an appeal, None when it was withdrawn (ruling 14).
    """

    id: Hashable
    kind: str
    item: str
    requirement: str | None = None
    points: Decimal | None = None
    withdraws: Hashable | None = None
    rule: str = ""
    effect: engine.Kind = engine.Kind.RANGE

    def __hash__(self) -> int:
        return hash(self.id)  # the rest follows from it, and takes several times as long

    @property
    def is_deduction(self) -> bool:
        """Whether a requirement is missing or a rule takes points; the best level takes none."""
        return self.kind == MISSING and bool(self.points or not self.rule)

    @property
    def about(self) -> tuple[str, str | None, str]:
        """What it is about: several observations of the same thing are one deduction."""
        return self.item, self.requirement, self.rule


@dataclass(frozen=True)
class Folded:
    """A sheet as its standing observations leave it; withdrawals are not among those, and what
    an appeal has replaced still is.

    `allow_extra`: deductions beyond an item count in this campaign; `critical` says what a
    missing requirement does, by item code and number (ruling 4).
    """

    items: tuple[engine.Item, ...]
    standing: frozenset[Event]
    allow_extra: bool = False
    critical: Mapping[tuple[str, str | None], engine.Critical] = field(default_factory=dict)

    @cached_property
    def standing_ids(self) -> frozenset[Hashable]:
        return frozenset([e.id for e in self.standing])

    @cached_property
    def looked_at(self) -> frozenset[str]:
        """Codes of the items that count as looked at (ruling 3)."""
        return frozenset([e.item for e in self.standing])

    @cached_property
    def not_applicable(self) -> frozenset[str]:
        """Codes of the items that leave both points (ruling 5), whatever else was seen of them."""
        return frozenset([e.item for e in self.standing if e.kind == NOT_APPLICABLE])

    @cached_property
    def score(self) -> engine.SheetScore:
        """That of the items looked at: the running total, and once all are, the sheet's."""
        codes = self.looked_at
        return engine.score_sheet(
            [item for item in self.items if item.code in codes],
            seen_in(self.standing),
            self.not_applicable,
            self.allow_extra,
            self.critical,
        )

    @cached_property
    def decided(self) -> dict[tuple, Event]:
        """What appeals decided, by what the deduction is about."""
        return decisions(self.standing)

    def missing_of(self, codes: Iterable[str]) -> list[str]:
        """Those of the codes that nobody has looked at yet, in their order."""
        return [code for code in codes if code not in self.looked_at]


def standing(events: Iterable[Event]) -> list[Event]:
    """What was not taken back; withdrawals themselves are gone with what they withdrew."""
    listed = list(events)
    gone = {e.withdraws for e in listed if e.kind == WITHDRAWAL}
    if not gone:
        return listed
    return [e for e in listed if e.id not in gone and e.kind != WITHDRAWAL]


class Running:
    """What stands of a record that grows: the same as `standing`, brought up to date by each event
    in a step, for checks that ask between two of them. It knows no order and no points either.
    """

    def __init__(self, events: Iterable[Event] = ()):
        self._items: dict[str, dict[Hashable, Event]] = {}
        self._home: dict[Hashable, str] = {}  # the item of each event that stands
        self._gone: set[Hashable] = set()
        for event in events:
            self.take(event)

    def take(self, event: Event) -> None:
        if event.kind == WITHDRAWAL:
            self._gone.add(event.withdraws)
            if home := self._home.pop(event.withdraws, None):
                del self._items[home][event.withdraws]
        elif event.id not in self._gone:
            self._home[event.id] = event.item
            self._items.setdefault(event.item, {})[event.id] = event

    def stands(self, id: Hashable) -> bool:
        return id in self._home

    def of(self, item: str) -> list[Event]:
        """What stands of one item, in the order it came."""
        return list(self._items.get(item, {}).values())

    def all(self) -> list[Event]:
        return [event for events in self._items.values() for event in events.values()]

    def is_not_applicable(self, item: str) -> bool:
        return any(e.kind == NOT_APPLICABLE for e in self.of(item))


def fold(
    items: Sequence[engine.Item],
    events: Collection[Event],
    allow_extra: bool = False,
    critical: Mapping[tuple[str, str | None], engine.Critical] | None = None,
) -> Folded:
    """What stands, what was looked at, and the score of it; `items` are all of the rubric.

    The score raises ValueError for an observation of an item that the rubric lacks.
    """
    return Folded(tuple(items), frozenset(standing(events)), allow_extra, critical or {})


def seen_in(events: Collection[Event]) -> list[engine.Seen]:
    """The deductions among standing events, as the engine takes them: a decided amount instead of
    everything that was seen of it, and nothing of one that was withdrawn (ruling 14).
    """
    decided = decisions(events)
    seen = [e for e in events if e.kind == MISSING]
    if decided:
        seen = [e for e in seen if e.about not in decided]
    seen += [e for e in decided.values() if e.points is not None]
    return [engine.Seen(e.item, e.requirement, e.points, e.id, e.effect, e.rule) for e in seen]


def decisions(events: Iterable[Event]) -> dict[tuple, Event]:
    """What appeals decided, by what it is about; of two the one whose id sorts last counts."""
    decided = [e for e in events if e.kind == DECIDED]
    if not decided:
        return {}
    return {e.about: e for e in sorted(decided, key=lambda e: str(e.id))}
