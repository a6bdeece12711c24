"""What people put right about a header: which column is what, for the next table like it."""

from datetime import datetime

from scoring.models import HeaderMapping


def remember(*, signature: str, header: str, columns: dict[str, int], by, at: datetime) -> None:
    """Keep which column is what (role → column number) under a header; the last word counts.

    `signature` tells the header (scoring.forms.header_signature), `header` shows it to people.
    """
    HeaderMapping.objects.update_or_create(
        signature=signature,
        defaults={
            "header": header,
            "columns": columns,
            "remembered_at": at,
            "remembered_by": None if isinstance(by, str) else by,
        },
    )


def remembered() -> dict[str, dict[str, int]]:
    """Every header that was put right once: signature → its columns."""
    return dict(HeaderMapping.objects.values_list("signature", "columns"))
