"""Charts in a workbook: Excel's own, over formulas that count in the table, so that they follow
whoever filters or puts right a figure there.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from organization.list_book import A4

RANK, COMPOSITE, BAND, RUBRICS = 0, 4, 5, 6  # columns of the table
TALL = 16  # rows of a chart
STEPS = 5  # lines across it
# told apart without colours: each chart has one series, its bars have words below them
FILL, EDGE = "#5b6f8f", "#2f3e57"


@dataclass(frozen=True)
class Charted:
    """What the charts show: the sheet with its first and last row, and what the formulas come to
    for programs that do not calculate: projects by band, whole points, averages by rubric.
    """

    sheet: str
    first: int
    last: int
    bands: list[tuple[str, int]]
    points: list[int]
    rubrics: list[tuple[str, Decimal | None]]

    def cells(self, column: int) -> str:
        """A column of the table as formulas name it."""
        name = xl_col_to_name(column, col_abs=True)
        quoted = self.sheet.replace("'", "''")
        return f"'{quoted}'!{name}${self.first}:{name}${self.last}"


class Charts:
    """A sheet with tables in its first columns and a chart beside each."""

    def __init__(self, book: Workbook, charted: Charted):
        self.book, self.of, self.row = book, charted, 0
        self.sheet = book.add_worksheet(_("图表"))
        self.sheet.set_column(0, 1, 16)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 1)
        self.bold = book.add_format({"bold": True})
        self.points = book.add_format({"num_format": "0.00"})

    def add(self, title: str, heads: tuple[str, str], lines: list[tuple], *, points=False) -> None:
        """A table of (words, formula, what it comes to) with its chart."""
        top = self.row
        self.sheet.write_row(top, 0, heads, self.bold)
        for number, (words, formula, value) in enumerate(lines, start=top + 1):
            if isinstance(words, int):
                self.sheet.write_number(number, 0, words)
            else:
                self.sheet.write_string(number, 0, words)
            shown = self.points if points else None
            self.sheet.write_formula(number, 1, formula.format(row=number + 1), shown, value)
        most = max((value for _words, _formula, value in lines), default=0)
        self._draw(title, heads, top + 1, top + len(lines), points=points, most=most)
        self.row = top + max(len(lines) + 2, TALL + 1)

    def _draw(self, title, heads, first: int, last: int, *, points: bool, most) -> None:
        chart = self.book.add_chart({"type": "column"})
        name = self.sheet.get_name()
        chart.add_series({
            "name": heads[1],
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "fill": {"color": FILL},
            "border": {"color": EDGE},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00" if points else "0;;"},
        })  # fmt: skip
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"name": heads[0]})
        # projects are whole: no line at half of one
        step = {} if points else {"major_unit": ceil(max(most, 1) / STEPS), "num_format": "0"}
        axis = {"name": heads[1], "min": 0, "major_gridlines": {"visible": True}}
        chart.set_y_axis(axis | step)
        chart.set_size({"width": 720, "height": 300})
        self.sheet.insert_chart(first - 1, 3, chart, {"description": title})


def draw_charts(book: Workbook, charted: Charted) -> None:
    """Projects by band, projects by points, averages by rubric, on a sheet of their own."""
    charts = Charts(book, charted)
    projects = _("项目数")
    counted = f"=COUNTIF({charted.cells(BAND)},$A{{row}})"
    bands = [(name, counted, count) for name, count in charted.bands]
    charts.add(_("各等级的项目"), (_("等级"), projects), bands)
    if charted.points:
        charts.add(_("综合得分的分布"), (_("综合得分"), projects), _histogram(charted))
    averages = [
        (name, f'=IFERROR(AVERAGE({charted.cells(RUBRICS + number)}),"")', average or 0)
        for number, (name, average) in enumerate(charted.rubrics)
    ]
    if averages:
        charts.add(_("各专业平均得分"), (_("专业"), _("平均得分")), averages, points=True)


def _histogram(charted: Charted) -> list[tuple]:
    """From the lowest whole point to the highest; ranked projects alone."""
    count = Counter(charted.points)
    composites, ranks = charted.cells(COMPOSITE), charted.cells(RANK)
    within = f'{composites},">="&$A{{row}},{composites},"<"&$A{{row}}+1'
    formula = f'=COUNTIFS({within},{ranks},">0")'
    return [(each, formula, count[each]) for each in range(min(count), max(count) + 1)]
