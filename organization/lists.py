"""Flat lists that people keep in Excel: what their columns are called, and what cells say.

The words of a list stand in one table, which its import and its export both read.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils import translation
from django.utils.translation import gettext as _

LANGUAGES = ("zh-hans", "en")
LARGEST = 10**12
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
# Excel counts days from here; a cell with a date is a number to whoever does not draw it.
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(20_000, 80_000)
# The first words are those that an export writes, in Chinese and in English.
TRUTH = {
    True: ("是", "yes", "y", "true", "1"),
    False: ("否", "no", "n", "false", "0"),
}


@dataclass(frozen=True)
class Columns:
    """A list's columns: code -> the Chinese head, the English head, further words for it.

    `required` must be there. What stands in `free` is kept as typed; the others are codes,
    figures and words, whose full-width characters mean the same as plain ones.
    """

    words: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    free: frozenset[str] = frozenset()

    def head(self, column: str) -> str:
        """What the reader's language calls a column."""
        return in_language(self.words[column])

    def heads(self) -> list[str]:
        return [self.head(column) for column in self.words]

    def named(self) -> dict[str, str]:
        """Every word that heads a column, folded -> the column."""
        return {
            fold(word): column for column, words in self.words.items() for word in (column, *words)
        }


@dataclass(frozen=True)
class ListRow:
    """One row as typed: texts by column, and each cell's address for messages."""

    values: dict[str, str]
    sheet: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "").strip()

    def __contains__(self, column: str) -> bool:
        """Whether the list has this column at all; its cell may still be empty."""
        return column in self.values


@dataclass(frozen=True)
class ListError:
    sheet: str
    cell: str
    message: str
    row: int = 0
    column: str = ""

    def __str__(self):
        where = f"{self.sheet}!{self.cell}" if self.sheet else self.cell  # CSV has no sheets
        return f"{where}: {self.message}" if self.cell else self.message


class ListRefused(Exception):
    """Every bad cell of a list; nothing of it was written."""

    def __init__(self, errors: list[ListError]):
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


def error(row: ListRow, column: str, message: str) -> ListError:
    return ListError(row.sheet, row.cells.get(column, ""), message, row.number, column)


def refuse(errors: list[ListError]) -> None:
    if errors:
        raise ListRefused(errors)


def blanks(row: ListRow, columns: Columns) -> list[ListError]:
    """The required cells of a row that are empty."""
    return [
        error(row, column, _("缺“%(column)s”。") % {"column": columns.head(column)})
        for column in columns.required
        if not row[column]
    ]


def repeated(rows: Iterable[ListRow], key, column: str) -> list[ListError]:
    """Rows that say something of what an earlier row has spoken of."""
    seen: set = set()
    found = []
    for row in rows:
        if key(row) in seen:
            found.append(error(row, column, _("这一行和前面的重复。")))
        seen.add(key(row))
    return found


def plain(text: str) -> str:
    """Full-width characters as the plain ones that they mean, no space around."""
    return unicodedata.normalize("NFKC", text).strip()


def fold(word: str) -> str:
    """A word as it is compared: whatever its width, case, spaces and underscores."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", word).casefold())


def vocabulary(choices, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Folded word -> code, from a TextChoices by code and label in both languages."""
    found = {fold(word): code for word, code in (more or {}).items()}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): code for code, label in choices.choices}
    return found | {fold(code): code for code in choices.values}


def number_of(text: str) -> Decimal | None:
    """A figure as people write it, with separators, 元 or %; None when it is none."""
    bare = re.sub(r"[,，\s]|元$|%$|m2$|㎡$", "", plain(text))
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < LARGEST else None


def day_of(text: str) -> date | None:
    """A day as people write it, or as Excel counts it; None when it is none."""
    text = plain(text)
    if text.isdecimal() and int(text) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    match = DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def truth_of(text: str) -> bool | None:
    """是 or 否 in either language; None for anything else."""
    return next((truth for truth, words in TRUTH.items() if fold(text) in words), None)


def truth_word(truth: bool) -> str:
    return in_language(TRUTH[truth])


def in_language(words: tuple[str, ...]) -> str:
    """Of a Chinese and an English word the reader's."""
    return words[translation.get_language() == "en"]


def in_words(value) -> str:
    """A cell's value as a page shows it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
