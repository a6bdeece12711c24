"""Every page of docs/access.md against a bare authenticated view, on one server in one run.

Between two pages the bare view is asked once, so that a slow moment of the machine falls on both.
Times are the server's own (bench.scale.cost), from the first middleware to the last.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException

from bench.field import p95
from bench.scale.cost import HEADER
from bench.server import Client

BARE = "/bench/bare/"
PAGE, FILE = "text/html", "file"
WARM_UP = 1
MARK, MARKS = 10, {"dashboard": 20}
# With their own figure: up to this many milliseconds nothing is asked of them but to be told.
APART = {"matrix": "a matrix of 50 rows with all milestones"}
DEAR = 5  # seconds that one page may take of a run before its rounds are cut short


@dataclass
class Page:
    """What one address took, round after round; `status` where it did not give a page."""

    name: str
    state: str
    address: str
    reader: str
    called: str
    kind: str = ""
    status: int = 0
    queries: list[int] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    @property
    def said(self) -> str:
        return f"`{self.name}`" + (f", {self.state}" if self.state else "")

    @property
    def mark(self) -> int:
        return MARKS.get(self.name, MARK)


class Asking:
    """One connection for each person, and the bare view beside every page."""

    def __init__(self, port: int, password: str):
        self.port, self.password = port, password
        self.clients: dict[str, Client] = {}
        self.bare = Page("bare", "", BARE, "center", "center")

    def client(self, username: str) -> Client:
        if username not in self.clients:
            self.clients[username] = Client(self.port)
            self.clients[username].sign_in(username, self.password)
        return self.clients[username]

    def ask_in_time(self, page: Page, *, keep: bool) -> None:
        """What gives no answer in two minutes is told of as such, and the others are measured."""
        try:
            self.ask(page, keep=keep)
        except (TimeoutError, HTTPException):
            page.status = 0
            del self.clients[page.reader]

    def ask(self, page: Page, *, keep: bool = True) -> None:
        client = self.client(page.reader)
        client.connection.request(
            "GET",
            page.address,
            headers={"Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items())},
        )
        answer = client.connection.getresponse()
        answer.read()
        page.status = answer.status
        shown = answer.getheader("Content-Type", "").startswith(PAGE)
        page.kind = PAGE if shown and not answer.getheader("Content-Disposition") else FILE
        if keep and page.status == HTTPStatus.OK:
            queries, clock, worked = answer.getheader(HEADER).split()
            page.queries.append(int(queries))
            page.clock.append(float(clock))
            page.worked.append(float(worked))

    def measure(
        self, pages: list[Page], rounds: int, files: int, before: Callable[[], None]
    ) -> None:
        """So many rounds over pages, and over files, of which one takes as long as many pages.

        `before` each round: what else is done where people work.
        """
        spent: dict[str, float] = defaultdict(float)
        for number in range(-WARM_UP, rounds):
            before()
            for page in pages:
                if number >= files and (page.kind == FILE or spent[page.said] > DEAR):
                    continue
                began = time.perf_counter()
                self.ask_in_time(page, keep=number >= 0)
                spent[page.said] += time.perf_counter() - began
                if number < 0:
                    tell(page, spent[page.said])
                self.ask(self.bare, keep=number >= 0)


def tell(page: Page, seconds: float) -> None:
    """How far it is, on standard error: the first time a page is asked for, with all it reads."""
    print(f"{page.status} {seconds * 1000:7.0f} ms  {page.said}", file=sys.stderr, flush=True)


def pages_of(facts: dict) -> list[Page]:
    return [Page(**each) for each in facts["pages"]]


def figures(page: Page, bare: Page) -> tuple[float, float, float, float]:
    """p95 of the clock and what it is to the bare view's, and the same of the processor."""
    clock, worked = p95(page.clock), p95(page.worked)
    return clock, clock / p95(bare.clock), worked, worked / p95(bare.worked)


def table(pages: Iterable[Page], bare: Page, few: dict[tuple, list[int]]) -> Iterator[str]:
    """Markdown, the dearest first; `few` has the queries of the small database by page."""
    yield "| page | by | mark | ratio | p95 | processor, ratio | queries | queries at 100 |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    yield (
        f"| bare view | {bare.called} | | 1× | {p95(bare.clock):.1f} ms | 1× "
        f"({p95(bare.worked):.1f} ms) | {typical(bare.queries)} | |"
    )
    for page in sorted(pages, key=lambda each: -figures(each, bare)[1]):
        clock, ratio, _worked, own = figures(page, bare)
        less = few.get((page.name, page.state))
        mark = (
            "" if page.kind == FILE else f"{page.mark}×{' **over**' if ratio > page.mark else ''}"
        )
        yield (
            f"| {page.said} | {page.called} | {mark} | {ratio:.1f}× | {clock:.0f} ms "
            f"| {own:.1f}× | {typical(page.queries)}{growth(less, page.queries)} "
            f"| {typical(less) if less else ''} |"
        )


def growth(few: list[int] | None, many: list[int]) -> str:
    """Whether a page asks the database more often at ten thousand projects, or less often: what
    the scheduler keeps is counted only where there is much of it.
    """
    if not few or typical(few) == typical(many):
        return ""
    return " **grows**" if typical(many) > typical(few) else " fewer"


def typical(numbers: list[int]) -> int:
    """The median: what is kept in the process does not count, be it for good or for a minute."""
    return sorted(numbers)[len(numbers) // 2]


def report(pages: list[Page], bare: Page, few: dict[tuple, list[int]]) -> Iterator[str]:
    done = [page for page in pages if page.clock]
    shown = [page for page in done if page.kind == PAGE]
    over = [page for page in shown if figures(page, bare)[1] > page.mark]
    yield f"{len(shown)} pages, {len(over)} over their mark\n"
    yield from table(shown, bare, few)
    yield "\nFiles and answers to programs:\n"
    yield from table([page for page in done if page.kind == FILE], bare, few)
    others = [f"{page.said}: {page.status}" for page in pages if not page.clock]
    yield f"\nNo page of their own: {'; '.join(others)}"
