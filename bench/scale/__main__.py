"""Ten thousand projects: every page, and two hundred people at once.

    python -m bench.scale [--postgresql] [--kept FOLDER] [--projects 10000] [--rounds 20]
    python -m bench.scale --load [--postgresql] [--kept FOLDER] [--people 200] [--minutes 10]

Filling takes a while: with --kept the filled databases stay in that folder, and each run works on
a copy. Prints Markdown; docs/scale.md keeps the last tables. Needs Linux, and for --postgresql
its programs.
"""

import argparse
import os
import sys
from pathlib import Path

from bench.scale.databases import databases
from bench.scale.load import Terms, loaded
from bench.scale.pages import Asking, pages_of, report
from bench.server import serving

PASSWORD = "pinzhi-demo"  # noqa: S105 of the demo
ROUNDS, FILES = 3, 1  # over the small database, of which the queries alone are wanted


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--few", type=int, default=100, help="projects to compare queries with")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--files", type=int, default=3, help="rounds over exports")
    parser.add_argument("--only", default="", help="pages whose name has this word")
    parser.add_argument("--without", nargs="*", default=[], help="pages with one of these words")
    parser.add_argument("--fill", action="store_true", help="only fill what is to be kept")
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pause", type=float, nargs=2, default=(5, 15), help="seconds")
    options = parser.parse_args()
    vendor = "postgresql" if options.postgresql else "sqlite"
    with databases(options.kept, vendor) as kept:
        if options.fill:
            kept.fill(options.projects)
            return 0
        print(f"## {vendor}\n", flush=True)
        return load(kept, options) if options.load else pages(kept, options)


def pages(kept, options) -> int:
    found = {}
    for projects in dict.fromkeys((options.few, options.projects)):
        rounds = (options.rounds, options.files)
        with kept.copy(projects) as database:
            tell(database.facts["size"])
            asked = [page for page in pages_of(database.facts) if is_asked(page.name, options)]
            with serving(database.folder, **database.environment) as server:
                asking = Asking(server.port, PASSWORD)
                rounds = rounds if projects == options.projects else (ROUNDS, FILES)
                asking.measure(asked, *rounds, before=database.count)
        found[projects] = asked, asking.bare
    measured, bare = found[options.projects]
    few = {(page.name, page.state): page.queries for page in found[options.few][0] if page.queries}
    print("\n".join(report(measured, bare, few)))
    return 0


def is_asked(name: str, options) -> bool:
    return options.only in name and not any(word in name for word in options.without)


def load(kept, options) -> int:
    with kept.copy(options.projects) as database:
        tell(database.facts["size"])
        terms = Terms(options.people, options.minutes * 60, tuple(options.pause), PASSWORD)
        return loaded(database, terms)


def tell(size: dict[str, int]) -> None:
    counted = (f"{number:,} {word}" for word, number in size.items())
    print(f"{', '.join(counted)}; load of the machine {os.getloadavg()[0]:.1f}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
