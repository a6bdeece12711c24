"""What is said of a replica before there is one; tests/replica has a real one."""

import pytest

from organization.replica import COOKIE, NEVER, position
from tests import cast
from tests.organization.test_hardening import PRODUCTION, settings_say

POSTGRES = "postgres://pinzhi@db/pinzhi"
STANDBY = "postgres://pinzhi@standby/pinzhi"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0/0", 0),
        ("0/16B3748", 0x16B3748),
        ("A/1", (10 << 32) + 1),
        ("FFFFFFFF/0", 0xFFFFFFFF << 32),
    ],
)
def test_a_position_is_a_number(text, number):
    assert position(text) == number


@pytest.mark.parametrize("text", ["", "unknown", "0", "0/1'", "-1/0", "0/1 0/2", "0/" + "1" * 9])
def test_what_is_none_is_never_reached(text):
    assert position(text) == NEVER


def test_it_is_off_unless_it_is_named(tmp_path):
    said = settings_say("DATABASES MIDDLEWARE", **PRODUCTION, DATA_DIR=str(tmp_path))
    assert "replica" not in said.stdout


def test_it_is_read_only_and_nobody_waits_for_it(tmp_path):
    named = {"DATABASE_URL": POSTGRES, "REPLICA_URL": STANDBY, "DATA_DIR": str(tmp_path)}
    said = settings_say("DATABASE_ROUTERS DATABASES", **PRODUCTION, **named).stdout
    assert "organization.replica.Router" in said
    assert "default_transaction_read_only=on" in said
    assert "'connect_timeout': 2" in said


@pytest.mark.parametrize(("told", "is_pooled"), [({}, False), ({"TRANSACTION_POOLER": "1"}, True)])
def test_a_pooler_is_left_nothing_that_it_could_mix_up(told, is_pooled, tmp_path):
    named = {"DATABASE_URL": POSTGRES, "REPLICA_URL": STANDBY, "DATA_DIR": str(tmp_path)} | told
    said = settings_say("DATABASES", **PRODUCTION, **named).stdout
    assert said.count("'prepare_threshold': None") == (2 if is_pooled else 0)
    assert said.count(f"'DISABLE_SERVER_SIDE_CURSORS': {is_pooled}") == 2


@pytest.mark.parametrize("given", [{}, {"DATABASE_URL": "sqlite:////tmp/x"}])
def test_it_needs_postgresql(given, tmp_path):
    said = settings_say(**PRODUCTION, **given, REPLICA_URL=STANDBY, DATA_DIR=str(tmp_path))
    assert "REPLICA_URL needs PostgreSQL" in said.stderr


@pytest.mark.django_db
def test_without_it_no_browser_holds_a_position(client):
    client.force_login(cast.company().center)
    answer = client.post("/accounts/language/", {"language": "en", "next": "/"})
    assert answer.status_code == 302
    assert COOKIE not in answer.cookies
