"""The finance workbook's sheet of rules, and where its cells stand for the others' formulas."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from rewards.documents.book import (
    FIGURES,
    HEAD,
    LINE,
    LIVE,
    MONEY,
    PERCENT,
    QUIET,
    TITLE,
    WHOLE,
    Book,
    cell,
    fixed,
    on,
    span,
)
from rewards.documents.workings import Rules
from scoring import engine


@dataclass
class Places:
    """Ranges of the sheet of rules, as formulas on other sheets name them. Bands go lowest
    first, by their place: a name may hold what a search takes for a wildcard.
    """

    sheet: Worksheet
    weights: list[str]
    lowest: str = ""
    names: str = ""
    cap: str = ""
    roles: str = ""
    amounts: str = ""
    team_lowest: str = ""
    team_amount: str = ""


def write_rules(book: Book, rules: Rules) -> Places:
    """Weights, bands, amounts and the team reward, each as a small table."""
    sheet = book.sheet(_("标准"), (50, 18, 18, 18, 18, 18))
    book.across(sheet, 0, 5, _("奖惩标准"), **TITLE)
    places = Places(sheet, [])
    row = write_weights(book, sheet, rules, places, 2)
    row = write_bands(book, sheet, rules, places, row + 1)
    row = write_amounts(book, sheet, rules, places, row + 1)
    write_team(book, sheet, rules, places, row + 1)
    return places


def write_head(book: Book, sheet: Worksheet, row: int, words) -> int:
    for column, word in enumerate(words):
        book.put(sheet, row, column, word, **HEAD, **(FIGURES if column else {}))
    return row + 1


def write_weights(book: Book, sheet: Worksheet, rules: Rules, places: Places, row: int) -> int:
    first = row = write_head(book, sheet, row, [_("评分细则"), _("权重（%）")])
    for name, percent in rules.weights:
        book.put(sheet, row, 0, name, **LINE)
        book.put(sheet, row, 1, percent, num_format=PERCENT, **LINE)
        places.weights.append(on(sheet, fixed(row, 1)))
        row += 1
    total = sum(percent for _name, percent in rules.weights)
    book.put(sheet, row, 0, _("合计"), bold=True)
    added = f"SUM({span(cell(first, 1), cell(max(row - 1, first), 1))})" if rules.weights else "0"
    book.live(sheet, row, 1, added, total, num_format=PERCENT, bold=True, **LIVE)
    return row + 1


def write_bands(book: Book, sheet: Worksheet, rules: Rules, places: Places, row: int) -> int:
    first = row = write_head(book, sheet, row, [_("等级"), _("起（整分）"), _("止（整分）")])
    for name, lowest, highest in rules.bands:
        book.put(sheet, row, 0, name, **LINE)
        book.put(sheet, row, 1, lowest, num_format=WHOLE, **LINE)
        book.put(sheet, row, 2, highest, num_format=WHOLE, **LINE)
        row += 1
    places.names = on(sheet, span(fixed(first, 0), fixed(row - 1, 0)))
    places.lowest = on(sheet, span(fixed(first, 1), fixed(row - 1, 1)))
    book.put(sheet, row, 0, _("关键项缺失时，等级最高为第几档"), **QUIET)
    book.put(sheet, row, 1, rules.cap, num_format=WHOLE)
    places.cap = on(sheet, fixed(row, 1))
    floor = rules.rounding == engine.FLOOR
    said = _("等级按舍去小数后的综合得分") if floor else _("等级按四舍五入到整数后的综合得分")
    book.put(sheet, row + 1, 0, said, font_color=QUIET["font_color"])
    return row + 2


def write_amounts(book: Book, sheet: Worksheet, rules: Rules, places: Places, row: int) -> int:
    names = [name for name, _lowest, _highest in rules.bands]
    first = row = write_head(book, sheet, row, [_("每人金额（元）"), *names])
    for role, amounts in rules.amounts:
        book.put(sheet, row, 0, role, **LINE)
        for column, amount in enumerate(amounts, 1):
            book.put(sheet, row, column, amount, num_format=MONEY, **LINE)
        row += 1
    if rules.amounts:
        places.roles = on(sheet, span(fixed(first, 0), fixed(row - 1, 0)))
        places.amounts = on(sheet, span(fixed(first, 1), fixed(row - 1, len(names))))
    return row


def write_team(book: Book, sheet: Worksheet, rules: Rules, places: Places, row: int) -> None:
    if rules.team is None:
        return
    row = write_head(book, sheet, row, [_("团队奖"), _("起奖分（整分）"), _("每个团队（元）")])
    lowest, amount = rules.team
    book.put(sheet, row, 1, lowest, num_format=WHOLE, **LINE)
    book.put(sheet, row, 2, amount, num_format=MONEY, **LINE)
    places.team_lowest, places.team_amount = on(sheet, fixed(row, 1)), on(sheet, fixed(row, 2))
