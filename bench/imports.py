"""A rubric of 2,000 items from one Excel file: the whole import beside reading the file alone.

    python -m bench.imports [--items 2000] [--rounds 5]

Every size has a process and an empty database of its own; figures are medians. The mark: the whole
import takes at most 1.5 times the reading plus one second, in a constant number of queries, with
at most 30 MB above the idle process. Idle is the process after a small import, so that what every
worker has loaded anyway is not counted.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

LIMIT_RATIO, LIMIT_SECONDS, LIMIT_MB = 1.5, 1.0, 30
HEADER = ["类别", "项目", "标准及检查内容", "规定分值", "评分", "评分细则"]
SECTION = 20  # items
SMALL = 10  # items of the import that comes before
LINES = ("制度上墙并及时更新", "记录完整，至少保存7天", "现场整洁无杂物", "人员持证上岗")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.items, options.rounds)))
        return 0
    return show([run(size, options.rounds) for size in (options.items // 10, options.items)])


def run(items: int, rounds: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        for name, count in (("small", SMALL), ("form", items)):
            Path(folder, f"{name}.xlsx").write_bytes(form(count))
        # the measured process makes no forms: what that takes would hide what reading takes
        command = [sys.executable, "-m", "bench.imports", "--measure", folder]
        command += ["--items", str(items), "--rounds", str(rounds)]
        root = Path(__file__).parent.parent
        done = subprocess.run(  # noqa: S603 our own command
            command, env=env, check=True, stdout=subprocess.PIPE, cwd=root
        )
    return json.loads(done.stdout.splitlines()[-1])


def show(rows: list[dict]) -> int:
    heads = " | ".join(f"{row['items']:,} items" for row in rows)
    print(f"| what | mark | {heads} |\n| --- | --- |" + " ---: |" * len(rows))
    for word, mark, key, form in (
        ("reading the file alone", "", "reading", "{:.2f} s"),
        ("first import, whole", "≤ 1.5 × reading + 1 s", "first", "{:.2f} s"),
        ("import over an existing version", "≤ 1.5 × reading + 1 s", "again", "{:.2f} s"),
        ("queries of an import over another", "constant", "queries", "{}"),
        ("memory above idle", f"≤ {LIMIT_MB} MB", "memory", "{:.0f} MB"),
    ):
        print(f"| {word} | {mark} | " + " | ".join(form.format(row[key]) for row in rows) + " |")
    missed = [*filter(None, (missed_by(row) for row in rows))]
    if rows[0]["queries"] != rows[-1]["queries"]:
        missed.append("the queries grow with the items")
    print("\n" + ("; ".join(missed) or "All marks are met."))
    return 1 if missed else 0


def missed_by(row: dict) -> str:
    limit = LIMIT_RATIO * row["reading"] + LIMIT_SECONDS
    slow = max(row["first"], row["again"]) > limit
    return f"{row['items']} items: over {limit:.2f} s" if slow else (
        f"{row['items']} items: {row['memory']:.0f} MB" if row["memory"] > LIMIT_MB else ""
    )  # fmt: skip


# --- in the measured process ---------------------------------------------------------------


def measure(folder: Path, items: int, rounds: int) -> dict:
    import django  # after the settings are named

    django.setup()
    importer = Importer()
    importer.take((folder / "small.xlsx").read_bytes())
    data = (folder / "form.xlsx").read_bytes()
    idle = peak()
    first = importer.take(data)
    memory = peak() - idle
    again = statistics.median(importer.take(data) for _ in range(rounds))
    reading = statistics.median(importer.read(data) for _ in range(rounds))
    return {
        "items": items,
        "reading": reading,
        "first": first,
        "again": again,
        "queries": importer.queries,
        "memory": memory,
    }


class Importer:
    """Imports files into one specialty of one campaign, as the page and the command do."""

    def __init__(self):
        from django.core.management import call_command
        from django.utils import timezone

        from campaign.setup import create_campaign
        from organization.models import Specialty

        call_command("migrate", verbosity=0)
        self.at = timezone.now()
        self.campaign = create_campaign(code="bench", year=2026, by="bench", at=self.at)
        self.specialty = Specialty.objects.get(code="facilities")
        self.queries = 0

    def read(self, data: bytes) -> float:
        from scoring.forms import read_tables

        return timed(lambda: read_tables(data))

    def take(self, data: bytes) -> float:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        seconds = timed(lambda: self.whole(data))
        with CaptureQueriesContext(connection) as context:
            self.whole(data)
        self.queries = len(context)
        return seconds

    def whole(self, data: bytes) -> None:
        from scoring.importing import read_form
        from scoring.rubrics import draft_rubric

        understood = read_form(data, campaign=self.campaign, specialty=self.specialty)
        if understood.errors:
            raise SystemExit(f"the form was refused: {understood.errors[0]}")
        draft_rubric(
            campaign=self.campaign,
            specialty=self.specialty,
            understood=understood,
            by="bench",
            at=self.at,
        )


def timed(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def form(items: int) -> bytes:
    """The company's kind of form, in sections of 20 items with four requirements each."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("评分表")
    sheet.append(["设施设备维护督导评分细则"])
    sheet.append(HEADER)
    for number in range(items):
        section = f"系统{number // SECTION + 1}" if number % SECTION == 0 else None
        text = "\n".join(f"{n}.第{number + 1}处{line}；" for n, line in enumerate(LINES, start=1))
        rule = f"1.符合2分；2.每缺一项扣0.5-{1 + number % 2}分。"
        sheet.append([section, f"设备{number + 1}", text, 2, None, rule])
    sheet.append(["合计", None, None, items * 2])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
