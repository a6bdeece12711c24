"""Campaigns made up by a seed: everything that results follow from, as plain values."""

import random
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

from organization.models import Project, User
from organization.roles import PROJECT_ROLES
from rewards.models import TeamReward
from rewards.rules import personal, team_outcome
from scoring.bands import cap_of
from scoring.engine import (
    FLOOR,
    HALF_UP,
    Band,
    Critical,
    Item,
    Kind,
    Part,
    Seen,
    band,
    composite,
    rank,
    rounded,
    score_sheet,
)

ROLES = sorted(PROJECT_ROLES, key=lambda role: role.rank)
REQUIREMENTS = 2
# quarters and eighths of tenths end on half a hundredth again and again
WEIGHTS = (
    ("25", "25", "25", "25"), ("12.5", "37.5", "50"), ("30", "25", "25", "20"), ("62.5", "37.5"),
    ("33.25", "16.75", "40", "10"), ("100",),
)  # fmt: skip
BANDS = ((0, 79, "fail"), (80, 90, "good"), (91, 100, "excellent"))
MORE_BANDS = ((0, 69, "poor"), (70, 81, "fair"), (82, 93, "good"), (94, 100, "best"))
CRITICAL = (None, None, Critical.ZERO, Critical.CAP)


@dataclass
class Sheet:
    """`items`: points, whether it applies, for each requirement what two auditors saw, extra."""

    items: list[tuple[Decimal, bool, list[tuple[Decimal | None, Decimal | None]], Decimal | None]]
    finished: bool
    absent: bool


@dataclass
class Held:
    """A project: its sheets, and the ranks of each person's roles there."""

    sheets: list[Sheet]
    people: list[list[int]]


@dataclass
class Result:
    """What the product makes of a project: yuan of each person and of the team."""

    composite: Decimal | None
    points: int | None
    place: int | None
    rank: int | None
    people: list[Decimal]
    team: Decimal


class Campaign:
    def __init__(self, seed: int):
        self.draw = draw = random.Random(seed)
        self.weights = [Decimal(each) for each in draw.choice(WEIGHTS)]
        self.critical = [draw.choice(CRITICAL) for _each in self.weights]
        self.bands = draw.choice((BANDS, MORE_BANDS))
        self.rounding = draw.choice((HALF_UP, HALF_UP, FLOOR))
        self.extras = draw.random() < 0.5
        self.amounts = [[self.amount() for _band in self.bands] for _role in ROLES]
        self.team = (draw.randint(88, 97), Decimal(draw.randint(0, 30) * 100))
        self.projects = [self.project() for _each in range(draw.randint(3, 6))]

    def amount(self) -> Decimal | None:
        """Fen as well: sums of a hundred such figures must still be right."""
        return self.draw.choice((None, Decimal(self.draw.randint(-50000, 100000)) / 100))

    def project(self) -> Held:
        draw = self.draw
        people = [draw.sample(range(len(ROLES)), draw.choice((1, 1, 2))) for _each in range(3)]
        return Held([self.sheet() for _each in self.weights], people)

    def sheet(self) -> Sheet:
        draw = self.draw
        whole = draw.choice((["40", "30", "30"], ["33.3", "33.3", "33.4"], ["17.5", "22", "45"]))
        items = [self.item(Decimal(points)) for points in whole]
        return Sheet(items, draw.random() > 0.03, draw.random() < 0.05)

    def item(self, points: Decimal):
        seen = [(self.cost(0.3), self.cost(0.1)) for _each in range(REQUIREMENTS)]
        return points, self.draw.random() > 0.05, seen, self.cost(0.03)

    def cost(self, chance: float) -> Decimal | None:
        return Decimal(self.draw.randint(1, 80)) / 10 if self.draw.random() < chance else None

    # --- what the product makes of it

    @property
    def cap(self) -> int:
        codes = [code for _low, _high, code in self.bands]
        return codes.index(cap_of(codes)) + 1

    def results(self) -> list[Result]:
        made = [composite(map(self.part, range(99), held.sheets)) for held in self.projects]
        final = {at: each.value for at, each in enumerate(made) if self.is_final(each)}
        ranks = rank(final)
        return [
            self.result(at, held, made[at], ranks.get(at)) for at, held in enumerate(self.projects)
        ]

    @staticmethod
    def is_final(made) -> bool:
        return not made.provisional and made.value is not None

    def part(self, at: int, sheet: Sheet) -> Part:
        code, weight = str(at), self.weights[at]
        if not sheet.finished or sheet.absent:
            return Part(code, weight, finished=sheet.finished, absent=sheet.absent)
        items = [Item(str(n), points) for n, (points, *_rest) in enumerate(sheet.items)]
        unlike = [str(n) for n, (_points, applies, *_rest) in enumerate(sheet.items) if not applies]
        critical = {("0", "0"): self.critical[at]} if self.critical[at] else {}
        made = score_sheet(items, self.seen(sheet), unlike, self.extras, critical)
        return Part(code, weight, made.kept, made.possible, capped=made.capped)

    def seen(self, sheet: Sheet) -> list[Seen]:
        found = []
        for n, (_points, _applies, requirements, extra) in enumerate(sheet.items):
            for k, amounts in enumerate(requirements):
                found += [Seen(str(n), str(k), a, len(found)) for a in amounts if a is not None]
            if extra is not None:
                found.append(Seen(str(n), None, extra, len(found), Kind.EXTRA, "extra"))
        return found

    def result(self, at: int, held: Held, made, place: int | None) -> Result:
        if not self.is_final(made):
            return Result(made.value, None, None, None, [Decimal(0)] * len(held.people), Decimal(0))
        bands = [Band(code, low, high) for low, high, code in self.bands]
        codes = [each.code for each in bands]
        cap = codes[self.cap - 1] if made.capped else None
        reached = band(made.value, bands, self.rounding, cap)
        project = Project(pk=at)
        standing = SimpleNamespace(project=project, composite=made.value, capped=made.capped)
        lowest, amount = self.team
        reward = TeamReward(lowest=lowest, amount=amount)
        team = team_outcome(standing, reached, reward, self.rounding)
        return Result(
            composite=made.value,
            points=rounded(made.value, self.rounding),
            place=codes.index(reached) + 1,
            rank=place,
            people=self.paid(held, personal(standing, reached, self.rules(codes), staff(held))),
            team=sum((each.amount for each in team), Decimal(0)),
        )

    def rules(self, codes: list[str]) -> dict[tuple[str, str], Decimal]:
        return {
            (code, role.value): amount
            for role, row in zip(ROLES, self.amounts, strict=True)
            for code, amount in zip(codes, row, strict=True)
            if amount is not None
        }

    @staticmethod
    def paid(held: Held, outcomes) -> list[Decimal]:
        found = {each.person.pk: each.amount for each in outcomes}
        return [found.get(n, Decimal(0)) for n in range(len(held.people))]


def staff(held: Held) -> dict[User, list[str]]:
    """People with their roles, highest first."""
    people = enumerate(held.people)
    return {User(pk=n): [ROLES[each].value for each in sorted(ranks)] for n, ranks in people}
