"""What the review of an import shows: the sheet, the rubric as understood, what is open."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from organization.models import Specialty, StoredFile
from scoring.forms import FormRefused, read_tables
from scoring.grid import Grid, Note, draw, notes_of
from scoring.importing import read_form, with_answers
from scoring.models import Rubric, Weight
from scoring.webforms import AnswersForm, asked

FULL = 100


class ImportPage:
    """One uploaded form under review; the file is read again, nothing is kept but the file."""

    def __init__(self, campaign: Campaign, specialty: Specialty, stored: StoredFile, typed=None):
        self.campaign, self.specialty, self.stored = campaign, specialty, stored
        with stored.file.open("rb") as file:
            self.data = file.read()
        self.understood = read_form(self.data, campaign=campaign, specialty=specialty)
        self.form = AnswersForm(self.understood.items, typed)
        self.seen = (typed or {}).get("seen", self.draft_mark)
        self.conflict = None

    # where it goes

    @cached_property
    def versions(self) -> list[Rubric]:
        found = Rubric.objects.filter(campaign=self.campaign, specialty=self.specialty)
        return list(found.select_related("created_by").order_by("-version"))

    @property
    def draft(self) -> Rubric | None:
        return next((rubric for rubric in self.versions if not rubric.published_at), None)

    @property
    def current(self) -> Rubric | None:
        published = (rubric for rubric in self.versions if rubric.published_at)
        return next((rubric for rubric in published if not rubric.superseded_at), None)

    @property
    def version(self) -> int:
        """The version that this import would be."""
        if self.draft:
            return self.draft.version
        return self.versions[0].version + 1 if self.versions else 1

    @property
    def draft_mark(self) -> str:
        return self.draft.mark if self.draft else ""

    @property
    def weight(self) -> Weight | None:
        return Weight.objects.filter(campaign=self.campaign, specialty=self.specialty).first()

    # what was understood

    @cached_property
    def answered(self):
        """With what has been typed so far, where that is valid."""
        if not self.form.is_bound or not self.form.is_valid():
            return self.understood
        return with_answers(self.understood, self.form.answers())

    @property
    def can_save(self) -> bool:
        return bool(self.understood.items) and not self.understood.errors

    @property
    def is_complete(self) -> bool:
        return self.understood.complete

    @cached_property
    def lacking(self) -> int:
        """Items that something is missing of, which publishing needs."""
        return sum(not item.complete for item in self.understood.items)

    @property
    def requirement_count(self) -> int:
        return sum(len(item.requirements) for item in self.understood.items)

    @property
    def total(self):
        return self.answered.total or 0

    @property
    def full(self) -> int:
        return FULL

    @property
    def short(self):
        """Points that are missing to 100; negative when there are too many."""
        return FULL - self.total

    @cached_property
    def sections(self) -> list[dict]:
        rows = [self._row(item) for item in self.understood.items]
        return [self._section(name, rows) for name in self.understood.sections]

    def _section(self, name: str, rows: list[dict]) -> dict:
        own = [row for row in rows if row["item"].section == name]
        known = [row["item"].points for row in own if row["item"].points is not None]
        return {
            "name": name, "rows": own, "points": sum(known), "open": len(known) < len(own),
        }  # fmt: skip

    def _row(self, item) -> dict:
        questions = self.form.questions(item)
        return {
            "item": item,
            "questions": questions,
            "needs": [role for role in asked(item) if role != "name"],
            "has_errors": any(field.errors for field in questions.values()),
            "notes": [note for note in self.notes if note.message.cell in self._cells(item)],
        }

    def _cells(self, item) -> set[str]:
        return {*item.cells.values(), *item.requirement_cells}

    # what is to be said

    @cached_property
    def notes(self) -> list[Note]:
        return notes_of(self.understood)

    @property
    def errors(self) -> list[Note]:
        return [note for note in self.notes if note.is_error]

    @property
    def warnings(self) -> list[Note]:
        return [note for note in self.notes if not note.is_error]

    @property
    def general(self) -> list[Note]:
        """Warnings about no single item: the total, hidden rows, other sheets."""
        placed = {
            note.number
            for section in self.sections
            for row in section["rows"]
            for note in row["notes"]
        }
        return [note for note in self.warnings if note.number not in placed]

    @cached_property
    def grid(self) -> Grid | None:
        try:
            tables = read_tables(self.data)
        except FormRefused:
            return None
        table = next((each for each in tables if each.sheet == self.understood.sheet), None)
        return draw(table, self.understood, self.notes) if table else None

    @property
    def answer(self) -> str:
        """看懂 7 项、26 条检查内容，3 处请您定."""
        if self.errors:
            count = len(self.errors)
            return ngettext(
                "有 %(count)d 处要在表里改正，还不能导入",
                "有 %(count)d 处要在表里改正，还不能导入",
                count,
            ) % {"count": count}
        figures = {
            "items": len(self.understood.items), "requirements": self.requirement_count,
            "count": len(self.warnings),
        }  # fmt: skip
        if not self.warnings:
            return _("看懂 %(items)d 项、%(requirements)d 条检查内容，没有疑问") % figures
        return _("看懂 %(items)d 项、%(requirements)d 条检查内容，%(count)d 处请您看一下") % figures
