"""Things to be reminded of in tests, registered like an app registers its own."""

from dataclasses import dataclass, field
from datetime import date

from campaign.models import Campaign
from campaign.registry import Due


@dataclass
class Duties:
    """What is open in a campaign: {thing: (due date, people)}; tests add, move and take away."""

    campaign: Campaign
    things: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)

    def owe(self, thing: str, due: date, *people, title="") -> None:
        self.things[thing] = (due, [person.pk for person in people])
        self.titles[thing] = title or f"事项 {thing}"

    def finish(self, thing: str) -> None:
        self.things.pop(thing, None)

    def __call__(self, campaign, at):
        if campaign != self.campaign:
            return []
        return [
            Due(
                thing=thing,
                campaign=campaign,
                due=due,
                title=self.titles[thing],
                url=f"/things/{thing}/",
                people=people,
            )
            for thing, (due, people) in self.things.items()
        ]
