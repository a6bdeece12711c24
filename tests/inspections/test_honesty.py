"""Self-score beside the audited score: per rubric, per section, per project."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from campaign.models import Participation
from inspections.self_check.honesty import Gap, Side, honesty_gap
from inspections.self_check.honesty_page import HonestyPage
from inspections.sheet import observations, sheets
from inspections.sheet.sheet_page import SheetPage
from scoring.engine.sections import Loss, Place, section_points
from scoring.models import Standing
from tests import cast
from tests.inspections import entering
from tests.inspections.entering import AT
from tests.inspections.test_project_result import finish
from tests.inspections.test_self_check import check, handed_in
from tests.queries import queries_of

D = Decimal


# --- pure ---------------------------------------------------------------------------------------


def points(losses, left_out=()):
    places = [Place(1, "a", D(10)), Place(2, "a", D(5)), Place(3, "b", D(20))]
    found = section_points(places, losses, left_out)
    return {section: (each.kept, each.possible) for section, each in found.items()}


def test_a_section_keeps_what_its_items_keep():
    assert points([Loss(1, D(2)), Loss(1, D("0.5")), Loss(3, D(1))]) == {
        "a": (D("12.5"), D(15)),
        "b": (D(19), D(20)),
    }


def test_an_item_never_falls_below_zero():
    assert points([Loss(2, D(4)), Loss(2, D(4))])["a"] == (D(10), D(15))


def test_what_is_lost_beyond_an_item_comes_off_its_section():
    assert points([Loss(2, D(3), beyond=True)])["a"] == (D(12), D(15))


def test_what_is_not_applicable_leaves_both_figures():
    assert points([Loss(1, D(2))], left_out={1}) == {"a": (D(5), D(5)), "b": (D(20), D(20))}


def test_a_gap_needs_both_figures():
    own, audit = Side(D(90), D(100)), Side(D("76.5"), D(90))
    assert Gap(own).difference is None
    assert Gap(own, audit).difference == D("5.00")
    assert Gap(own, audit).is_wide
    assert Gap(own, Side(D(0), D(0))).difference is None


def test_sections_agree_with_the_sheets_own_figures(company):
    """What the lines and items give is what folding and scoring the sheet gives."""
    sheet = entering.opened(company, sections=3, items=7, requirements=4)
    for number in (1, 3, 5):
        for line in (1, 2, 3, 4):
            entering.missing(sheet, company.auditor, number, line, points="2")
    observations.mark_not_applicable(
        sheet=sheet, item=entering.item(sheet, 2), reason="没有地下室", by=company.auditor, at=AT
    )
    entering.confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    (gap,) = honesty_gap(company.campaign, company.one)
    parts = SheetPage(sheet, company.auditor).parts
    assert [(name, x.audit.kept, x.audit.possible) for name, x in gap.sections] == [
        (part.section.name, part.kept, part.possible) for part in parts
    ]
    assert sum(x.audit.kept for _name, x in gap.sections) == gap.gap.audit.kept


# --- a project's ----------------------------------------------------------------------------------


def test_a_project_sees_both_sides_by_section(company, client):
    handed_in(company, lost=["1"], sections=2)
    finish(company, lost=["2", "2", "2"])
    client.force_login(company.manager)
    page = client.get(reverse("project_result", args=[company.campaign.code, "P01"]))
    text = page.content.decode()
    assert "自查与检查对照" in text
    assert "+5.00" in text  # 99.00 against 94.00
    assert "+6.00" in text  # the first section: 49 / 50 against 46 / 50


def test_before_the_inspection_there_is_only_ones_own(company):
    handed_in(company)
    (gap,) = honesty_gap(company.campaign, company.one)
    assert gap.gap.own.shown == D("98.50")
    assert gap.gap.audit is None


def test_an_unfinished_audit_stays_unknown(company):
    handed_in(company)
    entering.missing(entering.opened(company), company.auditor)
    assert honesty_gap(company.campaign, company.one)[0].gap.audit is None


def test_a_self_check_handed_in_after_the_result_is_marked(company):
    finish(company)
    sheet = check(company)
    entering.confirm_all(sheet, company.manager, at=AT)
    sheets.submit_sheet(sheet=sheet, by=company.manager, at=cast.moment(2011, 11, 28))
    assert honesty_gap(company.campaign, company.one)[0].gap.is_late


def test_without_a_self_check_the_result_says_nothing_of_it(company, client):
    finish(company)
    client.force_login(company.manager)
    page = client.get(reverse("project_result", args=[company.campaign.code, "P01"]))
    assert "自查与检查对照" not in page.content.decode()


# --- the company's --------------------------------------------------------------------------------


@pytest.fixture
def both(company):
    """Project one thinks too well of itself, project two too badly."""
    handed_in(company, lost=["1"])
    handed_in(company, project=company.two, lost=["2", "2", "2"])
    finish(company, lost=["2", "2", "2", "2"])
    finish(company, project=company.two, lost=["1"])
    return company


@pytest.fixture
def look(both, client):
    def show(person="center", query="", name="honesty"):
        client.force_login(getattr(both, person))
        return client.get(reverse(name, args=[both.campaign.code]) + query)

    return show


def order(answer):
    return [row.code for row in answer.context["honesty"].page.object_list]


def test_the_page_says_how_far_off_projects_are(look):
    page = look().content.decode()
    assert "2 个项目，自查比检查平均高 1.00 分" in page
    assert "+7.00" in page
    assert "−5.00" in page


def test_it_sorts_by_gap_either_way_and_by_specialty(look):
    assert order(look()) == ["P01", "P02"]
    assert order(look(query="?sort=total")) == ["P02", "P01"]
    assert order(look(query="?sort=-customer_service")) == ["P01", "P02"]
    assert order(look(query="?sort=-project")) == ["P02", "P01"]


def test_it_filters_by_region_and_name(look, both):
    both.two.region = "天府"
    both.two.save()
    assert order(look(query="?region=天府")) == ["P02"]
    assert order(look(query="?q=p01")) == ["P01"]
    assert "没有符合条件的项目" in look(query="?q=无此项目").content.decode()


@pytest.mark.parametrize("query", ["?sort=x';--", "?page=999", "?page=🔑", "?region=" + "x" * 500])
def test_garbage_in_the_address_is_passed_over(look, query):
    assert look(query=query).status_code == 200


@pytest.mark.parametrize("person", ["manager", "head", "worker"])
def test_projects_see_their_own_row_only(look, person):
    assert order(look(person)) == ["P01"]
    book = load_workbook(io.BytesIO(look(person, name="honesty_excel").content))
    assert book.active.max_row == 2


@pytest.mark.parametrize("person", ["president", "executive", "auditor", "lead", "admin"])
def test_the_company_sees_all(look, person):
    assert len(order(look(person))) == 2


def test_excel_has_what_the_page_shows(look):
    answer = look(query="?sort=total", name="honesty_excel")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert sheet.title == "自查与检查对照"
    assert rows[0][:6] == ("项目编码", "项目", "区域", "综合 自查", "综合 检查", "综合 差")
    assert [row[0] for row in rows[1:]] == ["P02", "P01"]
    assert rows[1][3:6] == (94, 99, -5)


def test_the_total_sets_like_beside_like(company):
    """A specialty with only one of the figures moves neither side of the total."""
    handed_in(company, lost=["1"])
    handed_in(company, specialty="order", lost=["2", "2", "2", "2"])
    finish(company, lost=["1"])
    (row, _other) = page_of(company).all_rows
    assert row.total.difference == 0


def page_of(company):
    return HonestyPage(company.campaign, company.center, {})


def unscored(company, *numbers):
    """Projects of which nothing is known yet."""
    held = [cast.project(f"P{number}", f"项目{number}") for number in numbers]
    about = {"campaign": company.campaign, "updated_at": AT}
    Standing.objects.bulk_create(Standing(project=project, **about) for project in held)


@pytest.mark.parametrize(("sort", "first"), [("-total", ["P01", "P02"]), ("total", ["P02", "P01"])])
def test_projects_without_a_gap_come_last_by_their_code(look, both, sort, first):
    unscored(both, *range(69, 9, -1))
    rest = [f"P{number}" for number in range(10, 70)]
    pages = [order(look(query=f"?sort={sort}&page={number}")) for number in (1, 2, 3)]
    assert pages == [[*first, *rest[:23]], rest[23:48], rest[48:]]


def test_one_project_without_a_gap_asks_as_much_as_many(look, both):
    unscored(both, 10)
    few = queries_of(look)
    unscored(both, *range(11, 70))
    assert queries_of(look) == few


def test_many_projects_ask_no_more(look, both):
    few = queries_of(look)
    for number in range(10, 70):
        held = cast.project(f"P{number}", f"项目{number}")
        Participation.objects.create(campaign=both.campaign, project=held)
    handed_in(both, project=held)
    assert queries_of(look) == few
