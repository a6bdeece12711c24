"""A sheet as its page shows it: totals, steps, cards."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inspections.appeal.marks import Mark, Marks
from inspections.forms.sheets import EntryForm
from inspections.models import Finding, Observation, ScoreSheet
from inspections.moves import PLAN_STANDS
from inspections.self_check.self_checks import has_begun
from inspections.self_check.take_up import document_of, taken_up
from inspections.sheet.cards import NOT_LOOKED_AT, Card
from inspections.sheet.folding import Event, Folded, fold
from inspections.sheet.ledger import Ledger, ledger_of, sections_of
from inspections.sheet.outline import Part, pieces
from inspections.sheet.phrases import phrases
from inspections.sheet.rows import form_ids
from inspections.sheet.sheet_photos import demanding, photos_on, without_picture
from inspections.sheet.terms import level_of
from inspections.signing.states import may_sign, signing_state
from inspections.words import Method, ObservationKind
from organization import states
from organization.models import User
from organization.states import State
from scoring import engine

DONE_PART = State("done", _("已评完"), "circle-check", "ok")


@dataclass(eq=False)
class PartView:
    """A section as a step: its cards, and how many of them were looked at."""

    part: Part
    cards: list[Card]

    @property
    def section(self):
        return self.part.section

    def holds(self, cards: Iterable[Card]) -> bool:
        return any(card in self.cards for card in cards)

    @cached_property
    def total(self) -> int:
        return len(self.cards)

    @cached_property
    def done(self) -> int:
        return sum(card.is_looked_at for card in self.cards)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def new_id(self) -> uuid.UUID:
        return self.cards[0].new_id

    @property
    def state(self) -> State:
        if not self.left:
            return DONE_PART
        return states.IN_PROGRESS if self.done else NOT_LOOKED_AT

    # --- of a finished sheet ---

    @cached_property
    def costly(self) -> list[Card]:
        return [card for card in self.noted if card.deductions]

    @cached_property
    def noted(self) -> list[Card]:
        """The same and those whose deductions an appeal withdrew."""
        marked = self.cards[0].page.marked
        return [card for card in self.cards if card.line.item.code in marked]

    @property
    def possible(self) -> Decimal:
        return self.points.possible

    @property
    def lost(self) -> Decimal:
        """Points lost, those beyond an item too."""
        return self.points.possible - self.points.kept

    @property
    def kept(self) -> Decimal:
        return self.points.kept

    @property
    def points(self) -> engine.SectionPoints:
        return self.cards[0].page.sections[self.section.code]


class SheetPage:
    """A sheet for one reader. `bound` is a form that was refused and keeps what was typed.

    A `whole` page reads all observations at once; the answer to one entry only those it shows.
    `marks` say what of a submitted sheet was contested, or may be.
    """

    def __init__(
        self,
        sheet: ScoreSheet,
        reader: User,
        *,
        bound: EntryForm | None = None,
        open_code: str = "",
        whole: bool = True,
        marks: Marks | None = None,
    ):
        self.sheet, self.reader, self.bound, self.whole = sheet, reader, bound, whole
        self.reader_id = reader.pk
        self.people: dict[int, User] = {reader.pk: reader}  # several pages may share them
        self.ledger: Ledger = ledger_of(sheet)
        self.open_code, self.marks = open_code, marks
        self.form_ids = form_ids()
        self.may_fill = not sheet.submitted_at and reader.has_perm("inspections.fill_sheet", sheet)
        self.is_self_check = sheet.is_self_check
        self.may_take_up = reader.has_perm("inspections.take_up", sheet)

    @property
    def folded(self) -> Folded:
        return self.ledger.folded

    @property
    def score(self) -> engine.SheetScore:
        return self.folded.score

    @property
    def lost(self) -> Decimal:
        return self.score.possible - self.score.kept

    @cached_property
    def scores(self) -> dict[str, engine.ItemScore]:
        return {score.code: score for score in self.score.items}

    # --- signing ----------------------------------------------------------------------------

    @property
    def signing(self) -> State | None:
        return signing_state(self.sheet)

    @cached_property
    def may_sign(self) -> bool:
        """Whether both may sign now: everything was looked at, and pictures are there."""
        ready = self.sheet.submitted_at or not (self.left or self.to_picture)
        return bool(ready) and self.may_be_signed

    @cached_property
    def may_be_signed(self) -> bool:
        """Whether both may sign as soon as everything was looked at."""
        return may_sign(self.sheet, self.reader)

    # --- appeals ----------------------------------------------------------------------------

    def mark_of(self, events: Sequence[Event]) -> Mark | None:
        """Of one deduction by its standing observations: its appeal, or where it is contested."""
        if not (self.marks and events):
            return None
        return self.marks.of(self.sheet, events, counts=events[0].about in self.lacking)

    @property
    def appeal_until(self) -> date | None:
        """The last day on which this reader may contest a deduction."""
        return self.marks.until(self.sheet) if self.marks else None

    @cached_property
    def as_submitted(self) -> engine.SheetScore | None:
        """The score before appeals were decided; None where none was."""
        if not self.folded.decided:
            return None
        decided = ObservationKind.DECIDED
        events = [e for e in self.ledger.events.values() if e.kind != decided]
        of, extra = self.ledger.outline, self.ledger.allow_extra
        return fold(of.engine_items, events, extra, of.critical).score

    # --- observations -----------------------------------------------------------------------

    @cached_property
    def standing(self) -> dict[str, list[Event]]:
        """What was not taken back, by item, in the order it was recorded."""
        found: dict[str, list[Event]] = {}
        for event in self.ledger.events.values():
            if event.id in self.folded.standing_ids:
                found.setdefault(event.item, []).append(event)
        return found

    @cached_property
    def marked(self) -> set[str]:
        """Codes of the items that something took points of, or would without its appeal."""
        return {
            code for code, events in self.standing.items() if any(e.is_deduction for e in events)
        }

    @cached_property
    def sections(self) -> dict[str, engine.SectionPoints]:
        """Of a finished sheet, by the section's code."""
        return sections_of(self.ledger.outline, self.folded)

    @cached_property
    def recorded(self) -> Counter[str]:
        return Counter(event.item for event in self.ledger.events.values())

    def observations(self, events: Iterable[Event]) -> list[Observation]:
        """These events as they were entered, with the people."""
        ids = [event.id for event in events]
        if not ids:
            return []
        rows = self.rows if self.whole else self.completed(self.ledger.rows(ids))
        return [rows[id] for id in ids]

    @cached_property
    def rows(self) -> dict[uuid.UUID, Observation]:
        """Everything on record, in the order it came; what only says that all is well may lack."""
        here, events = self.ledger.at_hand, self.ledger.events
        if all(id in here or e.kind == ObservationKind.CONFORMS for id, e in events.items()):
            return self.completed({id: here[id] for id in events if id in here})
        found = self.sheet.observations.select_related("source__visit")
        return self.completed({row.pk: row for row in found.order_by("recorded_at", "pk")})

    def completed(self, rows: dict[uuid.UUID, Observation]) -> dict[uuid.UUID, Observation]:
        """The same rows with people, requirements and rules, which are mostly known already."""
        people = self.people
        people |= self.ledger.people
        people |= {row.by_id: row.by for row in rows.values() if Observation.by.is_cached(row)}
        if strangers := {row.by_id for row in rows.values()} - people.keys():
            people |= User.objects.in_bulk(strangers)
        outline = self.ledger.outline
        for row in rows.values():
            row.by = people[row.by_id]
            row.requirement = outline.requirements.get(row.requirement_id)
            row.rule = outline.rules.get(row.rule_id)
            row.level = level_of(outline.lines[row.item_id], row.points, row.rule)
        return rows

    @cached_property
    def photos(self):
        return photos_on([self.sheet])

    @cached_property
    def without_picture(self) -> dict[str, list[Event]]:
        """Deductions without the picture that their item demands, by item."""
        asked = demanding(self.ledger.standing(), self.ledger.outline.takes_pictures)
        found: dict[str, list[Event]] = {}
        for event in without_picture(asked, self.photos) if asked else ():
            found.setdefault(event.item, []).append(event)
        return found

    @property
    def to_picture(self) -> list[Card]:
        """The items that keep the sheet from being submitted, for want of a picture."""
        return [card for card in self.cards if card.without_picture]

    @cached_property
    def auditors(self) -> list[User]:
        """Who noted anything on this sheet, in the order they came."""
        authors, events = self.ledger.authors, self.ledger.events.values()
        noted = dict.fromkeys(authors[e.id] for e in events if e.kind != ObservationKind.DECIDED)
        people = self.people | self.ledger.people
        if strangers := noted.keys() - people.keys():
            people |= User.objects.in_bulk(strangers)
        return [people[pk] for pk in noted]

    @cached_property
    def phrases(self) -> dict[str, list[str]]:
        """Words that people used before, by the rows' keys; only for who may fill the sheet."""
        return phrases(self.sheet.rubric, self.reader) if self.may_fill else {}

    @cached_property
    def usual_method(self) -> str:
        """That of the reader's visit that is under way (as the view found it), else what was
        chosen last here, else the announced inspection; a self-check has none.
        """
        if self.is_self_check:
            return ""
        if going := getattr(self.sheet, "visit_method", None):
            return going
        chosen = [row.method for row in self.rows.values() if row.by_id == self.reader_id]
        return next((method for method in reversed(chosen) if method), Method.OPEN)

    # --- what a self-check gives the plan -----------------------------------------------------

    @cached_property
    def taken(self) -> dict[tuple, Finding]:
        """The plan's lines by what they are about (`Event.about`)."""
        lines = taken_up(self.sheet) if self.is_self_check else {}
        return {self.ledger.events[id].about: line for id, line in lines.items()}

    @cached_property
    def lacking(self) -> set[tuple]:
        """Everything that costs points, by what it is about."""
        return {(line.item, line.requirement, line.rule) for line in self.score.lines}

    @cached_property
    def may_reopen(self) -> bool:
        """Whether the reader may check once more what was handed in."""
        may = self.is_self_check and self.sheet.submitted_at and not self.sheet.campaign.closed_at
        may = may and self.reader.has_perm("inspections.fill_sheet", self.sheet)
        return bool(may) and not has_begun(self.sheet.campaign)

    @cached_property
    def plan_stands(self) -> str:
        """Why nothing can be taken up now: the plan is out of the project's hands."""
        written = document_of(self.sheet) if self.is_self_check else None
        if written is None or written.is_editable:
            return ""
        return str(PLAN_STANDS[written.state(at=None).code])

    @property
    def takes_up(self) -> bool:
        """Whether the page has buttons that put what is missing into the plan."""
        return self.may_take_up and not self.plan_stands

    @property
    def left_to_take(self) -> int:
        return len(self.lacking - self.taken.keys())

    # --- steps and cards --------------------------------------------------------------------

    @cached_property
    def parts(self) -> list[PartView]:
        return [
            PartView(part, [Card(self, line) for line in part.lines])
            for part in self.ledger.outline.parts
        ]

    @cached_property
    def pieces(self) -> dict:
        """What was drawn before of cards, where it hangs on nothing but the rubric."""
        seen_as = self.is_self_check, self.may_fill, self.ledger.allow_extra
        return pieces(self.sheet.rubric_id, get_language(), *seen_as)

    @cached_property
    def cards(self) -> list[Card]:
        return [card for part in self.parts for card in part.cards]

    @cached_property
    def by_code(self) -> dict[str, Card]:
        return {card.item.code: card for card in self.cards}

    def cards_of(self, items: Iterable[int]) -> list[Card]:
        wanted = set(items)
        return [card for card in self.cards if card.item.pk in wanted]

    @cached_property
    def first_part(self) -> PartView:
        """The step that a page with scripts begins with: where something is still to look at."""
        left = (part for part in self.parts if part.left)
        return next(left, self.parts[0])

    @property
    def total(self) -> int:
        return len(self.cards)

    @property
    def done(self) -> int:
        return len(self.folded.looked_at)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def next_card(self) -> Card | None:
        """The first item that nobody has looked at."""
        return next((card for card in self.cards if not card.is_looked_at), None)
