"""The settlement for finance: figures as formulas with their values, nothing else ever runs."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from organization.models import Project, User
from organization.roles import Role
from rewards.adjustments import adjust
from rewards.documents import settlement_workbook
from rewards.models import Award
from rewards.settlement import draw_up
from tests import cast
from tests.queries import queries_of

ADDRESS = "/c/c11/settlement/excel/"
LIST, COMPOSITES, RULES = "奖惩结算表", "综合得分", "标准"
NAME, BAND, COMPOSITE, AMOUNT = 2, 4, 5, 6


def fetched(client, person, **how):
    client.force_login(person)
    data = io.BytesIO(client.get(ADDRESS).content)
    return load_workbook(data, **how)


def opened(settlement, at, **how):
    return load_workbook(io.BytesIO(settlement_workbook(settlement, at=at)), **how)


def rows(sheet, first=5):
    return [list(row) for row in sheet.iter_rows(min_row=first)]


def values(sheet, first=5):
    return [[cell.value for cell in row] for row in rows(sheet, first)]


def test_the_list_shows_every_award_without_calculating(client, scored, drawn):
    book = fetched(client, scored.center, data_only=True)
    found = [(row[NAME], row[BAND], row[COMPOSITE], row[AMOUNT]) for row in values(book[LIST])[:4]]
    assert found == [
        ("陈立群", "优秀", 96.01, 1000),
        ("刘晓燕", "优秀", 96.01, 600),
        ("锦澜府团队", "优秀", 96.01, 3000),
        ("彭海燕", "不及格", 75.45, -500),
    ]
    total = values(book[LIST])[4]
    assert (total[0], total[AMOUNT]) == ("合计", 4100)


def test_band_composite_and_amount_are_formulas(client, scored, drawn):
    sheet = fetched(client, scored.president)[LIST]
    for row in rows(sheet)[:4]:
        assert [row[at].data_type for at in (BAND, COMPOSITE, AMOUNT)] == ["f"] * 3
    assert rows(sheet)[4][AMOUNT].value == "=SUM(G5:G8)"
    assert "标准" in rows(sheet)[0][AMOUNT].value


def test_the_composites_say_what_they_are_made_of(scored, drawn):
    sheet = opened(drawn, scored.at, data_only=True)[COMPOSITES]
    first = values(sheet)[0]
    assert first[:3] == [1, "P01", "锦澜府"]
    assert first[3:11] == [96.22, 95, 97, 96, 100, 100, 100, 100]
    assert first[-7:] == [96.01, 96, None, 3, "优秀", 96.01, "✓"]


def test_a_rubric_that_left_is_empty(scored, drawn):
    scored.campaign.scores.filter(project=scored.one, specialty__code="order").update(
        kept=0, possible=0
    )
    sheet = opened(drawn, scored.at, data_only=True)[COMPOSITES]
    assert [values(sheet)[0][at] for at in (5, 9)] == [None, None]


def test_the_rules_are_there_as_figures(scored, drawn):
    text = values(opened(drawn, scored.at, data_only=True)[RULES], 1)
    assert ["项目经理", -500, None, 1000] in [row[:4] for row in text]
    assert [row[:2] for row in text if row[0] == "合计"] == [["合计", 100]]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)"])
def test_a_name_never_runs(scored, drawn, name):
    Project.objects.filter(pk=scored.one.pk).update(name=name)
    User.objects.filter(pk=scored.manager.pk).update(name=name)
    book = opened(drawn, scored.at)
    for cell in (rows(book[LIST])[0][1], rows(book[LIST])[0][NAME], rows(book[COMPOSITES])[0][2]):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)


def test_it_prints_as_a_document(scored, drawn):
    sheet = opened(drawn, scored.at)[LIST]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$4:$4"
    words = [cell.value for row in rows(sheet) for cell in row if cell.value]
    assert [
        w for w in ("制表：", "财务复核：", "管理中心负责人：", "总经理：") if w not in words
    ] == []


def test_a_long_note_has_room_for_all_its_lines(firm, stand):
    stand(firm.one, "93.70")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    said = {"project": firm.one, "by": firm.center, "at": firm.at, "settlement": drawn}
    for reason in ("代理", "代理经理两个月，其间主持整改" * 4):
        adjust(person=firm.worker, amount=Decimal(100), reason=reason, **said)
    sheet = opened(drawn, firm.at)[LIST]
    short, long = (
        sheet.row_dimensions[row[0].row].height
        for row in sheet.iter_rows(min_row=5)
        if row[3].value == "人工调整"
    )
    assert short == 24 and long >= 5 * 14  # 112 figures wide in a column of 30


def test_every_font_has_chinese(scored, drawn):
    book = opened(drawn, scored.at)
    fonts = {cell.font.name for sheet in book for row in rows(sheet, 1) for cell in row}
    assert fonts == {"Microsoft YaHei"}


def test_an_approved_one_has_its_fingerprint_and_code(scored, approved):
    sheet = opened(approved, scored.at)[LIST]
    assert approved.fingerprint in sheet["A2"].value
    assert len(sheet._images) == 1


def test_one_of_other_rules_keeps_its_figures(scored, drawn):
    """A draft whose project became provisional, or whose role lost its rule, says what it said."""
    scored.campaign.standings.filter(project=scored.one).update(provisional=True)
    scored.campaign.reward_rules.filter(role=Role.PROJECT_MANAGER).delete()
    found = rows(opened(drawn, scored.at)[LIST])
    assert [(row[AMOUNT].value, row[AMOUNT].data_type) for row in (found[0], found[3])] == [
        (1000, "n"),
        (-500, "n"),
    ]


def test_an_empty_one_adds_up_to_nothing(firm):
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    found = values(opened(drawn, firm.at, data_only=True)[LIST])
    assert not Award.objects.exists()
    assert [row[AMOUNT] for row in found if row[0] == "合计"] == [0]


def test_english_readers_get_english(client, scored, drawn):
    client.cookies["django_language"] = "en"
    book = fetched(client, scored.center)
    text = " ".join(str(cell.value) for sheet in book for row in rows(sheet, 1) for cell in row)
    texts = re.findall(r"[一-鿿]+", text)
    assert set(texts) <= {"陈立群", "刘晓燕", "锦澜府", "彭海燕", "翠屏苑"}


def test_it_asks_as_often_for_many_projects(scored, drawn):
    few = queries_of(lambda: settlement_workbook(drawn, at=scored.at))
    for number in range(10):
        more = cast.project(f"M{number}", f"项目{number}")
        scored.campaign.participations.create(project=more)
        scored.campaign.standings.create(
            project=more, composite=Decimal(92), provisional=False, updated_at=scored.at
        )
        cast.person(f"m{number}", f"经理{number}", Role.PROJECT_MANAGER, project=more)
    later = scored.at + timedelta(hours=1)
    again = draw_up(campaign=scored.campaign, by=scored.center, at=later)
    assert queries_of(lambda: settlement_workbook(again, at=later)) == few
