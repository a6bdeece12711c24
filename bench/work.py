"""The lists of the campaign's own work at size: 1,000 projects, 5,000 findings, 5,000 lessons,
500,000 reminders in the ledger.

    python -m bench.work [--projects 1000] [--rounds 20]

As in `python -m bench`, every page beside a bare authenticated view in the same rounds. The files
are made in rounds of their own, since one of them takes as long as a hundred pages.
"""

import argparse
import sys
import tempfile
from datetime import date, timedelta
from functools import partial

from bench.__main__ import BARE, Measured, built, signed_in
from bench.server import Client, Server, serving

C = "/c/bench/"
LONG_AGO = date.today() - timedelta(days=182)
PAGES = {
    "findings, first page of 50": f"{C}findings/?show=all",
    "findings, last page": f"{C}findings/?show=all&page=100",
    "findings that are repeats": f"{C}findings/?show=all&repeat=1",
    "findings, board": f"{C}findings/?view=board",
    "honesty gap": f"{C}honesty/",
    "a case at all projects": f"{C}cases/1/",
    "lessons by words": f"{C}lessons/?q=%E9%85%8D%E7%94%B5%E6%88%BF%E6%A0%87%E8%AF%86",
    "lessons for a problem": f"{C}lessons/for/?problem=%E9%85%8D%E7%94%B5%E6%88%BF%E6%9C%AA",
    "self-checks": f"{C}self-check/",
    "plans": f"{C}plans/",
    "notes on file": f"{C}notes/",
    "review queue": f"{C}review/",
    "ledger, newest 50 of 500,000": "/reminders/",
    "ledger, what did not arrive": "/reminders/?result=trouble",
    "ledger, one person's of a week": "/reminders/?person=u00007&days=7",
    "ledger, a day of half a year ago": f"/reminders/?since={LONG_AGO}&until={LONG_AGO}",
    "state of reminders": "/reminders/state/",
}
FILES = {
    "findings as Excel": f"{C}findings/excel/?show=all",
    "filing matrix as Excel": f"{C}filing/excel/",
    "honesty gap as Excel": f"{C}honesty/excel/",
    "a case as Excel": f"{C}cases/1/excel/",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.work", description=__doc__)
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        built(folder, options.projects, "work")
        with serving(folder) as server:
            center = signed_in(server.port, "center")
            show(measured(server, center, PAGES, options.rounds), "ms", 1)
            print()
            show(measured(server, center, FILES, max(3, options.rounds // 7)), "s", 1000)
    return 0


def measured(server: Server, client: Client, pages: dict[str, str], rounds: int) -> Measured:
    found = Measured()
    tasks = {BARE: "/bench/bare/"} | pages
    found.run(server, {n: partial(client.timed, "GET", url) for n, url in tasks.items()}, rounds)
    return found


def show(found: Measured, unit: str, per: int) -> None:
    """Medians of the round trips, and the least processor time, each beside the bare view's."""
    spent, worked = found.round_trips, found.processor
    print("| what | bare views | round trip | bare views | processor |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in spent:
        pairs = ((of[name], of[BARE]) for of in (spent, worked))
        cells = (f"{value / bare:.1f}× | {value / per:.1f} {unit}" for value, bare in pairs)
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
