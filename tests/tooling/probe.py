"""A small Celery application for the tests of the brokers; its worker is a real process."""

import os
import time
from pathlib import Path

from celery import Celery

from config.broker import transport_options

FOLDER = Path(os.environ["PROBE_FOLDER"])
URL = os.environ["PROBE_BROKER"]
OPTIONS = transport_options(URL, FOLDER)
if URL.startswith("redis"):
    # a killed worker's task comes back after this time; six hours would be a long test
    OPTIONS |= {"visibility_timeout": 5, "unacked_restore_interval": 1}

app = Celery("probe", broker=URL)
app.conf.update(
    broker_transport_options=OPTIONS,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
)


def write(word, number):
    with (FOLDER / "diary").open("a") as diary:
        diary.write(f"{word} {number}\n")


@app.task(name="note")
def note(number):
    write("done", number)


@app.task(name="slow")
def slow(number, seconds):
    write("began", number)
    time.sleep(seconds)
    write("done", number)
