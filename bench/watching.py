"""What counting for Prometheus costs: pages of two servers on one database, one of which counts.

    python -m bench.watching [--projects 100] [--rounds 100]

Of each page the processor time of its server; rounds are interleaved, and who begins changes.
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict

from bench.__main__ import WARM_UP, built, signed_in
from bench.server import Client, Server, serving

TOKEN = "bench"  # noqa: S105 - of this run alone
PAGES = {
    "bare authenticated view": "/bench/bare/",
    "league table, first page of 50": "/c/bench/league/",
    "My work, management center": "/",
}
SCRAPE = {"Authorization": f"Bearer {TOKEN}"}
Spent = dict[tuple[str, bool], list[float]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.watching", description=__doc__)
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        built(folder, options.projects)
        with serving(folder) as plain, serving(folder, METRICS_TOKEN=TOKEN) as counting:
            servers = {
                is_on: (server, signed_in(server.port, "center"))
                for is_on, server in ((False, plain), (True, counting))
            }
            spent = measure(servers, options.rounds)
            scrapes = [worked(*servers[True], "/metrics", **SCRAPE) for _ in range(5)]
    print_table(spent)
    print(f"\nA scrape, least: {min(scrapes):.1f} ms")
    return 0


def measure(servers: dict[bool, tuple[Server, Client]], rounds: int) -> Spent:
    """Milliseconds of the processor by page and whether it counts. The first rounds warm up."""
    spent: Spent = defaultdict(list)
    for number in range(-WARM_UP, rounds):
        order = sorted(servers, reverse=bool(number % 2))
        for name, path in PAGES.items():
            for is_on in order:
                took = worked(*servers[is_on], path)
                if number >= 0:
                    spent[name, is_on].append(took)
    return spent


def worked(server: Server, client: Client, path: str, **headers: str) -> float:
    before = server.cpu()
    status, body = client.request("GET", path, **headers)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
    return server.cpu() - before


def print_table(spent: Spent) -> None:
    print("| processor | off, median | on, median | ratio | least, ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in PAGES:
        off, on = spent[name, False], spent[name, True]
        medians = statistics.median(off), statistics.median(on)
        ratios = medians[1] / medians[0], min(on) / min(off)
        cells = [
            f"{medians[0]:.2f} ms",
            f"{medians[1]:.2f} ms",
            *(f"{each:.3f}×" for each in ratios),
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
