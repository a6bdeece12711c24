"""What changed between two versions of a plan, line by line: pure, over the versions' data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FIELDS = ("problem", "source", "specialty", "measure", "responsible", "due")
Line = Mapping[str, str]
NOTHING = (None, None)  # no line, no number


@dataclass(frozen=True)
class Difference:
    """One line in the old version, the new one, or both; `fields` are those that differ."""

    old: Line | None
    old_number: int | None
    new: Line | None
    new_number: int | None

    @property
    def kind(self) -> str:
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "changed" if self.fields else "same"

    @property
    def fields(self) -> tuple[str, ...]:
        if self.old is None or self.new is None:
            return ()
        return tuple(name for name in FIELDS if self.old[name] != self.new[name])

    @property
    def line(self) -> Line:
        """As it stands, or stood last."""
        return self.new or self.old

    @property
    def id(self) -> str:
        return self.line["id"]


def difference(old: Iterable[Line], new: Iterable[Line]) -> list[Difference]:
    """Every line of both, in the new order; a removed one follows what it followed before."""
    before, after = numbered(old), numbered(new)
    found = [Difference(*before.get(id, NOTHING), *after[id]) for id in after]
    place = 0
    for id, known in before.items():
        if id in after:
            place = next(index for index, each in enumerate(found) if each.id == id) + 1
        else:
            found.insert(place, Difference(*known, *NOTHING))
            place += 1
    return found


def numbered(lines: Iterable[Line]) -> dict[str, tuple[Line, int]]:
    return {line["id"]: (line, number) for number, line in enumerate(lines, 1)}
