import pytest
from django.urls import reverse

from campaign import registry
from campaign.lifecycle import submit_campaign
from campaign.models import Campaign
from organization.history import history_of
from organization.models import Project
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
BEFORE = cast.moment(2011, 9, 1)


@pytest.fixture
def draft(company, monkeypatch):
    """A draft that lacks nothing, with a milestone whose day lies outside its phase."""
    monkeypatch.setattr(registry, "READINESS_CHECKS", [])
    drafted = cast.campaign("draft", started=False, projects=[company.one])
    cast.milestone(drafted, "exam_report", phase="mobilize", due=cast.moment(2011, 10, 16).date())
    return drafted


@pytest.fixture
def submitted(draft, company):
    return submit_campaign(campaign=draft, by=company.center, at=BEFORE)


def opened(client, person, campaign):
    client.force_login(person)
    return client.get(campaign.get_absolute_url())


def pressed(client, person, campaign, move, **typed):
    client.force_login(person)
    return client.post(campaign.get_absolute_url(), {"move": move} | typed)


def text(response):
    return response.content.decode()


def state_of(campaign):
    return Campaign.objects.get(pk=campaign.pk).state().code


def test_the_president_sees_the_set_up_and_what_is_odd(client, submitted, company):
    shown = text(opened(client, company.president, submitted))
    assert "等您批准" in shown
    assert "动员宣讲" in shown and "专项总结" in shown
    assert "阶段后 1 天" in shown
    assert "1 个节点的期限不在所属阶段内" in shown
    assert 'value="approve"' in shown


def test_odd_dates_are_pointed_out_to_who_sets_up_or_approves(client, draft, company):
    Campaign.objects.update(started_at=BEFORE, approved_at=BEFORE, submitted_at=BEFORE)
    for person, sees in [("center", True), ("president", True), ("manager", False),
                         ("worker", False), ("lead", False)]:  # fmt: skip
        page = text(opened(client, getattr(company, person), draft))
        odd = "1 个节点的期限不在所属阶段内", "阶段后 1 天"
        assert [words in page for words in odd] == [sees, sees], person


def test_the_president_approves_and_it_starts_as_its_day_has_come(client, submitted, company):
    response = pressed(client, company.president, submitted, "approve")
    assert response["Location"] == submitted.get_absolute_url()
    assert state_of(submitted) == "in_progress"
    assert history_of(submitted).get(verb="approve_campaign").by == company.president


def test_a_return_needs_a_reason_and_says_so_beside_the_field(client, submitted, company):
    response = pressed(client, company.president, submitted, "return", reason=" ")
    assert "请写明退回的理由。" in text(response)
    assert state_of(submitted) == "waiting_approval"


def test_the_center_reads_why_it_came_back_and_submits_again(client, submitted, company):
    pressed(client, company.president, submitted, "return", reason="总结阶段请提前")
    shown = text(opened(client, company.center, submitted))
    assert "总结阶段请提前" in shown
    pressed(client, company.center, submitted, "submit")
    assert state_of(submitted) == "waiting_approval"


def test_what_is_missing_is_named_and_blocks_the_button(client, submitted, company, lend):
    lend(registry.READINESS_CHECKS, lambda campaign: ["权重合计是 25%，应当是 100%。"])
    shown = text(opened(client, company.president, submitted))
    assert "权重合计是 25%" in shown
    assert 'value="approve" disabled' in shown
    response = pressed(client, company.president, submitted, "approve")
    assert "还不能开始" in text(response)
    assert state_of(submitted) == "waiting_approval"


@pytest.mark.parametrize("move", ["approve", "return"])
def test_nobody_but_the_president_decides(client, submitted, company, move):
    for reader in (company.center, company.executive, company.admin, company.lead):
        assert pressed(client, reader, submitted, move, reason="x").status_code == 403
        assert f'value="{move}"' not in text(opened(client, reader, submitted))
    assert state_of(submitted) == "waiting_approval"


def test_the_president_does_not_submit(client, draft, company):
    assert pressed(client, company.president, draft, "submit").status_code == 403


def test_pressing_twice_says_that_it_was_done(client, submitted, company):
    pressed(client, company.president, submitted, "approve")
    response = pressed(client, company.president, submitted, "approve")
    assert "已经批准过了。" in text(response)
    assert history_of(submitted).filter(verb="approve_campaign").count() == 1


def test_projects_learn_nothing_of_a_draft(client, submitted, company):
    assert opened(client, company.manager, submitted).status_code == 404


def test_projects_read_the_set_up_of_a_running_campaign(client, company):
    shown = text(opened(client, company.manager, company.campaign))
    assert "进行中" in shown
    assert 'name="move"' not in shown


def test_the_center_closes_a_running_campaign(client, company):
    pressed(client, company.center, company.campaign, "close")
    assert state_of(company.campaign) == "closed"


def test_an_unknown_button_does_nothing(client, draft, company):
    assert pressed(client, company.center, draft, "explode").status_code == 400
    assert state_of(draft) == "draft"


def test_more_projects_and_milestones_ask_no_more_of_the_database(
    client, company, draft, django_assert_num_queries
):
    few = queries_of(lambda: opened(client, company.center, draft))
    for number in range(30):
        cast.milestone(draft, f"m{number}")
        one = Project.objects.create(code=f"N{number}", name=f"新{number}")
        draft.participations.create(project=one)
    with django_assert_num_queries(few):
        assert opened(client, company.center, draft).context["project_count"] == 31


# The list of all campaigns


def test_the_list_shows_drafts_to_the_company_and_not_to_projects(client, draft, company):
    client.force_login(company.center)
    assert len(client.get(reverse("campaigns")).context["page"]) == 2
    client.force_login(company.manager)
    assert list(client.get(reverse("campaigns")).context["page"]) == [company.campaign]


def test_the_center_makes_next_years_draft(client, company):
    client.force_login(company.center)
    response = client.post(reverse("campaigns"), {"code": "y2027", "year": "2027"})
    made = Campaign.objects.get(code="y2027")
    assert response["Location"] == made.get_absolute_url()
    assert made.created_by == company.center
    assert made.milestones.count() == 13


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": "c11", "year": "2027"}, "code"),
        ({"code": "a b", "year": "2027"}, "code"),
        ({"code": "", "year": "2027"}, "code"),
        ({"code": "x", "year": "1492"}, "year"),
        ({"code": "x", "year": "soon"}, "year"),
    ],
)
def test_a_wrong_code_or_year_is_said_beside_its_field(client, company, typed, field):
    client.force_login(company.center)
    response = client.post(reverse("campaigns"), typed)
    assert response.context["form"].errors.keys() == {field}
    if typed["code"]:
        assert f'value="{typed["code"]}"' in text(response)
    assert Campaign.objects.count() == 1


def test_others_make_no_campaign(client, company):
    for person in (company.manager, company.lead, company.president):
        client.force_login(person)
        response = client.post(reverse("campaigns"), {"code": "x", "year": "2027"})
        assert response.status_code == 403
        assert 'name="year"' not in text(client.get(reverse("campaigns")))
