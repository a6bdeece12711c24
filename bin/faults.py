"""Breaks everything around reminders (tests/faults) in full, attacks pages and API for longer and
plays a hundred schedules of what breaks between a phone and the server, on both databases; then
breaks the processes of deploy/ under load. `--deployed` does that alone, in ten minutes. Prints the
figures.

FAULT_SEED chooses the moments. The tables are those in docs/security.md and docs/reliability.md,
where the last one is written down as well.
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from run_tests import OURS, ROOT, beside, pytest

PARTS = (
    ("-m", "faults", "tests/faults"),
    ("tests/inspections/sync/test_attack.py",),
    ("tests/access",),
    ("tests/e2e/test_scripts_stay_words.py",),
    ("tests/e2e/test_field_faults.py",),
)
DEPLOYED = ("tests/deploy",)
NAMES = {"schedule", "database"}
DOCUMENT = ROOT / "docs" / "reliability.md"
UNDER_LOAD = re.compile(r"(?<=<!-- under load -->\n).*?(?=<!-- end -->)", re.DOTALL)
DATABASES = {"sqlite": [], "postgresql": beside("postgresql")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deployed", action="store_true", help="only the processes of deploy/")
    only_deployed = parser.parse_args().deployed
    seed = os.environ.get("FAULT_SEED") or str(secrets.randbelow(10**6))
    with tempfile.TemporaryDirectory(prefix="pinzhi-faults-") as name:
        figures = Path(name, "figures")
        figures.touch()
        chosen = {"FAULTS": "all", "FAULT_SEED": seed, "FAULT_FIGURES": str(figures)}
        runs = [] if only_deployed else [(*run, PARTS) for run in DATABASES.items()]
        runs.append(("deployment", [], [DEPLOYED]))
        failed = [run[0] for run in runs if not passes(*run, chosen, Path(name, "data"))]
        rows = [json.loads(line) for line in figures.read_text().splitlines()]
    print(f"\nFAULT_SEED={seed}\n")
    tables = {
        "reminders": beside_each_other([row for row in rows if "fault" in row]),
        "schedules": sums([row for row in rows if "schedule" in row]),
        "deployed": [row for row in rows if "trouble" in row],
    }
    for table in filter(None, tables.values()):
        print(as_table(table), end="\n\n")
    if attacks := [row for row in rows if "attack" in row]:
        print(as_attacks(attacks))
    if not failed:
        write_down(as_table(tables["deployed"]))
    sys.exit(f"failed on {' and '.join(failed)}" if failed else 0)


def passes(where, services, parts, chosen, data):
    """Runs all parts, also after one that failed."""
    print(f"--- faults on {where} …", flush=True)
    kept = {key: value for key, value in os.environ.items() if key not in OURS.split()}
    vendor = "sqlite" if where == "deployment" else where
    options = f"--vendor={vendor}", "--no-migrations"
    commands = [[*services, *pytest(*options, *what)] for what in parts]
    environment = kept | chosen | {"DATA_DIR": str(data)}
    codes = [
        subprocess.run([str(part) for part in command], cwd=ROOT, env=environment).returncode
        for command in commands
    ]
    return not any(codes)


def write_down(table: str):
    """The figures of a run in which nothing was lost."""
    text = DOCUMENT.read_text()
    DOCUMENT.write_text(UNDER_LOAD.sub(lambda found: f"\n{table}\n\n", text))


def sums(rows: list[dict]) -> list[dict]:
    """All schedules of a database in one row."""
    by_database = defaultdict(list)
    for row in rows:
        by_database[row["database"]].append(row)
    return [
        {"fault": f"{len(each)} schedules", "database": database}
        | {name: sum(row[name] for row in each) for name in each[0] if name not in NAMES}
        for database, each in by_database.items()
    ]


def as_attacks(rows: list[dict]) -> str:
    """Markdown; an attack's parts on both databases together."""
    by_attack = defaultdict(Counter)
    for row in rows:
        by_attack[row["attack"]].update({key: row[key] for key in row if key != "attack"})
    lines = [["attack", "tried", "what happened"], ["---", "---:", "---"]]
    for attack, counts in by_attack.items():
        tried = counts.pop("tried")
        happened = ", ".join(f"{number:,} {word}" for word, number in sorted(counts.items()))
        lines.append([attack, f"{tried:,}", happened])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def beside_each_other(rows: list[dict]) -> list[dict]:
    """A fault's rows beside each other, one for each database."""
    order = list(dict.fromkeys(row["fault"] for row in rows))
    rows = sorted(rows, key=lambda row: order.index(row["fault"]))
    return [{"fault": row["fault"]} | row for row in rows]


def as_table(rows: list[dict]) -> str:
    """Markdown; texts to the left, figures to the right."""
    names = list(rows[0])
    is_text = [isinstance(said, str) for said in rows[0].values()]
    lines = [names, ["---" if text else "---:" for text in is_text]]
    lines += [[str(row[name]) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    main()
