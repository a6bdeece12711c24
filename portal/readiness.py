"""Whether this process can serve: what pages need, and, apart from it, the broker."""

import logging
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from organization import replica

OK, BROKEN = "ok", "broken"
SECONDS = 5  # one look for all who ask meanwhile: it writes a file
BROKER_PATIENCE = 2  # seconds
log = logging.getLogger(__name__)


def state_of_parts() -> dict[str, str]:
    """{part: "ok" or "broken"}, at most five seconds old; why stands in the log alone."""
    return cache.get_or_set("readiness", look, SECONDS)


def is_ready(parts: dict[str, str]) -> bool:
    """Pages go on without the broker (reminders catch up), without a replica (the primary is
    asked) and without a bucket, which would be away for all processes alike, so that none of them
    takes a process away.
    """
    spared = {"broker", "replica"} | ({"storage"} if settings.FILES_BUCKET else set())
    return all(state == OK for name, state in parts.items() if name not in spared)


def look() -> dict[str, str]:
    checks = CHECKS | ({"replica": replica_follows} if replica.is_used() else {})
    return {name: state_of(name, check) for name, check in checks.items()}


def state_of(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:
        log.exception("not ready: %s", name)
        return BROKEN
    return OK


def database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations_are_applied():
    """What is applied stays so: asked until it is, as reading all migrations takes its time."""
    if cache.get("migrated"):
        return
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError(f"not applied: {plan[0][0]}")
    cache.set("migrated", True, None)


def storage_takes_files():
    if settings.FILES_BUCKET:
        default_storage.probe()
        return
    name = default_storage.save(".ready", ContentFile(b"ready"))
    default_storage.delete(name)


def broker_answers():
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE, interval_start=0)


def replica_follows():
    if not replica.standby.serves():
        raise RuntimeError(f"seconds behind: {replica.standby.lag or 'unknown'}")


CHECKS: dict[str, Callable[[], None]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "storage": storage_takes_files,
    "broker": broker_answers,
}
