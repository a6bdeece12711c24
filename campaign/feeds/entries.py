"""What stands in a calendar, whichever app it comes from."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.states import State

# What is nothing but open needs no word in front of its title.
PLAINLY_OPEN = ("not_started", "in_progress", "due_today")


@dataclass(frozen=True)
class Entry:
    """A thing on its day or days, in the language that is active.

    `thing` is its name ("obligation:12"), `end` its last day, `url` a path of this site,
    `about` what kind of thing it is, `note` how it stands in a word, empty while it is open.
    """

    thing: str
    title: str
    url: str
    start: date
    end: date
    about: str
    note: str = ""

    @property
    def summary(self) -> str:
        if not self.note:
            return self.title
        return _("【%(note)s】%(title)s") % {"note": self.note, "title": self.title}


def note_of(state: State) -> str:
    """How a thing stands, in a word that does not change from day to day."""
    if state.code in PLAINLY_OPEN:
        return ""
    return _("已逾期") if state.code == "overdue" else str(state)


def phase_entries(campaign: Campaign) -> list[Entry]:
    """A campaign's phases, from what was fetched with it."""
    return [
        Entry(
            thing=f"phase:{phase.pk}",
            title=_("%(phase)s阶段") % {"phase": phase.name},
            url=campaign.get_absolute_url(),
            start=phase.start,
            end=phase.end,
            about=_("阶段"),
        )
        for phase in campaign.phases.all()
    ]
