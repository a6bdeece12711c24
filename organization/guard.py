"""Guessing passwords gets slow: waits that grow, for an account, a browser and an address.

The counts stand in the database, which all web processes share in every installation.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy

from organization.addresses import counted_as
from organization.history import record, record_each
from organization.models import CountKind, SignInCount, User

VERBS = {
    "hold_sign_in": gettext_lazy("登录试错太多，暂停登录"),
    "lift_hold": gettext_lazy("解除登录暂停"),
}
BY_PAGE = "sign_in"  # who acted where nobody is signed in yet
SALT = "pinzhi sign-in"
KNOWN = "known"  # the cookie of a browser that somebody signed in with
KNOWN_DAYS = 180
KNOWN_PEOPLE = 5  # who share a browser
LIFTED = 1000  # people whose counts are read at once
SWEPT = 200  # old counts taken away by one new one


@dataclass(frozen=True)
class Limit:
    """From the `first_at`-th failure within `window` on there is a wait, each twice the last."""

    first_at: int
    window: timedelta
    first: timedelta
    longest: timedelta = timedelta(minutes=15)

    def wait(self, failures: int) -> timedelta:
        over = failures - self.first_at
        if over < 0:
            return timedelta(0)
        return min(self.first * 2 ** min(over, 10), self.longest)


PERSONAL = Limit(first_at=5, window=timedelta(days=1), first=timedelta(seconds=30))
LIMITS = {
    CountKind.ACCOUNT: PERSONAL,
    CountKind.BROWSER: PERSONAL,
    # a whole office sits behind one address
    CountKind.ADDRESS: Limit(first_at=300, window=timedelta(hours=1), first=timedelta(minutes=1)),
}


class Held(Exception):
    """Not now: the password is not even looked at before `until`."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Attempt:
    """One try: at which account, from which address, from which browser if it is known."""

    username: str
    address: str
    browser: str = ""

    @property
    def account(self) -> str:
        return digest(folded(self.username))

    @property
    def counts(self) -> list[tuple[CountKind, str]]:
        """What it is counted under. A browser that the account knows stands for itself."""
        if self.browser:
            return [(CountKind.BROWSER, digest(f"{self.account} {self.browser}"))]
        own = [(CountKind.ACCOUNT, self.account)]
        place = counted_as(self.address)
        return [*own, (CountKind.ADDRESS, digest(place))] if place else own


@transaction.atomic
def begin(*, attempt: Attempt, at: datetime) -> None:
    """Count a try as failed before its password is looked at (many at once are no way around).

    Raises Held while a wait runs; that try counts for nothing.
    """
    counts = [locked(kind, key, attempt, at) for kind, key in attempt.counts]
    held = [count.held_until for count in counts if count.held_until and count.held_until > at]
    if held:
        raise Held(max(held))
    for count in counts:
        count.failures += 1
        wait = LIMITS[count.kind].wait(count.failures)
        count.held_until = at + wait if wait else None
        count.save()


def locked(kind: CountKind, key: str, attempt: Attempt, at: datetime) -> SignInCount:
    account = "" if kind == CountKind.ADDRESS else attempt.account
    rows = SignInCount.objects.select_for_update()
    new = {"kind": kind, "account": account, "since": at}
    count, created = rows.get_or_create(key=key, defaults=new)
    if created:
        sweep(at=at)
    elif at - count.since > LIMITS[kind].window and not count.is_held(at=at):
        count.failures, count.since = 0, at
    return count


def sweep(*, at: datetime) -> None:
    """Takes away what is over, except what others are counting on: they might wait for us."""
    over = SignInCount.objects.over(at=at).select_for_update(skip_locked=True)
    SignInCount.objects.filter(pk__in=[*over.values_list("pk", flat=True)[:SWEPT]]).delete()


@transaction.atomic
def succeed(*, attempt: Attempt) -> None:
    """It was the right password: the account's failures are forgotten, the address loses one."""
    kinds = {key: kind for kind, key in attempt.counts}
    for count in SignInCount.objects.select_for_update().filter(key__in=kinds).order_by("pk"):
        if count.kind != CountKind.ADDRESS:
            count.delete()
            continue
        count.failures = max(count.failures - 1, 0)  # its hour may have ended since
        if not LIMITS[count.kind].wait(count.failures):
            count.held_until = None
        count.save()


@transaction.atomic
def fail(*, attempt: Attempt, at: datetime) -> datetime | None:
    """It was the wrong one; until when there is a wait now. A person's wait goes on record."""
    keys = [key for _, key in attempt.counts]
    held = SignInCount.objects.filter(key__in=keys, held_until__gt=at)
    waits = {count.kind: count.held_until for count in held}
    own = waits.get(CountKind.ACCOUNT) or waits.get(CountKind.BROWSER)
    person = User.objects.filter(username=attempt.username).first() if own else None
    if person:
        until = own.isoformat()
        record(on=person, verb="hold_sign_in", by=BY_PAGE, at=at, after="held", until=until)
    return max(waits.values(), default=None)


@transaction.atomic
def lift_hold(*, people: Sequence[User], by, at: datetime) -> int:
    """Let people try again at once, everywhere; how many had to wait. One record for each."""
    lifted = 0
    for start in range(0, len(people), LIFTED):
        some = {
            digest(folded(name)): person
            for person in people[start : start + LIFTED]
            for name in (person.username, second_step(person.username))
        }
        counts = SignInCount.objects.filter(account__in=some)
        held = counts.filter(held_until__gt=at).values_list("account", flat=True)
        waiting = list({some[account].pk: some[account] for account in held}.values())
        counts.delete()
        states = [("held", "")] * len(waiting)
        details = [{}] * len(waiting)
        record_each(on=waiting, verb="lift_hold", by=by, at=at, details=details, states=states)
        lifted += len(waiting)
    return lifted


def lift_address(*, address: str) -> bool:
    """Forget the failures from an address; whether there were any."""
    gone, _ = SignInCount.objects.filter(key=digest(counted_as(address))).delete()
    return bool(gone)


def browser_of(cookie: str, username: str) -> str:
    """The mark of a browser that this account has signed in with before; empty for any other."""
    mark, people = opened(cookie)
    return mark if digest(folded(username)) in people else ""


def known_to(cookie: str, username: str) -> str:
    """What the browser has to carry from now on, having signed this account in."""
    mark, people = opened(cookie)
    mine = digest(folded(username))
    people = [mine, *(each for each in people if each != mine)][:KNOWN_PEOPLE]
    return signing.dumps([mark or get_random_string(22), people], salt=SALT)


def opened(cookie: str) -> tuple[str, list[str]]:
    try:
        mark, people = signing.loads(cookie, salt=SALT, max_age=timedelta(days=KNOWN_DAYS))
    except (signing.BadSignature, ValueError):
        return "", []
    return mark, people


def second_step(username: str) -> str:
    """The account as the second step counts it: apart from the password's."""
    return f"{username} second step"


def folded(username: str) -> str:
    return unicodedata.normalize("NFKC", username).casefold()


def digest(text: str) -> str:
    """Keyed: people type passwords where names belong, and what they typed is not kept."""
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()
