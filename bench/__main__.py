"""Speed as ratios: every page against a bare authenticated view, same server, same run.

    python -m bench [--sizes 100,1000,10000] [--rounds 60]

Prints a Markdown table; docs/performance.md keeps the last one. Rounds are interleaved, so that
a slow moment of the machine falls on both sides of a ratio; medians are quoted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from bench.server import Client, serving

MARKS = {"league": 10, "deduction": 6, "work_center": 10, "work_manager": 10, "matrix": 20}
WORDS = {
    "league": "league table, first page of 50",
    "deduction": "one deduction saved, standings up to date",
    "work_center": "My work, management center",
    "work_manager": "My work, project manager",
    "matrix": "filing matrix, first page of 50",
}


@dataclass
class Figures:
    """Milliseconds, medians of one size: the bare view beside each page."""

    projects: int
    bare: float
    pages: dict[str, float]

    def ratio(self, name: str) -> float:
        return self.pages[name] / self.bare


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    print_table([figures_for(size, options.rounds) for size in sizes])
    return 0


def figures_for(projects: int, rounds: int) -> Figures:
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        facts = built(folder, projects)
        with serving(folder) as port:
            return measure(port, facts, projects, rounds)


def built(folder: str, projects: int, *more: str) -> dict:
    """Fill a database in a process of its own; what the measurement has to know comes back."""
    env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, "-m", "bench.fill", str(projects), *more]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(port: int, facts: dict, projects: int, rounds: int) -> Figures:
    center, manager = signed_in(port, "center"), signed_in(port, "pm")
    taps = iter(facts["taps"])

    def tap() -> float:
        item, requirement = next(taps)
        return center.timed(
            "POST",
            facts["observe"],
            {
                "do": "observe",
                "id": str(uuid.uuid4()),
                "missing": "on",
                "item": item,
                "requirement": requirement,
                "points": "0.5",
                "method": "open",
                "note": "",
            },
        )

    tasks = {
        "bare": lambda: center.timed("GET", "/bench/bare/"),
        "league": lambda: center.timed("GET", "/c/bench/league/"),
        "deduction": tap,
        "work_center": lambda: center.timed("GET", "/"),
        "work_manager": lambda: manager.timed("GET", "/"),
        "matrix": lambda: center.timed("GET", "/c/bench/filing/"),
    }
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for round_number in range(rounds + 5):
        for name, task in tasks.items():
            seconds = task()
            if round_number >= 5:
                spent[name].append(seconds * 1000)
    medians = {name: statistics.median(values) for name, values in spent.items()}
    return Figures(projects, medians.pop("bare"), medians)


def signed_in(port: int, username: str) -> Client:
    client = Client(port)
    client.sign_in(username, "bench")
    return client


def print_table(rows: list[Figures]) -> None:
    sizes = " | ".join(f"{row.projects:,} projects" for row in rows)
    print(f"| what | mark | {sizes} |")
    print("| --- | --- |" + " ---: |" * len(rows))
    print("| bare authenticated view | | " + " | ".join(f"{r.bare:.1f} ms" for r in rows) + " |")
    for name, word in WORDS.items():
        cells = " | ".join(f"{r.ratio(name):.1f}× ({r.pages[name]:.1f} ms)" for r in rows)
        print(f"| {word} | ≤ {MARKS[name]}× | {cells} |")
    saved = [row.pages["deduction"] / row.bare for row in rows]
    print(
        f"\nSaving a deduction at {rows[-1].projects:,} against {rows[0].projects:,} projects: "
        f"{saved[-1] / saved[0]:.2f}×"
    )


if __name__ == "__main__":
    sys.exit(main())
