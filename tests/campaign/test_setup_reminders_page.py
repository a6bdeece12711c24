"""The page on which the center sets when a campaign reminds."""

from datetime import time

import pytest
from django.urls import reverse

from campaign.models import ReminderSettings
from campaign.reminders.rules import DEFAULT_RULES
from campaign.reminders.setting import Hours, kept, set_reminders
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
TODAY = cast.moment(2011, 10, 12, 10)


@pytest.fixture
def page(client, company, time_machine):
    time_machine.move_to(TODAY)
    return Page(client, company)


class Page:
    def __init__(self, client, company):
        self.client, self.company = client, company
        self.url = reverse("setup_reminders", args=["c11"])

    def open(self, person=None):
        self.client.force_login(person or self.company.center)
        return self.client.get(self.url)

    def as_shown(self):
        """What the browser would send of the untouched page."""
        form = self.open().context["form"]
        typed = {field.html_name: field.value() for field in form if field.value() is not False}
        return typed | {"seen": form.shown_mark, "do": "save"}

    def send(self, typed=None, person=None, **changes):
        typed = (typed or self.as_shown()) | changes
        self.client.force_login(person or self.company.center)
        return self.client.post(self.url, {k: v for k, v in typed.items() if v is not None})


def text(response):
    return response.content.decode()


def test_it_shows_what_stands_and_what_it_means_for_the_next_days(page, company):
    cast.milestone(company.campaign, due=cast.moment(2011, 10, 20).date())
    shown = text(page.open())
    assert "<h1>到期前 7、3、1 天，当天，逾期 1、3、7 天，每天 09:00</h1>" in shown
    assert 'name="before" value="7、3、1"' in shown
    assert "10月13日 周四 09:00" in shown
    assert "到期前 7 天：各项目召开动员会" in shown


def test_an_untouched_page_changes_nothing(page):
    response = page.send()
    assert response["Location"] == page.url
    assert kept(page.company.campaign) == (DEFAULT_RULES, Hours())


def test_rules_and_hours_are_kept(page):
    page.send(
        before="5, 2；1 2",
        after="",
        escalate="",
        phase_begins="0",
        phase_ends="",
        on=None,
        digest_at="10:30",
        working_days_only=None,
        zone_name="Europe/Paris",
    )
    rules, hours = kept(page.company.campaign)
    assert rules == {("before", 5), ("before", 2), ("before", 1), ("phase_begins", 0)}
    assert (hours.digest_at, hours.zone_name) == (time(10, 30), "Europe/Paris")
    assert not hours.working_days_only
    assert "Europe/Paris" in text(page.open())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"before": "明天"}, "请写整数天数"),
        ({"before": "-1"}, "请写整数天数"),
        ({"before": "0"}, "天数要在 1 到 60 之间。"),
        ({"after": "61"}, "天数要在 1 到 60 之间。"),
        ({"escalate": "99999999999999999999"}, "天数要在 1 到 60 之间。"),
        ({"digest_at": "25:00"}, "请写成 09:00 这样的时间。"),
        ({"digest_at": ""}, "请填写时间。"),
        ({"digest_at": "22:00"}, "每天提醒的时间落在免打扰时段里。"),
        ({"zone_name": "Mars/Olympus"}, "没有这个时区：Mars/Olympus"),
    ],
)
def test_mistakes_stand_beside_their_field_and_nothing_typed_is_lost(page, wrong, words):
    response = page.send(phase_ends="9", **wrong)
    assert response.status_code == 422
    shown = text(response)
    assert words in shown
    assert 'name="phase_ends" value="9"' in shown
    assert all(f'value="{typed}"' in shown for typed in wrong.values())
    assert not ReminderSettings.objects.exists()


def test_the_effect_can_be_looked_at_before_it_is_kept(page, company):
    cast.milestone(company.campaign, due=cast.moment(2011, 10, 20).date())
    shown = text(page.send(before="2", do="check"))
    assert "10月18日 周二 09:00" in shown
    assert "到期前 2 天：各项目召开动员会" in shown
    assert "到期前 7 天：" not in shown
    assert not ReminderSettings.objects.exists()


def test_two_people_do_not_overwrite_each_other(page, company):
    typed = page.as_shown()
    hours = Hours(digest_at=time(11))
    rules = {("before", 9)}
    set_reminders(campaign=company.campaign, rules=rules, hours=hours, by=company.auditor, at=TODAY)
    response = page.send(typed, before="4")
    shown = text(response)
    assert response.status_code == 409
    assert 'name="before" value="4"' in shown
    assert "现在存的是“9”" in shown
    assert "现在存的是“11:00”" in shown
    assert "现在存的是“否”" in shown  # on the day
    assert kept(company.campaign) == (rules, hours)
    page.send(typed, before="4", seen=response.context["form"].shown_mark)
    assert ("before", 4) in kept(company.campaign)[0]


@pytest.mark.parametrize(
    ("person", "status"),
    [("president", 403), ("lead", 403), ("admin", 403), ("manager", 403), ("worker", 403)],
)
def test_only_the_center_sets_them(page, company, person, status):
    assert page.open(getattr(company, person)).status_code == status
    assert page.send(person=getattr(company, person)).status_code == status
    assert not ReminderSettings.objects.exists()


def test_a_stranger_learns_nothing(page):
    stranger = cast.person("x", "林一", "employee", project=cast.project("P09", "云栖里"))
    assert page.open(stranger).status_code == 404


def test_after_the_end_it_can_only_be_read(page, company):
    typed = page.as_shown()
    company.campaign.closed_at = TODAY
    company.campaign.save()
    assert "提醒设置不能再改" in text(page.open())
    assert page.send(typed, before="4").status_code == 422
    assert not ReminderSettings.objects.exists()


def test_a_draft_is_set_up_too(client, company):
    cast.campaign("draft", started=False)
    client.force_login(company.center)
    shown = text(client.get(reverse("campaign", args=["draft"])))
    assert reverse("setup_reminders", args=["draft"]) in shown


def test_more_milestones_ask_no_more(page, company):
    page.client.force_login(company.center)
    few = queries_of(lambda: page.client.get(page.url))
    for number in range(9):
        cast.milestone(company.campaign, f"m{number}")
    assert queries_of(lambda: page.client.get(page.url)) == few


def test_it_is_read_in_english_too(page, company):
    company.center.language = "en"
    company.center.save()
    shown = text(page.open())
    assert "Days ahead: 7, 3, 1; on the day; days late: 1, 3, 7; daily at 09:00" in shown
    assert 'name="before" value="7, 3, 1"' in shown
