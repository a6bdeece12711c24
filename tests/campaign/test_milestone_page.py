import pytest
from django.urls import reverse

from campaign.models import Obligation
from campaign.words import Scope
from organization.roles import Role
from tests import cast
from tests.queries import queries_of

AT = cast.moment(2011, 10, 9)


def address(milestone):
    return reverse("milestone", args=[milestone.campaign.code, milestone.code])


def opened(client, person, milestone, **query):
    client.force_login(person)
    return client.get(address(milestone), query)


def names(response):
    return [row.subject.name for row in response.context["page"]]


@pytest.fixture
def milestone(company):
    """Owed by two projects: the first waits for review, the second is long overdue."""
    made = cast.milestone(company.campaign)
    waiting = cast.obligation(made, project=company.one)
    Obligation.objects.filter(pk=waiting.pk).update(submitted_at=AT, submitted_by=company.manager)
    cast.obligation(made, project=company.two)
    return made


def test_the_center_sees_who_is_late(client, milestone, company):
    response = opened(client, company.center, milestone)
    assert names(response) == [company.one.name, company.two.name]
    assert "1 项逾期，2 项中完成 0 项" in response.content.decode()


def test_a_chip_narrows_the_list(client, milestone, company):
    assert names(opened(client, company.center, milestone, state="late")) == [company.two.name]
    assert names(opened(client, company.center, milestone, state="waiting")) == [company.one.name]
    assert names(opened(client, company.center, milestone, state="done")) == []
    assert len(names(opened(client, company.center, milestone, state="nonsense"))) == 2


def test_every_chip_counts_what_it_shows(client, milestone, company):
    tally = opened(client, company.center, milestone).context["tally"]
    for state in ("late", "waiting", "returned", "open", "done"):
        shown = names(opened(client, company.center, milestone, state=state))
        assert len(shown) == getattr(tally, state)


def test_a_project_sees_its_own_alone(client, milestone, company):
    response = opened(client, company.manager, milestone)
    assert names(response) == [company.one.name]
    assert response.context["tally"].total == 1


def test_where_one_sees_nothing_it_says_whose_it_is(client, company):
    training = cast.milestone(company.campaign, "training", scope=Scope.SPECIALTY)
    cast.obligation(training, specialty=company.lines["order"])
    assert "这个节点由各专业口完成。" in opened(client, company.manager, training).content.decode()


def test_a_reviewer_is_offered_to_review_what_waits(client, milestone, company):
    waiting = milestone.obligations.waiting_review().get()
    button = f'<a class="btn" href="{waiting.get_absolute_url()}">审核</a>'
    assert button in opened(client, company.center, milestone).content.decode()
    assert button not in opened(client, company.executive, milestone).content.decode()


# Several at once


def decided(client, person, milestone, move="accept", **typed):
    ticks = [f"{each.pk}:{each.revision}" for each in milestone.obligations.waiting_review()]
    client.force_login(person)
    return client.post(address(milestone), {"chosen": ticks, "move": move} | typed)


def test_what_waits_is_accepted_from_the_list(client, milestone, company):
    assert decided(client, company.center, milestone).status_code == 302
    assert Obligation.objects.accepted().get().project == company.one


def test_a_return_from_the_list_needs_a_reason_and_keeps_the_tick(client, milestone, company):
    shown = decided(client, company.center, milestone, "return").content.decode()
    assert "请写明退回的理由。" in shown
    assert " checked" in shown
    assert decided(client, company.center, milestone, "return", reason="补签").status_code == 302
    assert Obligation.objects.returned().get().return_reason == "补签"


def test_who_reviews_nothing_here_decides_nothing(client, milestone, company):
    for person in (company.manager, company.executive, company.president):
        assert decided(client, person, milestone).status_code == 403
    assert 'name="chosen"' not in opened(client, company.manager, milestone).content.decode()
    assert not Obligation.objects.accepted().exists()


def test_each_project_shows_how_many_have_notes(client, milestone, company):
    shown = opened(client, company.center, milestone).content.decode()
    assert "0 / 3 人有笔记" in shown and "0 / 1 人有笔记" in shown


def test_who_takes_no_part_learns_nothing(client, milestone, company):
    three = cast.project("P03", "湖岸北里")
    stranger = cast.person("pm03", "邓志远", Role.PROJECT_MANAGER, project=three)
    assert opened(client, stranger, milestone).status_code == 404


def test_a_milestone_that_is_not_there_is_not_found(client, company):
    client.force_login(company.center)
    unknown = reverse("milestone", args=[company.campaign.code, "nothing"])
    assert client.get(unknown).status_code == 404


def test_more_projects_ask_no_more_of_the_database(
    client, company, milestone, django_assert_num_queries
):
    few = queries_of(lambda: opened(client, company.center, milestone))
    for number in range(20):
        cast.obligation(milestone, project=cast.project(f"N{number:02}", f"新{number}"))
    with django_assert_num_queries(few):
        assert len(names(opened(client, company.center, milestone))) == 22


def test_a_long_list_has_pages(client, company):
    milestone = cast.milestone(company.campaign)
    Obligation.objects.bulk_create(
        Obligation(
            campaign=company.campaign,
            milestone=milestone,
            project=cast.project(f"N{number:02}", f"新{number}"),
            due=milestone.due,
        )
        for number in range(26)
    )
    assert len(names(opened(client, company.center, milestone))) == 25
    assert len(names(opened(client, company.center, milestone, page=2))) == 1
