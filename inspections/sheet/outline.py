"""A published rubric as a sheet needs it: read once in this process, for it never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from inspections.sheet.folding import DECIDED, Event
from organization.formatting import formatted
from scoring import engine
from scoring.engine.sections import Ground, Place
from scoring.models import DeductionRule, Item, Requirement, Rubric, Section
from scoring.scored_items import critical_requirements, read_items


@dataclass(frozen=True)
class Line:
    """One item with its requirements and further rules, and as the engine scores it."""

    item: Item
    requirements: tuple[Requirement, ...]
    scored: engine.Item
    rules: tuple[DeductionRule, ...] = ()

    @cached_property
    def price(self) -> engine.Rule | None:
        """What one missing requirement costs. None: only the item's rules take points.

        A requirement of an item without a price can't be noted missing, for that would need an
        amount; so a critical requirement works only where the item has a price.
        """
        return next((rule for rule in self.scored.rules if not rule.code), None)


@dataclass(frozen=True)
class Part:
    """A section with its items, in order."""

    section: Section
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outline:
    """A rubric's sections, items, requirements and rules, by their order and by their keys.

    `critical` says what a missing requirement does, by item code and number (ruling 4).
    """

    parts: tuple[Part, ...]
    critical: Mapping[tuple[str, str | None], engine.Critical] = field(default_factory=dict)

    @cached_property
    def lines(self) -> dict[int, Line]:
        return {line.item.pk: line for part in self.parts for line in part.lines}

    @cached_property
    def by_code(self) -> dict[str, Line]:
        return {line.item.code: line for line in self.lines.values()}

    @cached_property
    def whole(self) -> dict[str, engine.SectionPoints]:
        """Each section with all its points, by its code."""
        full = {p.section.code: sum(x.item.points for x in p.lines) for p in self.parts}
        return {code: engine.SectionPoints(points, points) for code, points in full.items()}

    @cached_property
    def section_of(self) -> dict[str, str]:
        """By the item's code."""
        return {x.item.code: p.section.code for p in self.parts for x in p.lines}

    @cached_property
    def ground(self) -> Ground:
        """What a score by section is reckoned from; items by their key."""
        return Ground(
            Place(x.item.pk, p.section.code, x.item.points) for p in self.parts for x in p.lines
        )

    @cached_property
    def requirements(self) -> dict[int, Requirement]:
        return {each.pk: each for line in self.lines.values() for each in line.requirements}

    @cached_property
    def rules(self) -> dict[int, DeductionRule]:
        return {each.pk: each for line in self.lines.values() for each in line.rules}

    @cached_property
    def takes_pictures(self) -> frozenset[str]:
        """Codes of the items on which a deduction needs a picture."""
        lines = self.lines.values()
        return frozenset(line.item.code for line in lines if line.item.photo_required)

    @cached_property
    def engine_items(self) -> tuple[engine.Item, ...]:
        return tuple(line.scored for line in self.lines.values())

    @cached_property
    def codes(self) -> dict[int, str]:
        return {pk: line.item.code for pk, line in self.lines.items()}

    @cached_property
    def numbers(self) -> dict[int | None, str | None]:
        """What the engine calls a requirement, by its key; None for the item as a whole."""
        return {None: None} | {pk: str(each.number) for pk, each in self.requirements.items()}

    def event(
        self, id, kind, item: int, requirement: int | None, rule: int | None, points, withdraws
    ) -> Event:
        """A stored observation as the fold takes it."""
        code, effect = self._effects[rule, item]
        if kind == DECIDED and effect == engine.Kind.LOSE_ITEM:
            # less than the item's points: an appeal left only a part of what was lost
            whole = points is None or points >= self.lines[item].item.points
            effect = effect if whole else engine.Kind.FIXED
        about = self.codes[item], self.numbers[requirement]
        return Event(id, kind, *about, points, withdraws, code, effect)

    @cached_property
    def _effects(self) -> dict[tuple[int | None, int], tuple[str, engine.Kind]]:
        """A rule's code and kind by its key and its item's; by None the price of a requirement."""
        found: dict[tuple[int | None, int], tuple[str, engine.Kind]] = {}
        for pk, line in self.lines.items():
            found[None, pk] = ("", line.price.kind if line.price else engine.Kind.RANGE)
            for rule in line.rules:
                found[rule.pk, pk] = (rule.code, line.scored.rule(rule.code).kind)
        return found

    @cached_property
    def keys(self) -> dict[tuple[str, str | None], tuple[int, int | None]]:
        """The keys of an item and a requirement that the engine speaks of."""
        found: dict[tuple[str, str | None], tuple[int, int | None]] = {
            (code, None): (pk, None) for pk, code in self.codes.items()
        }
        for pk, each in self.requirements.items():
            found[self.codes[each.item_id], str(each.number)] = (each.item_id, pk)
        return found

    @cached_property
    def rule_keys(self) -> dict[tuple[str, str], int | None]:
        """The key of a rule that the engine speaks of; None for the price of a requirement."""
        prices: dict[tuple[str, str], int | None] = {(code, ""): None for code in self.by_code}
        return prices | {(self.codes[r.item_id], r.code): pk for pk, r in self.rules.items()}


@lru_cache(maxsize=64)
def outline(rubric_id: int) -> Outline:
    """The outline of a published rubric; sheets are opened on published ones only (ruling 13)."""
    return read_outline(Rubric.objects.get(pk=rubric_id))


@lru_cache(maxsize=16)
def pieces(rubric_id: int, language: str, *seen_as: bool) -> dict:
    """What pages have drawn of a published rubric's words, to be drawn once in this process; up to
    a megabyte each. `seen_as` is whatever else makes them look different.
    """
    return {}


@dataclass(frozen=True)
class Wording:
    """A published rubric's words in one language, escaped for pages, by the keys of what they name.

    `titles` are an item's code and name, `lines` a requirement's number and text.
    """

    names: dict[int, SafeString]
    titles: dict[int, SafeString]
    requirements: dict[int, SafeString]
    lines: dict[int, SafeString]
    rules: dict[int, SafeString]

    def about(self, requirement: Requirement | None, rule: DeductionRule | None) -> SafeString:
        """What a deduction is about, in words; empty for an item as a whole."""
        if requirement:
            return self.lines[requirement.pk]
        return self.rules[rule.pk] if rule else SafeString("")


def wording(rubric_id: int) -> Wording:
    """A published rubric's words in the reader's language, made ready once in this process."""
    return wording_in(rubric_id, get_language())


@lru_cache(maxsize=64)
def wording_in(rubric_id: int, _language: str | None) -> Wording:
    """In the language that is active, which is named for the sake of what is kept."""
    rubric = outline(rubric_id)
    items = [line.item for line in rubric.lines.values()]
    requirements = rubric.requirements.values()
    return Wording(
        {each.pk: formatted("{}", each.name) for each in items},
        {each.pk: formatted("{}", each) for each in items},
        {each.pk: formatted("{}", each.text) for each in requirements},
        {each.pk: formatted("{}. {}", each.number, each.text) for each in requirements},
        {each.pk: formatted("{}", each.text) for each in rubric.rules.values()},
    )


def forget_outlines() -> None:
    """For tests, where a rolled back transaction gives the same id to another rubric."""
    outline.cache_clear()
    pieces.cache_clear()
    wording_in.cache_clear()


def read_outline(rubric: Rubric) -> Outline:
    """The same, always from the database."""
    scored = {item.code: item for item in read_items(rubric.pk)}
    lines: dict[int, list[Line]] = {}
    items = rubric.items.order_by("order", "pk").prefetch_related("requirements", "rules")
    for item in items:
        leaves = tuple(item.requirements.all()), scored[item.code], tuple(item.rules.all())
        line = Line(item, *leaves)
        lines.setdefault(item.section_id, []).append(line)
    sections = rubric.sections.order_by("order", "pk")
    parts = tuple(Part(s, tuple(lines[s.pk])) for s in sections if s.pk in lines)
    return Outline(parts, critical_requirements(rubric))
