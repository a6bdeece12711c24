"""Building the demo: refused where it would do harm, for every phase, number and hour."""

import io
import json
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from campaign.models import Campaign
from campaign.seals import differences
from campaign.setup import read_plan
from inspections.models import ScoreSheet
from organization.errors import Refused
from organization.models import HistoryEntry, Project, User
from organization.roles import Role
from portal.demo import accounts, build
from portal.demo.calendar import Calendar
from portal.demo.company import projects
from rewards.cases import decide_cases
from rewards.models import CaseKind
from rewards.settlement import approve_settlement, draw_up, net, objections, submit_settlement
from tests import cast

ONE_DAY = timedelta(days=1)
NOW = cast.moment(2026, 3, 10, 15)
pytestmark = pytest.mark.django_db


def states(things) -> Counter:
    return Counter(each.state(at=NOW).code for each in things)


def digest(built) -> tuple:
    """What a build says, without ids that the database or chance makes."""
    held = built.campaign
    scores = held.standings.order_by("project__code").values_list("composite", "scores")
    lines = held.findings.order_by("created_at", "problem")
    words = lines.values_list("problem", "responsible__username", "due", "rectified_at")
    history = HistoryEntry.objects.order_by("at", "verb", "subject_label")
    return [[*rows] for rows in (scores, words, history.values_list("at", "verb", "by__username"))]


def undone(*args, **kwargs) -> tuple:
    with transaction.atomic():
        found = digest(build(*args, **kwargs))
        transaction.set_rollback(True)
    return found


# --- refusals ------------------------------------------------------------------------------


def refusal(**options) -> str:
    with pytest.raises(Refused) as refused:
        build(at=NOW, **options)
    return refused.value.code


def test_a_second_demo_is_refused():
    cast.campaign("demo")
    assert refusal() == "exists"


def test_production_needs_a_password_of_its_own(settings):
    settings.EMBEDDED = False
    assert refusal() == "published_password"
    assert not User.objects.exists()


@pytest.mark.parametrize("number", [0, -1, 100_000])
def test_a_number_of_projects_that_makes_no_sense_is_refused(number):
    assert refusal(number=number) == "projects"


def test_people_and_projects_that_are_there_already_are_left_alone():
    mine = cast.person("center", "真正的周婷", Role.MANAGEMENT_CENTER)
    assert refusal() == "taken"
    mine.refresh_from_db()
    assert (mine.name, mine.is_demo) == ("真正的周婷", False)


def test_the_command_says_why_it_refuses_also_to_machines():
    cast.campaign("demo")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("demo", "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["errors"][0]["code"] == "exists"


# --- other days and numbers --------------------------------------------------------------------


OWED_SO_FAR = {
    "mobilize": {"not_started", "accepted", "waiting_review", "returned"},
    "self_check": {"not_started", "accepted", "waiting_review", "late", "overdue"},
    "rectify": {"not_started", "accepted", "late", "overdue"},
}
PLANS_SO_FAR = {
    "mobilize": {},
    "self_check": {"filed": 7, "waiting_review": 1, "returned": 1, "draft": 3},
    "rectify": {"filed": 10, "returned": 1, "draft": 1},
}


@pytest.mark.slow
@pytest.mark.parametrize("phase", OWED_SO_FAR)
def test_earlier_phases_are_the_same_story_up_to_their_day(phase):
    held = build(at=NOW, phase=phase).campaign
    today = held.phases.get(code=phase)
    assert today.start <= NOW.date() <= today.end
    assert states(held.obligations.with_all()).keys() == OWED_SO_FAR[phase]
    assert states(held.plans.all()) == PLANS_SO_FAR[phase]
    assert not ScoreSheet.objects.audits().exists()
    assert not list(differences(held))


@pytest.mark.slow
def test_in_the_end_all_is_scored_and_the_settlement_can_be_approved():
    held = build(at=NOW, number=3, phase="summary").campaign
    phase = held.phases.get(code="inspect")
    submitted = held.sheets.audits().values_list("submitted_at__date", flat=True)
    assert len(submitted) == 12
    assert all(phase.start <= day <= phase.end for day in submitted)
    center, president = (User.objects.get(username=name) for name in ("center", "president"))
    assert not objections(held, at=NOW)
    drawn = draw_up(campaign=held, by=center, at=NOW)
    assert set(drawn.cases.values_list("kind", flat=True)) == set(CaseKind.values)
    waiting = list(drawn.cases.undecided())
    asked = {"reason": "不在岗满期", "by": center, "at": NOW}
    decide_cases(settlement=drawn, cases=waiting, answer="nothing", **asked)
    submitted = submit_settlement(settlement=drawn, by=center, at=NOW)
    total = net(submitted)
    approved = approve_settlement(settlement=submitted, total=total, by=president, at=NOW)
    assert approved.awards.filter(person=None).count() == 1
    assert approved.adjustments.count() == 1
    assert not list(differences(held))


@pytest.mark.parametrize("hour", [(0, 20), (8, 45), (15, 0), (23, 40)])
def test_how_far_sheets_are_does_not_hang_on_the_hour(hour):
    now = cast.moment(2026, 3, 10, *hour)
    calendar = Calendar(now=now, phase="inspect", plan=read_plan())
    moments = [calendar.inspection(share / 100) for share in range(101)]
    assert moments == sorted(moments)
    assert sum(moment < now for moment in moments) in (55, 56)
    assert {moment.date() for moment in moments} >= {now.date() - ONE_DAY, now.date() + ONE_DAY}


@pytest.mark.slow
def test_the_same_seed_tells_the_same_story_and_another_one_another():
    first = undone(at=NOW, number=2, seed=7)
    assert undone(at=NOW, number=2, seed=7) == first
    assert undone(at=NOW, number=2, seed=8) != first


def test_more_projects_are_invented():
    names = [project["name"] for project in projects(200, Random(1))]
    assert len(set(names)) == 200
    assert [p["code"] for p in projects(14, Random(1))][-2:] == ["P13", "P14"]


@pytest.mark.slow
def test_a_demo_of_fourteen_projects():
    built = build(at=NOW, number=14, phase="mobilize")
    assert built.campaign.participations.count() == Project.objects.count() == 14
    assert {"pm13", "deputy14"} <= {account.username for account in accounts()}


def test_a_crash_leaves_nothing(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("portal.demo.builder.fill_inboxes", lambda at: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(at=NOW, number=1, phase="mobilize")
    assert not Campaign.objects.exists() and not User.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
