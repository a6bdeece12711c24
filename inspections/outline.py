"""A published rubric as a sheet needs it: read once in this process, for it never changes."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from inspections.folding import Event
from scoring import engine
from scoring.models import Item, Requirement, Rubric, Section
from scoring.scored_items import engine_items


@dataclass(frozen=True)
class Line:
    """One item with its requirements, and as the engine scores it."""

    item: Item
    requirements: tuple[Requirement, ...]
    scored: engine.Item

    @property
    def rule(self) -> engine.Rule:
        return self.scored.rule()


@dataclass(frozen=True)
class Part:
    """A section with its items, in order."""

    section: Section
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outline:
    """A rubric's sections, items and requirements, by their order and by their keys."""

    parts: tuple[Part, ...]

    @cached_property
    def lines(self) -> dict[int, Line]:
        return {line.item.pk: line for part in self.parts for line in part.lines}

    @cached_property
    def by_code(self) -> dict[str, Line]:
        return {line.item.code: line for line in self.lines.values()}

    @cached_property
    def requirements(self) -> dict[int, Requirement]:
        return {each.pk: each for line in self.lines.values() for each in line.requirements}

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

    def event(self, id, kind, item: int, requirement: int | None, points, withdraws) -> Event:
        """A stored observation as the fold takes it."""
        return Event(id, kind, self.codes[item], self.numbers[requirement], points, withdraws)

    @cached_property
    def _keys(self) -> dict[tuple[str, str | None], tuple[int, int | None]]:
        found: dict[tuple[str, str | None], tuple[int, int | None]] = {
            (code, None): (pk, None) for pk, code in self.codes.items()
        }
        for pk, each in self.requirements.items():
            found[self.codes[each.item_id], str(each.number)] = (each.item_id, pk)
        return found

    def keys_of(self, item: str, requirement: str | None) -> tuple[int, int | None]:
        """The keys of an item and a requirement that the engine speaks of."""
        return self._keys[item, requirement]


@lru_cache(maxsize=64)
def outline(rubric_id: int) -> Outline:
    """The outline of a published rubric; sheets are opened on published ones only (ruling 13)."""
    return read_outline(Rubric.objects.get(pk=rubric_id))


def forget_outlines() -> None:
    """For tests, where a rolled back transaction gives the same id to another rubric."""
    outline.cache_clear()


def read_outline(rubric: Rubric) -> Outline:
    scored = {item.code: item for item in engine_items(rubric)}
    lines: dict[int, list[Line]] = {}
    for item in rubric.items.order_by("order", "pk").prefetch_related("requirements"):
        line = Line(item, tuple(item.requirements.all()), scored[item.code])
        lines.setdefault(item.section_id, []).append(line)
    sections = rubric.sections.order_by("order", "pk")
    return Outline(tuple(Part(s, tuple(lines[s.pk])) for s in sections if s.pk in lines))
