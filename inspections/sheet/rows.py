"""The rows of a sheet's card: its requirements and its rules, each with what was seen of it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.forms.sheets import EntryForm, row_key
from inspections.models import Observation
from inspections.sheet.folding import Event
from inspections.sheet.terms import Terms
from inspections.templatetags.sheets import of_one
from scoring.models import DeductionRule, Requirement
from scoring.models.rubrics import Critical

if TYPE_CHECKING:
    from inspections.sheet.cards import Card

CRITICAL = {
    Critical.ZERO: gettext_lazy("关键项：本表零分"),
    Critical.CAP: gettext_lazy("关键项：等级最高为良好"),
}
SHOWN = ("points", "count", "method", "note", "photos")
TYPED = ("points", "count", "method", "note")


def form_ids() -> Iterator[uuid.UUID]:
    """Ids for the forms of one page, alike up to their end: sixty that share nothing would be a
    tenth of what a phone waits for. Another page's are others by 106 random bits.
    """
    start = uuid.uuid4().int >> 16 << 16
    return (uuid.UUID(int=start + number) for number in count(1))


@dataclass(eq=False)
class Draft:
    """What stands in a row's fields: what was typed and refused, else what is on record.

    `points` are those of one occurrence.
    """

    points: object
    method: str
    note: str = ""
    count: object = 1
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def typed(cls, form: EntryForm) -> "Draft":
        """What somebody typed; errors of fields that nobody sees stand under `general`."""
        shown = {name: form.errors[name] for name in SHOWN if name in form.errors}
        rest = [text for name, texts in form.errors.items() if name not in SHOWN for text in texts]
        value = {name: form[name].value() or "" for name in TYPED}
        return cls(**value, errors=shown | {"general": rest})

    @classmethod
    def recorded(cls, seen: Observation) -> "Draft":
        return cls(of_one(seen), seen.method, seen.note, seen.count)


@dataclass(eq=False)
class Row:
    """What a tap is about: one's own observation, which is edited, and everybody's others."""

    card: "Card"

    is_rule = False

    @property
    def page(self):
        return self.card.page

    @property
    def key(self) -> str:
        """What the page and its scripts call the row."""
        raise NotImplementedError

    @property
    def about(self) -> tuple[str | None, str]:
        """The number of its requirement and the code of its rule, as events have them."""
        raise NotImplementedError

    @property
    def terms(self) -> Terms | None:
        """What a tap costs; None where nobody can tap."""
        raise NotImplementedError

    @cached_property
    def events(self) -> list[Event]:
        return self.card.missing.get(self.about, [])

    @cached_property
    def seen(self) -> list[Observation]:
        return self.page.observations(self.events)

    @cached_property
    def mine(self) -> Observation | None:
        own = [seen for seen in self.seen if seen.by_id == self.page.reader_id]
        return own[-1] if own else None

    @property
    def others(self) -> list[Observation]:
        return [seen for seen in self.seen if seen != self.mine]

    @property
    def is_on(self) -> bool:
        """Whether the switch is on: for what one noted oneself, and what was refused just now."""
        return bool(self.mine or self.draft.errors)

    @cached_property
    def draft(self) -> Draft:
        bound = self.page.bound
        if bound is not None and bound.is_about(self.key):
            return Draft.typed(bound)
        return Draft.recorded(self.mine) if self.mine else self.untouched

    @property
    def untouched(self) -> Draft:
        return Draft(self.terms.first if self.terms else "", self.page.usual_method)

    @property
    def blank(self) -> Draft:
        """The fields of another entry: what was refused just now, else nothing typed yet."""
        return self.draft if self.draft.errors else self.untouched

    @property
    def new_id(self) -> uuid.UUID:
        """For a form that is sent without JavaScript: sending it twice does no harm either."""
        return next(self.page.form_ids)

    @property
    def photos(self):
        return self.page.photos.get(self.mine.pk, []) if self.mine else []

    @property
    def takes_entries(self) -> bool:
        return self.card.takes_entries and self.terms is not None

    @property
    def is_light(self) -> bool:
        """Whether nothing is to be shown of it but its switch."""
        return self.takes_entries and not (self.card.is_full or self.events)

    @property
    def lacking(self) -> Event | None:
        """The standing observation by which it costs points, for the plan to take up."""
        noted = [event for event in self.events if event.is_deduction]
        return noted[-1] if noted and not self.card.is_not_applicable else None

    @property
    def is_lifted(self) -> bool:
        """Whether an appeal withdrew what it cost."""
        decided = self.page.folded.decided.get((self.card.item.code, *self.about))
        return decided is not None and decided.points is None

    @cached_property
    def mark(self):
        """Its appeal, or where it may be contested."""
        return self.page.mark_of(self.events)

    @property
    def taken(self):
        """The plan's line that it has become, of a self-check."""
        return self.page.taken.get((self.card.item.code, *self.about))

    @property
    def lacks_picture(self) -> bool:
        return any(event in self.card.without_picture for event in self.events)


@dataclass(eq=False)
class RequirementRow(Row):
    """One requirement, missing or not."""

    requirement: Requirement

    @cached_property
    def key(self) -> str:
        return row_key(self.requirement.pk, None)

    @cached_property
    def about(self):
        return str(self.requirement.number), ""

    @property
    def name(self) -> str:
        return _("第 %(number)s 项") % {"number": self.requirement.number}

    @property
    def text(self) -> str:
        return f"{self.requirement.number}. {self.requirement.text}"

    @property
    def terms(self) -> Terms | None:
        return self.card.price

    @property
    def critical(self) -> str:
        """What it does when it is missing, in words (ruling 4)."""
        words = CRITICAL.get(self.requirement.critical)
        return str(words) if words else ""


@dataclass(eq=False)
class RuleRow(Row):
    """One of the item's rules, on its own occasion."""

    rule: DeductionRule

    is_rule = True

    @cached_property
    def key(self) -> str:
        return row_key(None, self.rule.pk)

    @cached_property
    def about(self):
        return None, self.rule.code

    @property
    def name(self) -> str:
        return _("细则 %(number)s") % {"number": self.rule.number}

    @property
    def text(self) -> str:
        return self.rule.text

    @cached_property
    def terms(self) -> Terms:
        rule = self.card.line.scored.rule(self.rule.code)
        allowed = self.page.ledger.allow_extra
        return Terms(rule, self.card.item.points, self.rule.text, allowed)
