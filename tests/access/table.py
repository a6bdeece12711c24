"""The tables of docs/access.md, as rows: the page is the source, the walk compares with it."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from django.conf import settings

PAGE = Path(settings.BASE_DIR, "docs", "access.md")
ALLOWED, ABSENT, REFUSED, SIGN_IN = "✓", "·", "✗", "→"
MARKS = {ALLOWED, ABSENT, REFUSED, SIGN_IN}
QUOTED = re.compile(r"`([^`]+)`")
CHOICE = re.compile(r"\{([^}]*)\}")
FIRST = "Address"


@dataclass(frozen=True)
class Row:
    """What people may do at some addresses in one state; `sent` goes along with the request."""

    names: tuple[str, ...]
    sent: dict[str, str]
    state: str
    method: str
    marks: dict[str, str]
    line: int

    @property
    def said(self) -> str:
        return f"line {self.line}, {self.method} {', '.join(self.names)} ({self.state})"


def rows_of(text: str) -> list[Row]:
    people, found = [], []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or set(cells[0]) <= {"-", ":", " "}:
            continue
        if cells[0] == FIRST:
            people = cells[3:]
        elif people:
            found.append(row_of(cells, people, number))
        if not line.startswith("|"):
            people = []
    return found


def row_of(cells: list[str], people: list[str], number: int) -> Row:
    addresses, state, method, *marks = cells
    words = QUOTED.findall(addresses)
    names = [name for word in words if "=" not in word for name in spread(word)]
    sent = dict(word.split("=", 1) for word in words if "=" in word)
    return Row(tuple(names), sent, state, method, dict(zip(people, marks, strict=True)), number)


def spread(word: str) -> list[str]:
    """`a_{b,c}` means `a_b` and `a_c`, as in a shell."""
    parts = CHOICE.split(word)
    choices = [part.split(",") if n % 2 else [part] for n, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]
