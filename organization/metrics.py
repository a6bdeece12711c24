"""What this process counts for Prometheus: requests, database, tasks. Nothing of a person.

All processes of a machine count in files of one folder, so that any of them tells for all
(prometheus_client's multiprocess mode). Labels are names that the code has: views, methods,
statuses, tasks. With METRICS_TOKEN unset nothing here is called.
"""

import fcntl
import itertools
import os
import time
from pathlib import Path

from celery.signals import task_postrun, task_prerun, task_revoked
from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

from organization.replica import watching

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for it
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUEST_SECONDS = 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
TASK_SECONDS = 0.1, 0.5, 1, 5, 15, 30, 60, 90, 300, 1800


class Place:
    """The number of this process among those that count now: the first that nobody holds.

    A number and not the process's id, so that whoever comes next counts on in the same files:
    no sum ever falls when a process ends, and there are no more files than processes at once.
    Containers that share the folder may have the same id, but not the same lock.
    """

    def __init__(self):
        self.pid, self.number, self.lock = 0, 0, None
        self.is_asked_early = True

    def __call__(self) -> int:
        if self.is_asked_early:  # by the library as it is set up: nothing may ever be counted
            self.is_asked_early = False
        elif self.pid != os.getpid():  # the first time, or forked since
            self.take()
        return self.number

    def take(self) -> None:
        if self.lock:
            self.lock.close()  # the parent holds it on
        folder = Path(settings.METRICS_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[FOLDER] = str(folder)
        self.number = next(number for number in itertools.count(1) if self.holds(folder, number))
        self.pid = os.getpid()

    def holds(self, folder: Path, number: int) -> bool:
        lock = (folder / f"{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self.lock = lock
        return True


values.ValueClass = values.MultiProcessValue(Place())
ours = CollectorRegistry()  # what this process alone has counted is told by nobody

requests = Counter(
    "pinzhi_requests", "Answers by view.", ["view", "method", "status"], registry=ours
)
request_seconds = Histogram(
    "pinzhi_request_seconds",
    "Until an answer begins, by view.",
    ["view"],
    buckets=REQUEST_SECONDS,
    registry=ours,
)
queries = Counter("pinzhi_queries", "Statements by view.", ["view"], registry=ours)
query_seconds = Counter("pinzhi_query_seconds", "Spent in statements.", ["view"], registry=ours)
reports = Counter(
    "pinzhi_replica_reports",
    "Lists and reports by where they were read.",
    ["read_from"],
    registry=ours,
)
tasks = Counter("pinzhi_tasks", "Tasks by what came of them.", ["task", "outcome"], registry=ours)
task_seconds = Histogram(
    "pinzhi_task_seconds", "By task.", ["task"], buckets=TASK_SECONDS, registry=ours
)


def counted() -> MultiProcessCollector:
    """What all processes together have counted."""
    return MultiProcessCollector(None, path=str(settings.METRICS_FOLDER))


class Statements:
    """Counts what one request asks the database (Django's execute wrapper)."""

    def __init__(self):
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - began


class MetricsMiddleware:
    """In the settings' list only where METRICS_TOKEN is set."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked, began = Statements(), time.perf_counter()
        with watching(asked):
            response = self.get_response(request)
        count(request, response.status_code, time.perf_counter() - began, asked)
        return response


def count(request, status: int, seconds: float, asked: Statements) -> None:
    match = getattr(request, "resolver_match", None)
    view = match.view_name if match else "-"
    method = request.method if request.method in METHODS else "-"
    requests.labels(view, method, status).inc()
    request_seconds.labels(view).observe(seconds)
    if where := getattr(request, "read_from", ""):
        reports.labels(where).inc()
    if asked.count:
        queries.labels(view).inc(asked.count)
        query_seconds.labels(view).inc(asked.seconds)


def watch_tasks() -> None:
    """Count tasks from now on; called once, when the process starts."""
    task_prerun.connect(task_begins, dispatch_uid="metrics")
    task_postrun.connect(task_ended, dispatch_uid="metrics")
    task_revoked.connect(task_not_begun, dispatch_uid="metrics")


def task_begins(task, **kwargs):
    task.request.began = time.perf_counter()


def task_ended(task, state=None, **kwargs):
    tasks.labels(task.name, (state or "unknown").lower()).inc()
    if began := getattr(task.request, "began", None):
        task_seconds.labels(task.name).observe(time.perf_counter() - began)


def task_not_begun(sender, expired=False, **kwargs):
    """A bell that nobody heard in time: its worker was away or had too much to do."""
    tasks.labels(sender.name, "expired" if expired else "revoked").inc()
