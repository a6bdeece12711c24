"""One id for a request and everything that it sets going, in answers and in every line of the log.

A proxy's `X-Request-ID` is taken over and handed on to tasks, so that one word finds all of it.
Lines hold no personal data: an address is logged as its pattern, since the real one may hold a
token or a search, and who asked is not logged.
"""

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar

from celery.signals import before_task_publish, task_postrun, task_prerun

HEADER = "X-Request-ID"
TASK_HEADER = "request_id"
TAKEN_OVER = re.compile(r"[A-Za-z0-9._-]{8,64}")

current_id: ContextVar[str] = ContextVar("current_id", default="")
log = logging.getLogger("pinzhi.requests")


class RequestIdMiddleware:
    """Outermost, so that whatever answers has the id, and the time is the whole."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get(HEADER, "")
        token = current_id.set(given if TAKEN_OVER.fullmatch(given) else uuid.uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = current_id.get()
            note(request, response, time.perf_counter() - began)
        finally:
            current_id.reset(token)
        return response


def note(request, response, seconds: float):
    facts = {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
    log.info("%(method)s %(route)s %(status)s", facts, extra={"facts": facts})


def route_of(request) -> str:
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "-"


class RequestFilter(logging.Filter):
    """Gives each line the id, and what Django says of a request its pattern for its address."""

    def filter(self, record):
        record.request_id = current_id.get() or "-"
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple) and len(record.args) == 2:
            record.args = record.args[0], route_of(request)
        return True


class JsonFormatter(logging.Formatter):
    """A line of the log as one JSON object."""

    def format(self, record):
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        } | getattr(record, "facts", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


@before_task_publish.connect
def hand_on(headers, **kwargs):
    if current_id.get():
        headers[TASK_HEADER] = current_id.get()


@task_prerun.connect
def take_over(task, **kwargs):
    """What a beat rings for has no request: the task's own id is its word."""
    request = task.request
    if not request.is_eager:  # else it goes on in whatever called it
        handed = getattr(request, TASK_HEADER, "") or (request.headers or {}).get(TASK_HEADER)
        current_id.set(handed or str(request.id))


@task_postrun.connect
def let_go(task, **kwargs):
    if not task.request.is_eager:
        current_id.set("")
