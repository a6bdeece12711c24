"""Reminding by hand of what is late or came back: who is told, how often, and what stays of it."""

from datetime import timedelta
from itertools import count

import pytest

from campaign.models import Message, Obligation, Reminder
from campaign.reminding import remind
from organization.errors import Refused
from organization.history import history_of
from organization.models import Post
from tests import cast
from tests.campaign.filing import AT, accepted, milestones, owed, submitted
from tests.campaign.filing import write_facts as write
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(company):
    return owed(company, milestones(company))


def pressed(company, *owed, at=AT):
    return remind(obligations=owed, by=company.center, at=at)


def test_whoever_owes_it_is_told_and_it_stays_on_record(company, due):
    done = pressed(company, due["two"])
    assert (len(done.obligations), done.people) == (1, 1)
    told = Message.objects.get()
    assert told.person == company.other_manager
    assert told.title == "逾期 10 天：各项目召开动员会，正式启动"
    assert told.url == due["two"].get_absolute_url()
    entry = history_of(due["two"]).get()
    assert (entry.verb, entry.by, entry.at) == ("remind", company.center, AT)
    assert entry.detail == {"people": [company.other_manager.name]}
    due["two"].refresh_from_db()
    assert due["two"].reminded_at == AT


def test_a_mail_is_kept_for_sending(company, due):
    pressed(company, due["two"])
    assert set(Reminder.objects.values_list("channel", flat=True)) == {"inbox", "mail"}


def test_it_speaks_the_readers_language(company, due):
    company.other_manager.language = "en"
    company.other_manager.save()
    pressed(company, due["two"])
    assert Message.objects.get().title == (
        "10 days overdue: Each project holds its kick-off meeting"
    )


def test_the_plan_leads_to_the_plan(company, due):
    pressed(company, due["plan"])
    assert Message.objects.get().url.endswith("/plans/P01/")


def test_nobody_is_told_twice_on_a_day(company, due):
    pressed(company, due["two"])
    with pytest.raises(Refused) as refused:
        pressed(company, due["two"], at=AT + timedelta(hours=5))
    assert refused.value.code == "already"
    assert Message.objects.count() == history_of(due["two"]).count() == 1
    pressed(company, due["two"], at=AT + timedelta(days=1))
    assert Message.objects.count() == history_of(due["two"]).count() == 2


def test_of_several_only_the_new_ones_are_told_again(company, due):
    pressed(company, due["two"])
    done = pressed(company, due["one"], due["two"], at=AT + timedelta(hours=1))
    assert [each.pk for each in done.obligations] == [due["one"].pk]
    due["two"].refresh_from_db()
    assert due["two"].reminded_at == AT


def test_what_came_back_is_reminded_of_before_its_day(company, due):
    write(due["training"], returned_at=AT)
    assert pressed(company, due["training"]).people == 1


def test_what_is_not_missing_is_passed_over(company, due):
    accepted(due["one"], company.center)
    submitted(due["two"], company.other_manager)
    for nothing in ((due["one"], due["two"], due["training"]), ()):
        with pytest.raises(Refused) as refused:
            pressed(company, *nothing)
        assert refused.value.code == "nothing"
    assert not Message.objects.exists()


def test_a_closed_campaign_reminds_of_nothing(company, due):
    company.campaign.closed_at = AT
    company.campaign.save()
    with pytest.raises(Refused):
        pressed(company, due["two"])


def test_without_anybody_in_charge_it_says_so(company, due):
    Post.objects.filter(user=company.other_manager).update(until=AT.date())
    with pytest.raises(Refused) as refused:
        pressed(company, due["two"])
    assert refused.value.code == "nobody"
    assert company.two.name in str(refused.value)
    due["two"].refresh_from_db()
    assert due["two"].reminded_at is None


def test_an_open_page_has_not_gone_stale_by_it(company, due):
    pressed(company, due["two"])
    assert Obligation.objects.get(pk=due["two"].pk).revision == due["two"].revision


def test_many_cost_as_many_queries_as_a_few(company, due, django_assert_num_queries):
    remind_again = day_after_day(company)
    few = queries_of(remind_again)
    kickoff = due["one"].milestone
    for number in range(20):
        project = cast.project(f"N{number:02}", f"新{number}")
        cast.person(f"n{number:02}", f"新{number}", "project_manager", project=project)
        cast.obligation(kickoff, project=project)
    with django_assert_num_queries(few):
        assert len(remind_again().obligations) == 23


def day_after_day(company):
    """Reminds of everything, each time a day later, so that it is always allowed."""
    days = count()
    return lambda: remind(
        obligations=list(Obligation.objects.all()),
        by=company.center,
        at=AT + timedelta(days=next(days)),
    )
