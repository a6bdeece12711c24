"""From sheets to the composite, step by step. Pure: the engine's parts and composite, told."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from portal.explain.figures import exact
from scoring import engine


class Place(StrEnum):
    """How a rubric stands to the composite."""

    COUNTED = "counted"
    UNFINISHED = "unfinished"  # leaves with its weight, the composite is provisional (ruling 8)
    ABSENT = "absent"  # the project does not have the specialty (ruling 5)
    NOT_APPLICABLE = "not_applicable"  # nothing of the sheet applies (ruling 5)


@dataclass(frozen=True)
class WeightStep:
    """One rubric's way into the composite."""

    part: engine.Part
    composite: engine.Composite

    @property
    def place(self) -> Place:
        if self.part.absent:
            return Place.ABSENT
        if not self.part.finished:
            return Place.UNFINISHED
        return Place.COUNTED if self.part.possible else Place.NOT_APPLICABLE

    @property
    def percent(self) -> Fraction | None:
        """The sheet's own score, exact."""
        if self.place != Place.COUNTED:
            return None
        return engine.SheetScore(self.part.kept, self.part.possible).percent

    @property
    def scaled(self) -> Fraction | None:
        """Its percent of the composite, after what left took its weight along."""
        return self.composite.weights.get(self.part.code)

    @property
    def brings(self) -> Fraction | None:
        return self.composite.shares.get(self.part.code)

    @property
    def is_scaled(self) -> bool:
        return self.scaled is not None and self.scaled != Fraction(self.part.weight)

    @property
    def scaling(self) -> str:
        """30 ÷ 75 × 100 = 40, where something left; else nothing."""
        if not self.is_scaled:
            return ""
        whole = Fraction(self.part.weight) * 100 / self.scaled
        return f"{exact(self.part.weight)} ÷ {exact(whole)} × 100 = {exact(self.scaled)}"

    @property
    def formula(self) -> str:
        """86.8 ÷ 96 × 30 = 27.125: one fraction, nothing rounded on the way."""
        if self.brings is None:
            return ""
        kept, possible = exact(self.part.kept), exact(self.part.possible)
        return f"{kept} ÷ {possible} × {exact(self.scaled)} = {exact(self.brings)}"


@dataclass(frozen=True)
class CompositeStep:
    """The shares added up, and rounded once."""

    parts: Sequence[engine.Part]
    composite: engine.Composite

    @property
    def weights(self) -> list[WeightStep]:
        return [WeightStep(part, self.composite) for part in self.parts]

    @property
    def is_scaled(self) -> bool:
        return any(weight.is_scaled for weight in self.weights)

    @property
    def sum(self) -> Fraction:
        """Before rounding."""
        return sum(self.composite.shares.values(), Fraction())

    @property
    def formula(self) -> str:
        shares = self.composite.shares.values()
        return f"{' + '.join(map(exact, shares))} = {exact(self.sum)}" if shares else ""

    @property
    def is_rounded(self) -> bool:
        value = self.composite.value
        return value is not None and self.sum != Fraction(value)


def composite_step(parts: Sequence[engine.Part]) -> CompositeStep:
    return CompositeStep(parts, engine.composite(parts))
