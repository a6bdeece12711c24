"""How long `verify` takes, and how much memory, beside one SQL aggregate over the same rows.

python -m bench.evidence [--sizes 1000,10000]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STATEMENT = "SELECT sheet_id, SUM(points) FROM inspections_observation GROUP BY sheet_id"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.evidence", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    options = parser.parse_args()
    print("| projects | deductions | one aggregate | verify | processor | memory above idle |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
            fill, check = (run(folder, "evidence", step, size) for step in ("fill", "check"))
        print(
            f"| {size:,} | {fill['deductions']:,} | {check['aggregate']:.2f} s "
            f"| {check['verify']:.1f} s | {check['processor']:.1f} s | {check['memory']} MB |",
            flush=True,
        )
    return 0


def run(folder: str, module: str, step: str, size: int) -> dict:
    """A step in a process of its own, so that memory is that step's alone."""
    env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, "-m", "bench.step", module, step, str(size)]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    )
    return json.loads(done.stdout.splitlines()[-1])


def fill(size: int) -> dict:
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from bench.build import build
    from bench.build_evidence import add_evidence

    call_command("migrate", verbosity=0)
    campaign = build(size)
    with transaction.atomic():
        return {"deductions": add_evidence(campaign, timezone.now())}


def check(size: int) -> dict:
    from django.db import connection

    from campaign.models import Campaign
    from campaign.seals import differences

    held = Campaign.objects.get()
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(STATEMENT)
        cursor.fetchall()
        aggregate = time.perf_counter() - began
    idle, began, worked = peak(), time.perf_counter(), time.process_time()
    found = list(differences(held))
    assert not found, [each.said("en") for each in found[:5]]  # noqa: S101 else it measures nothing
    return {
        "aggregate": aggregate,
        "verify": time.perf_counter() - began,
        "processor": time.process_time() - worked,
        "memory": peak() - idle,
    }


def peak() -> int:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
