"""A signed sheet read from its kept text alone: no row that was changed since can show in it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from inspections.words import Method, ObservationKind
from organization.roles import Role


def in_language(words: dict[str, str]) -> str:
    """In the reader's language, else in any that is there."""
    return words.get(get_language() or "") or next(iter(words.values()), "")


def figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class Seen:
    """One standing observation of an item."""

    item: dict
    said: dict

    @property
    def about(self) -> str:
        return in_language(self.said["about"])

    @property
    def points(self) -> Decimal | None:
        """What counts of it, or what it would cost where another one counts."""
        return figure(self.said["counts"] if self.counts else self.said["points"])

    @property
    def counts(self) -> bool:
        return self.said["counts"] is not None

    @property
    def is_decided(self) -> bool:
        return self.said["kind"] == ObservationKind.DECIDED

    @property
    def method(self) -> str:
        method = self.said["method"]
        return str(Method(method).label) if method in Method.values else method

    @property
    def observed_at(self) -> datetime:
        return parse_datetime(self.said["observed_at"])


@dataclass(frozen=True)
class Item:
    said: dict

    @property
    def code(self) -> str:
        return self.said["code"]

    @property
    def name(self) -> str:
        return in_language(self.said["name"])

    @property
    def not_applicable(self) -> str | None:
        """The reason, where the item does not apply."""
        if not self.said["not_applicable"]:
            return None
        kind = ObservationKind.NOT_APPLICABLE
        return next((o["note"] for o in self.said["observations"] if o["kind"] == kind), "")

    @cached_property
    def deductions(self) -> list[Seen]:
        """Everything that took points, the ones that another one outweighs too."""
        kinds = (ObservationKind.MISSING, ObservationKind.DECIDED)
        return [Seen(self.said, o) for o in self.said["observations"] if o["kind"] in kinds]


@dataclass(frozen=True)
class Section:
    said: dict

    @property
    def name(self) -> str:
        return in_language(self.said["name"])

    @property
    def kept(self) -> Decimal:
        return Decimal(self.said["kept"])

    @property
    def possible(self) -> Decimal:
        return Decimal(self.said["possible"])

    @cached_property
    def items(self) -> list[Item]:
        return [Item(each) for each in self.said["items"]]

    @cached_property
    def noted(self) -> list[Item]:
        """The items that say more than that everything conforms."""
        return [x for x in self.items if x.deductions or x.not_applicable is not None]


@dataclass(frozen=True)
class Mark:
    """How somebody signed, or did not."""

    said: dict

    @property
    def name(self) -> str:
        return self.said["name"]

    @property
    def role(self) -> str:
        role = self.said["role"]
        return str(Role(role).label) if role in Role.values else self.said["position"]

    @property
    def drawing(self) -> dict | None:
        return self.said.get("drawing")

    @property
    def reason(self) -> str:
        return self.said.get("reason", "")


class Reading:
    """The sheet as it is signed, or was."""

    def __init__(self, said: dict):
        self.said = said

    @property
    def campaign(self) -> str:
        return self.said["campaign"]["title"]

    @property
    def project(self) -> str:
        return self.said["project"]["name"]

    @property
    def specialty(self) -> str:
        return in_language(self.said["specialty"]["name"])

    @property
    def rubric(self) -> str:
        return f"{in_language(self.said['rubric']['name'])} v{self.said['rubric']['version']}"

    @property
    def kept(self) -> Decimal:
        return Decimal(self.said["kept"])

    @property
    def possible(self) -> Decimal:
        return Decimal(self.said["possible"])

    @property
    def shown(self) -> Decimal | None:
        return figure(self.said["shown"])

    @property
    def zeroed(self) -> bool:
        return self.said["zeroed"]

    @property
    def capped(self) -> bool:
        return self.said["capped"]

    @cached_property
    def sections(self) -> list[Section]:
        return [Section(each) for each in self.said["sections"]]

    # --- once it was signed ---

    @property
    def at(self) -> datetime:
        return parse_datetime(self.said["at"])

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed on a device without a network; `at` is when that came."""
        signed = self.said.get("signed")
        return parse_datetime(signed["at"]) if signed else None

    @property
    def submitted_at(self) -> datetime:
        return parse_datetime(self.said["submitted"]["at"])

    @property
    def auditor(self) -> Mark:
        return Mark(self.said["auditor"])

    @property
    def manager(self) -> Mark:
        return Mark(self.said["manager"])

    @property
    def is_refused(self) -> bool:
        return self.said["refused"]
