"""How many of each project have notes, and how many people there are."""

import pytest
from django.urls import reverse

from campaign.models import Participation
from campaign.notes import mark_notes, set_headcount
from campaign.obligations import attach_evidence
from organization.history import history_of
from tests import cast
from tests.queries import queries_of
from tests.uploads import pdf

AT = cast.moment(2011, 10, 10, 10)


@pytest.fixture
def owed(company):
    return cast.obligation(cast.milestone(company.campaign), project=company.one)


@pytest.fixture
def ask(client, company):
    def asked(person, typed=None, **query):
        client.force_login(person)
        address = reverse("notes", args=[company.campaign.code])
        return client.post(address, typed) if typed is not None else client.get(address, query)

    return asked


def text(response):
    return response.content.decode()


def rows(response):
    return [row.project.name for row in response.context["page"]]


def part(company, project):
    return Participation.objects.get(campaign=company.campaign, project=project)


def test_a_project_sees_its_own_figure_first(ask, owed, company):
    upload = {"upload": pdf(), "kind": "notes", "by": company.manager, "at": AT}
    evidence = attach_evidence(obligation=owed, **upload)
    mark_notes(evidence=evidence, people=[company.worker], by=company.manager, at=AT)
    page = ask(company.manager)
    assert rows(page) == ["锦澜府"]
    assert "<h1>1 / 3 人有笔记</h1>" in text(page)
    assert owed.get_absolute_url() in text(page)


def test_the_center_sees_every_project_and_searches(ask, owed, company):
    assert rows(ask(company.center)) == ["锦澜府", "翠屏苑"]
    assert rows(ask(company.center, q="翠屏")) == ["翠屏苑"]
    assert "没有这样的项目" in text(ask(company.center, q="没有", page="x"))


def test_a_leader_and_the_center_state_how_many_people_there_are(ask, company):
    for person, number in ((company.manager, 56), (company.center, 58)):
        assert ask(person, {"project": "P01", "headcount": number}).status_code == 302
        assert part(company, company.one).headcount == number
    ask(company.center, {"project": "P01", "headcount": ""})
    assert part(company, company.one).headcount is None
    assert history_of(part(company, company.one)).count() == 3


@pytest.mark.parametrize("number", ["2", "-1", "viele", "10000"])
def test_a_number_that_cannot_be_is_said_beside_it_and_stays(ask, company, number):
    shown = text(ask(company.manager, {"project": "P01", "headcount": number}))
    assert "form-error" in shown and f'value="{number}"' in shown
    assert part(company, company.one).headcount is None


def test_others_state_nothing(ask, company):
    typed = {"project": "P01", "headcount": 56}
    assert ask(company.worker, typed).status_code == 403
    assert ask(company.executive, typed).status_code == 403
    assert ask(company.other_manager, typed).status_code == 404
    assert ask(company.center, typed | {"project": "nothing"}).status_code == 404


def test_the_center_asks_for_a_share(ask, company):
    assert ask(company.center, {"percent": 80}).status_code == 302
    company.campaign.refresh_from_db()
    assert company.campaign.notes_percent == 80
    assert "提交前至少 80% 的人有笔记" in text(ask(company.manager))
    assert "form-error" in text(ask(company.center, {"percent": 101}))
    assert ask(company.manager, {"percent": 1}).status_code == 403
    ask(company.center, {"percent": ""})
    company.campaign.refresh_from_db()
    assert company.campaign.notes_percent is None


def test_more_projects_ask_no_more_of_the_database(ask, owed, company, django_assert_num_queries):
    few = queries_of(lambda: ask(company.center))
    for number in range(20):
        other = cast.project(f"N{number:02}", f"新{number}")
        taking_part = Participation.objects.create(campaign=company.campaign, project=other)
        cast.obligation(owed.milestone, project=other)
        set_headcount(participation=taking_part, headcount=number + 1, by=company.center, at=AT)
    with django_assert_num_queries(few):
        assert len(rows(ask(company.center))) == 22


def test_the_set_up_list_leads_to_the_share_that_is_asked(client, company):
    client.force_login(company.center)
    company.campaign.started_at = None
    company.campaign.save()
    page = company.campaign.get_absolute_url()
    shown = client.get(page).content.decode()
    assert "没有要求，可以定一个比例" in shown
    assert f'href="{reverse("notes", args=[company.campaign.code])}"' in shown
    company.campaign.notes_percent = 80
    company.campaign.save()
    assert "要求每个项目 80% 的员工有笔记" in client.get(page).content.decode()
