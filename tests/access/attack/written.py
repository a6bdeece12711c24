"""Everything that people wrote, written by somebody who means no good."""

from collections.abc import Iterator, Sequence
from itertools import cycle

from django.apps import apps
from django.db import connection, models

# What people write, by the names of its fields and of its translations; all else has a meaning.
WRITTEN = {
    "name", "title", "text", "note", "remark", "question", "explanation", "problem",
    "measure", "rectification", "verification", "root_cause_text", "reason", "return_reason",
    "dispute_reason", "withdraw_reason", "reopen_reason", "decision", "department", "position",
    "place", "trainer", "topics", "complaint", "found", "solution", "attendees", "minutes",
    "method", "standard", "rule_text", "subject_label", "by_label", "manager_name", "source_name",
}  # fmt: skip


def begin_all_with(texts: Sequence[str]) -> None:
    """Put these before all of it, as far as a column takes them."""
    in_turn = cycle(texts)
    with connection.cursor() as cursor:
        for table, column, most in columns():
            cursor.execute(
                f"UPDATE {table} SET {column} = SUBSTR(%s || {column}, 1, %s)"  # noqa: S608 ours
                f" WHERE {column} <> ''",
                [next(in_turn), most],
            )


def columns() -> Iterator[tuple[str, str, int]]:
    """Table, column and how much it takes."""
    quote = connection.ops.quote_name
    for model in apps.get_models():
        for each in model._meta.local_concrete_fields:
            name = each.name.removesuffix("_zh_hans").removesuffix("_zh").removesuffix("_en")
            is_words = isinstance(each, (models.CharField, models.TextField))
            if is_words and name in WRITTEN and not each.choices and not each.unique:
                yield quote(model._meta.db_table), quote(each.column), each.max_length or 10_000
