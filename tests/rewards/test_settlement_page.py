"""The settlement in the browser: who sees it, approves it, and takes it away as documents."""

from decimal import Decimal

import pytest
from django.urls import reverse

from organization.models import User
from organization.roles import Role
from rewards.models import Award, Settlement
from rewards.settlement import draw_up, submit_settlement
from tests import cast
from tests.queries import queries_of


def address(firm, step=""):
    return f"/c/{firm.campaign.code}/settlement/{step}"


@pytest.fixture
def drawn(firm, stand):
    stand(firm.one, "96.06")
    stand(firm.two, "75.45")
    return draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)


@pytest.fixture
def submitted(firm, drawn):
    return submit_settlement(settlement=drawn, by=firm.center, at=firm.at)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("center", 200),
        ("president", 200),
        ("executive", 200),
        ("lead", 403),
        ("admin", 403),
        ("manager", 403),
    ],
)
def test_money_is_for_center_and_leaders(client, firm, drawn, who, status):
    client.force_login(getattr(firm, who))
    assert client.get(address(firm)).status_code == status


def test_a_stranger_learns_nothing(client, firm, drawn):
    client.force_login(
        cast.person("guest", "外人", Role.EMPLOYEE, project=cast.project("Z9", "别处"))
    )
    assert client.get(address(firm)).status_code == 404


def test_the_center_draws_up_and_submits(client, firm, stand):
    stand(firm.one, "96.06")
    client.force_login(firm.center)
    client.post(address(firm, "draw-up/"))
    client.post(address(firm, "submit/"))
    assert Settlement.objects.get().submitted_by == firm.center


@pytest.mark.parametrize("step", ["draw-up/", "submit/"])
def test_only_the_center_draws_up(client, firm, drawn, step):
    client.force_login(firm.president)
    assert client.post(address(firm, step)).status_code == 403


def test_only_the_president_approves(client, firm, submitted):
    client.force_login(firm.center)
    assert client.post(address(firm, "approve/"), {"total": "4100"}).status_code == 403
    assert Settlement.objects.get().approved_at is None


@pytest.mark.parametrize("typed", ["4100", "+¥4,100", "¥4100.00", " 4，100 "])
def test_the_president_approves_by_typing_the_total(client, firm, submitted, typed):
    client.force_login(firm.president)
    client.post(address(firm, "approve/"), {"total": typed})
    assert Settlement.objects.get().approved_by == firm.president


@pytest.mark.parametrize("typed", ["4101", "四千", "", "NaN", "1e999999"])
def test_a_wrong_total_keeps_what_was_typed(client, firm, submitted, typed):
    client.force_login(firm.president)
    response = client.post(address(firm, "approve/"), {"total": typed})
    assert response.status_code == 422
    assert f'value="{typed}"' in response.content.decode()
    assert "form-error" in response.content.decode()
    assert Settlement.objects.get().approved_at is None


def test_a_return_reason_reaches_the_center(client, firm, submitted):
    client.force_login(firm.president)
    client.post(address(firm, "return/"), {"reason": "两人岗位请核实"})
    client.force_login(firm.center)
    assert "两人岗位请核实" in client.get(address(firm)).content.decode()


def test_the_list_is_filtered_by_address(client, firm, drawn):
    client.force_login(firm.center)
    page = client.get(address(firm), {"show": "penalty"}).context["page"]
    assert [award.person for award in page] == [firm.other_manager]


def test_the_filters_count_persons_and_teams_as_the_sums_do(client, firm, drawn):
    client.force_login(firm.center)
    context = client.get(address(firm)).context
    assert context["counts"]["reward"] == context["totals"].rewarded
    assert context["counts"]["team"] == context["totals"].teams
    assert context["counts"]["penalty"] == context["totals"].penalised


def test_english_readers_count_one_as_one(client, firm, drawn):
    client.force_login(firm.center)
    client.cookies["django_language"] = "en"
    said = client.get(address(firm)).content.decode()
    assert "1 team<" in said and "1 teams" not in said and "1 people" not in said


def test_a_long_list_of_what_waits_is_cut_and_leads_on(client, firm, drawn):
    for number in range(21):
        project = cast.project(f"M{number:02}", f"项目{number}")
        firm.campaign.participations.create(project=project)
    drawn.left_out = [f"M{number:02}" for number in range(21)]
    drawn.save()
    client.force_login(firm.center)
    said = client.get(address(firm)).content.decode()
    assert said.count("评分未完成，暂列：不定等级，不计奖惩") == 20
    assert "以上是前 20 个，共 21 个暂列项目。" in said
    assert f'href="/c/{firm.campaign.code}/league/?band=none"' in said


def test_before_it_is_drawn_up_the_page_leads_to_those_left_out(client, firm):
    client.force_login(firm.center)
    said = client.get(address(firm)).content.decode()
    assert f'href="/c/{firm.campaign.code}/league/?band=none"' in said


@pytest.mark.system("pango")
def test_the_pdf_is_one(client, firm, drawn):
    client.force_login(firm.president)
    assert client.get(address(firm, "pdf/")).content.startswith(b"%PDF")


def test_the_page_asks_as_often_for_many_awards(client, firm, stand, django_assert_num_queries):
    def ask(count):
        draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
        client.force_login(User.objects.get(username="center"))
        with django_assert_num_queries(count):
            client.get(address(firm))

    stand(firm.one, "96.06")
    client.force_login(firm.center)
    client.get(address(firm))
    ask(QUERIES)
    for number in range(20):
        more = cast.project(f"M{number}", f"项目{number}")
        firm.campaign.participations.create(project=more)
        firm.campaign.standings.create(
            project=more, composite=Decimal(92), provisional=False, updated_at=firm.at
        )
        cast.person(f"m{number}", f"经理{number}", Role.PROJECT_MANAGER, project=more)
    ask(QUERIES)


QUERIES = 15


def test_the_admin_site_leads_to_the_lines_instead_of_reading_them_all(client, firm, drawn):
    client.force_login(firm.center)
    page = reverse("admin:rewards_settlement_change", args=[drawn.pk])
    assert f'href="{address(firm)}"' in client.get(page).content.decode()
    few = queries_of(lambda: client.get(page))
    project = cast.project("Z8", "新项目")
    people = [cast.person(f"z{n}", f"新人{n}", Role.EMPLOYEE, project=project) for n in range(5)]
    Award.objects.bulk_create(
        Award(
            settlement=drawn,
            project=project,
            person=each,
            role=Role.EMPLOYEE,
            composite=90,
            amount=100,
        )
        for each in people
    )
    assert queries_of(lambda: client.get(page)) == few
