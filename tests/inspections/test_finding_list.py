"""The list, the board and the workbook: what stands in the address, and what it costs."""

import io
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from campaign import kept
from campaign.regions import forget_regions
from inspections.finding.extensions import ask_extension
from inspections.finding.findings import open_finding
from inspections.models import Finding
from organization import project_choice
from organization.clock import local_day
from organization.models import Post, User
from organization.roles import Role
from scoring.models import Requirement
from tests import cast
from tests.inspections.writing import LATER, finding_of, rectified
from tests.queries import queries_of

FINDINGS = "/c/c11/findings/"
REASSIGN = "/c/c11/findings/reassign/"
EXCEL = "/c/c11/findings/excel/"


def body(response):
    return response.content.decode()


@pytest.fixture
def today():
    return local_day(datetime.now().astimezone())


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(User.objects.get(pk=getattr(company, name).pk))
        return client

    return as_person


def opened(company, problem, **fields):
    values = {"due": date(2099, 1, 1), "specialty": company.lines["order"], "project": company.one}
    values |= {"campaign": company.campaign, "by": company.center, "at": LATER}
    return open_finding(problem=problem, **values | fields)


def seen(client, query="", words="甲乙丙丁", address=FINDINGS):
    page = body(client.get(f"{address}{query}"))
    return "".join(word for word in words if f"{word}问题" in page)


# --- states


def test_what_is_due_counts_from_today(signed, company, today):
    opened(company, "甲问题", due=today)
    opened(company, "乙问题", due=today + timedelta(days=7))
    opened(company, "丙问题", due=today + timedelta(days=8))
    client = signed("center")
    assert [seen(client, f"?show={tab}") for tab in ("today", "soon", "later", "open")] == [
        "甲", "甲乙", "丙", "甲乙丙",
    ]  # fmt: skip


def test_what_was_reopened_has_a_chip_once_there_is_some(signed, company):
    found = opened(company, "甲问题")
    assert "已重开 <b>" not in body(signed("center").get(FINDINGS))
    Finding.objects.filter(pk=found.pk).update(reopened_at=LATER)
    assert "已重开 <b>1</b>" in body(signed("center").get(FINDINGS))


def test_what_was_verified_is_counted_on_from_what_is_kept(signed, company):
    """Of campaigns with many projects, where counting all takes longest."""
    now = datetime.now().astimezone()
    long_ago, lately = opened(company, "甲问题"), opened(company, "乙问题")
    for found, days in (long_ago, 3), (lately, 0):
        verified_at = now - timedelta(days=days, minutes=1)
        Finding.objects.filter(pk=found.pk).update(rectified_at=LATER, verified_at=verified_at)
    counts = [(timedelta(minutes=2), "8</b>"), (timedelta(minutes=20), "2</b>")]
    for ago, shown in counts:  # a count that is too old is none
        kept.keep(company.campaign, "findings", {"verified": {"number": 7}}, at=now - ago)
        assert f"已验证 <b>{shown}" in body(signed("center").get(FINDINGS))
    kept.count_kept(company.campaign, at=now)
    assert "已验证 <b>2</b>" in body(signed("center").get(FINDINGS))
    # verified before the count, and committed after it
    late = opened(company, "丙问题")
    verified_at = now - timedelta(seconds=20)
    Finding.objects.filter(pk=late.pk).update(rectified_at=LATER, verified_at=verified_at)
    assert "已验证 <b>3</b>" in body(signed("center").get(FINDINGS))


# --- filters


@pytest.fixture
def four(company):
    company.two.region = "城南"
    company.two.save()
    cast.rubric(company.campaign, company.lines["order"])
    requirement = Requirement.objects.get(item__code="I01", number=2)
    opened(company, "甲问题", requirement=requirement, source="leftover")
    opened(company, "乙问题", project=company.two, measure="换 100% 新的")
    opened(company, "丙问题", requirement=requirement, at=LATER + timedelta(days=1))
    Finding.objects.filter(problem="丙问题").update(root_cause="duty", root_cause_text="“夜班”😀")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region=城南", "乙"), ("source=leftover", "甲"), ("cause=duty", "丙"),
        ("cause=none", "甲乙"),
        ("repeat=1", "丙"), ("q=100%25", "乙"), ("q=%25", "乙"), ("q=夜班”😀", "丙"),
        ("q=没有这样的", ""),
        ("project=P02&region=城南", "乙"), ("project=P01&region=城南", ""),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_everything_in_the_address(signed, four, query, expected):
    assert seen(signed("center"), f"?show=all&{query}") == expected


def test_a_filter_that_leaves_nothing_says_how_to_go_on(signed, four):
    page = body(signed("center").get(f"{FINDINGS}?q=没有这样的"))
    assert "放宽一个条件" in page and f'href="{FINDINGS}"' in page


@pytest.mark.parametrize(
    "query",
    ["show=%00", "sort=x", "sort=--due", "size=7", "size=x", "person=9999999999999999999999",
     "person=%00", "region=%00", "q=%00", "cause=%F0%9F%98%80", "page=-1", "page=%00", "repeat=x",
     "view=x", "project=%27%22", "source=%00"],
)  # fmt: skip
def test_nonsense_in_the_address_shows_the_ordinary_list(signed, four, query):
    assert seen(signed("center"), f"?{query}") == "甲乙丙"


def places(client, query, *problems):
    page = body(client.get(f"{FINDINGS}?{query}"))
    return [word for _at, word in sorted((page.index(f">{word}<"), word) for word in problems)]


def test_a_columns_head_sorts_by_it_and_back(signed, company):
    early = opened(company, "甲问题", due=date(2098, 1, 1), responsible=company.worker)
    late = opened(company, "乙问题", due=date(2099, 1, 1), responsible=company.manager)
    client, names = signed("center"), [early.problem, late.problem]
    assert places(client, "sort=due", *names) == names
    assert places(client, "sort=-due", *names) == names[::-1]
    page = body(client.get(f"{FINDINGS}?sort=due"))
    assert 'aria-sort="ascending"' in page and "sort=-due" in page


def test_the_size_of_a_page_is_kept_while_paging(signed, company):
    many(company, 45)
    page = body(signed("center").get(f"{FINDINGS}?size=20"))
    assert "1–20，共 45" in page and "size=20&amp;page=2" in page


def many(company, number, **fields):
    Finding.objects.bulk_create(
        Finding(
            campaign=company.campaign, project=company.one, specialty=company.lines["order"],
            problem=f"问题{n}", created_at=LATER, opened_at=LATER + timedelta(minutes=n),
            due=date(2099, 1, 1), responsible=company.worker, **fields,
        )
        for n in range(number)
    )  # fmt: skip


@pytest.mark.parametrize("query", ["", "?show=all&size=100", "?view=board", "?repeat=1&show=all"])
@pytest.mark.parametrize("who", ["center", "manager", "head"])
def test_three_findings_cost_as_much_as_three_hundred(signed, company, who, query):
    cast.rubric(company.campaign, company.lines["order"])
    requirement = Requirement.objects.get(item__code="I01", number=2)
    many(company, 3, requirement=requirement)
    client = signed(who)
    few = queries_of(lambda: client.get(f"{FINDINGS}{query}"))
    many(company, 297, requirement=requirement)
    assert queries_of(lambda: client.get(f"{FINDINGS}{query}")) == few <= 25


# --- marks


def test_a_row_shows_repeats_and_requests(signed, four, company):
    found = Finding.objects.get(problem="丙问题")
    ask_extension(
        finding=found, due=date(2099, 2, 1), reason="等", by=company.manager,
        at=LATER + timedelta(days=2),
    )  # fmt: skip
    page = body(signed("center").get(FINDINGS))
    assert page.count("第 2 次") == 1 and page.count("申请延期") == 1
    assert "责任心不强" in page


# --- the board


def test_the_boards_columns_hold_each_finding_once(signed, company, today):
    waiting = rectified(company, problem="甲问题")
    opened(company, "乙问题", due=today)
    opened(company, "丙问题")
    opened(company, "丁问题", due=date(2011, 10, 20))
    page = body(signed("center").get(f"{FINDINGS}?view=board"))
    columns = page.split('<section class="board-col')[1:]
    held = ["".join(w for w in "甲乙丙丁" if f"{w}问题" in column) for column in columns]
    assert held == ["丁", "乙", "丙", "甲", ""]
    assert waiting.get_absolute_url() in columns[3] and "去验证" in columns[3]


def test_a_column_shows_a_dozen_and_leads_to_the_rest(signed, company):
    many(company, 15)
    page = body(signed("center").get(f"{FINDINGS}?view=board&specialty=order"))
    assert page.count('class="card-title"') == 12
    assert "还有 3 条" in page and "?specialty=order&amp;show=later" in page


@pytest.mark.parametrize(("who", "action"), [("worker", "去整改"), ("center", "打开")])
def test_a_card_names_what_its_reader_does_next(signed, company, who, action):
    opened(company, "甲问题", responsible=company.worker)
    page = body(signed(who).get(f"{FINDINGS}?view=board"))
    card = page[page.index('class="card-foot"') :]
    assert action in card[: card.index("</a>")]


def test_a_head_is_asked_to_rectify_what_the_department_is_to_do(signed, company):
    clerk = cast.person("emp02", "许静", Role.EMPLOYEE, project=company.one, department="客服部")
    opened(company, "甲问题", responsible=clerk)
    opened(company, "乙问题", responsible=company.worker, due=date(2011, 10, 20))
    opened(company, "丙问题", due=date(2098, 1, 1))
    page = body(signed("head").get(f"{FINDINGS}?view=board"))
    cards = page.split('class="card-title"')[1:]
    asked = {w: "去整改" in card for w in "甲乙丙" for card in cards if f"{w}问题" in card}
    assert asked == {"甲": True, "乙": False, "丙": False}


# --- the workbook


def workbook(client, query=""):
    answer = client.get(f"{EXCEL}{query}")
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows())


def column(rows, head):
    number = [cell.value for cell in rows[0]].index(head)
    return [row[number] for row in rows[1:]]


def test_the_workbook_is_what_is_seen(signed, four):
    rows = workbook(signed("center"), "?show=all&cause=none&sort=-project")
    assert [cell.value for cell in column(rows, "问题")] == ["乙问题", "甲问题"]


def test_dates_are_dates_and_repeats_are_counted(signed, four):
    rows = workbook(signed("center"), "?cause=duty")
    assert column(rows, "期限")[0].value == datetime(2099, 1, 1)
    assert column(rows, "第几次")[0].value == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_looks_like_a_formula_stays_text(signed, company, text):
    many(company, 1, measure=text)
    cell = column(workbook(signed("center")), "整改措施")[0]
    assert (cell.value, cell.data_type) == (text, "s") and cell.quotePrefix


def test_the_workbook_speaks_the_readers_language(signed, four):
    client = signed("center")
    client.post(reverse("language"), {"language": "en"})
    rows = workbook(client, "?show=all")
    assert rows[0][4].value == "Finding"


def test_a_project_exports_its_own_only(signed, four, company):
    rows = workbook(signed("other_manager"), "?show=all")
    assert [cell.value for cell in column(rows, "问题")] == ["乙问题"]


def test_the_workbook_costs_the_same_for_many(signed, company):
    client = signed("center")
    many(company, 3)
    few = queries_of(lambda: client.get(EXCEL))
    many(company, 297)
    assert queries_of(lambda: client.get(EXCEL)) == few
    assert len(workbook(client)) == 301


# --- bulk reassignment


def hand(client, *found, back="", **data):
    choice = {"chosen": [each.pk for each in found], "back": back}
    typed = {"reason": "调班"} | data
    return client.post(f"{REASSIGN}?{urlencode(choice, doseq=True)}", typed, follow=True)


def test_ticked_findings_go_to_another_person(signed, company):
    found = [opened(company, "甲问题"), opened(company, "乙问题")]
    answer = hand(signed("manager"), *found, responsible=company.head.pk, back="show=all&size=20")
    assert answer.redirect_chain[-1][0] == f"{FINDINGS}?show=all&size=20"
    assert "已改派 2 条问题。" in body(answer)
    assert {each.responsible for each in Finding.objects.all()} == {company.head}


def test_what_is_refused_is_named_and_the_rest_is_done(signed, company):
    found = [opened(company, "甲问题"), rectified(company, problem="乙问题")]
    page = body(hand(signed("manager"), *found, responsible=company.head.pk))
    assert "已改派 1 条问题。" in page and "乙问题：整改已经送出，正在等验证。" in page


def test_a_deputy_hands_on_what_is_of_the_own_specialties(signed, company):
    company.deputy = cast.person(
        "deputy", "徐静", Role.DEPUTY_PROJECT_MANAGER, project=company.one,
        specialty=company.lines["order"],
    )  # fmt: skip
    own = opened(company, "甲问题")
    other = opened(company, "乙问题", specialty=company.lines["environment"])
    page = body(hand(signed("deputy"), own, other, responsible=company.head.pk))
    assert "乙问题：这个专业不由您负责。" in page
    other.refresh_from_db()
    assert other.responsible is None


def test_a_person_who_left_is_refused_and_the_reason_stays(signed, company):
    found = opened(company, "甲问题")
    Post.objects.filter(user=company.head).update(until=date(2011, 10, 20))
    answer = hand(signed("manager"), found, responsible=company.head.pk, reason="调“班”😀")
    assert answer.status_code == 422
    assert "可能已经离开" in body(answer) and "调“班”😀</textarea>" in body(answer)


def test_a_reason_is_asked_for(signed, company):
    found = opened(company, "甲问题")
    assert hand(signed("center"), found, responsible=company.head.pk, reason="").status_code == 422
    found.refresh_from_db()
    assert found.responsible is None


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("center", 200), ("manager", 200), ("head", 403), ("worker", 403), ("lead", 403),
        ("executive", 403),
    ],
)  # fmt: skip
def test_who_may_reassign(signed, company, who, status):
    found = opened(company, "甲问题", responsible=company.worker)
    assert signed(who).get(f"{REASSIGN}?chosen={found.pk}").status_code == status
    may_tick = 'name="chosen"' in body(signed(who).get(FINDINGS))
    assert may_tick == (status == 200)


@pytest.mark.parametrize("chosen", ["", "?chosen=x", "?chosen=%00", "?chosen=" + "9" * 50])
def test_nothing_ticked_leads_back_to_the_list(signed, company, chosen):
    answer = signed("center").get(f"{REASSIGN}{chosen}", follow=True)
    assert "先勾选要改派的问题。" in body(answer)


def test_a_strangers_findings_cannot_be_chosen(signed, company):
    found = finding_of(company)
    page = body(signed("other_manager").get(f"{REASSIGN}?chosen={found.pk}", follow=True))
    assert "先勾选要改派的问题。" in page


# --- of many projects ---------------------------------------------------------------------------


@pytest.fixture
def crowded(company, monkeypatch):
    """As if one project were too many to choose from."""
    monkeypatch.setattr(project_choice, "MOST_CHOICES", 1)
    forget_regions()
    yield company
    forget_regions()


def shown(answer):
    return {row.finding.project for row in answer.context["page"]}


def test_of_many_projects_one_is_named_and_not_chosen(crowded, signed):
    opened(crowded, "甲问题"), opened(crowded, "乙问题", project=crowded.two)
    page = signed("center").get(FINDINGS, {"show": "all"})
    assert shown(page) == {crowded.one, crowded.two}
    assert '<input class="form-control" type="search" name="project"' in body(page)
    assert f'<option value="{crowded.one.code}"' not in body(page)


@pytest.mark.parametrize("named", ["code", "name"])
def test_of_many_projects_one_is_found_by_code_and_by_name(named, crowded, signed):
    opened(crowded, "甲问题"), opened(crowded, "乙问题", project=crowded.two)
    asked = {"show": "all", "project": getattr(crowded.two, named)}
    page = signed("center").get(FINDINGS, asked)
    assert shown(page) == {crowded.two}
    assert page.context["found"].project == crowded.two


def test_of_many_projects_a_part_of_the_code_leaves_all_that_have_it(crowded, signed):
    opened(crowded, "甲问题"), opened(crowded, "乙问题", project=crowded.two)
    client = signed("center")
    assert shown(client.get(FINDINGS, {"show": "all", "project": "p0"})) == {
        crowded.one,
        crowded.two,
    }
    assert not shown(client.get(FINDINGS, {"show": "all", "project": "无此项目"}))


def test_of_many_projects_a_stranger_finds_none_by_naming_it(crowded, signed):
    opened(crowded, "乙问题", project=crowded.two)
    page = signed("manager").get(FINDINGS, {"show": "all", "project": crowded.two.code})
    assert not shown(page)
    assert page.context["found"].project is None
