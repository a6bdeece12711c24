"""Words that people used before for what was missing: offered beside a note, one tap each.

What is the same requirement in another version or campaign is what `inspections.models.repeats`
says: its item's code, and in the item its text, or its number where the text was reworded.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Length

from inspections.forms.sheets import row_key
from inspections.models import Observation, ScoreSheet
from inspections.sheet.outline import Line, Outline, outline
from inspections.words import ObservationKind
from organization.models import User
from scoring.models import DeductionRule, Item, Requirement, Rubric

OFFERED = 3  # phrases for one requirement or rule
SHORT = 40  # characters of a phrase that is worth to be offered
KEPT = 300  # seconds for which what was found is offered
WORDS = 20_000  # parts of notes that are looked up at once
MOST = 2000  # notes that are looked through, the most used first
# a room, a telephone, an address, somebody by the family name: of one place or person only
PERSONAL = re.compile(r"\d{3}|@|先生|女士|小姐|师傅|\b(?:Mr|Mrs|Ms)\b")


def phrases(rubric: Rubric, reader: User) -> dict[str, list[str]]:
    """The phrases for a rubric's rows by their keys (`row_key`), the most used first.

    From notes of this and earlier campaigns that were not taken back, on sheets that the reader
    may see; at most `OFFERED` for each, nothing that names one of the company's people or looks
    like personal data. A fixed number of queries; the names' where there is anything to offer.

    A published rubric's are looked for once in `KEPT` by each process, for all who see the company
    and for the people of the same projects: all their notes and names are read for that, and it
    is the same for every sheet.
    """
    projects = None if reader.sees_company else frozenset(reader.project_ids)
    if rubric.published_at:
        return kept_for(rubric.pk, projects, int(time.time() // KEPT))
    return found_for(rubric, projects)


@lru_cache(maxsize=256)
def kept_for(rubric_id: int, projects: frozenset[int] | None, _period: int) -> dict[str, list[str]]:
    return found_for(Rubric.objects.get(pk=rubric_id), projects)


def forget_phrases() -> None:
    """For tests, which don't wait."""
    kept_for.cache_clear()


def found_for(rubric: Rubric, projects: frozenset[int] | None) -> dict[str, list[str]]:
    """As people of these projects may see; everything for who sees the company."""
    lines = outline(rubric.pk)
    found: dict[str, list[str]] = {}
    for code, number, text, rule, note in used(rubric, projects):
        line = lines.by_code.get(code)
        key = line and key_in(line, number, text, rule)
        if key and len(own := found.setdefault(key, [])) < OFFERED and note not in own:
            own.append(note)
    return without_names(found) if found else {}


def used(rubric: Rubric, projects: frozenset[int] | None) -> Iterator[tuple]:
    """Short notes with what they are about, the most used first.

    Counted by ids, and by an index: names and numbers are looked up of what is left.
    """
    items = Item.objects.filter(rubric__specialty=rubric.specialty_id).order_by()
    codes = dict(items.values_list("pk", "code"))
    notes = Observation.objects.filter(
        kind=ObservationKind.MISSING, points__isnull=False, item__in=list(codes)
    )
    withdrawn = Observation.objects.filter(withdraws__isnull=False).order_by()
    notes = notes.exclude(pk__in=withdrawn.values("withdraws")).annotate(length=Length("note"))
    if projects is not None:
        notes = notes.filter(sheet__in=ScoreSheet.objects.shown_in(projects))
    notes = notes.filter(length__gt=1, length__lte=SHORT).order_by()
    columns = ("item", "requirement", "rule", "note")
    often = notes.values_list(*columns).annotate(times=Count("pk")).order_by("-times", "note")
    found = list(often[:MOST])
    requirements = named(Requirement, {row[1] for row in found}, "number", "text_zh_hans")
    rules = named(DeductionRule, {row[2] for row in found}, "number")
    together: Counter[tuple] = Counter()
    for item, requirement, rule, note, times in found:
        about = (
            codes[item],
            *requirements.get(requirement, (None, None)),
            *rules.get(rule, [None]),
        )
        together[(*about, note)] += times
    for *about, note in sorted(together, key=lambda each: (-together[each], each[-1])):
        if not PERSONAL.search(note):
            yield *about, note.strip()


def named(model, ids: set[int | None], *columns: str) -> dict[int, tuple]:
    """These columns by id; no query without any."""
    ids = ids - {None}
    if not ids:
        return {}
    rows = model.objects.filter(pk__in=ids).order_by().values_list("pk", *columns)
    return {pk: values for pk, *values in rows}


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
    names = names_in({note for notes in found.values() for note in notes})
    kept = {
        key: [note for note in notes if not any(name in note for name in names)]
        for key, notes in found.items()
    }
    return {key: notes for key, notes in kept.items() if notes}


def names_in(notes: set[str]) -> set[str]:
    """Names of the company's people that stand in one of these notes.

    Looked up by all that the notes could name, or where that would be too much by each name.
    """
    words = {
        note[start:end]
        for note in notes
        for start in range(len(note))
        for end in range(start + 2, len(note) + 1)
    }
    people = User.objects.order_by()
    if len(words) <= WORDS:
        people = people.filter(name__in=words)
    else:
        every = Value("\n".join(notes), output_field=CharField())
        people = people.annotate(words=every, length=Length("name"))
        people = people.filter(length__gt=1, words__contains=F("name"))
    return set(people.values_list("name", flat=True))


def listed(rubric: Rubric, reader: User) -> list[str]:
    """All of them once, in the order of the rubric's rows."""
    by_key = phrases(rubric, reader)
    keys = (key for key in keys_of(outline(rubric.pk)) if key in by_key)
    return list(dict.fromkeys(note for key in keys for note in by_key[key]))


def keys_of(of: Outline) -> Iterator[str]:
    for line in of.lines.values():
        yield from (row_key(each.pk, None) for each in line.requirements)
        yield from (row_key(None, rule.pk) for rule in line.rules)
