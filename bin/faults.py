"""Breaks everything around reminders (tests/faults) in full, attacks pages and API for longer and
plays a hundred schedules of what breaks between a phone and the server, on both databases; prints
figures.

FAULT_SEED chooses the moments. The tables are those in docs/reliability.md and docs/security.md.
"""

import json
import os
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
    ("tests/access/attack",),
    ("tests/e2e/test_field_faults.py",),
)
NAMES = {"schedule", "database"}
DATABASES = {"sqlite": [], "postgresql": beside("postgresql")}


def main():
    seed = os.environ.get("FAULT_SEED") or str(secrets.randbelow(10**6))
    kept = {key: value for key, value in os.environ.items() if key not in OURS.split()}
    failed = []
    with tempfile.TemporaryDirectory(prefix="pinzhi-faults-") as name:
        figures = Path(name, "figures")
        chosen = {"FAULTS": "all", "FAULT_SEED": seed, "FAULT_FIGURES": str(figures)}
        environment = kept | chosen | {"DATA_DIR": str(Path(name, "data"))}
        for database, services in DATABASES.items():
            print(f"--- faults on {database} …", flush=True)
            for what in PARTS:
                options = f"--vendor={database}", "--no-migrations", *what
                command = [str(part) for part in (*services, *pytest(*options))]
                if subprocess.run(command, cwd=ROOT, env=environment).returncode:
                    failed.append(database)
        rows = [json.loads(line) for line in figures.read_text().splitlines()]
    print(f"\nFAULT_SEED={seed}\n")
    print(as_table([row for row in rows if "fault" in row]))
    print()
    print(as_table(sums([row for row in rows if "schedule" in row])))
    print()
    print(as_attacks([row for row in rows if "attack" in row]))
    sys.exit(f"failed on {' and '.join(dict.fromkeys(failed))}" if failed else 0)


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


def as_table(rows: list[dict]) -> str:
    """Markdown; a fault's rows beside each other, one for each database."""
    order = list(dict.fromkeys(row["fault"] for row in rows))
    rows = sorted(rows, key=lambda row: order.index(row["fault"]))
    names = ["fault", "database", *(key for key in rows[0] if key not in {"fault", "database"})]
    lines = [names, ["---"] * 2 + ["---:"] * (len(names) - 2)]
    lines += [[str(row[name]) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    main()
