"""One appeal as its page shows it: what was seen, who may do what, what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from inspections.appeal.appeals import contested_rows, window_is_open
from inspections.models import Appeal, Observation
from inspections.sheet.sheet_photos import photos_of
from organization.history import history_of
from organization.models import StoredFile, User
from organization.roles import Role
from organization.states import State
from organization.templatetags.ui import points


@dataclass(frozen=True)
class Contested:
    """A deduction with everything that was seen of it, as it was noted."""

    thing: Observation | Appeal
    rows: list[tuple[Observation, list[StoredFile]]]

    @classmethod
    def by(cls, observation: Observation) -> "Contested":
        return cls(observation, with_photos(contested_rows(observation)))

    @classmethod
    def of(cls, appeal: Appeal) -> "Contested":
        return cls(appeal, with_photos(appeal.contested.order_by("recorded_at", "pk")))

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

    def __init__(self, appeal: Appeal, reader: User, at: datetime):
        self.appeal, self.reader, self.at = appeal, reader, at
        self.contested = Contested.of(appeal)

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
    def files(self) -> list[tuple]:
        """Id, kind and name of each."""
        rows = self.appeal.files.order_by("uploaded_at", "pk")
        return list(rows.values_list("pk", "kind", "name"))

    @property
    def entries(self):
        return history_of(self.appeal)
