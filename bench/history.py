"""What sealing and checking the history take, beside bare statements over the same rows.

python -m bench.history [--sizes 50000,500000]

Processor time, which a busy machine leaves alone; each step in a process of its own.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable

from bench.evidence import peak, run

COPY = "CREATE TEMPORARY TABLE copied AS SELECT * FROM organization_historyentry WHERE 0 = 1"
INSERT = "INSERT INTO copied SELECT * FROM organization_historyentry"
BATCH = 1000
CAMPAIGNS = 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--sizes", default="50000,500000")
    options = parser.parse_args()
    print("| rows | what | processor | a row | ratio to | memory above idle |")
    print("| ---: | --- | ---: | ---: | --- | ---: |")
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
            for step in ("fill", "seal", "check"):
                for line in run(folder, "history", step, size)["lines"]:
                    print(f"| {size:,} | {line} |", flush=True)
    return 0


def fill(size: int) -> dict:
    """Half of the rows are about projects, half about four campaigns."""
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from campaign.setup import create_campaign
    from organization.history import record_each
    from organization.models import HistoryEntry, Project, User
    from organization.origin import coming_from

    call_command("migrate", verbosity=0)
    at = timezone.now()
    center = User.objects.create(username="center", name="王芳")
    projects = [Project(code=f"P{n:04}", name=f"第{n}项目") for n in range(BATCH // 2)]
    Project.objects.bulk_create(projects)
    campaigns = [create_campaign(code=f"c{n}", by=center, at=at) for n in range(CAMPAIGNS)]
    HistoryEntry.objects.all().delete()
    changes = {"changes": {"name": ["原来的名称", "现在的名称"], "region": ["", "东区"]}}

    def write():
        for _batch in range(size // BATCH):
            with transaction.atomic(), coming_from("page", address="192.0.2.7"):
                for things in (projects, campaigns * (BATCH // 2 // CAMPAIGNS)):
                    about = {"verb": "admin_change", "by": center, "at": at, "reason": "核对"}
                    record_each(on=things, details=[changes] * len(things), **about)

    return {"lines": [line_of("putting on record", *spent(write), size)]}


def seal(size: int) -> dict:
    from django.utils import timezone

    from organization.history_seals import seal_history

    bare, _memory = spent(bare_insert)
    took, memory = spent(lambda: seal_history(at=timezone.now()))
    return {
        "lines": [
            line_of("bare insert of the same rows", bare, 0, size),
            line_of("sealing", took, memory, size, f"{took / bare:.0f}× the bare insert"),
        ]
    }


def check(size: int) -> dict:
    from django.utils import timezone

    from organization.history_check import faults

    bare, _memory = spent(bare_select)

    def verify():
        found = list(faults(at=timezone.now()))
        assert not found, found[:5]  # noqa: S101 else it measures nothing

    took, memory = spent(verify)
    return {
        "lines": [
            line_of("bare select of all rows", bare, 0, size),
            line_of("verify", took, memory, size, f"{took / bare:.0f}× the bare select"),
        ]
    }


def bare_insert() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COPY)
        cursor.execute(INSERT)


def bare_select() -> None:
    """As rows of Python's, a batch at a time."""
    from organization.models import HistoryEntry

    for _row in HistoryEntry.objects.order_by("pk").values_list().iterator(chunk_size=BATCH):
        pass


def spent(work: Callable[[], None]) -> tuple[float, int]:
    """Seconds of the processor, and by how many MB memory grew at most."""
    idle, began = peak(), time.process_time()
    work()
    return time.process_time() - began, peak() - idle


def line_of(what: str, seconds: float, memory: int, size: int, ratio: str = "") -> str:
    each = f"{seconds / size * 1000:.3f} ms"
    return f"{what} | {seconds:.2f} s | {each} | {ratio} | {memory} MB"


if __name__ == "__main__":
    sys.exit(main())
