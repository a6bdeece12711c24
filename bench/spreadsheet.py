"""The composites of 1,000 projects as LibreOffice calculates them, beside the engine.

    python -m bench.spreadsheet [--projects 1000] [--rounds 3]

One sheet of plain formulas, without values, so that LibreOffice has to calculate; how long it
takes with an empty workbook is said beside it. Neither counts the writing or reading of the file.
Needs LibreOffice (Debian: libreoffice-calc-nogui).
"""

import argparse
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook

from scoring.engine import Part, composite

WEIGHTS = [Decimal(each) for each in ("25", "30", "25", "20")]
PERCENT = '=IF({possible}>0,100*{kept}/{possible},"")'
MEAN = 'SUMPRODUCT($A$1:$D$1,I{r}:L{r})/SUMIF(I{r}:L{r},">=0",$A$1:$D$1)'
VALUE = 13


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.spreadsheet", description=__doc__)
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("soffice"):
        print("LEFT OUT: no LibreOffice (Debian: apt-get install libreoffice-calc-nogui)")
        return
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        measure(Path(folder), options.projects, options.rounds)


def measure(folder: Path, projects: int, rounds: int) -> None:
    held = invented(projects)
    full, empty = folder / "full.xlsx", folder / "empty.xlsx"
    workbook(held).save(full)
    Workbook().save(empty)
    calculate(folder, empty)  # makes its profile
    started, calculated, own = [], [], []
    for _round in range(rounds):
        started.append(seconds(lambda: calculate(folder, empty)))
        calculated.append(seconds(lambda: calculate(folder, full)))
        own.append(seconds(lambda: [composite(parts).value for parts in held]))
    values = list(load_workbook(folder / "out" / "full.xlsx", data_only=True).active.values)[1:]
    same = sum(
        Decimal(repr(row[VALUE - 1])) == composite(parts).value
        for row, parts in zip(values, held, strict=True)
    )
    print(f"{projects:,} projects, {same:,} composites the same")
    print(f"LibreOffice, empty workbook: {statistics.median(started):.2f} s")
    print(f"LibreOffice, workbook of composites: {statistics.median(calculated):.2f} s")
    print(f"the engine: {statistics.median(own) * 1000:.1f} ms")


def invented(projects: int) -> list[list[Part]]:
    chance = random.Random(7)  # noqa: S311 sample data, not a secret
    return [
        [
            Part(str(at), weight, 100 - Decimal(chance.randint(0, 300)) / 10, Decimal(100))
            for at, weight in enumerate(WEIGHTS)
        ]
        for _each in range(projects)
    ]


def workbook(held: list[list[Part]]) -> Workbook:
    """A row of weights, then a row a project: kept, possible, percents, composite."""
    book = Workbook()
    sheet = book.active
    sheet.append([float(weight) for weight in WEIGHTS])
    for row, parts in enumerate(held, 2):
        percents = [
            PERCENT.format(kept=f"{kept}{row}", possible=f"{possible}{row}")
            for kept, possible in zip("ABCD", "EFGH", strict=True)
        ]
        points = [*(float(each.kept) for each in parts), *(float(p.possible) for p in parts)]
        sheet.append([*points, *percents, f"=ROUND(ROUND({MEAN.format(r=row)},9),2)"])
    return book


def calculate(folder: Path, file: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    where = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(file)]
    command = [shutil.which("soffice"), profile, *where]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 an installed program


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
