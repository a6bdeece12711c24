"""Objections that wait for a decision are due before the project's window ends."""

from datetime import date

from django.urls import reverse

from organization.clock import end_of
from scoring.models import Score
from tests import cast
from tests.owed import owed_in

LAST_DAY = date(2011, 11, 30)


def score(company, **fields):
    line = company.lines["order"]
    return Score.objects.create(
        campaign=company.campaign,
        project=company.one,
        specialty=line,
        rubric=cast.rubric(company.campaign, line),
        kept=90,
        possible=100,
        finished_at=cast.NOW,
        objections_until=end_of(LAST_DAY),
        updated_at=cast.NOW,
        **fields,
    )


def test_an_undecided_one_is_due_from_the_center_on_the_windows_last_day(company):
    found = score(company, open_objections=2)
    (owed,) = owed_in(company.campaign, cast.NOW, "appeal").values()
    assert owed.thing == f"appeal:{found.pk}"
    assert (owed.due, owed.projects) == (LAST_DAY, {company.one.pk})
    assert owed.people == {company.center.pk, company.auditor.pk}
    assert owed.title == "处理申诉：锦澜府 · 秩序维护"
    assert owed.url == reverse("project_result", args=[company.campaign.code, "P01"])


def test_without_an_objection_nothing_is(company):
    score(company)
    assert not owed_in(company.campaign, cast.NOW, "appeal")
