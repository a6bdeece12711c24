"""The briefing deck: native tables and charts, the right pictures, fonts, who gets it."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_FILL
from pptx.enum.shapes import MSO_SHAPE_TYPE

from inspections.finding.findings import reopen, verify
from inspections.models import Finding
from organization.roles import Role
from portal.briefing.content import best_pairs, worst_pairs
from scoring.models import MissedCount, Requirement, Standing
from tests import cast
from tests.inspections.writing import LATER, rectified
from tests.queries import queries_of

ADDRESS = "/c/c11/briefing/"
AT = cast.NOW


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def ranked(company):
    for project, composite in ((company.one, "95.50"), (company.two, "71.20")):
        Standing.objects.filter(project=project).update(composite=composite, provisional=False)
    return company


def fetched(client, person):
    client.force_login(person)
    return client.get(ADDRESS)


def opened(client, person):
    return Presentation(io.BytesIO(fetched(client, person).content))


def slide(deck, title):
    return next(each for each in deck.slides if title in each.shapes.title.text)


def table_of(found) -> list[list[str]]:
    table = next(shape.table for shape in found.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in table.rows]


def chart_of(found):
    return next(shape.chart for shape in found.shapes if shape.has_chart)


def miss(company, requirement: Requirement, projects: int, hundredths: int) -> None:
    """As counts are kept: in how many projects it is missing, and what it cost them."""
    MissedCount.objects.create(
        campaign=company.campaign, requirement=requirement, projects=projects, hundredths=hundredths
    )


def done(company, finding):
    return verify(finding=finding, by=company.center, at=LATER + timedelta(days=2))


def test_the_table_is_native_and_in_order(client, ranked):
    rows = table_of(slide(opened(client, ranked.center), "项目排名"))
    assert [(row[0], row[1], row[-2], row[-1]) for row in rows[1:]] == [
        ("1", "锦澜府", "95.50", "优秀"),
        ("2", "翠屏苑", "71.20", "不及格"),
    ]


def test_the_distribution_is_a_chart_that_can_be_edited(client, ranked):
    chart = chart_of(slide(opened(client, ranked.president), "分布"))
    assert next(iter(chart.plots[0].categories)) == "70–74"
    assert {each.name: sum(each.values) for each in chart.plots[0].series} == {
        "不及格": 1, "良好": 0, "优秀": 1,
    }  # fmt: skip
    assert chart.part.chart_workbook.xlsx_part is not None


def test_bands_of_one_grey_are_told_apart_on_a_copy(client, ranked):
    chart = chart_of(slide(opened(client, ranked.president), "分布"))
    looks = {grey_of(each.format.fill) for each in chart.plots[0].series}
    assert len(looks) == 3


def grey_of(fill):
    """(how light it is in tenths, its pattern) as a copier sees it."""
    red, green, blue = fill.fore_color.rgb
    pattern = fill.pattern if fill.type == MSO_FILL.PATTERNED else None
    return round((0.299 * red + 0.587 * green + 0.114 * blue) / 25.5), pattern


def test_the_most_missed_come_by_projects(client, ranked):
    rubric = cast.rubric(ranked.campaign, ranked.lines["facilities"], items=2, requirements=4)
    first, second, third = Requirement.objects.filter(item__rubric=rubric).order_by("pk")[:3]
    miss(ranked, second, 2, 300)
    miss(ranked, first, 1, 50)
    miss(ranked, third, 1, 200)
    found = slide(opened(client, ranked.executive), "最常缺失")
    assert [row[3:] for row in table_of(found)[1:]] == [
        ["2 个项目", "3"], ["1 个项目", "2"], ["1 个项目", "0.5"],
    ]  # fmt: skip
    assert list(chart_of(found).plots[0].series[0].values) == [2, 1, 1]


def test_the_best_was_verified_at_the_first_go(company):
    finding = done(company, rectified(company))
    (pair,) = best_pairs(company.campaign)
    assert (pair.finding.pk, pair.before.moment, pair.after.moment) == (
        finding.pk, "before", "after",
    )  # fmt: skip
    assert worst_pairs(company.campaign, at=LATER + timedelta(days=3)) == []


def test_the_worst_was_sent_back_or_is_late(company):
    finding = done(company, rectified(company))
    reopen(finding=finding, reason="又坏了", by=company.center, at=LATER + timedelta(days=3))
    assert best_pairs(company.campaign) == []
    (pair,) = worst_pairs(company.campaign, at=LATER + timedelta(days=3))
    assert pair.finding.pk == finding.pk


def test_a_pair_stands_side_by_side_with_its_words(client, company):
    done(company, rectified(company))
    found = slide(opened(client, company.center), "整改得最好的")
    pictures = [s for s in found.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(pictures) == 2 and pictures[0].left + pictures[0].width < pictures[1].left
    words = " ".join(shape.text_frame.text for shape in found.shapes if shape.has_text_frame)
    assert "配电房缺少防小动物设施" in words and "整改前" in words and "整改后" in words


def test_a_lost_picture_leaves_its_words(client, company):
    finding = done(company, rectified(company))
    for photo in finding.photos.all():
        photo.file.file.storage.delete(photo.file.file.name)
    found = slide(opened(client, company.center), "整改得最好的")
    assert not [s for s in found.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert Finding.objects.get().pk == finding.pk


def test_the_theme_has_a_font_for_chinese(client, ranked):
    deck = opened(client, ranked.center)
    parts = {
        str(rel.target_part.partname): rel.target_part
        for rel in deck.slide_master.part.rels.values()
    }
    theme = next(part.blob for name, part in parts.items() if "theme" in name)
    assert theme.count(b'<a:ea typeface="Microsoft YaHei"') == 2


def test_it_reads_english_to_who_reads_english(client, ranked):
    client.cookies["django_language"] = "en"
    deck = opened(client, ranked.center)
    assert table_of(slide(deck, "Ranking"))[1][-1] == "Excellent"


def test_before_the_approval_the_title_says_so(client, ranked):
    title = opened(client, ranked.center).slides[0]
    words = " ".join(shape.text_frame.text for shape in title.shapes if shape.has_text_frame)
    assert "1 个优秀" in words and "结算还没有批准" in words


@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("admin", 403), ("manager", 403)])
def test_it_is_for_the_center_and_leaders(client, ranked, who, status):
    assert fetched(client, getattr(ranked, who)).status_code == status


def test_a_stranger_learns_nothing(client, ranked):
    guest = cast.person("guest", "外人", Role.EMPLOYEE, project=cast.project("Z9", "别处"))
    assert fetched(client, guest).status_code == 404


def test_of_many_projects_the_best_and_the_last_are_shown(client, ranked):
    few = queries_of(lambda: fetched(client, ranked.center))
    for number in range(50):
        more = cast.project(f"M{number}", f"项目{number}")
        Standing.objects.create(
            campaign=ranked.campaign, project=more, composite=72 + Decimal(number) / 10,
            provisional=False, updated_at=AT,
        )  # fmt: skip
    assert queries_of(lambda: fetched(client, ranked.center)) == few
    deck = opened(client, ranked.center)
    assert table_of(slide(deck, "最前"))[1][1] == "锦澜府"
    assert table_of(slide(deck, "最后"))[-1][1] == "翠屏苑"
