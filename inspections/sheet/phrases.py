"""Words that people used before for what was missing: offered beside a note, one tap each.

What is the same requirement in another version or campaign is what `inspections.models.repeats`
says: its item's code, and in the item its text, or its number where the text was reworded.
"""

import re
import time
from collections.abc import Iterator
from functools import lru_cache

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Length

from inspections.forms.sheets import row_key
from inspections.models import Observation, ScoreSheet
from inspections.sheet.outline import Line, Outline, outline
from inspections.words import ObservationKind
from organization.models import User
from scoring.models import Requirement, Rubric

OFFERED = 3  # phrases for one requirement or rule
SHORT = 40  # characters of a phrase that is worth to be offered
KEPT = 300  # seconds for which what was found is offered
MOST = 2000  # notes that are looked through, the most used first
# a room, a telephone, an address, somebody by the family name: of one place or person only
PERSONAL = re.compile(r"\d{3}|@|先生|女士|小姐|师傅|\b(?:Mr|Mrs|Ms)\b")
COLUMNS = (
    "item__code", "requirement__number", "requirement__text_zh_hans", "rule__number", "note",
)  # fmt: skip


def phrases(rubric: Rubric, reader: User) -> dict[str, list[str]]:
    """The phrases for a rubric's rows by their keys (`row_key`), the most used first.

    From notes of this and earlier campaigns that were not taken back, on sheets that the reader
    may see; at most `OFFERED` for each, nothing that names one of the company's people or looks
    like personal data. One query, and a second for the names where there is anything to offer.

    A published rubric's are looked for once in `KEPT` by each process for all who see the company:
    all its notes and names are read for that, and it is the same for every sheet.
    """
    if reader.sees_company and rubric.published_at:
        return companys(rubric.pk, int(time.time() // KEPT))
    return found_for(rubric, reader)


@lru_cache(maxsize=64)
def companys(rubric_id: int, _period: int) -> dict[str, list[str]]:
    return found_for(Rubric.objects.get(pk=rubric_id), None)


def forget_phrases() -> None:
    """For tests, which don't wait."""
    companys.cache_clear()


def found_for(rubric: Rubric, reader: User | None) -> dict[str, list[str]]:
    """As `reader` may see; everything without one."""
    lines = outline(rubric.pk)
    found: dict[str, list[str]] = {}
    for code, number, text, rule, note in used(rubric, reader):
        line = lines.by_code.get(code)
        key = line and key_in(line, number, text, rule)
        if key and len(own := found.setdefault(key, [])) < OFFERED and note not in own:
            own.append(note)
    return without_names(found) if found else {}


def used(rubric: Rubric, reader: User | None) -> Iterator[tuple]:
    """Short notes with what they are about, the most used first."""
    notes = Observation.objects.filter(
        kind=ObservationKind.MISSING,
        sheet__specialty=rubric.specialty_id,
        withdrawal__isnull=True,
    ).annotate(length=Length("note"))
    if reader:
        notes = notes.filter(sheet__in=ScoreSheet.objects.visible_to(reader))
    notes = notes.filter(length__gt=1, length__lte=SHORT).order_by()
    often = notes.values_list(*COLUMNS).annotate(times=Count("pk")).order_by("-times", "note")
    for *about, note, _times in often[:MOST]:
        if not PERSONAL.search(note):
            yield *about, note.strip()


def key_in(line: Line, number: int | None, text: str | None, rule: int | None) -> str:
    """The row of this item that is the same as the one a note was about; "" where there is none."""
    if rule:
        same = next((each for each in line.rules if each.number == rule), None)
        return row_key(None, same.pk) if same else ""
    same = requirement_in(line, number, text) if number else None
    return row_key(same.pk, None) if same else ""


def requirement_in(line: Line, number: int, text: str | None) -> Requirement | None:
    by_text = {each.text_zh_hans: each for each in line.requirements}
    by_number = {each.number: each for each in line.requirements}
    return by_text.get(text) or by_number.get(number)


def without_names(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same without what names one of the company's people."""
    words = "\n".join(note for notes in found.values() for note in notes)
    people = User.objects.annotate(words=Value(words, output_field=CharField()))
    people = people.annotate(length=Length("name")).filter(length__gt=1, words__contains=F("name"))
    names = set(people.order_by().values_list("name", flat=True))
    kept = {
        key: [note for note in notes if not any(name in note for name in names)]
        for key, notes in found.items()
    }
    return {key: notes for key, notes in kept.items() if notes}


def listed(rubric: Rubric, reader: User) -> list[str]:
    """All of them once, in the order of the rubric's rows."""
    by_key = phrases(rubric, reader)
    keys = (key for key in keys_of(outline(rubric.pk)) if key in by_key)
    return list(dict.fromkeys(note for key in keys for note in by_key[key]))


def keys_of(of: Outline) -> Iterator[str]:
    for line in of.lines.values():
        yield from (row_key(each.pk, None) for each in line.requirements)
        yield from (row_key(None, rule.pk) for rule in line.rules)
