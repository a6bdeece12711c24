"""The product's Celery application in the rig: its clock can be moved, its tasks keep a diary."""

import os
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"

from celery import signals

from config.celery import app
from tests.faults.clock import Clock
from tests.faults.diary import Diary

FOLDER = Path(os.environ["FAULT_FOLDER"])
DIARY = Diary(FOLDER / "tasks")


def run(*arguments: str) -> None:
    """Be a worker or a scheduler, until the process ends."""
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

    def on_revoked(request, **kwargs):
        write("ended", request.id, request.name)

    signals.after_task_publish.connect(on_queued, weak=False)
    signals.task_prerun.connect(on_begun, weak=False)
    signals.task_postrun.connect(on_ended, weak=False)
    signals.task_revoked.connect(on_revoked, weak=False)
