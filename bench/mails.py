"""How fast mails leave: reminders of one day, each person's six in one mail, to a local sink.

    python -m bench.mails [--mails 10000] [--workers 2]

Workers are processes that deliver as the task does, on the database that DATABASE_URL names,
else on SQLite. Prints mails a second, and what a mail costs a worker in processor time: that
stays true where something else runs beside it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import monotonic

ROOT = Path(__file__).parent.parent
PYTHON = [sys.executable, "-m"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mails", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--role", choices=["fill", "deliver"], help="a process of the bench's own")
    parser.add_argument("--at", type=datetime.fromisoformat)
    options = parser.parse_args()
    if options.role:
        import django

        django.setup()
        print(json.dumps(fill(options.mails) if options.role == "fill" else deliver(options.at)))
        return 0
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        print_figures(measure(folder, options.mails, options.workers))
    return 0


def measure(folder: str, mails: int, workers: int) -> dict:
    sink = subprocess.Popen(  # noqa: S603 our own command
        [*PYTHON, "bench.sink"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    env = os.environ | {
        "DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": sink.stdout.readline().strip(),
    }
    filled = result_of(started("fill", env, "--mails", str(mails)))
    began = monotonic()
    running = [started("deliver", env, "--at", filled["at"]) for _ in range(workers)]
    done = [result_of(worker) for worker in running]
    wall = monotonic() - began
    got, _ = sink.communicate()
    sent = sum(each["mails"] for each in done)
    return filled | {
        "sent": sent,
        "arrived": int(got),
        "per_second": sent / max(each["seconds"] for each in done),
        "with_start": sent / wall,
        "cpu_ms": 1000 * sum(each["cpu"] for each in done) / sent,
        "workers": workers,
    }


def started(role: str, env: dict, *more: str) -> subprocess.Popen:
    command = [*PYTHON, "bench.mails", "--role", role, *more]
    return subprocess.Popen(  # noqa: S603 our own command
        command, env=env, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def result_of(process: subprocess.Popen) -> dict:
    said, _ = process.communicate()
    if process.returncode:
        sys.exit(process.returncode)
    return json.loads(said.splitlines()[-1])


def fill(mails: int) -> dict:
    """The ledger as a round leaves it, and the inboxes filled, so that mail alone is left."""
    from django.core.management import call_command
    from django.db import connection

    from bench.build_mails import build
    from campaign.reminders.delivery import Delivered, Shift, fill_inboxes
    from campaign.reminders.planning import plan_round

    call_command("migrate", verbosity=0)
    at = build(mails)
    planned, planning = timed(lambda: plan_round(at=at))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as it does by itself within a minute
    done = Delivered()
    _, inboxes = timed(lambda: fill_inboxes(done, Shift(at)))
    return {
        "at": at.isoformat(),
        "planned": planned,
        "planning": planning,
        "inboxes": inboxes,
        "inbox_rows": len(done.sent),
    }


def deliver(at: datetime) -> dict:
    from campaign.reminders.delivery import deliver_round

    cpu = processor_time()
    done, seconds = timed(lambda: deliver_round(at=at))
    return {"mails": done.mails, "seconds": seconds, "cpu": processor_time() - cpu}


def timed(work):
    began = monotonic()
    return work(), monotonic() - began


def processor_time() -> float:
    used = getrusage(RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def print_figures(f: dict) -> None:
    print("| what | mark | figure |\n| --- | --- | ---: |")
    print(f"| rows planned | | {f['planned']:,} in {f['planning']:.1f} s |")
    print(f"| inbox rows written | | {f['inbox_rows']:,} in {f['inboxes']:.1f} s |")
    print(f"| mails sent, arrived | | {f['sent']:,}, {f['arrived']:,} |")
    print(f"| mails a second, {f['workers']} workers | ≥ 200 | {f['per_second']:.0f} |")
    print(f"| with the workers' own start | | {f['with_start']:.0f} |")
    print(f"| a worker's processor time for each | | {f['cpu_ms']:.2f} ms |")


if __name__ == "__main__":
    sys.exit(main())
