"""The test's own memory of who did what on which day, and what a page has to say of it.

It is written from the plan's rules alone and asks the product nothing, so that the two can
disagree.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date


@dataclass
class Diary:
    """Moves by (subject, thing): "submit", "return", "accept", each with its day."""

    moves: dict = field(default_factory=lambda: defaultdict(list))

    def note(self, subject: str, thing: str, move: str, day: date) -> None:
        self.moves[subject, thing].append((move, day))

    def word(self, subject: str, thing: str, *, due: date, today: date) -> str:
        """How it stands at the end of a day; late is measured on what was accepted (ruling 11)."""
        handed_in, returned, accepted = None, False, False
        for move, day in self.moves[subject, thing]:
            if move == "submit":
                handed_in = day
            elif move == "return":
                handed_in, returned = None, True
            else:
                accepted = True
        if accepted:
            late = (handed_in - due).days
            return f"late {late}" if late > 0 else "accepted"
        if handed_in:
            return "waiting"
        if today > due:
            return f"overdue {(today - due).days}"
        return "returned" if returned else "open"

    def tally(self, things: dict[str, date], *, today: date) -> dict[str, int]:
        """How many findings are open, overdue, waiting for verification and verified."""
        counts = {"open": 0, "overdue": 0, "waiting": 0, "verified": 0}
        for thing, due in things.items():
            word = self.word("finding", thing, due=due, today=today).partition(" ")[0]
            stands = {"accepted": "verified", "late": "verified", "waiting": "waiting"}
            counts[stands.get(word, "open")] += 1
            counts["overdue"] += word == "overdue"
        return counts
