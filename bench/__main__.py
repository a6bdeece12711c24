"""Speed as ratios: every page against a bare authenticated view, same server, same run.

    python -m bench [--sizes 100,1000,10000] [--rounds 60]

Prints two Markdown tables; docs/performance.md keeps the last ones. Rounds are interleaved, so
that a slow moment of the machine falls on both sides of a ratio. The first table has medians of
whole round trips, the second the least processor time that the server took, which also says
something on a machine that others use. Needs Linux, which counts that time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.server import Client, Server, serving

WARM_UP = 5
BARE = "bare authenticated view"
LEAGUE = "league table, first page of 50"
DEDUCTION = "one deduction saved, standings up to date"
MATRIX = "filing matrix, first page of 50"
# My work, and what who looks at it is called in bench.build.
WORK = {
    "My work, management center": "center",
    "My work, project manager": "pm",
    "My work, deputy project manager": "deputy_project_manager",
    "My work, head of department": "department_head",
    "My work, employee": "u00001",
    "My work, specialty lead": "specialty_lead",
    "My work, president": "president",
    "My work, executive": "executive",
    "My work, administrator": "administrator",
}
MARKS = {LEAGUE: 5, DEDUCTION: 6, MATRIX: 20} | dict.fromkeys(WORK, 8)


@dataclass
class Measured:
    """Milliseconds by task, round after round: as a whole, and of the processor."""

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    worked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def run(self, server: Server, tasks: Mapping[str, Callable[[], float]], rounds: int) -> None:
        """A task gives the seconds that it took. The first rounds only warm up."""
        for number in range(-WARM_UP, rounds):
            for name, task in tasks.items():
                before = server.cpu()
                seconds = task()
                if number >= 0:
                    self.spent[name].append(seconds * 1000)
                    self.worked[name].append(server.cpu() - before)

    @property
    def round_trips(self) -> dict[str, float]:
        return {name: statistics.median(values) for name, values in self.spent.items()}

    @property
    def processor(self) -> dict[str, float]:
        return {name: min(values) for name, values in self.worked.items()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    found = {size: measured(size, options.rounds) for size in sizes}
    print_table("round trip, median", {size: each.round_trips for size, each in found.items()})
    print()
    print_table("processor, least", {size: each.processor for size, each in found.items()})
    return 0


def measured(projects: int, rounds: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        facts = built(folder, projects)
        with serving(folder) as server:
            return measure(server, facts, rounds)


def built(folder: str, projects: int, *more: str) -> dict:
    """Fill a database in a process of its own; what the measurement has to know comes back."""
    env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, "-m", "bench.fill", str(projects), *more]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(server: Server, facts: dict, rounds: int) -> Measured:
    people = {name: signed_in(server.port, name) for name in WORK.values()}
    center, taps = people["center"], iter(facts["taps"])
    tasks = {
        BARE: partial(center.timed, "GET", "/bench/bare/"),
        LEAGUE: partial(center.timed, "GET", "/c/bench/league/"),
        DEDUCTION: lambda: tap(center, facts["observe"], *next(taps)),
        MATRIX: partial(center.timed, "GET", "/c/bench/filing/"),
    }
    found = Measured()
    work = {word: partial(people[name].timed, "GET", "/") for word, name in WORK.items()}
    found.run(server, tasks | work, rounds)
    return found


def tap(client: Client, address: str, item: int, requirement: int) -> float:
    asked = {"do": "observe", "missing": "on", "points": "0.5", "method": "open", "note": ""}
    what = {"id": str(uuid.uuid4()), "item": item, "requirement": requirement}
    return client.timed("POST", address, asked | what)


def signed_in(port: int, username: str) -> Client:
    client = Client(port)
    client.sign_in(username, "bench")
    return client


def print_table(title: str, found: dict[int, dict[str, float]]) -> None:
    """A column for each number of projects, a line for each page."""
    print(f"| {title} | mark | " + " | ".join(f"{size:,} projects" for size in found) + " |")
    print("| --- | --- |" + " ---: |" * len(found))
    for name in next(iter(found.values())):
        cells = " | ".join(cell_of(pages, name) for pages in found.values())
        print(f"| {name} | {f'≤ {MARKS[name]}×' if name in MARKS else ''} | {cells} |")
    saved = [pages[DEDUCTION] / pages[BARE] for pages in found.values()]
    sizes = f"{max(found):,} against {min(found):,} projects"
    print(f"\nSaving a deduction at {sizes}: {saved[-1] / saved[0]:.2f}×")


def cell_of(pages: dict[str, float], name: str) -> str:
    shown = f"{pages[name]:.1f} ms"
    return shown if name == BARE else f"{pages[name] / pages[BARE]:.1f}× ({shown})"


if __name__ == "__main__":
    sys.exit(main())
