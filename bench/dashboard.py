"""Everything made again from observations, and the pages that read what is kept of it.

    python -m bench.dashboard [--sizes 1000,10000] [--rounds 30] [--vendor postgresql]
                              [--turns 1] [--without-pages]

Four rubrics of 80 items in 8 sections, 5 % missing. First all scores, lines, standings and counts
are made again from the observations, with the memory that it takes: in turns with the counts of all
scores to write, and with nothing to write. Then a real server answers, and pages stand beside a
bare authenticated view. PostgreSQL is a new cluster for each size (bin/with_services.py).

Beside the first stands one bare aggregate over the rows that everything is made of: how many
deductions each project has on each specialty and what they take, from observations, sheets and
projects (BY_PROJECT). As the least that SQL can do, the sum of the observations alone is told too.
Of both the least of four rounds counts; clock is compared with clock and, on SQLite, which works
in the process that asks, processor time with processor time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.__main__ import BARE, Measured, cell_of, signed_in, tap
from bench.evidence import STATEMENT, peak
from bench.server import serving
from bin.with_services import postgresql

BY_PROJECT = """
    SELECT project.id, sheet.specialty_id, COUNT(*), SUM(observation.points)
    FROM inspections_observation observation
    JOIN inspections_scoresheet sheet ON sheet.id = observation.sheet_id
    JOIN organization_project project ON project.id = sheet.project_id
    WHERE sheet.campaign_id = 1 AND sheet.submitted_at IS NOT NULL
    GROUP BY project.id, sheet.specialty_id
"""
ROUNDS = 4
DASHBOARD = "dashboard"
MARKS = {DASHBOARD: 20, "dashboard of a region": 20, "one deduction saved": 6}
PAGES = {
    DASHBOARD: "/c/bench/dashboard/",
    "dashboard of a region": "/c/bench/dashboard/?region=3%E5%8C%BA",
    "a project's result": "/c/bench/results/B00001/",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.dashboard", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--vendor", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--turns", type=int, default=1, help="of making everything again")
    parser.add_argument("--without-pages", action="store_true")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.step:
        import django

        django.setup()
        print(json.dumps(STEPS[options.step](sizes[0])))
        return 0
    for size in sizes:
        with database(options.vendor) as (folder, more):
            facts = run(folder, "fill", size, more)
            about = f"{options.vendor}, {size:,} projects, {facts['deductions']:,} deductions"
            for _turn in range(options.turns):
                run(folder, "forget", size, more)
                for word in ("with all counts to write", "with nothing to write"):
                    made = run(folder, "again", size, more)
                    load = os.getloadavg()[0]
                    print(
                        f"{about}, {word}: {beside(made, 'seconds')}; of the processor "
                        f"{beside(made, 'processor')}; {made['memory']} MB above idle; "
                        f"load {load:.1f}",
                        flush=True,
                    )
            if not options.without_pages:
                with serving(folder, **more) as server:
                    tell(measure(server, facts, options.rounds))
    return 0


@contextmanager
def database(vendor: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A new folder for data, and what else processes need to know of a new database."""
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        if vendor == "sqlite":
            yield folder, {"DATABASE_URL": ""}
        else:
            with postgresql() as url:
                yield folder, {"DATABASE_URL": url}


def beside(made: dict, unit: str) -> str:
    """What making everything again took by this measure, beside both aggregates by the same: with
    sheets and projects, and the strict reading, that of observations alone.
    """
    took, (by_project, alone) = made[unit], made[f"aggregates, {unit}"]
    return (
        f"{took:.1f} s, {took / by_project:.1f}× one aggregate ({by_project:.3f} s), "
        f"{took / alone:.0f}× that of observations alone ({alone:.3f} s)"
    )


def run(folder: str, step: str, size: int, more: dict[str, str]) -> dict:
    """A step in a process of its own, so that memory is that step's alone."""
    env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"} | more
    command = [sys.executable, "-m", "bench.dashboard", "--step", step, "--sizes", str(size)]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    )
    return json.loads(done.stdout.splitlines()[-1])


def fill(size: int) -> dict:
    from django.core.management import call_command
    from django.db import transaction
    from django.urls import reverse
    from django.utils import timezone

    from bench.build import build
    from bench.build_evidence import add_evidence
    from bench.sections import add_sections
    from inspections.models import ScoreSheet
    from scoring.models import Requirement

    call_command("migrate", verbosity=0)
    campaign = build(size)
    add_sections()
    with transaction.atomic():
        deductions = add_evidence(campaign, timezone.now())
    sheet = ScoreSheet.objects.unfinished().filter(campaign=campaign).order_by("pk").first()
    taps = Requirement.objects.filter(item__rubric=sheet.rubric).values_list("item", "pk")
    return {
        "deductions": deductions,
        "observe": reverse("sheet_entry", args=[campaign.code, sheet.pk]),
        "taps": list(taps),
    }


def forget(size: int) -> dict:
    """All counts, and what scores say that they have put into them, as before they were kept."""
    from scoring.models import FigureCount, MissedCount, Score, SectionCount

    for table in (MissedCount, SectionCount, FigureCount):
        table.objects.all().delete()
    return {"scores": Score.objects.update(counted=None)}


def again(size: int) -> dict:
    from django.db import connection
    from django.utils import timezone

    from campaign.models import Campaign
    from scoring.results import rebuild

    def asked(statement: str) -> tuple[float, float]:
        with connection.cursor() as cursor:
            began, worked = time.perf_counter(), time.process_time()
            cursor.execute(statement)
            cursor.fetchall()
            return time.perf_counter() - began, time.process_time() - worked

    def least(statement: str) -> tuple[float, ...]:
        rounds = [asked(statement) for _round in range(ROUNDS)]
        return tuple(min(each) for each in zip(*rounds, strict=True))

    held = Campaign.objects.get()
    by_project, alone = least(BY_PROJECT), least(STATEMENT)
    idle, began, worked = peak(), time.perf_counter(), time.process_time()
    rebuild(campaign=held, at=timezone.now())
    return {
        "aggregates, seconds": (by_project[0], alone[0]),
        "aggregates, processor": (by_project[1], alone[1]),
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - worked,
        "memory": peak() - idle,
    }


STEPS = {"fill": fill, "forget": forget, "again": again}


def measure(server, facts: dict, rounds: int) -> Measured:
    center, taps = signed_in(server.port, "center"), iter(facts["taps"])
    tasks = {BARE: partial(center.timed, "GET", "/bench/bare/")}
    tasks |= {name: partial(center.timed, "GET", page) for name, page in PAGES.items()}
    tasks["one deduction saved"] = lambda: tap(center, facts["observe"], *next(taps))
    found = Measured()
    found.run(server, tasks, rounds)
    return found


def tell(found: Measured) -> None:
    print("| page | mark | round trip, median | processor, least |")
    print("| --- | --- | ---: | ---: |")
    for name in found.round_trips:
        cells = (cell_of(values, name) for values in (found.round_trips, found.processor))
        print(f"| {name} | {f'≤ {MARKS[name]}×' if name in MARKS else ''} | {' | '.join(cells)} |")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
