"""The device's own running totals are those of the engine, on any sheet."""

import json
import random
import uuid
from decimal import Decimal
from pathlib import Path

import pytest

from inspections.sheet.folding import Event, fold
from inspections.words import ObservationKind as Seen
from scoring import engine
from scoring.engine import Kind

pytestmark = pytest.mark.e2e
SCRIPT = Path(__file__).parents[2] / "static" / "js" / "sheet-fold.js"
SHEETS = 400
# what the browser says of each sheet, to be compared with the engine's
REPORT = """
cases => cases.map(([pack, entries, extra]) => {
    const found = sheetFold.fold(pack, entries, extra);
    const of = figure => sheetFold.points(figure);
    return {
        kept: of(found.kept), possible: of(found.possible), zeroed: found.zeroed,
        capped: found.capped, looked_at: found.lookedAt, percent: sheetFold.percent(found),
        items: [...found.scores.values()].filter(each => each.isLookedAt)
            .map(each => of(each.kept)),
    };
})
"""


class Case:
    """A sheet made up from a seed: a pack, events entered on a device, and the engine's view."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.extra = self.dice.random() < 0.5
        self.lines = [self.line(number) for number in range(1, 6)]
        self.observations, self.entries, self.events = [], [], []
        for number in range(self.dice.randrange(25)):
            self.move(kept=number < 6)

    def figure(self, low, high):
        return Decimal(self.dice.randint(low, high)) / 10

    def rule(self, **more):
        kind = self.dice.choice(list(Kind))
        low = self.figure(1, 10)
        high = low if kind in {Kind.FIXED, Kind.LOSE_ITEM} else low + self.figure(0, 15)
        levels = [Decimal(0), low, low + high] if kind == Kind.LEVELS else []
        return {"kind": kind, "minimum": low, "maximum": high, "levels": levels} | more

    def line(self, number):
        critical = ["", "", "", "zero", "cap"]
        return {
            "id": number,
            "code": f"I{number}",
            "points": self.figure(10, 60),
            "price": self.rule() if self.dice.random() < 0.8 else None,
            "requirements": [
                {"id": number * 10 + n, "number": n, "critical": self.dice.choice(critical)}
                for n in range(3)
            ],
            "rules": [self.rule(id=number * 100 + n) for n in range(2)],
        }

    def amount(self, rule):
        if rule["kind"] == Kind.LEVELS:
            return self.dice.choice(rule["levels"])
        return rule["minimum"] + min(self.figure(0, 15), rule["maximum"] - rule["minimum"])

    def move(self, *, kept):
        dice, item, id = (
            self.dice,
            self.dice.choice(self.lines),
            str(uuid.UUID(int=self.dice.getrandbits(128))),
        )
        roll = dice.random()
        if roll < 0.2 and self.events and not kept:
            return self.withdraw(id, dice.choice(self.events))
        if roll < 0.35:
            return self.mark(id, item, dice.choice([Seen.CONFORMS, Seen.NOT_APPLICABLE]), kept)
        rule = dice.choice(item["rules"]) if dice.random() < 0.4 else None
        if rule is None and item["price"] is None:
            return None
        return self.observe(id, item, rule, kept)

    def mark(self, id, item, kind, kept):
        self.events.append(Event(id, kind, item["code"]))
        if kept:
            self.observations.append({"id": id, "kind": kind, "item": item["id"]})
        elif kind == Seen.CONFORMS:
            self.entries.append({"id": id, "event": {"do": "confirm", "items": [item["id"]]}})
        else:
            self.entries.append({"id": id, "event": {"do": "not_applicable", "item": item["id"]}})
        return None

    def observe(self, id, item, rule, kept):
        requirement = None if rule else self.dice.choice(item["requirements"])
        asked = rule or item["price"]
        count = self.dice.randint(1, 4) if asked["kind"] == Kind.PER_OCCURRENCE else 1
        amount = self.amount(asked)
        cost = item["points"] if asked["kind"] == Kind.LOSE_ITEM else amount * count
        number, code = requirement and str(requirement["number"]), str(rule["id"]) if rule else ""
        self.events.append(
            Event(id, Seen.MISSING, item["code"], number, cost, None, code, asked["kind"])
        )
        about = {
            "item": item["id"],
            "requirement": requirement and requirement["id"],
            "rule": rule and rule["id"],
        }
        if kept:
            self.observations.append({"id": id, "kind": "missing", "points": cost} | about)
            return
        single = asked["minimum"] == asked["maximum"] and asked["kind"] != Kind.LEVELS
        points = None if single and self.dice.random() < 0.5 else amount
        event = {"do": "observe", "points": points, "count": count, "replaces": None} | about
        self.entries.append({"id": id, "event": event})

    def withdraw(self, id, event):
        self.events.append(Event(id, Seen.WITHDRAWAL, event.item, withdraws=event.id))
        self.entries.append({"id": id, "event": {"do": "withdraw", "observation": event.id}})

    @property
    def sent(self):
        pack = {"sections": [{"items": self.lines}], "observations": self.observations}
        return [pack, self.entries, self.extra]

    @property
    def expected(self):
        items = [engine.Item(line["code"], line["points"]) for line in self.lines]
        critical = {
            (line["code"], str(each["number"])): engine.Critical(each["critical"])
            for line in self.lines
            for each in line["requirements"]
            if each["critical"]
        }
        folded = fold(items, self.events, self.extra, critical)
        score = folded.score
        return {
            "kept": score.kept,
            "possible": score.possible,
            "zeroed": score.zeroed,
            "capped": score.capped,
            "looked_at": len(folded.looked_at),
            "percent": "—" if score.shown is None else str(score.shown),
            "items": [each.kept for each in score.items],
        }


def test_the_device_and_the_engine_agree_on_random_sheets(page):
    page.add_script_tag(path=SCRIPT)
    cases = [Case(seed) for seed in range(SHEETS)]
    sent = json.loads(json.dumps([case.sent for case in cases], default=str))
    found = page.evaluate(REPORT, sent)
    for case, said in zip(cases, found, strict=True):
        told = {
            **said,
            "kept": Decimal(said["kept"]),
            "possible": Decimal(said["possible"]),
            "items": [Decimal(each) for each in said["items"]],
        }
        assert told == case.expected, case.sent
    assert len({said["kept"] for said in found}) > SHEETS / 4  # the sheets were no dull ones
