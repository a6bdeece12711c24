"""What stands in the database, for Prometheus: what waits, what went wrong, how much there is.

Asked as long as the database is there; numbers only, of nobody in particular.
"""

import logging
from collections.abc import Iterable, Iterator

from django.core.cache import cache
from django.db import Error
from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from campaign.ledger.state import State
from organization import replica as following
from organization.history_seals import unsealed
from organization.models import PasswordLetter, StoredFile
from portal.readiness import OK, state_of_parts

SECONDS = 15  # one look for all who ask meanwhile
FILES_SECONDS = 600  # all rows are read
Labelled = dict[tuple[str, ...], float]
log = logging.getLogger(__name__)


class Figures:
    """A collector as prometheus_client asks it."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield parts()
        yield from replica()
        try:
            yield from cache.get_or_set("metrics", look, SECONDS)
            yield from cache.get_or_set("metrics-files", files, FILES_SECONDS)
        except Error:
            log.exception("no figures")


def gauge(name: str, what: str, found: Labelled, labels: Iterable[str] = ()) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"pinzhi_{name}", what, labels=list(labels))
    for names, value in found.items():
        family.add_metric(names, value)
    return family


def parts() -> GaugeMetricFamily:
    found = {(name,): float(state == OK) for name, state in state_of_parts().items()}
    return gauge("part_up", "As in /readyz: 1 is well.", found, ["part"])


def replica() -> Iterator[GaugeMetricFamily]:
    """By how much it may be behind at most; nothing while nobody knows."""
    if following.is_used() and (lag := following.standby.lag) is not None:
        yield gauge("replica_lag_seconds", "At most.", {(): lag})


def look() -> list[GaugeMetricFamily]:
    at = timezone.now()
    return [*reminders(State(at)), *letters(at), *history(at)]


def reminders(state: State) -> Iterator[GaugeMetricFamily]:
    waiting = {(each.channel, "due"): each.now for each in state.backlog}
    waiting |= {(each.channel, "later"): each.later for each in state.backlog}
    yield gauge("reminders_waiting", "By channel.", waiting, ["channel", "state"])
    yield gauge("reminders_oldest_seconds", "Due for.", {(): age(state.oldest, state.at)})
    today = {(outcome,): number for outcome, number in state.today.items()}
    yield gauge("reminders_today", "Since midnight; sending: now.", today, ["outcome"])
    rounds = {(kind,): each.began_at.timestamp() for kind, each in state.last.items() if each}
    yield gauge("reminders_round_timestamp", "When a round began last.", rounds, ["kind"])
    yield gauge("robots_failing", "Whose last message did not go out.", {(): len(state.robots)})


def letters(at) -> Iterator[GaugeMetricFamily]:
    """Mails with a link to set a password; those of reminders are among the reminders."""
    found = PasswordLetter.objects.waiting().aggregate(number=Count("pk"), oldest=Min("asked_at"))
    yield gauge("letters_waiting", "Mails with a link, not sent.", {(): found["number"]})
    yield gauge("letters_oldest_seconds", "Wanted for.", {(): age(found["oldest"], at)})


def history(at) -> Iterator[GaugeMetricFamily]:
    found = unsealed().aggregate(number=Count("pk"), oldest=Min("at"))
    yield gauge("history_unsealed", "Rows that no seal covers.", {(): found["number"]})
    yield gauge("history_unsealed_seconds", "Since the oldest.", {(): age(found["oldest"], at)})


def files() -> list[GaugeMetricFamily]:
    kinds = StoredFile.objects.order_by().values_list("kind")
    found = list(kinds.annotate(number=Count("pk"), size=Sum("size")))
    return [
        gauge("files", "Stored.", {(kind,): number for kind, number, _ in found}, ["kind"]),
        gauge("files_bytes", "Stored.", {(kind,): size for kind, _, size in found}, ["kind"]),
    ]


def age(since, at) -> float:
    return (at - since).total_seconds() if since else 0.0
