"""One appeal as its page shows it: what was seen, who may do what, what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from inspections.appeal.appeals import about, window_is_open
from inspections.models import Appeal, Observation
from inspections.sheet.ledger import allows_extra, ledger_of
from inspections.sheet.notes import Note, read_notes
from inspections.sheet.sheet_photos import photos_of, photos_on
from inspections.words import ObservationKind
from organization.history import story_of
from organization.models import StoredFile, User
from organization.roles import Role
from organization.states import State
from organization.templatetags.ui import points

FILES_SHOWN = 50
ACTED = ("made_by", "decided_by", "taken_back_by")


@dataclass(frozen=True)
class Contested:
    """A deduction with everything that was seen of it, as it was noted."""

    thing: Observation | Appeal
    rows: list[tuple[Observation | Note, list[StoredFile]]]

    @classmethod
    def by(cls, observation: Observation) -> "Contested":
        """By the sheet's ledger, which is read with its notes for whoever asks for it next."""
        sheet = observation.sheet
        notes = read_notes([sheet], allow_extra=allows_extra(sheet.campaign))
        stands = ledger_of(sheet).folded.standing_ids
        same = [
            note
            for pk, note in notes.items()
            if pk in stands
            and note.kind == ObservationKind.MISSING
            and about(note) == about(observation)
        ]
        photos = photos_on([sheet]) if same else {}
        return cls(observation, [(note, photos.get(note.pk, [])) for note in same])

    @classmethod
    def of(cls, appeal: Appeal) -> "Contested":
        """With what it is about, which its observations share: they are read with it."""
        rows = appeal.contested.select_related("requirement", "rule")
        found = cls(appeal, with_photos(rows.order_by("recorded_at", "pk")))
        for row, _photos in found.rows[:1]:
            appeal.requirement, appeal.rule = row.requirement, row.rule
        return found

    @property
    def words(self) -> str:
        about = self.thing.requirement or self.thing.rule
        return about.text if about else ""


def with_photos(rows: Iterable[Observation]) -> list[tuple[Observation, list[StoredFile]]]:
    rows = list(rows.select_related("by"))
    photos = photos_of(row.pk for row in rows)
    return [(row, photos.get(row.pk, [])) for row in rows]


class AppealPage:
    """What one reader sees of an appeal at a moment."""

    def __init__(self, appeal: Appeal, reader: User, at: datetime, files_at: str = ""):
        self.appeal, self.reader, self.at, self.files_at = appeal, reader, at, files_at
        self.contested = Contested.of(appeal)
        self.entries = story_of(appeal)
        self.know_who_acted()

    def know_who_acted(self) -> None:
        """Whoever did something with it stands in its history, and is not read again."""
        people = {entry.by_id: entry.by for entry in self.entries if entry.by_id}
        for name in ACTED:
            if known := people.get(getattr(self.appeal, f"{name}_id")):
                setattr(self.appeal, name, known)

    @property
    def state(self) -> State:
        return self.appeal.state(at=self.at)

    @property
    def answer(self) -> str:
        """The page in one sentence."""
        appeal = self.appeal
        words = {"project": appeal.project, "stood": points(appeal.stood)}
        words |= {"points": points(appeal.costs), "state": self.state}
        if appeal.changed:
            return _("%(project)s：扣分由 %(stood)s 改为 %(points)s") % words
        return _("%(project)s：申诉扣 %(stood)s 分，%(state)s") % words

    @cached_property
    def may_decide(self) -> bool:
        allowed = self.reader.has_perm("inspections.decide_appeal", self.appeal)
        return self.appeal.is_open and allowed

    @cached_property
    def may_take_back(self) -> bool:
        allowed = self.reader.has_perm("inspections.appeal", self.appeal.sheet)
        return self.appeal.is_open and allowed

    @property
    def may_appeal_again(self) -> bool:
        """Once it was taken back, inside the window."""
        allowed = self.reader.has_perm("inspections.appeal", self.appeal.sheet)
        is_open = window_is_open(self.appeal.sheet, at=self.at)
        return bool(self.appeal.taken_back_at) and allowed and is_open

    @property
    def is_barred(self) -> bool:
        """Of those who decide, but not here: an auditor of this deduction, or of the project."""
        role = self.reader.has_role(Role.MANAGEMENT_CENTER, Role.EXECUTIVE)
        return self.appeal.is_open and role and not self.may_decide

    @cached_property
    def files(self) -> Page:
        """Id, kind and name of each, oldest first.

        Beyond a page they are turned by id: nearly all came in one moment, with the appeal.
        """
        attached = Appeal.files.through.objects.filter(appeal=self.appeal).order_by("storedfile")
        named = ("uploaded_at", "pk", "kind", "name")
        rows = attached.values_list(*(f"storedfile__{each}" for each in named))
        pages = Paginator(rows, FILES_SHOWN)
        pages.count = attached.count()  # without the files themselves
        page = pages.get_page(self.files_at)
        page.object_list = [row[1:] for row in sorted(page.object_list)]
        return page
