"""The league table at every turn, beside a bare authenticated view: sorts, filters, pages, Excel.

    python -m bench.league [--projects 10000] [--rounds 30]

With a campaign before it, own scores beside every score, and projects of six kinds. Rounds are
interleaved; the table has medians of round trips and the least processor time (bench.__main__).
The Excel file is measured beside XlsxWriter alone, writing as many cells of the same values.
"""

import argparse
import io
import re
import sys
import tempfile
import time
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from openpyxl import load_workbook
from xlsxwriter import Workbook

from bench.__main__ import BARE, Measured, built, signed_in
from bench.server import Client, Server, serving

LEAGUE = "/c/bench/league/"
FIRST = "first page of 50"
PAGES = {
    FIRST: "",
    "last page": "?page=200",
    "lowest first": "?sort=composite",
    "by a rubric": "?sort=-order",
    "by the change against the own score": "?sort=own-change",
    "by the change against the last campaign": "?sort=-last-change",
    "by project": "?sort=project",
    "by region": "?sort=region",
    "by band": "?sort=-band",
    "one band": "?band=good&page=2",
    "one region": "?region=" + quote("3区"),
    "one size": "?size=medium",
    "a league of towers": "?kind=tower",
    "a league of towers by a rubric": "?kind=tower&sort=-order",
    "one manager": "?person=" + quote("m00042"),
    "a word": "?q=" + quote("项目01"),
    "region, size and kind by a rubric": f"?region={quote('3区')}&size=medium&kind=park&sort=order",
}
LIVE = "asking whether anything changed"
MARKS = {FIRST: 5} | {name: 8 for name in PAGES if name != FIRST} | {LIVE: 2}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.league", description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        built(folder, options.projects, "league")
        with serving(folder) as server:
            center = signed_in(server.port, "center")
            print_pages(measured(server, center, options.rounds))
            print_excel(server, center)
    return 0


def measured(server: Server, center: Client, rounds: int) -> Measured:
    found = Measured()
    tasks = {BARE: partial(center.timed, "GET", "/bench/bare/")}
    tasks |= {name: partial(center.timed, "GET", LEAGUE + query) for name, query in PAGES.items()}
    page = center.request("GET", LEAGUE)[1].decode()
    mark = re.search(r'data-mark="(\w+)"', page)[1]
    found.run(server, tasks | {LIVE: partial(unchanged, center, mark)}, rounds)
    return found


def unchanged(client: Client, mark: str) -> float:
    """What the page asks each second, while nothing changes."""
    start = time.perf_counter()
    status, _body = client.request("GET", f"{LEAGUE}live/", **{"If-None-Match": f'"{mark}"'})
    if status != HTTPStatus.NOT_MODIFIED:
        raise RuntimeError(f"the poll answered {status}")
    return time.perf_counter() - start


def print_pages(found: Measured) -> None:
    trips, worked = found.round_trips, found.processor
    print("| league table | mark | round trip | its processor time |\n| --- | --- | ---: | ---: |")
    print(f"| {BARE} | | {trips[BARE]:.1f} ms | {worked[BARE]:.1f} ms |")
    for name, mark in MARKS.items():
        trip, work = trips[name], worked[name]
        ratios = f"{trip / trips[BARE]:.1f}× ({trip:.1f} ms) | {work / worked[BARE]:.1f}×"
        print(f"| {name} | ≤ {mark}× | {ratios} |")


def print_excel(server: Server, center: Client) -> None:
    """The whole table as a file, and the writer alone with the same cells: processor time."""
    ours, alone, cells = [], [], 0
    for _round in range(3):
        start = server.cpu()
        _status, data = center.request("GET", f"{LEAGUE}excel/")
        ours.append((server.cpu() - start) / 1000)
        sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        cells = sum(cell is not None for row in rows for cell in row)
        alone.append(written(rows))
    took = f"{min(ours):.2f} s, {min(ours) / min(alone):.2f}× the writer alone ({min(alone):.2f} s)"
    print(f"\nExcel of {cells:,} cells, processor time: {took}; mark ≤ 2×")


def written(rows: list[list]) -> float:
    start = time.process_time()
    book = Workbook(io.BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
    book.close()
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
