"""The menu: at most six sections a person, the pages of a section as tabs."""

import re

import pytest
from django.urls import get_resolver, reverse

from inspections.sheet.sheets import open_sheet
from portal.menu import SECTIONS
from scoring.models.results import ScoreKind
from tests import cast
from tests.inspections.entering import AT, rubric
from tests.inspections.writing import plan_of

PEOPLE = ("president", "executive", "center", "lead", "admin", "manager", "head", "worker")
NAV = re.compile(r'<nav class="nav-main".*?</nav>', re.DOTALL)
TABS = re.compile(r'<nav class="sec-tabs.*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"( aria-current="page")?>(?:<svg.*?</svg>)?([^<]+)')


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def see(client, company):
    def page_of(person, name):
        client.force_login(getattr(company, person))
        return client.get(reverse(name, args=["c11"])).content.decode()

    return page_of


def links(pattern, page):
    found = pattern.search(page)
    return LINK.findall(found.group()) if found else []


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_sees_more_than_six_sections_and_every_page_opens(client, see, person):
    menu = links(NAV, see(person, "timeline"))
    tabs = [
        link for section in menu for link in links(TABS, client.get(section[0]).content.decode())
    ]
    assert 3 <= len(menu) <= 6
    assert {client.get(url, follow=True).status_code for url, *_ in [*menu, *tabs]} == {200}


def test_a_section_is_named_by_the_first_page_that_one_has(see):
    words = [word for _url, _current, word in links(NAV, see("manager", "timeline"))]
    assert words[:2] == ["我的工作", "时间轴"]


def test_the_open_page_is_marked_in_menu_and_tabs(see):
    page = see("center", "timeline")
    (section,) = [link for link in links(NAV, page) if link[1]]
    (tab,) = [link for link in links(TABS, page) if link[1]]
    assert (section[0], tab[2]) == (reverse("matrix", args=["c11"]), "时间轴")


def test_a_section_with_one_page_has_no_tabs(see):
    assert links(TABS, see("worker", "timeline")) == []


def test_every_page_stands_in_the_menu_once_for_each_reader():
    for role in cast.Role:
        names = [tab.url_name for s in SECTIONS for tab in s.tabs if role in tab.roles]
        assert sorted(set(names)) == sorted(names)


def opened_self_check(company):
    rubric(company)
    line = company.lines["customer_service"]
    asked = {"campaign": company.campaign, "project": company.one, "specialty": line}
    return open_sheet(**asked, kind=ScoreKind.SELF, by=company.manager, at=AT)


def marked(page):
    return [link[2] for link in links(TABS, page) if link[1]]


def test_a_page_below_a_tab_marks_that_tab(client, see, company):
    plan_of(company)
    assert marked(see("manager", "campaign")) == ["时间轴"]
    assert marked(client.get("/c/c11/plans/P01/versions/").content.decode()) == ["实施方案"]
    assert marked(see("manager", "sheets")) == ["成绩"]


def test_a_self_check_marks_the_self_checks_and_no_result(client, company):
    sheet = opened_self_check(company)
    client.force_login(company.manager)
    assert marked(client.get(sheet.get_absolute_url()).content.decode()) == ["自查"]


# Addresses of a campaign that give a file, a part of a page, or only send one on.
NOT_PAGES = frozenset({
    "appeals_excel", "audit_visits_excel", "auditors_excel", "callbacks_excel",
    "case_excel", "case_live",
    "exam_answers", "exam_report",
    "exam_result",
    "exam_results_excel", "findings_excel", "honesty_excel", "league_distribution",
    "league_excel", "league_live", "league_row", "lessons_for", "matrix_excel", "matrix_remind",
    "plan_line",
    "plan_pdf", "plan_revision_line", "plan_word", "plans_excel",
    "post_answers_excel", "post_questions_excel",
    "question_excel", "recovery_outcome",
    "rubric_blank", "rubric_excel", "seminar_paper", "settlement_excel", "settlement_pdf",
    "sheet_blank", "sheet_parts", "sheet_signed_pdf", "summary_paper", "training_sheet",
    "briefing_deck", "league_pdf", "notice_person", "notice_project", "notices_zip",
    "search",  # stands in the head of every page
    "list_check",  # says itself of which page it is
})  # fmt: skip


def test_every_page_of_a_campaign_marks_a_tab():
    placed = {name for s in SECTIONS for tab in s.tabs for name in (tab.url_name, *tab.pages)}
    addresses = get_resolver().reverse_dict
    names = {name for name in addresses if isinstance(name, str)}
    of_campaigns = {
        name for name in names if addresses.getlist(name)[0][0][0][0].startswith("c/%(campaign)s/")
    }
    assert of_campaigns - placed == NOT_PAGES
