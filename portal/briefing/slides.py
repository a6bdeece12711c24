"""How a slide is made: native titles, tables, charts and pictures, with fonts for Chinese."""

import io
from collections.abc import Iterable, Mapping, Sequence

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.util import Cm, Emu, Pt

from organization.papers.word import xml_text

FONT = "Microsoft YaHei"
WIDE, HIGH = Cm(33.867), Cm(19.05)  # 16:9
EDGE, TOP = Cm(1.6), Cm(3.6)
BODY = WIDE - 2 * EDGE
TITLE_ONLY = 5  # the layout
LONG = 40  # characters
INK, QUIET = RGBColor(0x16, 0x20, 0x2E), RGBColor(0x4A, 0x56, 0x68)
ACCENT, STRIPE, WHITE = (RGBColor.from_string(each) for each in ("1F4E9E", "F1F4F8", "FFFFFF"))
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Deck:
    """A presentation of 16:9; sizes and places are of python-pptx (EMU)."""

    def __init__(self) -> None:
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = WIDE, HIGH
        self.set_fonts()

    def set_fonts(self) -> None:
        """The theme's fonts, Latin and East Asian: every text of every slide follows them."""
        theme = self.file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        root = parse_xml(theme.blob)
        for fonts in (*root.iter(f"{DRAWING}majorFont"), *root.iter(f"{DRAWING}minorFont")):
            for kind in ("latin", "ea"):
                fonts.find(f"{DRAWING}{kind}").set("typeface", FONT)
        theme._blob = serialize_part_xml(root)

    def slide(self, title: str):
        """A new slide with its title and the line under it."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[TITLE_ONLY])
        place(slide.shapes.title, EDGE, Cm(0.9), BODY, Cm(1.9))
        size = 28 if len(title) <= LONG else 20  # on one line
        write(slide.shapes.title.text_frame, [title], size=size, bold=True)
        line = slide.shapes.add_connector(1, EDGE, Cm(3), EDGE + BODY, Cm(3))
        line.line.color.rgb, line.line.width = ACCENT, Pt(1.5)
        return slide

    def data(self) -> bytes:
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()


def place(shape, left: Emu, top: Emu, width: Emu, height: Emu) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def write(frame, lines: Iterable[str], *, size: int, bold=False, colour=INK, align=PP_ALIGN.LEFT):
    """Lines of text, one paragraph each."""
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = xml_text(line)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour


def text(slide, lines: Iterable[str], left, top, width, height, **look):
    box = slide.shapes.add_textbox(left, top, width, height)
    write(box.text_frame, lines, **look)
    return box


def table(
    slide, head: Sequence[str], rows: Sequence[Sequence[str]], *, parts: Sequence[int],
    top: Emu, width: Emu, right: Iterable[int] = (), size: int = 12,
):  # fmt: skip
    """A native table; `parts` are shares of its width, `right` the columns of figures."""
    height = Cm(0.95)
    frame = slide.shapes.add_table(
        len(rows) + 1, len(head), EDGE, top, width, height * (len(rows) + 1)
    )
    made, right = frame.table, set(right)
    for column, part in zip(made.columns, parts, strict=True):
        column.width = int(width * part / sum(parts))
    for row, line in enumerate((head, *rows)):
        made.rows[row].height = height
        for column, word in enumerate(line):
            side = PP_ALIGN.RIGHT if column in right else PP_ALIGN.LEFT
            fill(made.cell(row, column), word, row=row, size=size, align=side)
    return made


def fill(cell, word: str, *, row: int, size: int, align) -> None:
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.fill.solid()
    cell.fill.fore_color.rgb = ACCENT if not row else STRIPE if row % 2 == 0 else WHITE
    look = {"bold": not row, "colour": INK if row else WHITE}
    write(cell.text_frame, [word], size=size, align=align, **look)


def bars(
    slide, names: Sequence[str], series: Sequence[tuple[str, Sequence[int], RGBColor]],
    place: tuple, *, across: bool = False, striped: Mapping[str, RGBColor] | None = None,
):  # fmt: skip
    """A native chart of stacked columns, or (`across`) bars; its figures open in a worksheet.

    `striped`: the colour of the stripes of the series that a copier would make like another.
    """
    data = CategoryChartData(number_format="0")
    data.categories = names
    for name, values, _colour in series:
        data.add_series(name, values)
    kind = XL_CHART_TYPE.BAR_STACKED if across else XL_CHART_TYPE.COLUMN_STACKED
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.font.size, chart.font.name = Pt(12), FONT
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    for made, (name, values, colour) in zip(plot.series, series, strict=True):
        paint(made.format.fill, colour, (striped or {}).get(name))
        label_what_is_there(made, values)
    chart.value_axis.visible, chart.value_axis.minimum_scale = False, 0
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.reverse_order = across
    return chart


def paint(fill, colour: RGBColor, stripes: RGBColor | None) -> None:
    if stripes is None:
        fill.solid()
    else:
        fill.patterned()
        fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        fill.back_color.rgb = stripes
    fill.fore_color.rgb = colour


def label_what_is_there(series, values: Sequence[int]) -> None:
    """A figure on each part that is there; a nought would only stand in the way."""
    for at, value in enumerate(values):
        if value:
            label = series.points[at].data_label
            write(label.text_frame, [str(value)], size=12, bold=True, colour=WHITE)
