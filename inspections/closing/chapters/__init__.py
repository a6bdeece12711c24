"""What a summary is made of: each chapter gathers its facts, shows them, and opens the words.

Facts are plain JSON with codes, kept as of the moment they were gathered; `show` makes tables
of them in the reader's language. Whoever has more to tell adds a builder in `AppConfig.ready()`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.models import Campaign
from organization.models import Specialty
from organization.papers import Heading, Table, Text
from organization.prepared import prepared

Names = Mapping[str, str]  # specialty codes in the reader's language
Shown = Heading | Table | Text


@dataclass(frozen=True)
class Builder:
    """`draft` are the first words of a chapter, written by nobody; empty where facts suffice."""

    code: str
    title: object
    gather: Callable[[Campaign, datetime], dict]
    show: Callable[[dict, Names], Sequence[Shown]]
    draft: Callable[[dict], str]


# In the order of the document.
CHAPTERS: list[Builder] = []


def builder_of(code: str) -> Builder | None:
    """None for a chapter whose room is not there any more: its words stay."""
    return next((builder for builder in CHAPTERS if builder.code == code), None)


def specialty_names() -> dict[str, str]:
    return {specialty.code: str(specialty) for specialty in every_specialty()}


every_specialty = prepared(Specialty.objects.all, {})
