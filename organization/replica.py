"""Lists and reports read from a standby of PostgreSQL, where REPLICA_URL names one.

A view that `may_lag` is asked of the standby while that follows closely (REPLICA_MAX_LAG) and has
everything that the same browser wrote before. Whatever does not come out there, for whatever
reason, is asked again of the primary, so that the standby decides nothing and breaks nothing. How
far it is is told by positions in the database's log, not by clocks.
"""

import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from time import monotonic

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.http import Http404

ALIAS = "replica"
COOKIE = "written"  # up to where in the log this browser has written
POSITION = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")
NOWHERE, NEVER = 0, 2**64
UNKNOWN = "unknown"  # no position: the primary is asked until the cookie is gone
LOOK = 1.0  # seconds between two looks at how far the standby is
AT_ONCE = 2.0  # seconds in which it says how far it is, unless it stands still
REST = 5.0  # seconds for which one that did not answer is left alone
LONGER = 60  # seconds for which the cookie outlasts what is older than the standby may be
SAMPLES = 1000
SAFE = {"GET", "HEAD"}
ANSWERED = (Http404, PermissionDenied)  # what the standby may not know yet
# Who somebody is and what they may do is asked of the primary at every request.
ON_PRIMARY = {"organization.user", "organization.post", "sessions.session"}
WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE
)
ON_BOTH = """
SELECT pg_is_in_recovery(), {position}::text, system_identifier, current_database()
FROM pg_control_system()
"""
WRITTEN = ON_BOTH.format(position="pg_current_wal_insert_lsn()")
REPLAYED = ON_BOTH.format(position="pg_last_wal_replay_lsn()")
log = logging.getLogger(__name__)
_is_reading: ContextVar[bool] = ContextVar("is_reading", default=False)
_is_looking: ContextVar[bool] = ContextVar("is_looking", default=False)


class Router:
    """Django's router of databases: the standby within `reading`, and never in a transaction."""

    def db_for_read(self, model, **hints):
        if not _is_reading.get() or model._meta.label_lower in ON_PRIMARY:
            return DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS if connection.in_atomic_block else ALIAS

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db != ALIAS


class NotAReplica(Exception):
    """What REPLICA_URL names is no standby of this primary."""


class Standby:
    """What this process knows of the standby; looked at once a second at most, by one thread."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self.clock, self.busy = clock, Lock()
        self.samples: deque[tuple[float, int]] = deque(maxlen=SAMPLES)
        self.replayed = NOWHERE
        self.fresh: float | None = None  # everything written until this moment is there
        self.next_look = float("-inf")

    @property
    def lag(self) -> float | None:
        """By how many seconds it may be behind at most; None while nobody knows."""
        return None if self.fresh is None else self.clock() - self.fresh

    def serves(self, since: int = NOWHERE) -> bool:
        """Whether it is near enough, and has what was written up to this position."""
        self.look()
        lag = self.lag
        return lag is not None and lag <= settings.REPLICA_MAX_LAG and self.replayed >= since

    def look(self) -> None:
        if self.clock() < self.next_look or not self.busy.acquire(blocking=False):
            return
        try:
            self.compare()
            self.next_look = self.clock() + LOOK
        except (Error, NotAReplica) as error:
            self.rest(error)
        finally:
            self.busy.release()

    def compare(self) -> None:
        """How far both are; what was written before a moment stands before its position."""
        began = self.clock()
        _, written, *which = asked_of(DEFAULT_DB_ALIAS, WRITTEN)
        self.samples.append((began, position(written)))
        with set_to(_is_looking):
            is_standby, replayed, *same = asked_of(ALIAS, REPLAYED)
        if not is_standby or which != same:
            raise NotAReplica("no standby of this database")
        self.replayed = position(replayed)
        while self.samples and self.samples[0][1] <= self.replayed:
            self.fresh, _ = self.samples.popleft()

    def rest(self, error: Exception) -> None:
        """It failed: nobody waits for it for some seconds."""
        log.warning("replica: %s", type(error).__name__)
        self.next_look = self.clock() + REST
        self.fresh = None
        connections[ALIAS].close()


standby = Standby()


def asked_of(alias: str, sql: str) -> tuple:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def position(text: str) -> int:
    """A position in the log as a number; NEVER for what is none."""
    found = POSITION.fullmatch(text or "")
    return (int(found[1], 16) << 32) + int(found[2], 16) if found else NEVER


def is_used() -> bool:
    return bool(settings.REPLICA_URL)


def may_lag(view):
    """A view that only reads, and may show what was so some seconds ago."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if not is_used() or request.method not in SAFE:
            return view(request, *args, **kwargs)
        answer = of_standby(view, request, *args, **kwargs)
        request.read_from = "primary" if answer is None else "replica"
        return view(request, *args, **kwargs) if answer is None else answer

    asked.may_lag = True
    return asked


def of_standby(view, request, *args, **kwargs):
    """Its answer, or None where the primary has to be asked."""
    written = request.COOKIES.get(COOKIE)
    if not standby.serves(position(written) if written else NOWHERE):
        return None
    try:
        with reading():
            answer = view(request, *args, **kwargs)
    except ANSWERED:
        return None
    except Error as error:
        standby.rest(error)
        return None
    except Exception:
        # a row of one database that the other does not have yet; a real one comes again there
        log.warning("asked again of the primary", exc_info=True)
        return None
    return answer if answer.status_code < 400 else None


@contextmanager
def reading() -> Iterator[None]:
    with set_to(_is_reading), connection.execute_wrapper(only_reading):
        yield


@contextmanager
def set_to(flag: ContextVar[bool]) -> Iterator[None]:
    token = flag.set(True)
    try:
        yield
    finally:
        flag.reset(token)


@receiver(connection_created)
def wait_for_so_long(connection, **_about):
    """No answer of the standby is waited for longer than what it says may be old.

    A machine whose server stands still (a frozen guest, a disk that is away) keeps connections
    open and never says anything; no time limit of the network's notices that.
    """
    if connection.alias == ALIAS:
        made, wait = connection.connection, connection.connection.wait
        made.wait = lambda answer, **more: wait(answer, **{"timeout": patience()} | more)


def patience() -> float:
    """Seconds for which an answer of the standby is waited for."""
    return AT_ONCE if _is_looking.get() else max(settings.REPLICA_MAX_LAG, AT_ONCE)


class Writes(Exception):
    """A view that may lag would write: what it read may not decide that."""


def only_reading(execute, sql, params, many, context):
    if WRITES.match(sql):
        raise Writes
    return execute(sql, params, many, context)


@contextmanager
def watching(wrapper) -> Iterator[None]:
    """Django's execute wrapper around the statements of every database."""
    with ExitStack() as stack:
        for each in connections.all():
            stack.enter_context(each.execute_wrapper(wrapper))
        yield


class ReplicaMiddleware:
    """Notes in the browser up to where it has written; in the list only where there is a replica.

    It stands outside of the session's, whose row is written before.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in SAFE | {"OPTIONS", "TRACE"}:
            is_down = response.status_code >= 500  # nobody waits for a database that is away
            response.set_cookie(
                COOKIE,
                UNKNOWN if is_down else written_until(),
                max_age=settings.REPLICA_MAX_LAG + LONGER,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def written_until() -> str:
    """Where the log of the primary is, after what this request wrote."""
    try:
        return asked_of(DEFAULT_DB_ALIAS, WRITTEN)[1]
    except Error:
        return UNKNOWN
