"""An explanation as lines for a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inspections.sheet.notes import words_of
from organization.templatetags.ui import listed, points, score, yuan
from portal.explain.amounts import Amounts
from portal.explain.figures import MINUS, exact
from portal.explain.reading import Explanation
from portal.explain.steps import Cut, SheetStep
from portal.explain.words import PLACES, VERDICTS


def as_lines(found: Explanation) -> Iterator[str]:
    """Two blanks a step: what it is made of stands below it."""
    yield found.result.answer
    for difference in found.differences:
        yield f"! {difference}"
    for step in found.sheets:
        yield from sheet_lines(step)
    yield from weight_lines(found)
    if found.result.band:
        rule, band = found.campaign.get_rounding_display(), found.result.band
        whole = f"{score(found.result.composite)} → {found.result.whole}"
        yield f"{rule}  {whole}  {band} {band.lowest}–{band.highest}"
    yield from amount_lines(found.amounts) if found.amounts else ()


def sheet_lines(step: SheetStep) -> Iterator[str]:
    made = step.score
    yield f"{step.sheet.specialty}  {points(made.kept)} / {points(made.possible)}"
    for section in step.sections:
        yield f"  {section.section.name or _('未分类')}  {points(section.kept)} / " + points(
            section.possible
        )
        for item in section.told:
            note = item.mark.note if item.not_applicable and item.mark else item.formula
            yield f"    {item.line.item}  {note}"
            for cut in item.cuts:
                yield from cut_lines(cut)
    yield f"  {step.items_kept}"
    if made.zeroed:
        yield "  " + _("关键项缺失，本表计零分")


def cut_lines(cut: Cut) -> Iterator[str]:
    yield f"      {MINUS}{points(cut.points)} {words_of(cut.first.row)}  {cut.formula}".rstrip()
    for judged in cut.sights:
        row = judged.row
        how = row.get_kind_display() if judged.sight.decides else row.get_method_display()
        facts = [f"{MINUS}{points(judged.points)}", how, row.by, row.note]
        told = " · ".join(str(fact) for fact in facts if fact)
        yield f"        {told}  {VERDICTS[judged.verdict]}"


def weight_lines(found: Explanation) -> Iterator[str]:
    for row in found.weights:
        told = row.step.formula or PLACES[row.step.place]
        yield f"{row.share.weight.specialty}  {exact(row.step.part.weight)}%  {told}"
    if found.composite.formula:
        yield f"{_('综合得分')}  {found.composite.formula} → {score(found.result.composite)}"


def amount_lines(amounts: Amounts) -> Iterator[str]:
    settlement = amounts.settlement
    yield str(settlement.state()) if settlement else _("还没有生成结算，按现在的成绩和岗位：")
    for line in amounts.lines:
        for one in line.paid:
            others = listed(one.other_words)
            told = f"  {line.word}  {one.person or ''}  {yuan(one.amount)}"
            yield f"{told}  ({others})" if others else told
    for each in amounts.adjustments:
        yield f"  {_('人工调整')}  {each.person or ''}  {yuan(each.amount)}  ({each.reason})"
    yield f"  {_('合计')}  {yuan(amounts.net)}"
