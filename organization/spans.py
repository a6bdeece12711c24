"""Traces by OpenTelemetry: a span for a request, a task and each statement, sent by OTLP over HTTP.

Off unless OTEL_EXPORTER_OTLP_ENDPOINT names a collector, and imported by nobody then. A span has
names that the code has: method, address as its pattern, status, name of a task, kind of an error,
a statement without its values; and the request id, by which the log has the rest. Nothing of a
person. The library reads its other names (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, …) by itself.
"""

import atexit
import re
import time
from contextlib import contextmanager
from functools import lru_cache

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings
from django.db import connection
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from organization.replica import watching
from organization.tracing import current_id, route_of

PARENT = "traceparent"  # W3C's header
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SEND_SECONDS = 3  # until a collector that does not answer is given up
LAST_WORDS = 2.0  # seconds that a process which ends gives what it has not sent
STATEMENT = 2000  # characters of a statement, the rest is cut off
# What a statement may quote: texts, and numbers that are no part of a name or a place
VALUE = re.compile(r"'(?:[^']|'')*'|(?<![\w$\"])\d+(?:\.\d+)?(?![\w\"])")

carrier = TraceContextTextMapPropagator()


class Patience(SpanExporter):
    """The library's exporter, given up soon when the process ends, which would wait for half a
    minute by itself.
    """

    def __init__(self, exporter: SpanExporter):
        self.exporter, self.until = exporter, None

    def export(self, spans):
        if self.until is not None and time.monotonic() > self.until:
            return SpanExportResult.FAILURE
        return self.exporter.export(spans)

    def shutdown(self):
        self.exporter.shutdown()

    def end_soon(self) -> None:
        self.until = time.monotonic() + LAST_WORDS


class Tracing:
    """What this process traces with. Spans are sent every five seconds, from a thread of each
    process; 2,048 wait at most, and what is more is dropped.
    """

    def __init__(self, endpoint: str, headers: str = ""):
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint}/v1/traces", headers=as_headers(headers), timeout=SEND_SECONDS
        )
        self.patience = Patience(exporter)
        self.provider = TracerProvider(resource=resource(), shutdown_on_exit=False)
        self.provider.add_span_processor(BatchSpanProcessor(self.patience))
        self.tracer = self.provider.get_tracer("pinzhi")

    def end(self) -> None:
        """Give what waits a moment; a collector that does not answer keeps no process alive."""
        self.patience.end_soon()
        self.provider.shutdown()


def resource() -> Resource:
    known = dict(Resource.create().attributes)
    if known["service.name"].startswith("unknown_service"):  # OTEL_SERVICE_NAME says nothing
        known["service.name"] = "pinzhi"
    return Resource(known | {"service.version": settings.RELEASE})


def as_headers(text: str) -> dict[str, str]:
    """`name=value,name=value`, as the library's own name for it has them."""
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


_begun: list[Tracing] = []


def begin() -> Tracing:
    """Trace from now on; called once, when the process starts."""
    _begun[:] = [Tracing(settings.TRACES_ENDPOINT, settings.TRACES_HEADERS)]
    atexit.register(_begun[0].end)
    before_task_publish.connect(hand_on, dispatch_uid="spans")
    task_prerun.connect(task_begins, dispatch_uid="spans")
    task_postrun.connect(task_ended, dispatch_uid="spans")
    return _begun[0]


def tracer() -> trace.Tracer:
    return _begun[0].tracer


@contextmanager
def span(name: str, kind: SpanKind, **more):
    """A span that says of an error its kind alone: the words may quote what somebody typed."""
    with tracer().start_as_current_span(
        name, kind=kind, record_exception=False, set_status_on_exception=False, **more
    ) as begun:
        try:
            yield begun
        except BaseException as error:
            failed(begun, type(error).__qualname__)
            raise


def failed(begun: trace.Span, kind: str) -> None:
    begun.set_status(Status(StatusCode.ERROR))
    begun.set_attribute("error.type", kind)


def statement(execute, sql, params, many, sent):
    """Django's execute wrapper: a span around each statement."""
    words, verb = without_values(str(sql))
    system = sent["connection"].vendor
    facts = {"db.system.name": system, "db.operation.name": verb, "db.query.text": words}
    with span(f"{verb} {system}", SpanKind.CLIENT, attributes=facts):
        return execute(sql, params, many, sent)


@lru_cache(maxsize=1000)
def without_values(sql: str) -> tuple[str, str]:
    """(a statement that quotes nothing, its first word)"""
    words = VALUE.sub("?", sql)[:STATEMENT]
    return words, (words.split(None, 1) or ["-"])[0].upper()


class SpansMiddleware:
    """In the settings' list only where a collector is named; just inside the request's id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        outside = handed_over(request.headers.get(PARENT))
        method = request.method if request.method in METHODS else "-"
        with span(method, SpanKind.SERVER, context=outside) as begun:
            with watching(statement):
                response = self.get_response(request)
            route = route_of(request)
            begun.update_name(f"{method} {route}")
            begun.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": response.status_code,
                    "pinzhi.request_id": current_id.get(),
                }
            )
            if response.status_code >= 500:
                failed(begun, str(response.status_code))
        return response


def handed_over(parent: str | None) -> context.Context | None:
    """Where this goes on; None, that is where the process is, without a parent that makes sense."""
    return carrier.extract({PARENT: parent}) if parent else None


def hand_on(headers, **kwargs):
    """What asked for a task is the task's parent, also in another process."""
    carrier.inject(headers)


def task_begins(task, **kwargs):
    request = task.request
    handed = getattr(request, PARENT, None) or (request.headers or {}).get(PARENT)
    begun = tracer().start_span(task.name, context=handed_over(handed), kind=SpanKind.CONSUMER)
    begun.set_attribute("pinzhi.request_id", current_id.get())
    request.span = begun, context.attach(trace.set_span_in_context(begun))
    connection.execute_wrappers.append(statement)


def task_ended(task, state=None, retval=None, **kwargs):
    if not (kept := getattr(task.request, "span", None)):
        return
    begun, token = kept
    connection.execute_wrappers.remove(statement)
    if state == "FAILURE":
        failed(begun, type(retval).__qualname__)
    begun.end()
    context.detach(token)
