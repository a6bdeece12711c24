"""The league table in the browser: who sees it, its answer, filters, rows, Excel, print."""

import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from organization.models import Project
from scoring.models import Standing, Weight
from scoring.opening import freeze
from scoring.standings import PAGE_SIZE
from tests import cast
from tests.queries import queries_of

FIGURES = {"customer_service": "90.50", "facilities": "90.42", "order": "91.00",
           "environment": "90.00"}  # fmt: skip


@pytest.fixture
def table(firm, record):
    """Two final projects and a provisional one; three weights are samples."""
    Weight.objects.exclude(specialty__code="customer_service").update(is_sample=True)
    record("customer_service", "90.5")
    record("facilities", "86.8", "96")
    record("order", "91")
    record("environment", "90")
    for code in FIGURES:
        record(code, "75", project=firm.two)
    third = cast.Project.objects.create(code="P03", name="西岸公馆", region="城东")
    cast.Participation.objects.create(campaign=firm.campaign, project=third)
    Standing.objects.create(campaign=firm.campaign, project=third, updated_at=cast.NOW)
    record("customer_service", "89", project=third)
    firm.third = third
    return firm


@pytest.fixture
def get(client, firm):
    """The page as the center sees it."""

    def fetch(query="", step="", who="center", status=200):
        client.force_login(getattr(firm, who))
        response = client.get(f"/c/{firm.campaign.code}/league/{step}{query}")
        assert response.status_code == status
        return response

    return fetch


def text(response) -> str:
    return response.content.decode()


def names(response) -> list[str]:
    return [row["name"] for row in response.context["league"].rows]


# --- who sees it ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["", "live/", "excel/", "distribution/", "projects/P01/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("president", 200), ("executive", 200), ("center", 200), ("lead", 200), ("admin", 200),
     ("manager", 403), ("worker", 403)],
)  # fmt: skip
def test_the_table_is_the_companys(table, get, who, status, step):
    get(step=step, who=who, status=status)


def test_a_stranger_learns_nothing(client, table):
    elsewhere = cast.project("Z9", "别处")
    client.force_login(cast.person("guest", "外人", cast.Role.EMPLOYEE, project=elsewhere))
    assert client.get(f"/c/{table.campaign.code}/league/").status_code == 404


@pytest.mark.parametrize("step", ["", "live/", "excel/", "distribution/", "projects/P01/"])
def test_the_table_is_only_read(client, table, step):
    client.force_login(table.center)
    assert client.post(f"/c/{table.campaign.code}/league/{step}").status_code == 405


def test_the_podium_is_the_head_of_a_league(table, get):
    Project.objects.filter(code="P01").update(kind="tower")
    podium = get("?kind=estate").context["league"].podium
    assert [(row["rank"], row["name"]) for row in podium] == [(1, "翠屏苑")]
    assert get("?region=高新").context["league"].podium == []


def test_a_row_shows_what_it_is_compared_with(table, get):
    Standing.objects.filter(project=table.one).update(own=Decimal("95.00"))
    first, second = get().context["league"].final
    assert "−4.50" in first["own"]
    assert "—" in second["own"]


def test_without_a_campaign_before_there_is_no_column_for_it(table, get):
    assert "较上次" not in text(get())
    cast.campaign("c10", at=cast.moment(2010, 11, 27))
    assert "较上次" in text(get())


# --- the answer ----------------------------------------------------------------------------


def test_the_heading_says_how_it_stands(table, get):
    page = text(get())
    assert "<h1>1 个优秀，1 个不及格</h1>" in page
    assert "另有 1 个项目评分未完成，暂列不排名" in page
    assert "等级按四舍五入到整数后的综合得分" in page


def test_in_a_league_of_a_kind_all_around_the_table_is_that_leagues(table, get):
    Project.objects.filter(code="P01").update(kind="tower")
    response = get("?kind=tower")
    page, league = text(response), response.context["league"]
    assert "<h1>1 个优秀</h1>" in page and "写字楼 · 截至" in page
    assert "暂列不排名" not in page
    assert [each["count"] for each in league.key] == [0, 0, 1, 0]
    # the chart is drawn from the rows, which are all of that league
    assert 'data-source=""' in page
    assert "1 个项目的综合得分分布" in page
    assert "翠屏苑" not in text(get("?kind=tower", step="distribution/"))


def test_paper_says_what_it_was_narrowed_to(table, get):
    assert "筛选：住宅小区、优秀、高新、锦澜" in text(
        get("?kind=estate&band=excellent&region=高新&q=锦澜")
    )
    assert "筛选：" not in text(get())


def test_before_anything_is_scored_it_says_what_will_be_here(firm, get):
    assert "<h1>还没有项目评完</h1>" in text(get())
    Standing.objects.all().delete()
    assert "这里会有项目排名" in text(get())


def test_final_results_say_since_when(table, get):
    freeze(campaign=table.campaign, by=table.president, at=cast.moment(2011, 12, 30, 9, 5))
    assert "已定稿，2011年12月30日 周五 09:05" in text(get())


def test_the_podium_names_the_first_with_their_managers(table, get):
    podium = get().context["league"].podium
    assert [(row["rank"], row["name"], row["manager"]) for row in podium] == [
        (1, "锦澜府", "陈立群"), (2, "翠屏苑", "彭海燕"),
    ]  # fmt: skip


# --- rows ----------------------------------------------------------------------------------


def test_a_row_shows_rank_composite_band_and_every_score(table, get):
    row = get().context["league"].final[0]
    assert (row["rank"], row["composite"], row["scores"]) == (1, "90.50", [*FIGURES.values()])
    assert "优秀" in row["band"]


def test_a_provisional_row_says_what_it_lacks(table, get):
    (row,) = get().context["league"].provisional
    assert (row["name"], row["rank"], row["composite"]) == ("西岸公馆", None, "89.00")
    assert row["remark"] == "缺设施设备、秩序维护、环境维护"
    assert "暂列" in row["band"]
    assert "未评完" in row["scores"][1]


def test_weights_that_are_samples_say_so_and_the_plans_does_not(table, get):
    head, _body = text(get()).split("</thead>", 1)
    samples = head.split("<thead>")[1].count('class="sample"')
    assert samples == 3
    assert "25%" in head


def test_a_row_leads_to_the_project_and_opens_in_place(table, get):
    page = text(get())
    assert f'href="/c/{table.campaign.code}/results/P01/"' in page
    assert f'data-row="/c/{table.campaign.code}/league/projects/P01/"' in page


def test_an_opened_row_adds_up_to_the_composite(table, get, record, line):
    dear = [line("order", n, points) for n, points in enumerate(("0.5", "2", "1.5", "2.5"))]
    record("order", "91", lines=dear)
    page = text(get(step="projects/P01/"))
    assert [share in page for share in ("22.625", "27.125", "22.750", "18.000")] == [True] * 4
    assert "86.8 / 96" in page
    assert [points in page for points in ("−2.5", "−2.0", "−1.5", "−0.5")] == [True] * 3 + [False]


def test_points_that_do_not_apply_are_said_to_be_left_out(table, get):
    assert "不适用的项不计入应得分" in text(get(step="projects/P01/"))
    assert "不适用的项不计入应得分" not in text(get(step="projects/P02/"))


def test_a_project_that_takes_no_part_has_no_row(table, get):
    cast.project("X9", "外人")
    get(step="projects/X9/", status=404)


def test_markup_in_a_name_stays_text(table, get):
    Project.objects.filter(code="P01").update(name="<b>锦</b>", region="<i>")
    page = text(get())
    assert "<b>锦</b>" not in page
    assert "&lt;b&gt;锦&lt;/b&gt;" in page


# --- filters, sorting, paging --------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?band=excellent", ["锦澜府"]),
        ("?band=none", ["西岸公馆"]),
        ("?q=翠屏", ["翠屏苑"]),
        ("?q=p03", ["西岸公馆"]),
        ("?region=城东", ["西岸公馆"]),
        ("?sort=composite", ["翠屏苑", "锦澜府", "西岸公馆"]),
        ("?sort=-facilities", ["锦澜府", "翠屏苑", "西岸公馆"]),
        ("?band=nonsense&sort=x&page=-3", ["锦澜府", "翠屏苑", "西岸公馆"]),
        ("?page=99999999999", ["锦澜府", "翠屏苑", "西岸公馆"]),
    ],
)
def test_what_is_shown_lives_in_the_address(table, get, query, shown):
    assert names(get(query)) == shown


def test_chips_count_what_the_search_leaves(table, get):
    chips = {chip.name: chip.count for chip in get("?q=翠屏").context["league"].chips}
    assert chips == {"全部": 1, "优秀": 0, "良好": 0, "不及格": 1, "暂列": 0}


def test_links_keep_the_other_filters(table, get):
    page = text(get("?q=苑&sort=project"))
    assert 'href="?q=%E8%8B%91&amp;sort=project&amp;band=fail"' in page
    assert 'href="?q=%E8%8B%91&amp;sort=-project"' in page
    assert 'aria-sort="ascending"' in page


def test_a_search_without_a_hit_offers_the_way_back(table, get):
    assert "没有符合条件的项目" in text(get("?q=没有"))


def test_fifty_rows_a_page(firm, get):
    fill(firm, PAGE_SIZE + 3)
    page = get("?page=2")
    assert len(names(page)) == 5
    assert "51–55，共 55" in text(page)
    assert 'rel="prev"' in text(page)


def fill(firm, count, prefix="Q"):
    projects = Project.objects.bulk_create(
        Project(code=f"{prefix}{n:03}", name=f"项目{n}", region="城东") for n in range(count)
    )
    Standing.objects.bulk_create(
        Standing(campaign=firm.campaign, project=project, updated_at=cast.NOW,
                 composite=Decimal("80.25"), provisional=False, scores=FIGURES)
        for project in projects
    )  # fmt: skip


@pytest.mark.parametrize("query", ["", "?sort=-order", "?kind=estate&sort=-last-change"])
def test_a_page_takes_the_same_queries_for_any_number_of_projects(client, firm, query):
    client.force_login(firm.center)
    address = f"/c/{firm.campaign.code}/league/{query}"
    fill(firm, PAGE_SIZE)
    few = queries_of(lambda: client.get(address))
    fill(firm, 3 * PAGE_SIZE, "R")
    assert queries_of(lambda: client.get(address)) == few


# --- while sheets come in ------------------------------------------------------------------


def asked_again(client, firm, mark, query=""):
    address = f"/c/{firm.campaign.code}/league/live/{query}"
    return client.get(address, headers={"If-None-Match": mark})


def test_who_has_the_newest_standings_is_told_so_in_a_few_queries(client, table, get):
    mark = f'"{get().context["league"].mark}"'
    assert asked_again(client, table, mark).status_code == 304
    # the session, the person with their posts, the campaign, three for the mark
    assert queries_of(lambda: asked_again(client, table, mark)) == 7


def test_a_deduction_that_counts_is_there_at_once(client, table, get, record):
    mark = f'"{get().context["league"].mark}"'
    record("order", "88")
    answer = asked_again(client, table, mark, "?sort=-order")
    assert answer.status_code == 200
    assert "88.00" in text(answer)
    assert asked_again(client, table, answer.headers["ETag"]).status_code == 304


def test_the_new_parts_are_those_of_the_page(client, table, get):
    names = re.compile('data-live-part="([a-z-]+)"')
    parts = set(names.findall(text(get())))
    assert set(names.findall(text(asked_again(client, table, "")))) == parts
    assert "rows" in parts


def test_final_results_are_not_asked_for_again(table, get):
    assert "data-league-live" in text(get())
    freeze(campaign=table.campaign, by=table.president, at=cast.NOW)
    assert "data-league-live" not in text(get())


# --- the chart's figures -------------------------------------------------------------------


def test_the_chart_reads_a_whole_table_and_else_asks_for_the_figures(table, get):
    assert 'data-source=""' in text(get())
    assert f'data-source="/c/{table.campaign.code}/league/distribution/"' in text(get("?q=苑"))


def test_the_figures_name_every_project_of_a_small_campaign(table, get):
    page = text(get(step="distribution/"))
    assert 'data-composite="90.50" data-name="锦澜府" data-band="excellent"' in page
    assert 'data-name="西岸公馆" data-band=""' in page


def test_the_figures_of_a_large_campaign_are_counts(firm, get):
    fill(firm, 61)
    page = text(get(step="distribution/"))
    assert 'data-points="80" data-count="61"' in page
    assert "data-composite" not in page


# --- Excel ---------------------------------------------------------------------------------


def sheet_of(response):
    return load_workbook(io.BytesIO(response.content)).worksheets[0]


def test_excel_has_what_is_seen_as_figures(table, get):
    Project.objects.filter(code="P01").update(area="82000", kind="tower")
    Standing.objects.filter(project=table.one).update(own=Decimal("93.00"))
    rows = list(sheet_of(get(step="excel/")).iter_rows(min_row=3, values_only=True))
    fixed = ("名次", "项目编码", "项目", "区域", "综合得分", "等级")
    samples = ("设施设备 30%（样例）", "秩序维护 25%（样例）", "环境维护 20%（样例）")
    more = ("自查综合得分", "较自查", "项目经理", "类型", "面积（平方米）")
    assert rows[0] == (*fixed, "客户服务 25%", *samples, *more)
    assert rows[1] == (
        1, "P01", "锦澜府", "高新", 90.5, "优秀", 90.5, 90.42, 91, 90,
        93, -2.5, "陈立群", "写字楼", 82000,
    )  # fmt: skip
    assert rows[3] == (
        None, "P03", "西岸公馆", "城东", 89, "暂列", 89, "未评完", "未评完", "未评完",
        None, None, None, "住宅小区", None,
    )  # fmt: skip


def test_excel_of_a_league_has_both_ranks_and_that_league_alone(table, get):
    Project.objects.filter(code="P01").update(kind="tower")
    rows = list(sheet_of(get("?kind=estate", "excel/")).iter_rows(min_row=3, values_only=True))
    assert (rows[0][0], rows[0][-1]) == ("组内名次", "总名次")
    assert [(row[0], row[1], row[-1]) for row in rows[1:]] == [(1, "P02", 2), (None, "P03", None)]


def test_excel_has_charts_of_its_own_over_formulas_that_count_in_the_table(table, get):
    book = load_workbook(io.BytesIO(get(step="excel/").content))
    charts = book["图表"]
    assert len(charts._charts) == 3
    assert charts["B4"].value == "=COUNTIF('项目排名'!$F$4:$F$6,$A4)"
    values = load_workbook(io.BytesIO(get(step="excel/").content), data_only=True)["图表"]
    counted = [(values[f"A{n}"].value, values[f"B{n}"].value) for n in range(2, 6)]
    assert counted == [("不及格", 1), ("良好", 0), ("优秀", 1), ("暂列", 1)]


def test_excel_prints_across_with_its_head_on_every_page(table, get):
    book = load_workbook(io.BytesIO(get("?region=高新", step="excel/").content))
    sheet, charts = book.worksheets
    assert sheet.page_setup.orientation == charts.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3"
    assert sheet["A2"].value.endswith("筛选：高新")


def test_excel_of_nothing_is_a_table_without_charts(table, get):
    book = load_workbook(io.BytesIO(get("?q=没有", "excel/").content))
    assert book.sheetnames == ["项目排名"]


def test_excel_follows_filter_and_sort_over_all_pages(firm, get):
    fill(firm, PAGE_SIZE + 10)
    sheet = sheet_of(get("?region=城东&sort=-project&page=2", step="excel/"))
    codes = [row[1] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert codes == [f"Q{n:03}" for n in reversed(range(PAGE_SIZE + 10))]


@pytest.mark.parametrize("name", ["=1+1", "+86 28", "-5", "@cmd", '=HYPERLINK("http://x")'])
def test_a_name_that_looks_like_a_formula_is_inert(table, get, name):
    Project.objects.filter(code="P01").update(name=name)
    cell = sheet_of(get(step="excel/"))["C4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)
