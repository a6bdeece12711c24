"""A campaign's rules and hours of reminders: set whole, on record, from template or clone."""

from dataclasses import replace
from datetime import time
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import translation

from campaign.cloning import clone_campaign
from campaign.models import Campaign, Reminder, ReminderRule, ReminderSettings
from campaign.reminders.rules import DEFAULT_RULES, Terms
from campaign.reminders.setting import (
    Hours,
    kept,
    reminders_mark,
    set_reminders,
)
from campaign.reminders.terms import terms_of
from campaign.reminders.words import rule_name
from campaign.setup import create_campaign
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast

RULES = {("before", 5), ("on", 0), ("escalate", 2)}
HOURS = Hours(zone_name="America/New_York", digest_at=time(10), working_days_only=False)


def put(company, rules=RULES, hours=HOURS, **more):
    return set_reminders(
        campaign=company.campaign, rules=rules, hours=hours, by=company.center, at=cast.NOW, **more
    )


def test_what_is_set_is_what_speaks(company):
    assert put(company)
    terms = terms_of(company.campaign)
    assert terms.rules == RULES
    assert (terms.zone.key, terms.digest_at) == ("America/New_York", time(10))
    assert not terms.working_days_only


def test_who_set_nothing_has_the_plans_rules(company):
    assert terms_of(company.campaign) == Terms()
    assert kept(company.campaign) == (DEFAULT_RULES, Hours())


def test_to_be_reminded_of_nothing_is_a_choice(company):
    put(company, rules=set())
    assert terms_of(company.campaign).rules == frozenset()


def test_one_record_says_what_changed(company):
    put(company)
    entry = history_of(company.campaign)[0]
    assert (entry.verb, entry.by) == ("set_reminders", company.center)
    assert entry.detail["added"] == ["before-5", "escalate-2"]
    assert "before-7" in entry.detail["removed"]
    assert entry.detail["was"] == {
        "zone_name": "Asia/Shanghai",
        "digest_at": "09:00",
        "working_days_only": True,
    }
    assert entry.detail["now"]["zone_name"] == "America/New_York"


def test_the_same_again_changes_nothing_and_leaves_no_record(company):
    put(company)
    assert not put(company)
    assert len(history_of(company.campaign)) == 1


def test_what_was_switched_off_in_the_admin_site_does_not_count(company):
    put(company)
    ReminderRule.objects.filter(kind="before").update(is_active=False)
    assert ("before", 5) not in kept(company.campaign)[0]


def test_somebody_elses_change_is_a_conflict(company):
    seen = reminders_mark(company.campaign)
    put(company, seen=seen)
    with pytest.raises(Conflict):
        put(company, rules=set(), seen=seen)
    assert kept(company.campaign)[0] == RULES


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rules": {("before", 0)}}, "before"),
        ({"rules": {("after", 61)}}, "after"),
        ({"rules": {("on", 1)}}, "on"),
        ({"rules": {("never", 1)}}, "rules"),
        ({"hours": replace(HOURS, zone_name="Asia/Chengdu")}, "zone_name"),
        ({"hours": replace(HOURS, zone_name="../etc/passwd")}, "zone_name"),
        ({"hours": replace(HOURS, zone_name="")}, "zone_name"),
        ({"hours": replace(HOURS, digest_at=time(7, 59))}, "digest_at"),
        ({"hours": replace(HOURS, digest_at=time(21))}, "digest_at"),
    ],
)
def test_what_cannot_be_is_refused(company, wrong, field):
    with pytest.raises(Refused) as refused:
        put(company, **wrong)
    assert refused.value.field == field
    assert not ReminderSettings.objects.exists()


def test_after_the_end_nothing_is_set(company):
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    with pytest.raises(Refused) as refused:
        put(company)
    assert refused.value.code == "closed"


# --- where a new campaign has them from --------------------------------------------------


def test_the_template_says_what_is_the_default(db):
    made = create_campaign(code="new", year=2027, by="command", at=cast.NOW)
    assert ReminderSettings.objects.filter(campaign=made).exists()
    assert terms_of(made) == Terms()


def test_a_clone_has_those_of_its_source(company):
    put(company)
    made = clone_campaign(
        source=company.campaign, code="c12", year=2012, by=company.center, at=cast.NOW
    )
    assert kept(made) == (RULES, HOURS)


# --- what was there before ---------------------------------------------------------------

MIGRATION = import_module("campaign.migrations.0009_reminder_rules")


def test_old_words_of_the_ledger_become_codes(company):
    for word in MIGRATION.CODES:
        Reminder.objects.create(
            campaign=company.campaign,
            person=company.manager,
            thing="obligation:1",
            rule=word,
            occurrence="2011-10-20",
            channel="inbox",
            wanted_at=cast.NOW,
        )
    MIGRATION.to_codes(apps, None)
    assert set(Reminder.objects.values_list("rule", flat=True)) == set(MIGRATION.CODES.values())
    MIGRATION.to_words(apps, None)
    assert set(Reminder.objects.values_list("rule", flat=True)) == set(MIGRATION.CODES)


def test_campaigns_that_are_there_get_the_plans_rules_once(company):
    cast.campaign("c10")
    put(company)
    MIGRATION.give_rules(apps, None)
    assert kept(company.campaign)[0] == RULES
    assert terms_of(Campaign.objects.get(code="c10")) == Terms()


# --- in words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("before-1", "到期前 1 天", "1 day before it is due"),
        ("before-7", "到期前 7 天", "7 days before it is due"),
        ("on-0", "到期当天", "On the day it is due"),
        ("after-3", "逾期 3 天", "3 days overdue"),
        ("escalate-7", "逾期 7 天上报", "7 days overdue, told to the next post up"),
        ("phase_begins-0", "阶段开始", "Phase begins"),
        ("phase_ends-3", "阶段结束前 3 天", "3 days before the phase ends"),
        ("phase_ends-0", "阶段最后一天", "Last day of the phase"),
        ("notice", "事项通知", "Notice"),
        ("soon", "soon", "soon"),
    ],
)
def test_a_code_has_a_name_in_both_languages(code, chinese, english):
    names = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names.append(rule_name(code))
    assert names == [chinese, english]
