"""A requirement that is opened again in the same project, in this campaign or an earlier one."""

from datetime import date, timedelta

import pytest

from inspections.finding.causes import name_root_cause
from inspections.finding.findings import missing_to_rectify, open_finding, rectify
from inspections.models import Finding
from inspections.words import RootCause
from organization.errors import Conflict, Refused
from organization.history import history_of
from scoring.models import Requirement
from tests import cast
from tests.inspections.writing import LATER, finding_of, next_year, picture
from tests.queries import queries_of


@pytest.fixture
def requirement(company):
    cast.rubric(company.campaign, company.lines["order"])
    return Requirement.objects.get(item__code="I01", number=2)


def opened(company, requirement, *, days=0, project=None, campaign=None):
    return open_finding(
        campaign=campaign or company.campaign, project=project or company.one, problem="堆放杂物",
        specialty=company.lines["order"], due=date(2013, 1, 1), requirement=requirement,
        by=company.center, at=LATER + timedelta(days=days),
    )  # fmt: skip


def times(found) -> int:
    return Finding.objects.with_repeats().get(pk=found.pk).earlier_count + 1


def repeats() -> set:
    return {found.pk for found in Finding.objects.repeated()}


def test_the_second_opening_of_a_requirement_is_a_repeat(company, requirement):
    first = opened(company, requirement)
    second = opened(company, requirement, days=3)
    third = opened(company, requirement, days=5)
    assert [times(each) for each in (first, second, third)] == [1, 2, 3]
    assert repeats() == {second.pk, third.pk}
    assert list(third.earlier_openings()) == [second, first]


def test_another_project_or_another_requirement_is_none(company, requirement):
    opened(company, requirement)
    other = Requirement.objects.get(item__code="I01", number=3)
    found = [
        opened(company, other, days=1),
        opened(company, requirement, days=1, project=company.two),
    ]
    assert [times(each) for each in found] == [1, 1]
    assert repeats() == set()


def test_findings_without_a_requirement_are_never_repeats(company):
    opened(company, None)
    second = opened(company, None, days=1)
    assert times(second) == 1 and not second.earlier_openings().exists()


def test_what_one_plan_brought_at_once_is_no_repeat(company, requirement):
    opened(company, requirement)
    assert times(opened(company, requirement)) == 1


def next_rubric(company, later, *, texts=None):
    """The next campaign's rubric of the same specialty: item codes stay."""
    cast.rubric(later, company.lines["order"])
    lines = Requirement.objects.filter(item__rubric__campaign=later, item__code="I01")
    for number, text in (texts or {}).items():
        lines.filter(number=number).update(text=text, text_zh_hans=text)
    return lines


@pytest.mark.parametrize(
    ("texts", "number", "expected"),
    [
        ({}, 2, 2),  # as it was
        ({2: "要求二，写得更清楚"}, 2, 2),  # reworded
        ({2: "新的一条", 3: "要求2", 4: "要求3"}, 3, 2),  # moved down by a new one
        ({2: "新的一条", 3: "要求2", 4: "要求3"}, 2, 1),  # the new one in its place
    ],
)
def test_a_requirement_is_the_same_over_versions(company, requirement, texts, number, expected):
    opened(company, requirement)
    later = next_year(company)
    lines = next_rubric(company, later, texts=texts)
    again = opened(company, lines.get(number=number), days=365, campaign=later)
    assert times(again) == expected
    assert again.earlier_openings().count() == expected - 1


def test_repeats_of_many_findings_are_one_query(company, requirement, django_assert_num_queries):
    for days in range(4):
        opened(company, requirement, days=days)
    with django_assert_num_queries(1):
        counts = [
            each.earlier_count for each in Finding.objects.with_repeats().order_by("opened_at")
        ]
    assert counts == [0, 1, 2, 3]
    assert queries_of(lambda: list(Finding.objects.with_repeats())) == 1


# --- root causes


def test_a_repeat_needs_its_root_cause(company, requirement):
    opened(company, requirement)
    again = opened(company, requirement, days=1)
    assert "cause" in missing_to_rectify(again, "改好了")
    name_root_cause(finding=again, cause=RootCause.DUTY, by=company.worker, at=LATER)
    assert "cause" not in missing_to_rectify(again, "改好了")


def test_the_root_cause_comes_with_the_rectification(company, requirement):
    opened(company, requirement)
    again = opened(company, requirement, days=1)
    rectify(
        finding=again, text="清走了", before=[picture()], photos=[picture()],
        cause=RootCause.SUPERVISION, cause_text="夜班没人看 😀", by=company.worker,
        at=LATER + timedelta(days=2),
    )  # fmt: skip
    again.refresh_from_db()
    assert (again.root_cause, again.root_cause_text) == ("supervision", "夜班没人看 😀")


def test_a_first_finding_goes_without(company):
    assert "cause" not in missing_to_rectify(finding_of(company), "改好了")


@pytest.mark.parametrize(("cause", "text"), [("weather", ""), ("", ""), ("duty", "长" * 301)])
def test_what_is_no_root_cause_is_refused(company, cause, text):
    found = finding_of(company)
    with pytest.raises(Refused):
        name_root_cause(finding=found, cause=cause or "x", text=text, by=company.worker, at=LATER)
    found.refresh_from_db()
    assert found.root_cause == ""


def test_naming_it_is_on_record_and_the_same_again_is_nothing(company):
    found = finding_of(company)
    for _twice in range(2):
        name_root_cause(finding=found, cause="skill", text="新来的", by=company.worker, at=LATER)
    entry = history_of(found).get(verb="name_root_cause")
    assert (entry.detail["cause"], entry.reason) == ("skill", "新来的")


def test_a_stale_page_does_not_overwrite_it(company):
    found = finding_of(company)
    seen = found.revision
    name_root_cause(finding=found, cause="skill", by=company.worker, at=LATER, revision=seen)
    with pytest.raises(Conflict):
        name_root_cause(finding=found, cause="duty", by=company.manager, at=LATER, revision=seen)
