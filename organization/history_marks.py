"""The three marks of a row of history: what happened, in which words, from which address.

They are keyed: without the key nobody can try names against the mark of words that were erased.
"""

from django.contrib.contenttypes.models import ContentType

from organization import seals
from organization.models import HistoryEntry


def marks_of(row: HistoryEntry, key: str) -> list[str]:
    """Its marks under the key of this name; the address's is empty where none is kept."""
    where = mark(key, "where", row.pk, str(row.address)) if row.address else ""
    return [mark(key, *facts_of(row)), words_mark(row, key), where]


def words_mark(row: HistoryEntry, key: str) -> str:
    return mark(key, "words", row.pk, row.subject_label, row.reason, row.detail)


def facts_of(row: HistoryEntry) -> tuple:
    """People stand in it by their ids."""
    kind = ContentType.objects.get_for_id(row.content_type_id)
    return (
        "facts", row.pk, row.at, row.by_id, row.by_label, row.verb,
        f"{kind.app_label}.{kind.model}", row.object_id, row.before, row.after, row.way, row.via,
    )  # fmt: skip


def mark(key: str, *parts) -> str:
    return seals.ring().mark(key, *parts)
