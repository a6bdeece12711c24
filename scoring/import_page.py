"""What the review of an import shows: the sheet, the rubric as understood, what is open."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from campaign.models import Campaign
from organization.models import Specialty
from organization.numbers import whole
from organization.prepared import prepared
from organization.specialties import every_specialty
from scoring.content import of_form, of_published
from scoring.corrections import key_of, row_of
from scoring.difference import Difference, difference
from scoring.forms import Item
from scoring.forms.header import find_header
from scoring.grid import Grid, Note, Sheet
from scoring.import_leaves import Leaf, Part, pieces_of
from scoring.importing import look_at, opened, read_import
from scoring.item_data import data_of
from scoring.item_form import ItemForm
from scoring.mappings import remembered
from scoring.models import Rubric, RubricImport, Weight
from scoring.reviews import mark_of

FULL = 100
# A page of 2,000 items stays quick: what is not asked for is fetched when it is opened.
MOST_OPEN_FORMS = 8
MOST_OPEN_ITEMS = 80
MOST_DRAWN_ITEMS = 200
MOST_TOLD = 20
MOST_CHANGES = 100
ROLES = [
    ("section", pgettext_lazy("column", "类别")),
    ("item", pgettext_lazy("column", "项目")),
    ("standard", pgettext_lazy("column", "标准内容")),
    ("requirements", pgettext_lazy("column", "检查内容")),
    ("points", pgettext_lazy("column", "规定分值")),
    ("rule", pgettext_lazy("column", "评分细则")),
    ("lost", pgettext_lazy("column", "扣分")),
    ("score", pgettext_lazy("column", "评分")),
    ("remark", pgettext_lazy("column", "备注")),
    ("number", pgettext_lazy("column", "序号")),
]


def newest_first(*, campaign, specialty):
    found = Rubric.objects.filter(campaign__pk=campaign, specialty__pk=specialty)
    return found.select_related("created_by", "campaign").order_by("-version")


KEYS = {"campaign": Campaign._meta.pk, "specialty": Specialty._meta.pk}
versions_of = prepared(newest_first, KEYS)


@dataclass(frozen=True)
class Typed:
    """An item as it was typed and could not be saved, with the reason where there is another
    than the fields' own.
    """

    key: str
    form: ItemForm
    theirs: bool = False


@dataclass(frozen=True)
class Sibling:
    """One of a file's tables, for the strip above the page: named by its sheet, or by its title
    where it shares the sheet.
    """

    import_: RubricImport
    name: str
    count: int
    errors: int


class ImportPage:
    """One table under review; the file is read again, kept is only what people decided."""

    def __init__(self, import_: RubricImport, query=None, typed: Typed | None = None):
        self.kept, self.typed = import_, typed
        self.campaign, self.specialty, self.stored = (
            import_.campaign, import_.specialty, import_.source,
        )  # fmt: skip
        self.query = query or {}
        self.tables = opened(import_.source)
        self.reading = read_import(import_, self.tables)
        self.read, self.understood = self.reading.read, self.reading.understood
        self.sheet = Sheet(self.reading.table)
        self.problem, self.conflict, self.is_stale, self.roles = "", None, False, ROLES

    # where it goes

    @cached_property
    def versions(self) -> list[Rubric]:
        if not self.specialty:
            return []
        return versions_of(campaign=self.campaign.pk, specialty=self.specialty.pk)

    @property
    def draft(self) -> Rubric | None:
        return next((rubric for rubric in self.versions if not rubric.published_at), None)

    @property
    def current(self) -> Rubric | None:
        published = (rubric for rubric in self.versions if rubric.published_at)
        return next((rubric for rubric in published if not rubric.superseded_at), None)

    @property
    def version(self) -> int:
        """The version that this import would be."""
        if self.draft:
            return self.draft.version
        return self.versions[0].version + 1 if self.versions else 1

    @property
    def draft_mark(self) -> str:
        return self.draft.mark if self.draft else ""

    @cached_property
    def weight(self) -> Weight | None:
        found = Weight.objects.filter(campaign=self.campaign, specialty=self.specialty)
        return found.first() if self.specialty else None

    @cached_property
    def specialties(self) -> list[Specialty]:
        return every_specialty()

    @cached_property
    def difference(self) -> Difference | None:
        """What it changes in the version in force; at most 100 items unless all are asked for."""
        now = self.current
        if not now or not self.understood.items:
            return None
        new = of_form(self.understood, self.reading.former)
        return difference(of_published(now.pk, now.published_at), new)

    @property
    def changes(self) -> Difference | None:
        found = self.difference
        if found is None or "changes" in self.query:
            return found
        return replace(found, rows=found.rows[:MOST_CHANGES])

    @property
    def changes_left(self) -> int:
        return len(self.difference.rows) - len(self.changes.rows) if self.difference else 0

    # the other tables of the file

    @cached_property
    def siblings(self) -> list[Sibling]:
        found = RubricImport.objects.filter(source=self.stored, campaign=self.campaign)
        found = list(found.order_by("number"))
        if len(found) < 2:
            return []
        mappings = remembered()
        sheets = Counter(self.tables[each.number - 1].sheet for each in found)
        return [self._sibling(each, mappings, sheets) for each in found]

    def _sibling(self, import_: RubricImport, mappings, sheets: Counter) -> Sibling:
        table = self.tables[import_.number - 1]
        shall_be = self.understood if import_.pk == self.kept.pk else None
        shall_be = shall_be or look_at(import_, table, mappings).understood
        alone = sheets[table.sheet] == 1
        name = table.sheet if alone else shall_be.title or table.sheet
        return Sibling(import_, name, len(shall_be.items), len(shall_be.errors))

    @cached_property
    def hidden_sheets(self) -> list[tuple[int, str]]:
        """Hidden sheets with a rubric on them that nobody took in yet: (number, name)."""
        hidden = [
            (number, table.sheet)
            for number, table in enumerate(self.tables, start=1)
            if table.hidden and number != self.kept.number and find_header(table)
        ]
        taken = {each.import_.number for each in self.siblings} if hidden else set()
        return [pair for pair in hidden if pair[0] not in taken]

    @property
    def has_hidden(self) -> bool:
        return any(row.hidden for row in self.reading.table.rows)

    @property
    def uses_memory(self) -> bool:
        """Whether the columns are those that people chose under such a header before."""
        return bool(self.reading.mapping) and not self.kept.columns

    # what was understood

    @property
    def can_save(self) -> bool:
        ready = bool(self.understood.items) and not self.understood.errors
        return ready and self.specialty is not None

    @property
    def is_complete(self) -> bool:
        return self.understood.complete

    @property
    def requirement_count(self) -> int:
        return sum(len(item.requirements) for item in self.understood.items)

    @property
    def total(self):
        return self.understood.total or 0

    @property
    def short(self):
        """Points that are missing to 100; negative when there are too many."""
        return FULL - self.total

    @cached_property
    def left_out(self) -> list[Leaf]:
        """Items whose rows a person left out."""
        edits = self.kept.edits
        items = (item for item in self.read.items if edits.get(key_of(item), item) is None)
        return [self._leaf(item, {}) for item in items]

    @cached_property
    def leaves(self) -> list[Leaf]:
        by_row = defaultdict(list)
        for note in self.notes:
            by_row[row_of(note.message)].append(note)
        leaves = [self._leaf(item, by_row) for item in self.understood.items]
        wanted = {self.query.get("item")}
        doubtful = [leaf.key for leaf in leaves if leaf.notes][:MOST_OPEN_FORMS]
        for leaf in leaves:
            if leaf.key in wanted or leaf.key in doubtful:
                leaf.form = self.form_of(leaf)
            if self.typed and self.typed.key == leaf.key:
                leaf.form = self.typed.form
                leaf.form.sections = self.understood.sections
                leaf.theirs = leaf.item if self.typed.theirs else None
        return leaves

    def form_of(self, leaf: Leaf) -> ItemForm:
        """The item's form as it is opened."""
        sections, prefix = self.understood.sections, prefix_of(leaf.key)
        return ItemForm(data_of(leaf.item), sections=sections, prefix=prefix)

    def _leaf(self, item: Item, by_row) -> Leaf:
        own = [*item.cells.values(), *item.requirement_cells]
        sources = {cell: self.sheet.corner(cell) for cell in own if cell}
        # a section's merged cell stands in its first item's row and is about all of them
        notes = [
            note
            for row in item.rows
            for note in by_row.get(row, ())
            if note.message.cell in own or note.message.cell not in self._section_cells
        ]
        key = key_of(item)
        return Leaf(
            item=item, key=key, mark=mark_of(self.kept, key), notes=notes, sources=sources,
            cells=" ".join(dict.fromkeys(sources.values())),
            is_edited=key in self.kept.edits,
        )  # fmt: skip

    @cached_property
    def _section_cells(self) -> set[str]:
        return {item.cells.get("section", "") for item in self.understood.items}

    def leaf(self, key: str) -> Leaf | None:
        return next((leaf for leaf in self.leaves if leaf.key == key), None)

    @cached_property
    def parts(self) -> list[Part]:
        """The sections in order; long ones in pieces of 100 items."""
        grouped: dict[str, list[Leaf]] = {name: [] for name in self.understood.sections}
        for leaf in self.leaves:
            grouped[leaf.item.section].append(leaf)
        parts = [part for name, leaves in grouped.items() for part in pieces_of(name, leaves)]
        count, wanted = len(self.leaves), self.query.get("part")
        for number, part in enumerate(parts, start=1):
            part.number = number
            has_form = any(leaf.form for leaf in part.leaves)
            part.is_open = count <= MOST_OPEN_ITEMS or has_form or wanted == str(number)
            part.is_drawn = count <= MOST_DRAWN_ITEMS or part.is_open
        return parts

    # what is to be said

    @cached_property
    def rows_page(self) -> int:
        """Which 300 rows of the sheet are shown."""
        return min(whole(self.query.get("rows", "")) or 1, self.sheet.pages)

    @property
    def rows_before(self) -> int:
        return self.rows_page - 1

    @property
    def rows_after(self) -> int:
        return self.rows_page + 1

    @cached_property
    def notes(self) -> list[Note]:
        return self.sheet.notes(self.understood, self.rows_page)

    @property
    def errors(self) -> list[Note]:
        return [note for note in self.notes if note.is_error]

    @property
    def told_errors(self) -> list[tuple[Note, bool]]:
        """The first errors, each with whether it also stands at an item."""
        return [(note, note.number in self.placed) for note in self.errors[:MOST_TOLD]]

    @property
    def errors_left(self) -> int:
        return len(self.errors) - len(self.told_errors)

    @property
    def warnings(self) -> list[Note]:
        return [note for note in self.notes if not note.is_error]

    @cached_property
    def general(self) -> list[Note]:
        """Warnings about no single item: the total, hidden rows, other sheets."""
        return [note for note in self.warnings if note.number not in self.placed]

    @cached_property
    def placed(self) -> set[int]:
        """The numbers of the notes that stand at an item."""
        return {note.number for leaf in self.leaves for note in leaf.notes}

    @cached_property
    def grid(self) -> Grid:
        return self.sheet.draw(self.read, self.notes, self.rows_page)

    @property
    def answer(self) -> str:
        """看懂 7 项、26 条检查内容，3 处请您看一下."""
        count = len(self.errors)
        if count:
            return ngettext(
                "有 %(count)d 处要改正，改好才能存", "有 %(count)d 处要改正，改好才能存", count
            ) % {"count": count}
        figures = {
            "items": len(self.understood.items), "requirements": self.requirement_count,
            "count": len(self.warnings),
        }  # fmt: skip
        if not self.warnings:
            return _("看懂 %(items)d 项、%(requirements)d 条检查内容，没有疑问") % figures
        return _("看懂 %(items)d 项、%(requirements)d 条检查内容，%(count)d 处请您看一下") % figures


def prefix_of(key: str) -> str:
    """Several items may be open on a page."""
    return f"r{key}"
