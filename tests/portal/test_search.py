"""Search: what is found by its words, and only what the reader may see."""

from datetime import date

import pytest

from inspections.models import Finding
from organization.models import User
from tests import cast

NOW = cast.moment(2011, 11, 23, 10)


@pytest.fixture
def company(db):
    company = cast.company()
    milestone = cast.milestone(company.campaign)
    for project in (company.one, company.two):
        cast.obligation(milestone, project=project)
    User.objects.filter(pk=company.worker.pk).update(mobile="13800000000")
    return company


@pytest.fixture
def find(company):
    def find(problem, project, **facts):
        fields = {"due": date(2011, 11, 20), "created_at": NOW, "opened_at": NOW}
        return Finding.objects.create(
            campaign=company.campaign, project=project, problem=problem, **fields | facts
        )

    return find


@pytest.fixture
def look_for(client, company):
    def look_for(person, text, **more):
        client.force_login(person)
        return client.get("/c/c11/search/", {"q": text, **more})

    return look_for


def text_of(response):
    return response.content.decode()


def test_before_anything_is_asked_it_says_what_can_be(look_for, company):
    page = text_of(look_for(company.manager, ""))
    assert "<h1>要找什么？</h1>" in page
    assert "写下要找的词" in page


def test_nothing_found_says_so_and_keeps_what_was_typed(look_for, company):
    page = text_of(look_for(company.manager, '火星"<b>'))
    assert "<h1>没有找到</h1>" in page
    assert 'value="火星&quot;&lt;b&gt;"' in page


def test_projects_by_name_and_code(look_for, company):
    for text in ("翠屏", "p02"):
        page = text_of(look_for(company.center, text, kind="projects"))
        assert 'href="/c/c11/results/P02/"' in page
        assert 'href="/c/c11/results/P01/"' not in page


def test_findings_by_problem_project_and_person(look_for, company, find):
    lamp = find("灯不亮", company.one, responsible=company.worker)
    for text in ("灯不", "锦澜府", "马超"):
        assert f"/c/c11/findings/{lamp.pk}/" in text_of(look_for(company.manager, text))


def test_what_is_open_stands_before_what_is_done(look_for, company, find):
    find("灯一", company.one, rectified_at=NOW, verified_at=NOW, due=date(2011, 11, 1))
    find("灯二", company.one)
    page = text_of(look_for(company.manager, "灯"))
    assert page.index("灯二") < page.index("灯一")


def test_obligations_in_either_language(look_for, company):
    for text in ("动员会", "KICK-OFF"):
        assert "<h1>找到 1 项</h1>" in text_of(look_for(company.manager, text))


def test_every_word_has_to_be_somewhere(look_for, company):
    assert "<h1>找到 1 项</h1>" in text_of(look_for(company.center, "动员 翠屏"))
    assert "<h1>没有找到</h1>" in text_of(look_for(company.center, "动员 火星"))


def test_people_with_their_posts_and_how_to_reach_them(look_for, company):
    page = text_of(look_for(company.manager, "马超"))
    assert "锦澜府 员工" in page
    assert 'href="tel:13800000000"' in page
    assert 'href="mailto:emp01@example.test"' in page


def test_project_people_find_the_companys_people(look_for, company):
    assert "周婷" in text_of(look_for(company.manager, "周婷", kind="people"))


def test_project_people_do_not_find_what_is_other_projects(look_for, company, find):
    find("灯不亮", company.two)
    for text in ("翠屏苑", "灯不亮", "彭海燕"):
        assert "<h1>没有找到</h1>" in text_of(look_for(company.manager, text))


def test_the_company_finds_all_projects(look_for, company, find):
    find("灯不亮", company.two)
    assert "<h1>找到 1 项</h1>" in text_of(look_for(company.executive, "灯不亮"))


def test_drafts_of_plans_and_people_who_left_are_not_found(look_for, company, find):
    find("灯不亮", company.one, opened_at=None)
    User.objects.filter(pk=company.worker.pk).update(is_active=False)
    assert "<h1>没有找到</h1>" in text_of(look_for(company.manager, "灯不亮"))
    assert "<h1>没有找到</h1>" in text_of(look_for(company.manager, "马超"))


def test_a_stranger_learns_nothing_of_the_campaign(client, company):
    client.force_login(User.objects.create(username="new", name="新人"))
    assert client.get("/c/c11/search/?q=灯").status_code == 404


def test_many_of_a_kind_are_shown_in_full_on_their_own(look_for, company, find):
    for number in range(53):
        find(f"灯 {number:02}", company.one)
    page = text_of(look_for(company.manager, "灯"))
    assert page.count('class="work-title"') == 8
    assert "看全部 53 项" in page
    page = text_of(look_for(company.manager, "灯", kind="findings", page=2))
    assert page.count('class="work-title"') == 3


@pytest.mark.parametrize("count", [1, 4])
def test_it_asks_as_often_for_many_hits(
    client, look_for, company, find, count, django_assert_num_queries
):
    for _ in range(count):
        find("锦澜府的灯", company.one, responsible=company.worker)
    look_for(company.manager, "锦澜府")
    with django_assert_num_queries(19):
        client.get("/c/c11/search/", {"q": "锦澜府"})


def test_every_page_leads_to_search(client, company):
    client.force_login(company.manager)
    assert '<a class="find" href="/c/c11/search/">' in client.get("/").content.decode()
