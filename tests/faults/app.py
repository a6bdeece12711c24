"""The product's Celery application in the rig: its clock can be moved, its tasks keep a diary."""

import os
from importlib import import_module
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"

from celery import signals
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from config.celery import app
from tests.faults.clock import Clock
from tests.faults.diary import Diary

FOLDER = Path(os.environ["FAULT_FOLDER"])
DIARY = Diary(FOLDER / "tasks")
LOADED_LATE = (
    "celery.apps.worker",
    "celery.beat",
    "celery.bin.celery",
    "celery.concurrency.thread",
    "celery.worker.consumer",
    "config.redis_broker",
    "config.schedule",
    "campaign.reminders.smtp",
)
ANSWER_SECONDS = 2  # a service that never answers is given up on a little sooner


def load() -> None:
    """What every worker would load for itself, at the latest with its first mail."""
    app.loader.import_default_modules()
    for name in LOADED_LATE:
        import_module(name)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("mail")
    assert get_resolver().url_patterns
    for kind in ("txt", "html"):
        get_template(f"mail/reminders.{kind}")


def run(arguments: list[str], changes: dict) -> None:
    """Be a worker or a scheduler with some settings of its own, until the process ends."""
    from campaign.robots import webhooks

    for name, value in changes.items():
        setattr(settings, name, value)
    webhooks.ANSWER_SECONDS = ANSWER_SECONDS
    app.conf.broker_transport_options |= settings.BROKER_CHANGES
    clock = Clock(FOLDER / "clock")
    clock.follow()
    listen(clock)
    app.start(argv=["--quiet", *arguments])


def listen(clock: Clock) -> None:
    def write(event: str, task: str, name: str) -> None:
        DIARY.append({"event": event, "task": task, "name": name, "pid": os.getpid()})

    def on_queued(sender, headers, **kwargs):
        write("queued", headers["id"], sender)

    def on_begun(task_id, task, **kwargs):
        clock.look()
        write("begun", task_id, task.name)

    def on_ended(task_id, task, **kwargs):
        write("ended", task_id, task.name)

    def on_revoked(sender, request, **kwargs):
        write("ended", request.id, sender.name)

    signals.after_task_publish.connect(on_queued, weak=False)
    signals.task_prerun.connect(on_begun, weak=False)
    signals.task_postrun.connect(on_ended, weak=False)
    signals.task_revoked.connect(on_revoked, weak=False)
