"""The filing matrix's counts, order and cells, against what each obligation says of itself."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.matrix import Matrix
from campaign.matrix_ask import STATES, standing
from campaign.models import Obligation
from tests import cast
from tests.campaign.filing import AT, TODAY, accepted, matrix, milestones, names, owed, submitted
from tests.campaign.filing import write_facts as write

pytestmark = pytest.mark.django_db
# What SQL calls a state is what the obligation calls it.
CODES = {
    "overdue": {"overdue"},
    "returned": {"returned"},
    "waiting": {"waiting_review"},
    "done": {"accepted", "late"},
}


@pytest.fixture
def found(company):
    return milestones(company)


@pytest.fixture
def due(company, found):
    return owed(company, found)


def moments():
    """Around the due date and the moment of looking, down to the last minute of a day."""
    days, minutes = st.integers(-12, 12), st.sampled_from([-1, 0, 1, 600])
    start = cast.moment(2011, 10, 20, 0)
    return st.builds(lambda d, m: start + timedelta(days=d, minutes=m), days, minutes)


def facts():
    maybe = st.none() | moments()
    return st.fixed_dictionaries(
        {
            "due": st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n)),
            "submitted_at": maybe,
            "accepted_at": maybe,
            "returned_at": maybe,
            "reminded_at": maybe,
        }
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(facts(), min_size=5, max_size=5), at=moments())
def test_every_count_is_what_the_obligations_say(company, due, rows, at):
    for each, told in zip(due.values(), rows, strict=True):
        told["accepted_at"] = told["accepted_at"] if told["submitted_at"] else None
        write(each, **told)
    said = {each.pk: each.state(at=at).code for each in Obligation.objects.with_all()}
    for word, which in standing(at).items():
        counted = set(Obligation.objects.filter(which).values_list("pk", flat=True))
        assert counted == {pk for pk, code in said.items() if code in CODES[word]}, word
    shown = matrix(company, company.center, at=at)
    for row in shown.rows:
        codes = [each.state(at=at).code for each in row.cells.values()]
        for word in STATES:
            assert getattr(row, word) == sum(code in CODES[word] for code in codes)
        assert row.done == sum(code in CODES["done"] for code in codes)
    for word in STATES:
        with_it = [row for row in shown.rows if getattr(row, word)]
        assert shown.counts[f"rows_{word}"] == len(with_it)
        assert names(matrix(company, company.center, at=at, state=word)) == [
            row.name for row in with_it
        ]


def test_the_last_minute_of_the_day_is_still_in_time(company, due):
    write(due["one"], due=TODAY)
    last = cast.moment(2011, 10, 20, 23, 59)
    assert matrix(company, company.center, at=last).counts["items_overdue"] == 2
    assert (
        matrix(company, company.center, at=last + timedelta(minutes=1)).counts["items_overdue"] == 3
    )


def test_groups_stand_one_after_the_other_and_the_latest_comes_first(company, due):
    accepted(due["one"], company.center)
    write(due["two"], due=date(2011, 10, 1))
    assert names(matrix(company, company.center)) == ["翠屏苑", "锦澜府", "客户服务", "管理中心"]
    turned = names(matrix(company, company.center, sort="-late"))
    assert turned == ["锦澜府", "翠屏苑", "客户服务", "管理中心"]
    assert names(matrix(company, company.center, sort="name"))[:2] == ["锦澜府", "翠屏苑"]


def test_a_column_sorts_by_how_its_cells_stand(company, found, due):
    three = cast.project("P03", "湖岸北里")
    third = cast.obligation(found["kickoff"], project=three)
    accepted(due["one"], company.center)
    accepted(third, company.center, days=4)
    by_column = matrix(company, company.center, sort="kickoff")
    assert names(by_column)[:3] == ["翠屏苑", "湖岸北里", "锦澜府"]
    turned = matrix(company, company.center, sort="-kickoff")
    assert names(turned)[:3] == ["锦澜府", "湖岸北里", "翠屏苑"]


def test_a_column_that_others_owe_leaves_every_row_there(company, due):
    assert len(names(matrix(company, company.center, sort="policies"))) == 4


def test_the_address_narrows_by_group_region_and_name(company, due):
    company.two.region = "锦江"
    company.two.save()
    center = company.center
    assert names(matrix(company, center, owes="specialty")) == ["客户服务"]
    assert names(matrix(company, center, region="锦江")) == ["翠屏苑"]
    assert names(matrix(company, center, q="锦澜")) == ["锦澜府"]
    assert names(matrix(company, center, q="p02")) == ["翠屏苑"]
    assert names(matrix(company, center, q=company.other_manager.name)) == ["翠屏苑"]
    assert names(matrix(company, center, q=company.lead.name)) == ["客户服务"]
    assert names(matrix(company, center, q="周婷")) == ["管理中心"]
    assert names(matrix(company, center, q="没有的人")) == []


def test_somebody_who_left_is_in_charge_no_more(company, due):
    company.other_manager.posts.update(until=date(2011, 10, 1))
    assert names(matrix(company, company.center, q=company.other_manager.name)) == []


@pytest.mark.parametrize(
    "params",
    [
        {"state": "x", "owes": "y", "sort": "-x", "page": "-3"},
        {"page": "99999999999999999999"},
        {"page": "²"},
        {"q": "'\" or 1=1 😀\0%_", "region": "\\"},
        {"q": "长" * 5000},
    ],
)
def test_an_address_of_nonsense_harms_nothing(company, due, params):
    shown = matrix(company, company.center, **params)
    assert names(shown) == ([] if "q" in params else names(matrix(company, company.center)))


def test_a_page_beyond_the_last_one_is_the_last_one(company, found):
    Obligation.objects.bulk_create(
        Obligation(
            campaign=company.campaign,
            milestone=found["kickoff"],
            project=cast.project(f"N{n:02}", f"新{n}"),
            due=found["kickoff"].due,
        )
        for n in range(53)
    )
    assert len(names(matrix(company, company.center))) == 50
    assert names(matrix(company, company.center, page="2")) == ["新50", "新51", "新52"]
    assert names(matrix(company, company.center, page="9")) == ["新50", "新51", "新52"]


def test_a_project_sees_its_own_row_alone(company, due):
    assert names(matrix(company, company.manager)) == ["锦澜府"]
    assert matrix(company, company.manager).counts["rows"] == 1


def test_what_waits_for_the_reader_is_not_what_the_reader_sent(company, found, due):
    submitted(due["one"], company.center)
    submitted(due["two"], company.other_manager)
    assert matrix(company, company.center).waiting_for_reader == 1
    assert matrix(company, company.auditor).waiting_for_reader == 2
    assert matrix(company, company.president).waiting_for_reader == 0
    found["kickoff"].approver = "president"
    found["kickoff"].save()
    assert matrix(company, company.president).waiting_for_reader == 2


def test_columns_count_what_is_done(company, due):
    accepted(due["one"], company.center)
    tallies = {c.milestone.code: (c.done, c.total) for c in matrix(company, company.center).columns}
    assert tallies == {
        "kickoff": (1, 2),
        "plan": (0, 1),
        "training": (0, 1),
        "policies": (0, 1),
    }


def test_another_campaigns_obligations_are_not_counted(company, due):
    other = cast.campaign("c12", projects=[company.one])
    cast.obligation(cast.milestone(other), project=company.one)
    assert Matrix(other, company.center, {}, AT).counts["items"] == 1
    assert matrix(company, company.center).counts["items"] == len(due)


@pytest.mark.parametrize("state", ["", *STATES])
def test_pages_are_pieces_of_the_whole(company, found, due, state):
    """Those with something amiss are looked for alone as long as they fill the page."""
    ways = [
        {"due": TODAY - timedelta(days=3)},
        {"due": TODAY - timedelta(days=9)},
        {"due": TODAY, "returned_at": AT},
        {"due": TODAY, "submitted_at": AT},
        {"due": TODAY + timedelta(days=5)},
        {"due": TODAY, "submitted_at": AT, "accepted_at": AT},
    ]
    projects = [cast.project(f"N{n:03}", f"新{n}") for n in range(130)]
    Obligation.objects.bulk_create(
        Obligation(
            campaign=company.campaign,
            milestone=found[code],
            project=project,
            **ways[(n * n + n // step) % len(ways)],
        )
        for code, step in (("kickoff", 1), ("plan", 7))
        for n, project in enumerate(projects)
    )
    whole = [row.name for row in matrix(company, company.center, state=state).all_rows()]
    paged = [
        name
        for page in range(1, len(whole) // 50 + 2)
        for name in names(matrix(company, company.center, state=state, page=str(page)))
    ]
    assert paged == whole
    assert len(set(whole)) == len(whole)
