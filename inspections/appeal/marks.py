"""What a sheet and a result say of appeals: which deduction was contested, which may be now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from inspections.appeal.appeals import last_day, window_is_open
from inspections.models import Appeal, ScoreSheet
from inspections.sheet.folding import Event
from inspections.words import Outcome
from organization.clock import local_day
from organization.models import User
from organization.prepared import prepared
from organization.states import State
from scoring.breakdown import Change
from scoring.models import CampaignResults
from scoring.opening import know_results

NONE = str(UUID(int=0))  # no observation's id


@dataclass(frozen=True)
class Mark:
    """Beside a deduction: its appeal, or where it may be contested."""

    appeal: Appeal | None = None
    url: str = ""

    @property
    def state(self) -> State | None:
        return self.appeal.state() if self.appeal else None

    @property
    def changed(self) -> bool:
        return bool(self.appeal and self.appeal.changed)


def changed_by_appeal(ids: Collection[UUID]) -> dict[UUID, Change]:
    """Of deductions by what counts of them: those that an appeal reduced (scoring.breakdown)."""
    found = Appeal.objects.filter(entry__in=ids, outcome=Outcome.REDUCED)
    found = found.select_related("sheet__campaign")
    return {each.entry_id: Change(each.stood, each.get_absolute_url()) for each in found}


def contests(*, sheets):
    """What was contested on sheets, with its appeal."""
    rows = Appeal.contested.through.objects.filter(appeal__sheet__pk__in=sheets)
    rows = rows.filter(appeal__in=Appeal.objects.in_force())
    return rows.select_related("appeal").order_by()


contested_on = prepared(contests, {"sheets": ScoreSheet._meta.pk})


class Marks:
    """Of some sheets of one campaign, for one reader; one query for all of them, none for sheets
    that were read `with_appeals` and have none.
    """

    def __init__(self, sheets: Iterable[ScoreSheet], reader: User, at: datetime):
        self.sheets = {sheet.pk: sheet for sheet in sheets if sheet.submitted_at}
        self.reader, self.at = reader, at

    @cached_property
    def appeals(self) -> dict[tuple, Appeal]:
        """By the sheet and the contested observations."""
        contested = [pk for pk, each in self.sheets.items() if getattr(each, "is_contested", True)]
        of: dict[int, Appeal] = {}
        by_observation = {}
        for row in contested_on(sheets=contested):
            appeal = of.setdefault(row.appeal_id, row.appeal)
            appeal.sheet = self.sheets[appeal.sheet_id]
            by_observation[row.observation_id] = appeal
        return by_observation

    @cached_property
    def contestable(self) -> set[int]:
        """Ids of the sheets whose deductions this reader may contest now."""
        if self.results and self.results.frozen_at:
            return set()
        late = bool(self.late and self.at < self.late)
        return {pk for pk in self.own if late or window_is_open(self.sheets[pk], at=self.at)}

    @cached_property
    def own(self) -> list[int]:
        """Ids of the sheets whose deductions this reader may contest at all."""
        return [
            pk
            for pk, sheet in self.sheets.items()
            if self.reader.has_perm("inspections.appeal", sheet) and not sheet.is_self_check
        ]

    @property
    def results(self) -> CampaignResults | None:
        """None as long as nothing was frozen or opened again."""
        own = next((self.sheets[pk] for pk in self.own), None)
        if own is None:
            return None
        know_results(own.campaign)
        return getattr(own.campaign, "results", None)

    @property
    def late(self) -> datetime | None:
        """Until when a correction lets deductions be contested beyond their windows."""
        return self.results.appeals_until if self.results else None

    def until(self, sheet: ScoreSheet) -> date | None:
        """The last day on which this reader may contest a sheet's deductions; None if never."""
        if sheet.pk not in self.contestable:
            return None
        late = self.late and local_day(self.late - timedelta(microseconds=1))
        return max(last_day(sheet), late) if late else last_day(sheet)

    def of(self, sheet: ScoreSheet, events: Iterable[Event], counts: bool) -> Mark | None:
        """The mark of a deduction by its standing observations; `counts` whether it costs."""
        ids = [event.id for event in events if event.is_deduction]
        if not ids or sheet.pk not in self.sheets:
            return None
        if appeal := next((self.appeals[id] for id in ids if id in self.appeals), None):
            return Mark(appeal)
        if counts and sheet.pk in self.contestable:
            return Mark(url=self.address.replace(NONE, str(ids[0])))
        return None

    @cached_property
    def address(self) -> str:
        """Where a deduction is contested, with `NONE` for what was observed."""
        campaign = next(iter(self.sheets.values())).campaign
        return reverse("appeal_new", args=[campaign.code, NONE])
