"""A company form, filled in and named after its project and specialty, becomes a submitted sheet.

All of a file or nothing of it; the same file again changes nothing.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import ImportedForm, ScoreSheet
from inspections.sheet.entries import NOTE_LIMIT, Entry
from inspections.sheet.ledger import ledger_of
from inspections.sheet.observations import observe_many
from inspections.sheet.outline import Line, Outline, outline
from inspections.sheet.sheets import open_sheet, published_rubric, submit_sheet
from inspections.words import Method, ObservationKind
from organization.errors import Refused
from organization.files import read_bounded
from organization.models import Project, Specialty, User
from scoring.engine import SheetScore
from scoring.forms import Filled, FilledRow, read_score_form
from scoring.forms.amounts import plain
from scoring.forms.wording import folded

NO_REMARK = "表格导入"  # what an observation says where the form has no remark
SUFFIX = ".xlsx"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file, and where; sheet and cell are None for the file as a whole."""

    message: str
    sheet: str | None = None
    cell: str | None = None


class BadForm(Refused):
    """A file that was not imported; `faults` say why, nothing of it was written."""

    def __init__(self, faults: list[Fault], code: str = "bad_form"):
        super().__init__(" ".join(fault.message for fault in faults), code)
        self.faults = faults


@dataclass(frozen=True)
class Imported:
    """A file's outcome; `fresh` is False where the same file had been imported before."""

    sheet: ScoreSheet
    fresh: bool
    warnings: list[Fault] = field(default_factory=list)

    @property
    def score(self) -> SheetScore:
        return ledger_of(self.sheet).folded.score


@transaction.atomic
def import_filled_form(
    *, file: Path, campaign: Campaign, auditor: User, at: datetime, method: str = Method.OPEN
) -> Imported:
    """Fill and submit the sheet that a file is named after: `<project>_<specialty>.xlsx`.

    Points kept are read from 评分; what an item lost becomes one observation on the item as a
    whole, 不适用 marks it, full points confirm it. Raises BadForm with every fault by its cell,
    also when the sheet was submitted, or begun by hand, or `auditor` may not fill it.
    """
    project, specialty = named_in(file, campaign)
    if not auditor.has_perm("inspections.open_sheet", specialty):
        names = {"person": auditor, "specialty": specialty}
        raise refusal(_("%(person)s不能评%(specialty)s。") % names, "not_auditor")
    data = bytes_of(file)
    digest = hashlib.sha256(data).hexdigest()
    about = {"campaign": campaign, "project": project, "specialty": specialty}
    if found := imported_before(digest, **about):
        return Imported(found, fresh=False)
    filled = sound(read_score_form(data))
    rubric = outline(published_rubric(campaign, specialty).pk)
    entries = entries_of(filled, rubric, method)
    sheet = open_sheet(**about, by=auditor, at=at)
    require_untouched(sheet)
    observe_many(sheet=sheet, entries=entries, by=auditor, at=at)
    submit_sheet(sheet=sheet, by=auditor, at=at)
    ImportedForm.objects.create(
        sheet=sheet, sha256=digest, name=file.name[:200], imported_at=at, imported_by=auditor
    )
    return Imported(sheet, fresh=True, warnings=faults_in(filled.warnings))


def refusal(message: str, code: str = "bad_form") -> BadForm:
    return BadForm([Fault(message)], code)


def bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return read_bounded(opened)
    except ValidationError as error:
        raise refusal(error.messages[0], "size") from error
    except OSError as error:
        raise refusal(_("文件打不开。"), "unreadable") from error


# --- which sheet -----------------------------------------------------------------------------


def named_in(file: Path, campaign: Campaign) -> tuple[Project, Specialty]:
    """Project and specialty by the file's name; specialty codes may contain `_`."""
    if file.suffix.lower() != SUFFIX:
        raise refusal(_("只能导入 .xlsx 文件。"), "kind")
    for specialty in Specialty.objects.order_by("-code"):
        if file.stem.endswith(f"_{specialty.code}"):
            return project_coded(file.stem.removesuffix(f"_{specialty.code}"), campaign), specialty
    raise refusal(_("文件名应为“项目编码_专业编码.xlsx”，例如 P01_customer_service.xlsx。"), "name")


def project_coded(code: str, campaign: Campaign) -> Project:
    project = campaign.projects.filter(code=code).first()
    if project is None:
        raise refusal(_("本次专项工作里没有编码为“%(code)s”的项目。") % {"code": code}, "no_part")
    return project


def imported_before(digest: str, **about) -> ScoreSheet | None:
    """The sheet that this very file made; BadForm when it was submitted with anything else."""
    sheet = ScoreSheet.objects.audits().submitted().filter(**about).first()
    if sheet is None or ImportedForm.objects.filter(sheet=sheet, sha256=digest).exists():
        return sheet
    raise refusal(_("这张评分表已经提交，不能再导入另一份。"), "submitted")


def require_untouched(sheet: ScoreSheet) -> None:
    """Deductions of a form and of a person on one sheet would count twice."""
    if ledger_of(sheet).standing():
        raise refusal(_("这张评分表已经有人在评，不能再用表格导入。"), "begun")


# --- what the form says ----------------------------------------------------------------------


def faults_in(messages) -> list[Fault]:
    return [Fault(each.message, each.sheet, each.cell) for each in messages]


def sound(filled: Filled) -> Filled:
    if filled.errors:
        raise BadForm(faults_in(filled.errors))
    return filled


def entries_of(filled: Filled, rubric: Outline, method: str) -> list[Entry]:
    """One entry per item of the rubric; BadForm naming what does not match it."""
    known = by_names(rubric)
    pairs = [(row, known.get((folded(row.section), folded(row.name)))) for row in filled.rows]
    faults = [f for row, line in pairs for f in faults_of(filled, row, line)]
    faults += twice(filled, pairs)
    there = {line.item.pk for row, line in pairs if line}
    faults += [absent(filled, line) for pk, line in rubric.lines.items() if pk not in there]
    if faults:
        raise BadForm(faults)
    return [entry_of(row, line, method) for row, line in pairs]


def by_names(rubric: Outline) -> dict[tuple[str, str], Line]:
    """Items by section and name, in either language; by the standard where a form has no names."""
    found: dict[tuple[str, str], Line] = {}
    for part in rubric.parts:
        sections = {part.section.name_zh_hans, part.section.name_en}
        for line in part.lines:
            item = line.item
            names = (item.name_zh_hans, item.name_en, item.standard_zh_hans, item.standard_en)
            for section in filter(None, sections):
                for name in filter(None, names):
                    found.setdefault((folded(section), folded(name)), line)
    return found


def faults_of(filled: Filled, row: FilledRow, line: Line | None):
    """What keeps a row from being taken, each with the cell that it is about."""
    if line is None:
        yield at_cell(filled, row, "name", _("评分细则里没有这一项：%(section)s · %(name)s。"))
    else:
        yield from faults_of_points(filled, row, plain(line.item.points))
    if len(row.remark) > NOTE_LIMIT:
        yield at_cell(filled, row, "remark", _("备注最多 %(limit)d 个字。"), limit=NOTE_LIMIT)


def faults_of_points(filled: Filled, row: FilledRow, full: Decimal):
    if row.points is not None and row.points != full:
        sentence = _("“%(name)s”在表里是 %(points)s 分，评分细则是 %(full)s 分。")
        yield at_cell(filled, row, "name", sentence, points=row.points, full=full)
    elif row.kept is not None and row.kept > full:
        sentence = _("“%(name)s”评了 %(kept)s 分，满分只有 %(full)s 分。")
        yield at_cell(filled, row, "score", sentence, kept=row.kept, full=full)


def at_cell(filled: Filled, row: FilledRow, role: str, sentence: str, **figures) -> Fault:
    words = {"section": row.section, "name": row.name} | figures
    return Fault(sentence % words, filled.sheet, row.cells.get(role))


def twice(filled: Filled, pairs) -> list[Fault]:
    seen: set[int] = set()
    faults = []
    for row, line in pairs:
        if line and line.item.pk in seen:
            faults.append(at_cell(filled, row, "name", _("“%(name)s”在表里出现了两次。")))
        elif line:
            seen.add(line.item.pk)
    return faults


def absent(filled: Filled, line: Line) -> Fault:
    return Fault(_("表里缺少这一项：%(item)s。") % {"item": line.item}, filled.sheet)


def entry_of(row: FilledRow, line: Line, method: str) -> Entry:
    """What the auditor's figure says: the item conforms, is not applicable, or lost points."""
    note = row.remark or NO_REMARK
    if row.not_applicable:
        return Entry(ObservationKind.NOT_APPLICABLE, line.item, note=note)
    lost = line.item.points - row.kept
    if not lost:
        return Entry(ObservationKind.CONFORMS, line.item, note=note)
    return Entry(ObservationKind.MISSING, line.item, points=lost, method=method, note=note)
