"""What a list from Excel would do, row by row, before anything of it is written."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy

from organization.lists import ListRow
from organization.models import Project

NEW, CHANGED, JOINS = "new", "changed", "joins"
WORDS = {
    NEW: gettext_lazy("新增"),
    CHANGED: gettext_lazy("更改"),
    JOINS: gettext_lazy("名单外加入"),
}


@dataclass(frozen=True)
class Change:
    """One row that does something to `target`; before and after are words for the reader.

    `project` is of a post question the post that it is for.
    """

    kind: str
    row: ListRow
    target: Any
    name: str
    project: Project | str | None
    before: str
    after: str

    @property
    def word(self):
        return WORDS[self.kind]


@dataclass(frozen=True)
class ListPlan:
    """`unchanged` rows say what stands there already, `silent` ones say nothing."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    silent: int = 0

    @cached_property
    def counted(self) -> list[tuple[object, int]]:
        """How many rows of each kind there are, by its word."""
        counts = Counter(each.kind for each in self.changes)
        return [(word, counts[kind]) for kind, word in WORDS.items() if counts[kind]]

    @property
    def mark(self) -> str:
        """Differs when the file would do something else by now."""
        rows = [(each.kind, each.row.number, each.name, each.before) for each in self.changes]
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]
