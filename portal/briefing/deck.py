"""The briefing deck: title, league table, distribution, pairs of pictures, what is missing most."""

import io
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.util import Cm

from campaign.models import Campaign
from organization.papers import Picture
from organization.papers.word import drawable
from organization.templatetags.ui import day, moment
from portal.briefing import content
from portal.briefing.slides import BODY, EDGE, QUIET, TOP, WIDE, Deck, bars, table, text
from rewards.documents import print_of
from scoring.bands import Banding
from scoring.league_page import LeaguePage
from scoring.models import MissedCount, Requirement
from scoring.models.counts import Missed
from scoring.standings import Row

ROWS = 14  # of the table on a slide
MOST = 3 * ROWS  # projects that are shown whole; of more the best and the last
# told apart in print as well: good is the lighter one, and of the dark ones fail is striped
TINTS = {
    "fail": RGBColor(0x8C, 0x2D, 0x04),
    "good": RGBColor(0x4C, 0x8F, 0xC9),
    "excellent": RGBColor(0x14, 0x5A, 0x4A),
}
STRIPES = RGBColor(0xC4, 0x6A, 0x3C)
MISSED = 5
PROBLEM = 90  # characters of a finding under its pictures


def briefing_deck(campaign: Campaign, *, at: datetime) -> bytes:
    """The deck as .pptx, in the reader's language; every table and chart can be edited."""
    deck, page = Deck(), LeaguePage(campaign, {})
    rows = content.rows_of(campaign, page.banding)
    add_title(deck, page, at)
    add_league(deck, page, rows)
    add_distribution(deck, page, rows)
    add_pairs(deck, _("整改得最好的"), content.best_pairs(campaign))
    add_pairs(deck, _("整改得最差的"), content.worst_pairs(campaign, at=at))
    add_missed(deck, MissedCount.objects.most_missed(campaign, MISSED))
    return deck.data()


def add_title(deck: Deck, page: LeaguePage, at: datetime) -> None:
    campaign, found = page.campaign, print_of(page.campaign)
    slide = deck.slide(_("%(campaign)s结果通报") % {"campaign": campaign})
    lines = [page.answer, page.sub, page.banding.rule_in_full]
    text(slide, filter(None, lines), EDGE, Cm(5), BODY, Cm(5), size=22)
    said = _("已定稿，%(moment)s") if page.frozen_at else _("截至 %(moment)s")
    foot = [said % {"moment": moment(page.frozen_at or at)}]
    if found.fingerprint:
        foot += [_("扫码核对指纹"), found.fingerprint]
        slide.shapes.add_picture(io.BytesIO(found.png), EDGE, Cm(12.6), height=Cm(4.4))
    else:
        foot.append(_("结算还没有批准：这份排名没有指纹，仍可能变动。"))
    left = EDGE + (Cm(5) if found.fingerprint else 0)
    text(slide, foot, left, Cm(13.4), WIDE - left - EDGE, Cm(3), size=14, colour=QUIET)


def add_league(deck: Deck, page: LeaguePage, rows: Sequence[Row]) -> None:
    """All projects, or the best and the last where they are too many to be read."""
    if len(rows) <= MOST:
        parts = [(_("项目排名"), rows[at : at + ROWS]) for at in range(0, len(rows), ROWS)]
    else:
        final = [row for row in rows if row.is_final]
        parts = [(_("排名最前的项目"), final[:ROWS]), (_("排名最后的项目"), final[-ROWS:])]
    for title, part in parts:
        add_rows(deck.slide(title), page, part)


def add_rows(slide, page: LeaguePage, rows: Sequence[Row]) -> None:
    columns = page.columns
    head = [
        _("名次"), _("项目"), *map(head_of, columns), _("综合得分"), _("等级"),
    ]  # fmt: skip
    count = len(columns)
    table(
        slide,
        head,
        [cells(row, page) for row in rows],
        parts=[2, 6, *[4] * count, 4, 4],
        top=TOP,
        width=BODY,
        right=(0, *range(2, count + 3)),
    )


def head_of(column) -> str:
    head = f"{column.name} {column.percent}"
    return _("%(head)s（样例）") % {"head": head} if column.is_sample else head


def cells(row: Row, page: LeaguePage) -> list[str]:
    band = page.banding.of(row.composite, row.capped).name if row.is_final else _("暂列")
    scores = [
        (row.scores[each.code] or _("不适用")) if each.code in row.scores else _("未评完")
        for each in page.columns
    ]
    composite = "—" if row.composite is None else f"{row.composite:.2f}"
    return [str(row.rank or "—"), row.name, *scores, composite, band]


def add_distribution(deck: Deck, page: LeaguePage, rows: Sequence[Row]) -> None:
    banding = page.banding
    slide = deck.slide(_("综合得分分布"))
    names, counts = content.distribution(rows, banding)
    series = [(mark.name, counts[mark.code], TINTS[mark.tint]) for mark in banding]
    striped = {mark.name: STRIPES for mark in banding if mark.tint == "fail"}
    bars(slide, names, series, (EDGE, TOP, BODY, Cm(13)), striped=striped)
    text(slide, [band_line(page, banding)], EDGE, Cm(17), BODY, Cm(1), size=14, colour=QUIET)


def band_line(page: LeaguePage, banding: Banding) -> str:
    parts = [f"{mark.name} {page.counts.by_band[mark.code]}" for mark in banding]
    return " · ".join([*parts, f"{_('暂列')} {page.counts.provisional}"])


def add_pairs(deck: Deck, title: str, pairs: Sequence[content.Pair]) -> None:
    """A slide a pair: before on the left, after on the right."""
    half = (BODY - Cm(1)) // 2
    for pair in pairs:
        finding = pair.finding
        slide = deck.slide(f"{title} · {finding.project}")
        text(slide, [finding.problem[:PROBLEM]], EDGE, Cm(3.2), BODY, Cm(1.2), size=16)
        for word, photo, left in (
            (_("整改前"), pair.before, EDGE),
            (_("整改后"), pair.after, EDGE + half + Cm(1)),
        ):
            add_photo(slide, photo, left, half)
            text(slide, [caption(word, photo)], left, Cm(16.8), half, Cm(1), size=14, colour=QUIET)


def caption(word: str, photo) -> str:
    if photo is None:
        return _("还没有整改后的照片")
    return f"{word} · {day(photo.added_at)}"


def add_photo(slide, photo, left: int, width: int) -> None:
    """The picture as large as its half allows; nothing where there is none, or its file is gone."""
    data = drawable(Picture(photo.file.file).data) if photo else None
    if data is None:
        return
    height = Cm(12)
    across, down = Image.open(data).size
    data.seek(0)
    if across * height > down * width:
        slide.shapes.add_picture(data, left, Cm(4.6), width=width)
    else:
        slide.shapes.add_picture(data, left, Cm(4.6), height=height)


def add_missed(deck: Deck, missed: Sequence[Missed]) -> None:
    slide = deck.slide(_("最常缺失的检查内容"))
    if not missed:
        text(slide, [_("还没有评完的评分表。")], EDGE, TOP, BODY, Cm(2), size=18)
        return
    head = ["", _("检查内容"), _("专业"), _("缺失的项目"), _("共扣分")]
    rows = [
        [str(n), *words_of(each.requirement), projects_of(each), f"{each.points.normalize():f}"]
        for n, each in enumerate(missed, 1)
    ]
    parts = [1, 14, 5, 4, 3]
    table(slide, head, rows, parts=parts, top=TOP, width=BODY, right=(0, 3, 4), size=13)
    names = [str(n) for n in range(1, len(missed) + 1)]
    series = [(_("缺失的项目"), [each.projects for each in missed], TINTS["good"])]
    bars(slide, names, series, (EDGE, Cm(10.8), BODY, Cm(7.2)), across=True)


def words_of(requirement: Requirement) -> tuple[str, str]:
    return requirement.text, requirement.item.rubric.specialty.name


def projects_of(missed: Missed) -> str:
    words = ngettext("%(count)d 个项目", "%(count)d 个项目", missed.projects)
    return words % {"count": missed.projects}
