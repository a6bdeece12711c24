"""The same results by plain formulas, as somebody would set them up in a spreadsheet.

Nothing of the product calculates here. Three sheets: what was seen, item by item; the projects; the
rules. Campaigns stand below each other; cells are written without values.
"""

import io

from openpyxl import Workbook
from openpyxl.utils import get_column_letter as letter

from scoring.engine import FLOOR, Critical

ITEM = "=IF(B{r}=1,ROUND(A{r}-MIN(A{r},MAX(C{r},D{r})+MAX(E{r},F{r})),2),0)"
MOST = 4  # rubrics of a campaign
# the columns of a project
KEPT, POSSIBLE, PERCENT, COUNTS = 1, 5, 9, 13
COMPOSITE, FINAL, POINTS, PLACE, RANK, TEAM, PEOPLE = 17, 18, 19, 20, 21, 22, 23
AMOUNTS = 26
CAP, OPEN = 29, 30


class PlainBook:
    def __init__(self) -> None:
        self.book = Workbook()
        self.items = self.book.active
        self.items.title = "items"
        self.projects = self.book.create_sheet("projects")
        self.rules = self.book.create_sheet("rules")
        self.item = self.project = self.rule = 1

    def add(self, campaign) -> tuple[int, int, int]:
        """Write a campaign; its first and last project's row, and its row of the total."""
        rules = self.write_rules(campaign)
        first, last = self.project, self.project + len(campaign.projects) - 1
        for held in campaign.projects:
            self.write_project(campaign, held, rules, first, last)
        total = self.project
        cells = f"{letter(TEAM)}{first}:{letter(TEAM)}{last}"
        people = f"{letter(AMOUNTS)}{first}:{letter(AMOUNTS + 2)}{last}"
        self.projects.cell(total, 1, f"=ROUND(SUM({cells},{people}),2)")
        self.project += 1
        return first, last, total

    def write_rules(self, campaign) -> dict[str, str]:
        """Weights, bands from the lowest, then an amount for each role and band."""
        sheet, top, count = self.rules, self.rule, len(campaign.bands)
        for column, weight in enumerate(campaign.weights, 1):
            sheet.cell(top, column, float(weight))
        lowest, amount = campaign.team
        for column, value in ((5, campaign.cap), (6, lowest), (7, float(amount))):
            sheet.cell(top, column, value)
        for column, (low, _high, _code) in enumerate(campaign.bands, 1):
            sheet.cell(top + 1, column, low)
        for row, amounts in enumerate(campaign.amounts, top + 2):
            for column, amount in enumerate(amounts, 1):
                sheet.cell(row, column, None if amount is None else float(amount))
        last = top + 1 + len(campaign.amounts)
        self.rule = last + 1
        return {
            "weights": f"rules!$A${top}:$D${top}",
            "cap": f"rules!$E${top}",
            "team_lowest": f"rules!$F${top}",
            "team": f"rules!$G${top}",
            "bands": f"rules!$A${top + 1}:${letter(count)}${top + 1}",
            "amounts": f"rules!$A${top + 2}:${letter(count)}${last}",
        }

    def write_sheet(self, sheet) -> tuple[int, int]:
        """A row for each item; their first and last."""
        first = self.item
        for points, applies, requirements, extra in sheet.items:
            seen = [amount for amounts in requirements for amount in amounts]
            row = [points, int(applies), *seen, extra]
            for column, value in enumerate(row, 1):
                self.items.cell(self.item, column, None if value is None else float(value))
            self.items.cell(self.item, 8, ITEM.format(r=self.item))
            self.item += 1
        return first, self.item - 1

    def write_project(self, campaign, held, rules, first: int, last: int) -> None:
        row, sheet = self.project, self.projects
        capped = []
        for at, each in enumerate(held.sheets):
            top, bottom = self.write_sheet(each)
            self.write_score(campaign, at, each, top, bottom)
            if campaign.critical[at] is Critical.CAP and each.finished and not each.absent:
                counts = f"{letter(COUNTS + at)}{row}=1"
                capped.append(f"AND({counts},items!B{top}=1,COUNT(items!C{top}:D{top})>0)")
        at = {name: f"{letter(column)}{row}" for name, column in NAMED.items()}
        sheet.cell(row, CAP, f"=IF(OR({','.join(capped)}),1,0)" if capped else 0)
        sheet.cell(row, OPEN, sum(not each.finished and not each.absent for each in held.sheets))
        counts = f"{letter(COUNTS)}{row}:{letter(COUNTS + MOST - 1)}{row}"
        percents = f"{letter(PERCENT)}{row}:{letter(PERCENT + MOST - 1)}{row}"
        weight = f"SUMPRODUCT({rules['weights']},{counts})"
        mean = f"SUMPRODUCT({rules['weights']},{percents})/{weight}"
        sheet.cell(row, COMPOSITE, f'=IF({weight}=0,"",ROUND(ROUND({mean},9),2))')
        final = f'IF(OR({at["composite"]}="",{at["open"]}>0),"",{{}})'
        sheet.cell(row, FINAL, "=" + final.format(at["composite"]))
        whole = "INT({})" if campaign.rounding == FLOOR else "ROUND({},0)"
        sheet.cell(row, POINTS, "=" + final.format(whole.format(at["composite"])))
        reached = f"MATCH({at['points']},{rules['bands']},1)"
        place = f"IF({at['cap']}=1,MIN({reached},{rules['cap']}),{reached})"
        sheet.cell(row, PLACE, "=" + final.format(place))
        everyone = f"${letter(FINAL)}${first}:${letter(FINAL)}${last}"
        sheet.cell(row, RANK, "=" + final.format(f"RANK({at['final']},{everyone})"))
        team = f"IF(AND({at['points']}>={rules['team_lowest']},{at['cap']}=0),{rules['team']},0)"
        sheet.cell(row, TEAM, f'=IF({at["final"]}="",0,{team})')
        self.write_people(row, held, rules, at)
        self.project += 1

    def write_score(self, campaign, at: int, sheet, top: int, bottom: int) -> None:
        """Points kept and possible; what is unfinished or absent leaves, as what does not apply."""
        row, put = self.project, self.projects.cell
        kept = f"SUM(items!H{top}:H{bottom})"
        if campaign.extras:
            extras = f"SUMPRODUCT(items!B{top}:B{bottom},items!G{top}:G{bottom})"
            kept = f"MAX(0,{kept}-{extras})"
        if campaign.critical[at] is Critical.ZERO:
            kept = f"IF(AND(items!B{top}=1,COUNT(items!C{top}:D{top})>0),0,{kept})"
        put(row, KEPT + at, f"=ROUND({kept},2)")
        possible = f"SUMPRODUCT(items!A{top}:A{bottom},items!B{top}:B{bottom})"
        put(row, POSSIBLE + at, f"=ROUND({possible},2)")
        there = int(sheet.finished and not sheet.absent)
        kept, possible = (f"{letter(first + at)}{row}" for first in (KEPT, POSSIBLE))
        put(row, COUNTS + at, f"=IF({possible}>0,{there},0)")
        counts = f"{letter(COUNTS + at)}{row}"
        put(row, PERCENT + at, f"=IF({counts}=1,100*{kept}/{possible},0)")

    def write_people(self, row: int, held, rules, at: dict[str, str]) -> None:
        """The highest of somebody's roles, and what it brings in the project's band."""
        for n, ranks in enumerate(held.people):
            highest = f"MIN({','.join(str(each + 1) for each in ranks)})"
            self.projects.cell(row, PEOPLE + n, f"={highest}")
            role = f"{letter(PEOPLE + n)}{row}"
            amount = f"INDEX({rules['amounts']},{role},{at['place']})"
            self.projects.cell(row, AMOUNTS + n, f'=IF({at["final"]}="",0,0+{amount})')

    def data(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


NAMED = {
    "composite": COMPOSITE,
    "final": FINAL,
    "points": POINTS,
    "place": PLACE,
    "cap": CAP,
    "open": OPEN,
}
