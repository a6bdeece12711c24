"""The items and sections of a rubric under review, as the page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.corrections import sum_of
from scoring.engine import Kind
from scoring.forms import Item
from scoring.forms.amounts import plain
from scoring.grid import Note
from scoring.item_form import ItemForm

PART = 100


@dataclass
class Leaf:
    """One item on the page: `cells` are the squares that it came from, `form` is there where
    it is open for editing, `theirs` when somebody else put it right meanwhile.
    """

    item: Item
    key: str
    mark: str
    cells: str
    sources: dict[str, str]
    notes: list[Note]
    is_edited: bool = False
    form: ItemForm | None = None
    theirs: Item | None = None

    @property
    def is_doubtful(self) -> bool:
        return bool(self.notes)

    @property
    def squares(self) -> dict[str, str]:
        """Which square each of its fields came from, by role."""
        return {role: self.sources[cell] for role, cell in self.item.cells.items() if cell}

    @property
    def deduction(self) -> str:
        """What a missing requirement costs, and how many further rules there are."""
        return " · ".join(_deduction(self.item))

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The requirements with the square that each came from."""
        cells = [*self.item.requirement_cells, *[""] * len(self.item.requirements)]
        return [(text, self.sources.get(cell, "")) for text, cell
                in zip(self.item.requirements, cells, strict=False)]  # fmt: skip


@dataclass
class Part:
    """A section, or a piece of a long one; drawn only when it is open or the rubric is small."""

    number: int
    name: str
    leaves: list[Leaf]
    piece: tuple[int, int] | None = None
    is_open: bool = False
    is_drawn: bool = True

    @property
    def points(self):
        return sum_of([leaf.item for leaf in self.leaves])

    @property
    def is_pending(self) -> bool:
        return any(leaf.item.points is None for leaf in self.leaves)


def pieces_of(name: str, leaves: list[Leaf]) -> list[Part]:
    """A section, in pieces of 100 items when it is long."""
    if len(leaves) <= PART:
        return [Part(0, name, leaves)]
    starts = range(0, len(leaves), PART)
    return [
        Part(0, name, leaves[at : at + PART], piece=(at + 1, min(at + PART, len(leaves))))
        for at in starts
    ]


def _deduction(item: Item) -> Iterator[str]:
    price, figures = item.price, {}
    further = sum(not rule.each for rule in item.rules)
    if price and price.minimum is not None:
        low, high = f"{plain(price.minimum):f}", f"{plain(price.maximum):f}"
        # word joiners: a range is not torn at the end of a line
        figures["each"] = high if low == high else f"{low}\u2060–\u2060{high}"
        once = price.kind == Kind.PER_OCCURRENCE
        yield (_("每发现一处扣 %(each)s") if once else _("每缺一项扣 %(each)s")) % figures
    if further:
        yield ngettext("%(count)d 条细则", "%(count)d 条细则", further) % {"count": further}
    if not item.settled:
        yield _("扣分待定")
