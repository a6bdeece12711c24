"""Things to be reminded of in tests, registered like an app registers its own."""

from dataclasses import dataclass, field
from datetime import date

from campaign.models import Campaign
from campaign.owed import owed_rows
from campaign.registry import Line
from organization.models import User


@dataclass
class Duties:
    """What is open in a campaign: {thing: (due date, people)}; tests add, move and take away.

    What tests call `a` is the ledger's `duty:a`.
    """

    campaign: Campaign
    things: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)

    def owe(self, thing: str, due: date, *people, title="") -> None:
        self.things[thing] = (due, [person.pk for person in people])
        self.titles[thing] = title or f"事项 {thing}"

    def finish(self, thing: str) -> None:
        self.things.pop(thing, None)

    # --- a campaign.registry.DueSource ---

    kind = "duty"

    def owed(self, campaign, at):
        if campaign != self.campaign:
            return
        for thing, (due, people) in self.things.items():
            rows = User.objects.filter(pk__in=people)
            yield owed_rows(rows, thing=f"{self.kind}:{thing}", due=due, person="pk")

    def named(self, campaign, things):
        names = {thing: thing.removeprefix(f"{self.kind}:") for thing in things}
        return {
            thing: Line(self.titles[name], f"/things/{name}/")
            for thing, name in names.items()
            if name in self.titles
        }
