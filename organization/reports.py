"""Errors, told to a server that speaks Sentry's protocol (Sentry, GlitchTip); off unless ERROR_DSN
names one, and imported by nobody then.

A report is made up here of names that the code has: kind of the error and its chain, where in the
code it was (file, function, line), address as its pattern, status, task or command, request id,
release. It has no words of an error and no values of a log line, as both quote what people typed;
nothing of the request (body, address, headers, cookies), no local variables, no person.
"""

import atexit
import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import sentry_sdk
from django.conf import settings

from organization.origin import coming_from, origin
from organization.tracing import current_id, route_of

# What a stranger did, what the senders of reports say of themselves, and what only repeats it.
SILENT = ("django.security", "sentry_sdk", "urllib3", "opentelemetry")
OURS = frozenset(
    {"organization", "campaign", "scoring", "inspections", "rewards", "portal", "config"}
)
# All that ever leaves, whatever the library adds.
ALLOWED = frozenset(
    {
        "event_id", "timestamp", "platform", "level", "logger", "release", "environment",
        "exception", "logentry", "tags", "sdk",
    }
)  # fmt: skip
CHAIN = 5  # of an error's causes, the nearest
FRAMES = 60  # of one error, the innermost
LAST_WORDS = 2.0  # seconds that a process which ends gives what it has not sent


def client(dsn: str) -> sentry_sdk.Client:
    """Sends from a thread of its own; a hundred reports wait at most, what is more is dropped."""
    return sentry_sdk.Client(
        dsn=dsn,
        release=f"pinzhi@{settings.RELEASE}",
        environment="embedded" if settings.EMBEDDED else "production",
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        enable_backpressure_handling=False,
        send_client_reports=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=allowed,
    )


def allowed(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    # the library's own list of what is installed is nobody's business
    return kept | {"sdk": {key: kept.get("sdk", {}).get(key, "") for key in ("name", "version")}}


class Handler(logging.Handler):
    """The logging handler of the root, at ERROR; also told of what nothing catches."""

    def __init__(self, dsn: str):
        super().__init__(logging.ERROR)
        self.dsn, self.client = dsn, None

    def start(self) -> None:
        """At the first report: LOGGING is read before settings are there."""
        self.client = client(self.dsn)
        atexit.register(self.client.close, timeout=LAST_WORDS)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(SILENT):
            return
        try:
            self.report(event_of(record))
        except Exception:
            self.handleError(record)

    def report(self, event: dict[str, Any]) -> None:
        if self.client is None:
            self.start()
        self.client.capture_event(event)


def event_of(record: logging.LogRecord) -> dict[str, Any]:
    event = {
        "level": "fatal" if record.levelno >= logging.CRITICAL else "error",
        "logger": record.name,
        "tags": tags_of(record),
    }
    if record.exc_info and record.exc_info[0]:
        return event | {"exception": {"values": chain_of(record.exc_info[1])}}
    place = f"{record.name}.{record.funcName}:{record.lineno}"
    # a text with places is the code's, one without may have been filled in before
    words = str(record.msg) if record.args else place
    return event | {"logentry": {"message": words}}


def tags_of(record: logging.LogRecord) -> dict[str, str]:
    tags = {"request_id": current_id.get(), "way": origin().way}
    if tags["way"] in ("task", "command"):
        tags["via"] = origin().via
    task = getattr(record, "data", None)  # the worker's line about a task that failed
    if record.name == "celery.app.trace" and isinstance(task, dict):
        tags |= {"way": "task", "via": str(task.get("name", ""))}
    request = getattr(record, "request", None)
    if request is not None:
        tags |= {"route": route_of(request), "status": str(getattr(record, "status_code", ""))}
    return {name: value for name, value in tags.items() if value}


def chain_of(error: BaseException) -> list[dict[str, Any]]:
    """The error and what led to it, the first cause first, as the protocol has it."""
    found, seen = [], set()
    while error is not None and id(error) not in seen and len(found) < CHAIN:
        seen.add(id(error))
        kind = type(error)
        frames = frames_of(error.__traceback__)
        found.append(
            {"type": kind.__qualname__, "module": kind.__module__, "stacktrace": {"frames": frames}}
        )
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)
    return found[::-1]


def frames_of(tracebacks: TracebackType | None) -> list[dict[str, Any]]:
    frames = []
    for frame, line in list(traceback.walk_tb(tracebacks))[-FRAMES:]:
        module = frame.f_globals.get("__name__") or ""
        frames.append(
            {
                "module": module,
                "filename": module.replace(".", "/") + ".py",  # no folder of this machine
                "function": frame.f_code.co_name,
                "lineno": line,
                "in_app": module.partition(".")[0] in OURS,
            }
        )
    return frames


def watch_uncaught() -> None:
    """Commands: what ends one with a traceback is reported as well; called once, at the start."""
    before = sys.excepthook

    def uncaught(kind, error, tracebacks):
        if issubclass(kind, Exception):
            log = logging.getLogger("pinzhi.uncaught")
            for handler in (each for each in log.root.handlers if isinstance(each, Handler)):
                info = kind, error, tracebacks
                record = log.makeRecord(log.name, logging.CRITICAL, "", 0, "", (), info)
                with coming_from("command", via=command()):
                    handler.handle(record)
        before(kind, error, tracebacks)

    sys.excepthook = uncaught


def command() -> str:
    """Of `manage.py NAME …` the name; what else runs by its program alone, as words may be data."""
    program = sys.argv[0].rpartition("/")[2]
    return sys.argv[1] if program == "manage.py" and sys.argv[1:] else program
