"""Who was told of what, when, by which channel, and what came of it: the ledger in words."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.models import Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.registry import THING_WORDS, Line, kind_of
from campaign.reminders.words import rule_name
from organization.prepared import prepared
from organization.states import State

STATES = {
    Delivery.WANTED: State("wanted", Delivery.WANTED.label, "clock"),
    Delivery.SENDING: State("sending", Delivery.SENDING.label, "send", "wait"),
    Delivery.SENT: State("sent", Delivery.SENT.label, "circle-check", "ok"),
    Delivery.FAILED: State("failed", Delivery.FAILED.label, "alert-triangle", "warn"),
    Delivery.UNKNOWN: State("unknown", Delivery.UNKNOWN.label, "help-circle", "warn"),
    Delivery.CANCELLED: State("cancelled", Delivery.CANCELLED.label, "ban"),
}
# What servers say of a failure may hold whom it was for, or a robot's key.
ADDRESS = re.compile(r"\S+@\S+|\w+://\S+")
HIDDEN = "…"


def told_of(*things: str) -> QuerySet[Reminder]:
    """All that anybody was told of these things, or is to be; the newest first."""
    rows = Reminder.objects.filter(thing__in=things)
    return rows.select_related("person", "robot").order_by("-wanted_at", "-pk")


def newest_told(*, things, most):
    return told_of(*things)[:most]


# put into SQL once: half the pages end with it
newest = prepared(newest_told, {"things": Reminder._meta.get_field("thing")})


@dataclass(frozen=True)
class Told:
    """One row of the ledger as people read it; it names people, never their addresses."""

    row: Reminder
    line: Line | None = None

    @property
    def title(self) -> str:
        """What it was about; the kind of thing where that is gone."""
        return self.line.title if self.line else word_of(self.row.thing)

    @property
    def url(self) -> str:
        return self.line.url if self.line else ""

    @property
    def rule(self) -> str:
        return rule_name(self.row.rule)

    @property
    def channel(self) -> str:
        return str(self.row.robot or Channel(self.row.channel).label)

    @property
    def state(self) -> State:
        return STATES[Delivery(self.row.delivery)]

    @property
    def at(self) -> datetime:
        """When it left, or when it is to leave."""
        row = self.row
        return row.sent_at or row.begun_at or row.not_before or row.wanted_at

    @property
    def reason(self) -> str:
        """Why it is not sent: a sentence of ours in the reader's language, or the other side's."""
        if self.row.delivery == Delivery.SENT or not self.row.error:
            return ""
        return without_addresses(gettext(self.row.error))

    @property
    def is_repeat(self) -> bool:
        return self.row.repeat_of_id is not None


def without_addresses(text: str) -> str:
    return ADDRESS.sub(HIDDEN, text)


def word_of(thing: str) -> str:
    """What kind of thing it is."""
    return str(THING_WORDS.get(kind_of(thing), _("事项")))
