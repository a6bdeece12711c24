"""A robot's life, and that its secrets are nowhere to be read."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from campaign.models import Robot
from campaign.models.channels import RobotKind, RobotScope
from campaign.robots.setting_up import change_robot, switch_off_robot, switch_on_robot
from campaign.robots.targets import target_of
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import HistoryEntry
from organization.vault import derived
from tests import cast
from tests.campaign.robots.made import ADDRESSES, AT, KEYS, SIGNING, robot

WECOM, DINGTALK, FEISHU, OTHER = RobotKind
NEW_KEY = "0c11d22e-3f44-4a55-8b66-7c88d99e0f11"
NEW_ADDRESS = ADDRESSES[WECOM].replace(KEYS[0], NEW_KEY)
LATER = cast.moment(2011, 11, 28)


def refused(act, **facts) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(**facts)
    return refusal.value


def verbs(robot):
    return [entry.verb for entry in history_of(robot)]


def test_it_is_kept_with_who_set_it_up(company):
    made = robot(by=company.admin, project=company.one)
    assert (made.created_by, made.created_at, made.scope) == (
        company.admin,
        AT,
        RobotScope.PROJECT,
    )
    assert target_of(made).address == ADDRESSES[WECOM]


def test_it_speaks_for_a_project_a_region_or_the_company(company):
    ours = [robot(project=company.one), robot(region="高新"), robot()]
    assert [each.scope for each in ours] == ["project", "region", "company"]
    assert [list(Robot.objects.of_scope(each.scope)) for each in ours] == [[each] for each in ours]


def test_how_often_it_speaks_is_what_the_service_takes(db):
    assert [robot(kind).per_minute for kind in ADDRESSES] == [20, 20, 100]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "群" * 61}, "name"),
        ({"region": "没有的区域"}, "region"),
        ({"per_minute": 0}, "per_minute"),
        ({"per_minute": 21}, "per_minute"),
        ({"address": "https://example.test/x"}, "address"),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_kept(db, facts, field):
    assert refused(robot, **facts).field == field
    assert not Robot.objects.exists() and not HistoryEntry.objects.exists()


def test_it_speaks_for_one_of_them_only(company):
    assert refused(robot, project=company.one, region="高新").code == "two_scopes"


def test_without_a_key_to_seal_with_nothing_is_kept(db, settings):
    settings.EMBEDDED = False
    assert refused(robot).code == "no_key"
    assert not Robot.objects.exists()


# --- changing it -------------------------------------------------------------------------


def change(made, changes=None, **more):
    return change_robot(robot=made, changes=changes or {}, by="command", at=LATER, **more)


def test_its_facts_change_and_its_address_stays(company):
    made = change(robot(), {"name": "新名字", "project": company.one, "per_minute": 5})
    made.refresh_from_db()
    assert (made.name, made.project, made.per_minute) == ("新名字", company.one, 5)
    assert target_of(made).address == ADDRESSES[WECOM]


def test_the_record_says_what_it_was_before(db):
    made = change(robot(), {"name": "新名字"})
    assert history_of(made)[0].detail == {"old": {"name": "高新片区工作群"}, "new_address": False}


def test_nothing_changed_is_nothing_on_record(db):
    assert verbs(change(robot(), {"name": " 高新片区工作群 "})) == ["set_up_robot"]


def test_a_new_address_is_untested_and_has_no_errors(db):
    made = robot()
    Robot.objects.update(tested_at=AT, last_error="errcode 93000: invalid webhook url")
    made = change(made, address=NEW_ADDRESS)
    assert target_of(made).address == NEW_ADDRESS
    assert (made.tested_at, made.last_error, made.hint) == (None, "", NEW_KEY[-4:])


def test_a_new_address_brings_its_own_secret_or_none(db):
    made = robot(DINGTALK, secret=SIGNING)
    made = change(made, address=ADDRESSES[DINGTALK].replace("6b0f", "7c10"))
    assert target_of(made).secret == ""


def test_a_new_secret_belongs_to_the_address_that_is_kept(db):
    made = change(robot(FEISHU), secret=SIGNING)
    assert (target_of(made).address, target_of(made).secret) == (ADDRESSES[FEISHU], SIGNING)


def test_a_stale_form_changes_nothing(db):
    made = robot()
    change(made, {"name": "新名字"})
    with pytest.raises(Conflict) as conflict:
        change(made, {"name": "别的名字"}, revision=made.revision)
    assert conflict.value.theirs.name == "新名字"


def test_what_no_key_opens_any_more_gets_a_new_address(db, settings):
    made = robot()
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    assert refused(target_of, robot=made).code == "sealed"
    assert target_of(change(made, address=NEW_ADDRESS)).address == NEW_ADDRESS


# --- off and on --------------------------------------------------------------------------


def test_switched_off_it_says_why_and_is_not_among_the_active(db):
    made = switch_off_robot(robot=robot(), reason=" 群已解散 ", by="command", at=LATER)
    assert made.switched_off_reason == "群已解散" and not Robot.objects.active().exists()
    assert history_of(made)[0].reason == "群已解散"


def test_switched_on_it_is_as_before(db):
    made = switch_off_robot(robot=robot(), reason="群已解散", by="command", at=LATER)
    made = switch_on_robot(robot=made, by="command", at=LATER)
    assert not made.is_off and Robot.objects.active().get() == made
    assert verbs(made) == ["switch_on_robot", "switch_off_robot", "set_up_robot"]


@pytest.mark.parametrize("reason", ["", "   ", "长" * 301])
def test_switching_off_needs_a_reason(db, reason):
    facts = {"robot": robot(), "by": "command", "at": LATER}
    assert refused(switch_off_robot, reason=reason, **facts).field == "reason"


def test_nothing_is_switched_twice(db):
    facts = {"robot": robot(), "by": "command", "at": LATER}
    assert refused(switch_on_robot, **facts).code == "already"
    switch_off_robot(reason="群已解散", **facts)
    assert refused(switch_off_robot, reason="群已解散", **facts).code == "already"


# --- nothing to be read ------------------------------------------------------------------


def everything_in_the_database() -> str:
    """Every cell of every table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_address_key_or_secret_stands_anywhere_in_the_database(company):
    for kind in ADDRESSES:
        made = robot(kind, by=company.admin, secret=SIGNING if kind != WECOM else "")
        change_robot(robot=made, changes={"name": "新名字"}, by=company.admin, at=LATER)
    kept = robot(OTHER, address="json://user:pa55word@hooks.example.test/x")
    change_robot(robot=kept, changes={}, address="json://user:pa55word@h.test", by="command", at=AT)
    everything = everything_in_the_database()
    assert made.name in everything
    for secret in (*KEYS, SIGNING, "pa55word", "hooks.example"):
        assert secret not in everything


# --- new keys ----------------------------------------------------------------------------


def test_after_a_change_of_keys_the_old_one_can_be_taken_away(db, settings):
    made, new = robot(), Fernet.generate_key().decode()
    settings.CHANNEL_KEYS = [new, derived(settings.SECRET_KEY)]
    call_command("reseal")
    settings.CHANNEL_KEYS = [new]
    made.refresh_from_db()
    assert target_of(made).address == ADDRESSES[WECOM]
    assert verbs(made) == ["set_up_robot"]


def test_robots_that_no_key_opens_are_named(db, settings):
    robot(name="物业群")
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="物业群"):
        call_command("reseal")
