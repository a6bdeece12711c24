"""What a reader asks of the filing matrix, and how SQL tells how an obligation stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from campaign.words import Scope
from organization.clock import local_day

SEARCH_LENGTH = 60
LATE, NAME = "late", "name"
# The groups in the order in which they stand on the page.
GROUPS = (Scope.PROJECT, Scope.SPECIALTY, Scope.COMPANY)
OF_GROUP = {
    Scope.PROJECT: Q(project__isnull=False),
    Scope.SPECIALTY: Q(specialty__isnull=False),
    Scope.COMPANY: Q(project=None, specialty=None),
}
# What the chips narrow to: subjects with at least one cell that stands so.
STATES = ("overdue", "returned", "waiting")


def standing(at: datetime) -> dict[str, Q]:
    """`Obligation.state` as SQL tells it; whatever is none of these is still to come."""
    today = local_day(at)
    to_do = Q(accepted_at=None, submitted_at=None)
    return {
        "overdue": to_do & Q(due__lt=today),
        "returned": to_do & Q(due__gte=today, returned_at__isnull=False),
        "waiting": Q(accepted_at=None, submitted_at__isnull=False),
        "done": Q(accepted_at__isnull=False),
    }


def pressing(at: datetime) -> Q:
    """What stands in one of the three ways of the chips."""
    late = Q(due__lt=local_day(at))
    return Q(accepted_at=None) & (
        Q(submitted_at__isnull=False) | late | Q(returned_at__isnull=False)
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader wants to see; `sort` is LATE, NAME or a milestone's code, "-" turns it."""

    state: str = ""
    owes: str = ""
    region: str = ""
    search: str = ""
    sort: str = LATE
    page: int = 1


def read_ask(params: Mapping[str, str], codes: Iterable[str]) -> Ask:
    """What the address asks for; anything unknown is passed over."""
    sort, page = params.get("sort", ""), params.get("page", "")
    return Ask(
        state=params.get("state", "") if params.get("state") in STATES else "",
        owes=params.get("owes", "") if params.get("owes") in GROUPS else "",
        region=params.get("region", "").strip()[:SEARCH_LENGTH],
        search=params.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
        sort=sort if sort.removeprefix("-") in {LATE, NAME, *codes} else LATE,
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )
