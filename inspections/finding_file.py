"""The list of findings as a workbook: exactly what is seen, dates as dates, text never run."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from inspections.finding_list import with_marks
from inspections.models import Finding, FindingPhoto
from inspections.words import Moment
from organization.clock import local_day
from organization.list_file import cell_of

DAY = "yyyy-mm-dd"
WRAPPED = Alignment(wrap_text=True, vertical="top")


def columns() -> list[tuple[str, int]]:
    """The heads and how wide they are."""
    return [
        (_("项目编码"), 10), (_("项目"), 16), (_("区域"), 10), (_("专业"), 12), (_("问题"), 40),
        (_("来源"), 16), (_("检查项"), 30), (_("第几次"), 8), (_("整改措施"), 36),
        (_("责任人"), 10), (_("原定期限"), 12), (_("期限"), 12), (_("状态"), 14), (_("迟几天"), 8),
        (_("根本原因"), 18), (_("具体原因"), 24), (_("整改情况"), 36), (_("整改日期"), 12),
        (_("整改人"), 10), (_("验证日期"), 12), (_("验证人"), 10), (_("验证说明"), 24),
        (_("整改前照片"), 10), (_("整改后照片"), 10), (_("网址"), 40),
    ]  # fmt: skip


def findings_workbook(found: QuerySet[Finding], *, at: datetime, site: str) -> bytes:
    """`site` is the beginning of the addresses that lead back to each finding."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("问题"))
    heads = columns()
    sheet.freeze_panes = "F2"
    for number, (_head, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([head_cell(sheet, head) for head, _width in heads])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}1"
    for finding in counted(found).iterator(chunk_size=500):
        sheet.append([cell(sheet, value) for value in values(finding, at, site)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def counted(found: QuerySet[Finding]) -> QuerySet[Finding]:
    pictures = {f"{moment}_count": number_of(moment) for moment in Moment.values}
    shown = with_marks(found).annotate(**pictures)
    return shown.select_related(
        "campaign", "project", "specialty", "responsible", "rectified_by", "verified_by",
        "requirement__item",
    )  # fmt: skip


def number_of(moment: str) -> Coalesce:
    """How many pictures of a moment a finding has; no join, which would multiply the rows."""
    taken = FindingPhoto.objects.filter(finding=OuterRef("pk"), moment=moment).order_by()
    counted = taken.values("finding").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def values(finding: Finding, at: datetime, site: str) -> Iterator[Any]:
    project, requirement = finding.project, finding.requirement
    yield from (project.code, project.name, project.region, finding.specialty)
    yield from (finding.problem, finding.get_source_display())
    yield f"{requirement.item.name} · {requirement.text}" if requirement else ""
    yield finding.earlier_count + 1
    yield from (finding.measure, finding.responsible)
    yield from (finding.first_due or finding.due, finding.due)
    yield from (finding.state(at=at).word, finding.days_late(at=at) or "")
    yield from (finding.get_root_cause_display(), finding.root_cause_text)
    yield from (finding.rectification, day_of(finding.rectified_at), finding.rectified_by)
    yield from (day_of(finding.verified_at), finding.verified_by, finding.verification)
    yield from (finding.before_count, finding.after_count)
    yield site + finding.get_absolute_url()


def day_of(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


def cell(sheet, value):
    """Dates stay dates; anything else as lists keep it, so that no cell is run."""
    if isinstance(value, date):
        made = WriteOnlyCell(sheet, value)
        made.number_format = DAY
    else:
        made = cell_of(sheet, value)
    if isinstance(made, Cell):
        made.alignment = WRAPPED
    return made


def head_cell(sheet, word: str):
    made = cell_of(sheet, word)
    made.font = Font(bold=True)
    return made
