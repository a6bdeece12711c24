import io
import json

import pytest
import time_machine
from django.core.management import CommandError, call_command

from campaign.models import Campaign
from organization.history import history_of
from organization.models import Specialty
from tests import cast

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("new_campaign", *arguments, "--format", "json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def refused(*arguments):
    """What it says, and what it prints for machines."""
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("new_campaign", *arguments, "--format", "json", stdout=out)
    return str(error.value), json.loads(out.getvalue())["errors"]


def test_it_makes_the_plans_campaign_in_that_year_with_the_default_weights():
    data = run("c27", "--year", "2027")
    assert data["campaign"] == "c27"
    assert data["phases"][0] == {"code": "mobilize", "start": "2027-09-25", "end": "2027-10-15"}
    assert data["milestones"] == 13
    assert data["weights"] == {
        "customer_service": "25",
        "facilities": "30",
        "order": "25",
        "environment": "20",
    }
    assert Specialty.objects.count() == 4
    assert Campaign.objects.get().participations.count() == 0


def test_it_takes_other_weights():
    text = "customer_service=40, facilities=22.5,order=17.5,environment=20"
    data = run("c27", "--year", "2027", "--weights", text)
    assert data["weights"]["facilities"] == "22.5"
    assert not Campaign.objects.get().weights.filter(is_sample=True).exists()


def test_it_is_approved_on_record_as_the_commands():
    run("c27", "--year", "2027")
    entries = history_of(Campaign.objects.get()).filter(verb="approve_campaign")
    assert [(entry.by, entry.by_label) for entry in entries] == [(None, "command")]


def test_before_its_first_day_it_waits():
    with time_machine.travel(cast.moment(2027, 9, 24, 23, 59), tick=False):
        assert run("c27", "--year", "2027")["state"] == "approved"


def test_from_its_first_day_on_it_is_started():
    with time_machine.travel(cast.moment(2027, 9, 25), tick=False):
        assert run("c27", "--year", "2027")["state"] == "in_progress"
    campaign = Campaign.objects.get()
    assert campaign.started_at == cast.moment(2027, 9, 25)
    assert campaign.obligations.filter(specialty__isnull=False).count() == 16


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("customer_service=25", "25%"),
        ("customer_service=50,facilities=60", "110%"),
        ("customer_service=120,facilities=-20", "facilities"),
        ("customer_service=60,gardens=40", "gardens"),
        ("customer_service=60,customer_service=40", "customer_service"),
        ("customer_service", "customer_service"),
        ("customer_service=many", "many"),
        ("customer_service=NaN", "NaN"),
    ],
)
def test_wrong_weights_are_refused_and_nothing_is_written(text, said):
    message, errors = refused("c27", "--year", "2027", "--weights", text)
    assert said in message
    assert errors[0]["message"] == message
    assert not Campaign.objects.exists()
    assert not Specialty.objects.exists()


def test_a_code_that_is_taken_is_refused():
    run("c27", "--year", "2027")
    message, errors = refused("c27", "--year", "2028")
    assert "c27" in message
    assert errors[0]["code"] == "code_taken"


def test_a_wrong_year_is_refused():
    assert refused("c27", "--year", "27")[1][0]["code"] == "year"


def test_it_speaks_to_people_too():
    out = io.StringIO()
    call_command("new_campaign", "c27", "--year", "2027", stdout=out)
    assert out.getvalue().startswith("c27: 物业基础服务管理品质提升专项工作（2027）")


def test_it_takes_an_earlier_campaign_as_its_ground():
    run("c26", "--year", "2026")
    data = run("c27", "--year", "2027", "--from", "c26")
    assert data["phases"][0] == {"code": "mobilize", "start": "2027-09-24", "end": "2027-10-14"}
    assert data["milestones"] == 13
    assert data["weights"]["facilities"] == "30"


def test_an_unknown_ground_is_an_error_for_people_and_machines():
    said, errors = refused("c27", "--year", "2027", "--from", "nope")
    assert "nope" in said
    assert errors[0]["code"] == "source"
    assert not Campaign.objects.exists()
