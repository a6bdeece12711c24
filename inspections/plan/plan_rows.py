"""A plan's lines as rows: what one lacks, what a revision changes in it, two versions of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.forms.plans import LineForm
from inspections.models import Finding
from inspections.plan.amending import amended, is_settled
from inspections.plan.lines import Gap
from inspections.plan.plan_versions import Changed
from inspections.words import Source
from organization.history import history_of
from organization.models import HistoryEntry
from organization.states import State
from organization.templatetags.ui import day

if TYPE_CHECKING:
    from inspections.plan.plan_screen import PlanScreen

CHANGES = {
    "added": gettext_lazy("新增 %(count)d 条"),
    "changed": gettext_lazy("改动 %(count)d 条"),
    "withdrawn": gettext_lazy("撤销 %(count)d 条"),
}


@dataclass(frozen=True)
class Version:
    """A field that two people wrote differently; `base` says that mine was written on theirs."""

    field: BoundField
    base: str
    theirs: str
    mine: str


@dataclass
class Row:
    """One line as it is drawn, perhaps open for editing."""

    number: int
    finding: Finding
    gap: Gap | None
    outside: bool
    may_write: bool
    state: State
    screen: "PlanScreen"
    form: LineForm | None = None
    theirs: Finding | None = None
    why: str = ""
    remark_field: BoundField | None = None

    @property
    def missing(self) -> str:
        return _("、").join(self.gap.missing) if self.gap else ""

    @property
    def kind(self) -> str:
        """What a revision does with it: added, changed, withdrawn, same; nothing in a plan."""
        line = self.finding
        if not line.draft_of_id or line.opened_at:
            return ""
        if line.withdrawn_at:
            return "withdrawn"
        if not line.amends_id:
            return "added"
        return "changed" if self.changes else "same"

    @cached_property
    def changes(self) -> list[Changed]:
        line = self.finding
        return [
            Changed(
                label=str(line._meta.get_field(name).verbose_name),
                old=in_words(name, getattr(line.amends, name)),
                new=in_words(name, value),
            )
            for name, value in (amended(line) if line.amends_id else {}).items()
        ]

    @cached_property
    def likely(self) -> str:
        """Who saw to something like it before; where it is taken up again, who had it then."""
        origin = self.finding.origin
        return str((origin and origin.responsible) or self.screen.likely.of(self.finding))

    @property
    def is_settled(self) -> bool:
        return is_settled(self.finding)

    @cached_property
    def last_edit(self) -> HistoryEntry | None:
        """Who wrote their version, and when."""
        return history_of(self.theirs).filter(verb="edit_finding").first()

    @property
    def versions(self) -> list[Version]:
        """Where mine and theirs differ, in words."""
        now = LineForm(line=self.theirs, user=self.form.user)
        return [
            Version(
                field=self.form[name],
                base=now[name].as_hidden(only_initial=True),
                theirs=in_words(name, getattr(self.theirs, name)),
                mine=in_words(name, mine),
            )
            for name, mine in self.form.changes.items()
            if getattr(self.theirs, name) != mine
        ]

    @property
    def wrong_fields(self) -> list[BoundField]:
        """What I typed and has to be put right after the choice."""
        return [self.form[name] for name in self.form.errors]


def in_words(name: str, value) -> str:
    if not value:
        return _("（空）")
    if name == "due":
        return day(value)
    return str(Source(value).label if name == "source" else value)
