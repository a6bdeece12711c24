"""A rubric from a form as far as it goes without writing: read, checked, coded, shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from campaign.models import Campaign
from organization.models import Specialty, StoredFile
from scoring.codes import Former
from scoring.content import LONGEST_RULE
from scoring.corrections import corrected
from scoring.former import former_items
from scoring.forms import (
    FormRefused,
    Item,
    Message,
    Rule,
    Understood,
    read_rubric,
    read_tables,
    understand,
)
from scoring.forms.amounts import plain
from scoring.forms.cells import Table
from scoring.forms.header import find_header, header_signature
from scoring.forms.wording import folded
from scoring.forms.workbook import Source
from scoring.mappings import remembered
from scoring.models import Requirement, RubricImport, Section
from scoring.rubrics import name_codes

LONGEST_REQUIREMENT = Requirement._meta.get_field("text").max_length
LONGEST_SECTION = Section._meta.get_field("name").max_length
MOST_POINTS = Decimal("9999.99")


def read_form(
    file: Source,
    *,
    campaign: Campaign,
    specialty: Specialty,
    name: str = "",
    number: int | None = None,
    columns: Mapping[str, int] | None = None,
    with_hidden: bool = False,
) -> Understood:
    """The rubric in a form with the codes that its items would get. Writes nothing.

    `number` says which of the file's tables (1-based), `columns` which column is what (role →
    column number); without it, what people put right under such a header before is used. What
    is wrong with the file is in `errors`; a missing path raises OSError.
    """
    known = _said(file, name, columns) if columns else remembered()
    read = read_rubric(file, name, number, known, with_hidden)
    understood = fitting(read)
    return name_codes(understood, specialty, former_items(campaign, specialty))


def _said(file: Source, name: str, columns: Mapping[str, int]) -> dict[str, Mapping[str, int]]:
    """The same columns for every header in a file; a file that can't be read is told later."""
    try:
        return {header_signature(table): columns for table in read_tables(file, name)}
    except FormRefused:
        return {}


# --- an import under review ----------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """One import as it stands: the table, what it says, and what it shall be.

    `mapping` is what people chose under such a header before, `columns` what was read by; either
    may be None.
    """

    table: Table
    read: Understood
    understood: Understood
    signature: str = ""
    mapping: Mapping[str, int] | None = None
    columns: Mapping[str, int] | None = None
    former: Sequence[Former] = ()

    @property
    def header(self) -> str:
        """The header's words, for people."""
        place = self.read.header
        rows = [row for row in self.table.rows if place and row.number == place.first_row]
        return "｜".join(cell.text for row in rows for cell in row.cells.values())


def opened(stored: StoredFile) -> list[Table]:
    """All tables of a kept file; raises FormRefused."""
    with stored.file.open("rb") as file:
        return read_tables(file.read(), stored.name)


def tables_of(tables: Sequence[Table]) -> list[tuple[int, Table]]:
    """The tables that are rubrics with their numbers (1-based), the hidden ones only when there
    are no others. Raises FormRefused with what the first one lacks when there are none.
    """
    rubrics = [(n, table) for n, table in enumerate(tables, start=1) if find_header(table)]
    shown = [(number, table) for number, table in rubrics if not table.hidden]
    if not rubrics:
        raise FormRefused("no_table") if not tables else _refusal(tables)
    return shown or rubrics


def _refusal(tables: Sequence[Table]) -> FormRefused:
    first = next((table for table in tables if not table.hidden), tables[0])
    message = understand(first).errors[0]
    return FormRefused(message.code, message.sheet, message.cell, **message.params)


def read_import(import_: RubricImport, tables: Sequence[Table] | None = None) -> Reading:
    """An import with everything that people decided about it, and the codes of its items."""
    table = (tables or opened(import_.source))[import_.number - 1]
    reading = look_at(import_, table, remembered())
    if import_.specialty is None:
        return reading
    former = former_items(import_.campaign, import_.specialty)
    coded = name_codes(reading.understood, import_.specialty, former)
    return replace(reading, understood=coded, former=former)


def look_at(import_: RubricImport, table: Table, mappings: Mapping[str, Mapping]) -> Reading:
    """The same without codes."""
    signature = header_signature(table)
    mapping = mappings.get(signature)
    columns = import_.columns or mapping
    hidden = import_.with_hidden or table.hidden
    read = understand(table, columns=columns, with_hidden=hidden)
    understood = fitting(corrected(read, import_.edits))
    return Reading(table, read, understood, signature, mapping, columns)


def guessed_specialty(table: Table, known: Sequence[Specialty]) -> Specialty | None:
    """The specialty that a table's title or sheet names: the longest name counts, and where
    none stands there in full, its first two characters or its code.
    """
    title = folded(f"{understand(table).title} {table.sheet}")
    found = [(len(name), line) for line in known for name in _names(line) if name in title]
    if not found:
        found = [(2, line) for line in known if folded(line.name_zh_hans)[:2] in title]
        found = found if len(found) == 1 else []
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _names(specialty: Specialty) -> Iterable[str]:
    names = (
        specialty.name_zh_hans,
        specialty.name_en,
        specialty.code,
        specialty.code.replace("_", " "),
    )
    return [folded(name) for name in names if name]


# --- what can't be kept --------------------------------------------------------------------


def fitting(understood: Understood) -> Understood:
    """The same with errors about what reads well but cannot be kept."""
    faults = [fault for item in understood.items for fault in _unfit(understood, item)]
    return replace(understood, errors=[*understood.errors, *faults])


def _unfit(understood: Understood, item: Item) -> Iterable[Message]:
    """What reads well but cannot be kept: texts too long, figures too large."""
    texts = [
        (item.section, LONGEST_SECTION, item.cells.get("section")),
        *((text, LONGEST_REQUIREMENT, cell)
          for text, cell in zip_longest(item.requirements, item.requirement_cells)),
        *((rule.text, LONGEST_RULE, item.cells.get("rule")) for rule in item.rules),
    ]  # fmt: skip
    for text, limit, cell in texts:
        if len(text or "") > limit:
            yield Message("text_too_long", understood.sheet, cell, {"limit": limit})
    for role, figure in (
        ("points", item.points), ("rule", item.deduct_min), ("rule", item.deduct_max),
    ):  # fmt: skip
        if figure is not None and figure > MOST_POINTS:
            params = {"value": f"{figure:f}"}
            yield Message("figure_unfit", understood.sheet, item.cells.get(role), params)


def as_data(understood: Understood, file: str = "") -> dict:
    """What `import_rubric` prints: figures as text, unknown ones as null; `file` is its name."""
    return {
        "total": _figure(understood.total),
        "weight_percent": _figure(understood.weight_percent),
        "complete": understood.complete,
        "items": [
            {
                "code": item.code,
                "section": item.section,
                "name": item.name,
                "points": _figure(item.points),
                "deduct_min": _figure(item.deduct_min),
                "deduct_max": _figure(item.deduct_max),
                "requirements": list(item.requirements),
                "rules": [_rule(rule) for rule in item.rules],
            }
            for item in understood.items
        ],
        "errors": [_message(message, file) for message in understood.errors],
        "warnings": [_message(message, file) for message in understood.warnings],
    }


def _rule(rule: Rule) -> dict:
    """One deduction rule; `kind` is null where nobody has settled what the text means."""
    return {
        "kind": rule.kind,
        "text": rule.text,
        "min": _figure(rule.minimum),
        "max": _figure(rule.maximum),
        "levels": [_figure(level) for level in rule.levels],
        "each_requirement": rule.each,
    }


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{plain(value):f}"


def _message(message: Message, file: str) -> dict:
    place = {"sheet": message.sheet, "cell": message.cell, "message": message.message}
    return {"file": file, **place} if file else place
