"""Whole numbers as they come from addresses and forms."""

LONGEST = 18  # digits; longer ones overflow the database's integers


def whole(text: str) -> int | None:
    """The number that was typed; None for what is none, or longer than any number of ours."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None
