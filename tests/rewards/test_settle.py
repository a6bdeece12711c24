"""The dry run for machines."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from rewards.models import Settlement
from tests import cast


def settle(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command("settle", *args, "--format", "json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


def test_one_row_per_person_and_the_team_without_a_name(firm, stand):
    stand(firm.one, "96.06")
    rows, _ = settle("--campaign", firm.campaign.code)
    assert rows == [
        {
            "project": "P01",
            "username": "pm01",
            "role": "project_manager",
            "band": "excellent",
            "amount": "1000",
        },
        {
            "project": "P01",
            "username": "head01",
            "role": "department_head",
            "band": "excellent",
            "amount": "600",
        },
        {"project": "P01", "username": None, "role": "team", "band": "excellent", "amount": "3000"},
    ]


def test_it_warns_and_writes_nothing(firm, stand):
    stand(firm.one, "96.06")
    _, warnings = settle("--campaign", firm.campaign.code)
    assert "P02" in warnings
    assert not Settlement.objects.exists()


def test_posts_as_of_a_day(firm, stand):
    stand(firm.one, "96.06")
    firm.manager.posts.update(since=cast.moment(2011, 11, 20).date())
    rows, _ = settle("--campaign", firm.campaign.code, "--at", "2011-11-19")
    assert "pm01" not in {row["username"] for row in rows}


@pytest.mark.parametrize("args", [("--campaign", "nowhere"), ("--campaign", "c11", "--at", "soon")])
def test_what_cannot_be_read_is_refused(firm, args):
    with pytest.raises(CommandError):
        settle(*args)


def test_it_warns_of_what_a_person_has_to_decide(firm, stand):
    stand(firm.one, "93.70")
    firm.head.posts.update(since=cast.moment(2011, 11, 1).date())
    _, warnings = settle("--campaign", firm.campaign.code, "--at", "2011-12-01")
    assert "P01 department_head head01 joined" in warnings
