"""A page of the ledger: the newest first, turned by ids, since nobody counts a million rows.

Rows are in the order in which they were planned, which is that of their ids: every filter then
reads from the end of the table, or from an index, until the page is full.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaign.ledger.filters import (
    DID_NOT_ARRIVE,
    NARROWING,
    NOT_ARRIVED,
    TROUBLE,
    Asked,
    Narrowing,
)
from campaign.ledger.resending import repeated_of
from campaign.models import Reminder
from campaign.reminders.naming import named_rows
from campaign.told import Told
from organization.models import User
from organization.numbers import whole

PAGE_SIZE = 25
MOST_COUNTED = 1000
FOLDED = ("campaign", "rule", "kind", "since", "until")  # filters behind a word
BEFORE, AFTER = "before-", "after-"


@dataclass(frozen=True)
class Line(Told):
    """A row of the ledger with its campaign, and whether it may be sent once more."""

    may_resend: bool = False


class LedgerPage(Narrowing):
    """The rows that were asked for, from a row on (`?page=before-123`, `after-123`)."""

    def __init__(self, query: QueryDict, at: datetime, *, reader: User):
        super().__init__(Asked.of(query), at, reader=reader)
        self.turned = query.get("page", "")
        self.is_narrowed = any(query.get(name) for name in NARROWING)
        self.has_more_filters = any(query.get(name) for name in FOLDED)

    @cached_property
    def found(self) -> list[Reminder]:
        """One row more than a page has, if there are more that way; the newest first.

        Without joins: they tempt a database to begin with the few campaigns, and to sort.
        """
        shown = self.rows.prefetch_related("campaign", "person", "robot")
        after, before = number_in(self.turned, AFTER), number_in(self.turned, BEFORE)
        if after is not None:
            return list(shown.filter(pk__gt=after).order_by("pk")[: PAGE_SIZE + 1])[::-1]
        if before is not None:
            shown = shown.filter(pk__lt=before)
        return list(shown.order_by("-pk")[: PAGE_SIZE + 1])

    @property
    def is_turned_back(self) -> bool:
        return number_in(self.turned, AFTER) is not None

    @property
    def has_more(self) -> bool:
        """In the direction in which the page was turned."""
        return len(self.found) > PAGE_SIZE

    @property
    def shown(self) -> list[Reminder]:
        return self.found[-PAGE_SIZE:] if self.is_turned_back else self.found[:PAGE_SIZE]

    @cached_property
    def lines(self) -> list[Line]:
        """In the reader's language; a fixed number of queries per campaign and kind of thing."""
        named = named_rows(self.shown, language=get_language())
        repeated = repeated_of(self.shown)
        return [
            Line(
                row,
                named.get(row.pk),
                may_resend=row.delivery in NOT_ARRIVED and row.pk not in repeated,
            )
            for row in self.shown
        ]

    @property
    def newer(self) -> str:
        """Where the page before this one begins; empty on the first."""
        is_first = not self.turned or (self.is_turned_back and not self.has_more)
        return f"{AFTER}{self.shown[0].pk}" if self.shown and not is_first else ""

    @property
    def older(self) -> str:
        has_older = self.is_turned_back or self.has_more
        return f"{BEFORE}{self.shown[-1].pk}" if self.shown and has_older else ""

    @cached_property
    def count(self) -> int:
        """Up to a thousand and one: what is more is not counted."""
        if not self.turned and not self.has_more:
            return len(self.found)
        return counted(self.rows)

    @property
    def answer(self) -> str:
        if not self.count:
            return _("没有符合条件的提醒") if self.is_narrowed else _("还没有提醒过谁")
        if self.count > MOST_COUNTED:
            return _("超过 %(count)s 条提醒") % {"count": f"{MOST_COUNTED:,}"}
        return ngettext("%(count)d 条提醒", "%(count)d 条提醒", self.count) % {"count": self.count}

    @cached_property
    def resendable(self) -> int:
        """How many of all that the filters leave may be sent once more, where they ask for it."""
        is_asked = self.asked.result in (TROUBLE, *NOT_ARRIVED)
        return counted(resendable(self.rows)) if is_asked else 0


def counted(rows: QuerySet[Reminder]) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].count()


def number_in(text: str, prefix: str) -> int | None:
    return whole(text.removeprefix(prefix)) if text.startswith(prefix) else None


def resendable(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    return rows.filter(DID_NOT_ARRIVE, repeat=None)
