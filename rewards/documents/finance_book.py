"""The settlement for finance: the list to pay and sign by, with what its figures come from.

Three sheets of plain formulas (list, composites, rules), so that whoever pays can check by hand;
every formula has its value beside it, for a viewer that does not calculate.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from math import ceil
from unicodedata import east_asian_width

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.history import head_of
from organization.qr import qr_png
from organization.roles import Role
from rewards.documents.book import (
    FIGURES,
    HEAD,
    LINE,
    LIVE,
    MONEY,
    POINTS,
    QUIET,
    TITLE,
    Book,
    cell,
    span,
)
from rewards.documents.finance_composites import Composites, Row
from rewards.documents.finance_rules import Places, write_rules
from rewards.documents.workings import Rules, Worked, rules_of, worked
from rewards.models import TEAM, Adjustment, Award, Settlement
from rewards.snapshots import address_of
from rewards.summary import adjustments_of, awards_page, note_of, totals

WIDTHS = (12, 22, 16, 22, 11, 11, 15, 30, 16)
HEAD_HEIGHT = 22
LAST = len(WIDTHS) - 1
COMPOSITE, AMOUNT = 5, 6
FIRST = 4  # the first award's row
SIGN_HEIGHT = 24  # points: room for a name
NOTE, NOTE_LINE = 7, 14  # the column of notes, and a line's height in points
TITLE_HEIGHT = 30
SCALE = 0.6  # of the code: about 28 mm in print


def settlement_workbook(settlement: Settlement, *, at: datetime) -> bytes:
    """The settlement as .xlsx: the list, the composites, the rules."""
    book, campaign = Book(), settlement.campaign
    sheet = book.sheet(_("奖惩结算表"), WIDTHS)
    rules, projects = rules_of(campaign), worked(campaign)
    # the list comes first in the file and needs to know where the others' cells are
    composites = Composites(book, rules, None, projects)
    composites.places = places = write_rules(book, rules)
    rows = composites.write()
    List(book, sheet, settlement, rows, places, Expected(rules, projects)).write(at)
    sheet.activate()
    return book.data()


class Expected:
    """What today's rules and standings give for a line of the list, as its formula would."""

    def __init__(self, rules: Rules, projects: Sequence[Worked]):
        self.amounts, self.team = dict(rules.amounts), rules.team
        self.projects = {each.code: each for each in projects}

    def of(self, award: Award) -> Decimal | None:
        project = self.projects[award.project.code]
        if award.role == TEAM:
            lowest, amount = self.team or (101, None)
            return amount if project.points >= lowest and not project.capped else None
        amounts = self.amounts.get(str(Role(award.role).label))
        return amounts[project.band - 1] if amounts else None


class List:
    """Persons and teams with what they get; columns as WIDTHS."""

    def __init__(
        self,
        book: Book,
        sheet,
        settlement: Settlement,
        rows: dict[str, Row],
        places: Places,
        expected: Expected,
    ):
        self.book, self.sheet, self.settlement = book, sheet, settlement
        self.rows, self.places, self.expected = rows, places, expected
        self.bands = {band.code: band.name for band in settlement.campaign.bands.all()}

    def write(self, at: datetime) -> None:
        self.write_head(at)
        row = FIRST - 1
        for award in awards_page(self.settlement, "all"):
            row += 1
            self.write_award(row, award)
        for line in adjustments_of(self.settlement).standing():
            row += 1
            self.write_adjustment(row, line)
        self.write_foot(row + 1)

    def write_head(self, at: datetime) -> None:
        settlement, sheet = self.settlement, self.sheet
        title = _("%(campaign)s奖惩结算表") % {"campaign": settlement.campaign}
        self.book.across(sheet, 0, LAST, title, **TITLE)
        sheet.set_row(0, TITLE_HEIGHT)
        said = {
            "state": settlement.state(),
            "moment": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
            "print": settlement.fingerprint or "—",
            "head": head_of(settlement.campaign) or "—",
        }
        line = _("%(state)s · 制表 %(moment)s · 指纹 %(print)s · 记录链 %(head)s") % said
        self.book.across(sheet, 1, LAST, line, align="center", font_color=QUIET["font_color"])
        heads = [
            _("项目编码"), _("项目"), _("姓名"), _("岗位"), _("等级"), _("综合得分"),
            _("金额（元）"), _("说明"), _("签字"),
        ]  # fmt: skip
        for column, word in enumerate(heads):
            side = FIGURES if column in (COMPOSITE, AMOUNT) else {}
            side = {"indent": 1} if column == NOTE else side
            self.book.put(sheet, FIRST - 1, column, word, **HEAD, **side)
        sheet.set_row(FIRST - 1, HEAD_HEIGHT)
        sheet.freeze_panes(FIRST, 0)
        sheet.repeat_rows(FIRST - 1)
        sheet.set_footer(f"&L&8{settlement.fingerprint[:16]}&R&8&P / &N")

    def write_award(self, row: int, award: Award) -> None:
        note = note_of(award)
        self.sheet.set_row(row, height_of(note))
        words = (award.project.code, award.project.name, who(award), award.get_role_display())
        for column, word in enumerate(words):
            self.put(row, column, word)
        found, band = self.rows.get(award.project.code), self.bands.get(award.band, award.band)
        if found:
            self.live(row, 4, found.band, band)
            self.live(row, COMPOSITE, found.composite, award.composite, num_format=POINTS)
        else:  # a draft of before its project became provisional
            self.put(row, 4, band)
            self.put(row, COMPOSITE, award.composite, num_format=POINTS)
        if found and (formula := self.amount(row, award, found)):
            self.live(row, AMOUNT, formula, award.amount, num_format=MONEY)
        else:
            self.put(row, AMOUNT, award.amount, num_format=MONEY)
        self.put(row, NOTE, note, text_wrap=True, indent=1)
        self.put(row, 8, "")

    def write_adjustment(self, row: int, line: Adjustment) -> None:
        """A line that somebody added: no band and no score stand behind it, but a reason."""
        self.sheet.set_row(row, height_of(line.reason))
        words = (line.project.code, line.project.name, who(line), _("人工调整"), "", "")
        for column, word in enumerate(words):
            self.put(row, column, word)
        self.put(row, AMOUNT, line.amount, num_format=MONEY)
        self.put(row, NOTE, line.reason, text_wrap=True, indent=1)
        self.put(row, 8, "")

    def put(self, row: int, column: int, value, **look) -> None:
        self.book.put(self.sheet, row, column, value, valign="vcenter", **LINE, **look)

    def live(self, row: int, column: int, formula: str, value, **look) -> None:
        look |= LINE | LIVE
        self.book.live(self.sheet, row, column, formula, value, valign="vcenter", **look)

    def amount(self, row: int, award: Award, found: Row) -> str:
        """The formula of an amount; empty where the rules give another than is on record."""
        places = self.places
        if self.expected.of(award) != award.amount:
            return ""
        if award.role == TEAM:
            reached = f'AND({found.points}>={places.team_lowest},{found.capped}="")'
            return f"IF({reached},{places.team_amount},0)"
        role = f"MATCH({cell(row, 3)},{places.roles},0)"
        return f"INDEX({places.amounts},{role},{found.place})"

    def write_foot(self, row: int) -> None:
        """The total, what is on record beside it, who is left out, places to sign, the code."""
        book, sheet, settlement = self.book, self.sheet, self.settlement
        net = totals(settlement).net
        amounts = span(cell(FIRST, AMOUNT), cell(row - 1, AMOUNT))
        book.put(sheet, row, 0, _("合计"), bold=True)
        added = f"SUM({amounts})" if row > FIRST else "0"
        book.live(sheet, row, AMOUNT, added, net, bold=True, num_format=MONEY, top=6)
        book.put(sheet, row + 1, 0, _("记录的净额"))
        book.put(sheet, row + 1, AMOUNT, net, num_format=MONEY)
        agrees = f'IF(ROUND({cell(row, AMOUNT)}-{cell(row + 1, AMOUNT)},2)=0,"✓","✗")'
        book.live(sheet, row + 1, AMOUNT + 1, agrees, "✓")
        if settlement.left_out:
            codes = _("、").join(settlement.left_out)
            left = _("暂列、不计奖惩的项目：%(codes)s") % {"codes": codes}
            book.across(sheet, row + 2, LAST, left, **QUIET)
        self.write_signatures(row + 4)
        if settlement.fingerprint:
            self.write_code(row + 7)

    def write_signatures(self, row: int) -> None:
        self.sheet.set_row(row, TITLE_HEIGHT)
        signed = ((0, _("制表")), (2, _("财务复核")), (4, _("管理中心负责人")), (7, _("总经理")))
        for column, word in signed:
            self.book.put(self.sheet, row, column, word + _("："))

    def write_code(self, row: int) -> None:
        """The way back to the record: whoever scans it sees whether the fingerprint is on it."""
        fingerprint = self.settlement.fingerprint
        address = address_of(fingerprint)
        picture = {
            "image_data": io.BytesIO(qr_png(address)),
            "x_scale": SCALE,
            "y_scale": SCALE,
            "description": address,
        }
        self.sheet.insert_image(row, 0, "code.png", picture)
        self.book.put(self.sheet, row + 1, 2, _("扫码核对指纹"))
        self.book.put(self.sheet, row + 2, 2, fingerprint)


def height_of(note: str) -> float:
    """Points: room for a signature, and for all lines of a note that is wrapped.

    A row of a set height does not grow by itself; a Chinese character is two figures wide.
    """
    wide = WIDTHS[NOTE] - 4  # what indent and margins leave
    parts = [sum(2 if east_asian_width(each) in "WF" else 1 for each in part)
             for part in note.splitlines()]  # fmt: skip
    lines = sum(max(ceil(part / wide), 1) for part in parts)
    return max(SIGN_HEIGHT, lines * NOTE_LINE + 6)


def who(line: Award | Adjustment) -> str:
    if line.person:
        return line.person.name
    return _("%(project)s团队") % {"project": line.project}
