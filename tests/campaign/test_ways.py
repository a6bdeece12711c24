"""Over which channels people are reached: inbox, mail, the robots of their groups."""

from datetime import date

import pytest

from campaign.models import ChannelChoice, Reminder, Robot
from campaign.reminders.planning import plan_round
from organization.models import Project, User
from tests import cast

DUE = date(2011, 10, 20)
TODAY = cast.moment(2011, 10, 20)


@pytest.fixture
def owed(company):
    """Something of each: two projects, a specialty."""
    company.campaign.phases.exclude(code="mobilize").delete()
    project = cast.milestone(company.campaign, due=DUE)
    specialty = cast.milestone(company.campaign, "training", due=DUE, scope="specialty")
    return [
        cast.obligation(project, project=company.one),
        cast.obligation(project, project=company.two),
        cast.obligation(specialty, specialty=company.lines["customer_service"]),
    ]


def robot(**fields):
    return Robot.objects.create(name="群", kind="wecom", sealed="x", created_at=TODAY, **fields)


def told(channel):
    rows = Reminder.objects.filter(channel=channel)
    return sorted(rows.values_list("person__username", "thing"))


def test_everybody_has_an_inbox_and_mail_who_has_an_address(company, owed):
    User.objects.filter(pk=company.lead.pk).update(email="")
    plan_round(at=TODAY)
    assert {person for person, _ in told("inbox")} == {"pm01", "pm02", "lead-service"}
    assert {person for person, _ in told("mail")} == {"pm01", "pm02"}


def test_who_switched_nudges_off_gets_no_mail(company, owed):
    ChannelChoice.objects.create(person=company.manager, mail=False)
    ChannelChoice.objects.create(person=company.lead, mail=True)
    plan_round(at=TODAY)
    assert {person for person, _ in told("mail")} == {"pm02", "lead-service"}
    assert {person for person, _ in told("inbox")} == {"pm01", "pm02", "lead-service"}


def test_a_projects_robot_tells_its_group_of_its_things(company, owed):
    mine = robot(project=company.one)
    cast.post(company.manager, "team_leader", project=company.one)  # two posts, told once
    plan_round(at=TODAY)
    assert told(mine.channel) == [("pm01", owed[0].thing)]
    assert set(Reminder.objects.filter(channel=mine.channel).values_list("robot")) == {(mine.pk,)}


def test_a_group_is_not_told_of_what_its_people_owe_elsewhere(company, owed):
    mine = robot(project=company.one)
    cast.post(company.manager, "project_manager", project=company.two)
    plan_round(at=TODAY)
    assert ("pm01", owed[1].thing) in told("inbox")
    assert told(mine.channel) == [("pm01", owed[0].thing)]


def test_a_regions_robot_tells_of_its_projects(company, owed):
    Project.objects.filter(pk=company.two.pk).update(region="城南")
    north, south = robot(region="高新"), robot(region="城南")
    plan_round(at=TODAY)
    assert told(north.channel) == [("pm01", owed[0].thing)]
    assert told(south.channel) == [("pm02", owed[1].thing)]


def test_the_companys_robot_tells_who_works_for_the_company(company, owed):
    ours = robot()
    plan_round(at=TODAY)
    assert told(ours.channel) == [("lead-service", owed[2].thing)]


def test_a_robot_that_is_off_and_who_wants_none_are_left_alone(company, owed):
    off = robot(project=company.one, switched_off_at=TODAY)
    on = robot(project=company.two)
    ChannelChoice.objects.create(person=company.other_manager, robots=False)
    plan_round(at=TODAY)
    assert told(off.channel) == told(on.channel) == []


def test_another_round_adds_nothing(company, owed):
    robot(project=company.one), robot(region="高新"), robot()
    assert plan_round(at=TODAY) > 0
    assert plan_round(at=TODAY) == 0


def test_a_robot_that_comes_later_tells_what_still_holds(company, owed):
    plan_round(at=TODAY)
    mine = robot(project=company.one)
    assert plan_round(at=TODAY) == 1
    assert told(mine.channel) == [("pm01", owed[0].thing)]
