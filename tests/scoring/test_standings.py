"""Reads of the league table: order, ranks, counts, filters, figures for machines."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organization.roles import Role
from scoring import engine, standings
from scoring.bands import Banding
from scoring.league_board import board_of, mark_of
from scoring.models import Standing
from scoring.standings import PAGE_SIZE, PROVISIONAL, Ask, band_counts, league
from tests import cast


@pytest.fixture
def firm(db):
    firm = cast.company()
    Standing.objects.all().delete()
    firm.campaign.participations.all().delete()
    return firm


@pytest.fixture
def place(firm):
    """Put projects into the table: one a composite, None for one without a finished sheet."""
    made = []

    def put(*composites, provisional=False, region="高新", scores=None):
        for composite in composites:
            project = cast.Project.objects.create(
                code=f"T{len(made):04}", name=f"项目{len(made):04}", region=region
            )
            made.append(
                Standing.objects.create(
                    campaign=firm.campaign,
                    project=project,
                    updated_at=cast.NOW,
                    composite=None if composite is None else Decimal(composite),
                    provisional=provisional or composite is None,
                    scores=scores or {},
                )
            )
        return made

    return put


def page(firm, ask=None):
    ask, banding = ask or Ask(), Banding(firm.campaign)
    return league(firm.campaign, banding, ask, band_counts(firm.campaign, banding, ask))


def places(rows):
    return [(str(row.composite), row.rank) for row in rows]


# --- order and ranks -----------------------------------------------------------------------


def test_ties_share_a_rank(firm, place):
    place("79.40", "90.44", "96.06", "90.44")
    ranks = [("96.06", 1), ("90.44", 2), ("90.44", 2), ("79.40", 4)]
    assert places(page(firm)) == ranks
    assert sorted(places(page(firm, Ask(sort="project")))) == sorted(ranks)


def test_provisional_projects_stand_apart_without_a_rank(firm, place):
    place("99.00", provisional=True)
    place("80.00", None)
    assert places(page(firm)) == [("80.00", 1), ("99.00", None), ("None", None)]


def test_a_project_that_nothing_applies_to_has_no_rank(firm, place):
    place("80.00", "70.00")
    Standing.objects.filter(composite=Decimal("70.00")).update(composite=None, provisional=False)
    assert places(page(firm)) == [("80.00", 1), ("None", None)]


def test_ranks_go_on_over_pages_also_where_a_tie_crosses_one(firm, place):
    place(*["90.00"] * (PAGE_SIZE + 1), "80.00", None)
    assert {row.rank for row in page(firm)} == {1}
    assert places(page(firm, Ask(page=2))) == [
        ("90.00", 1), ("80.00", PAGE_SIZE + 2), ("None", None),
    ]  # fmt: skip


def test_a_page_of_provisional_projects_follows_the_last_ranked_one(firm, place):
    place("80.00")
    place(*["70.00"] * (PAGE_SIZE + 4), provisional=True)
    assert len(page(firm)) == PAGE_SIZE
    assert len(page(firm, Ask(page=2))) == 5


@given(figures=st.lists(st.integers(0, 40), min_size=1, max_size=30), data=st.data())
# no deadline: what a database takes says nothing of the rule
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_slice_of_the_table_has_the_ranks_that_the_engine_gives(firm, figures, data):
    Standing.objects.all().delete()
    cast.Project.objects.filter(code__startswith="H").delete()
    projects = cast.Project.objects.bulk_create(
        cast.Project(code=f"H{n}", name=f"H{n}") for n in range(len(figures))
    )
    composites = {p.pk: Decimal(f) / 4 for p, f in zip(projects, figures, strict=True)}
    Standing.objects.bulk_create(
        Standing(campaign=firm.campaign, project_id=pk, composite=value, provisional=False,
                 updated_at=cast.NOW)
        for pk, value in composites.items()
    )  # fmt: skip
    rows = standings.whole_league(firm.campaign, Banding(firm.campaign), Ask())
    some = data.draw(st.lists(st.sampled_from(rows), min_size=1, unique_by=lambda r: r.project))
    for row in some:
        row.rank = None
    standings.ranks(some, board_of(firm.campaign))
    expected = engine.rank(composites)
    assert {row.project: row.rank for row in some} == {r.project: expected[r.project] for r in some}


@pytest.mark.parametrize(
    ("sort", "first"),
    [("-composite", "91.00"), ("composite", "85.00"), ("project", "85.00"), ("-project", "91.00"),
     ("-order", "88.00"), ("order", "91.00")],
)  # fmt: skip
def test_a_table_sorts_by_composite_project_and_specialty(firm, place, sort, first):
    place("85.00", scores={"order": "80.00"})
    place("88.00", scores={"order": "100.00"})
    place("91.00", scores={"order": "9.50"})
    rows = page(firm, Ask(sort=sort))
    assert str(rows[0].composite) == first
    assert {str(row.composite): row.rank for row in rows} == {"91.00": 1, "88.00": 2, "85.00": 3}


def test_projects_without_that_score_come_last_in_either_direction(firm, place):
    place("85.00", scores={"order": None})
    place("70.00", scores={"order": "60.00"})
    for sort in ("order", "-order"):
        assert [str(row.composite) for row in page(firm, Ask(sort=sort))] == ["70.00", "85.00"]


# --- filters and counts --------------------------------------------------------------------


def test_bands_are_counted_at_their_edges(firm, place):
    place("79.49", "79.50", "90.49", "90.50", None)
    counts = band_counts(firm.campaign, Banding(firm.campaign))
    assert counts.by_band == {"fail": 1, "good": 2, "excellent": 1}
    assert (counts.provisional, counts.total, counts.ranked) == (1, 5, 4)


@pytest.mark.parametrize(
    ("band", "composites"),
    [("good", ["90.49", "79.50"]), ("excellent", ["90.50"]), (PROVISIONAL, ["95.00"])],
)
def test_a_band_leaves_its_own_with_the_ranks_they_have(firm, place, band, composites):
    place("79.49", "79.50", "90.49", "90.50")
    place("95.00", provisional=True)
    ranks = {"90.50": 1, "90.49": 2, "79.50": 3, "95.00": None}
    assert places(page(firm, Ask(band=band))) == [(each, ranks[each]) for each in composites]


@pytest.mark.parametrize("ask", [Ask(region="城东"), Ask(search="项目0001"), Ask(search="t0001")])
def test_a_region_or_a_search_narrows_and_keeps_the_campaigns_ranks(firm, place, ask):
    place("95.00")
    place("90.00", region="城东")
    place("85.00")
    assert places(page(firm, ask)) == [("90.00", 2)]
    assert band_counts(firm.campaign, Banding(firm.campaign), ask).total == 1


def test_another_campaigns_projects_are_not_counted(firm, place):
    place("85.00")
    other = cast.campaign("c12", projects=[cast.project("X1", "别处")])
    Standing.objects.filter(campaign=other).update(composite=Decimal(99), provisional=False)
    assert places(page(firm)) == [("85.00", 1)]


def test_the_histogram_counts_whole_points_of_final_standings(firm, place):
    place("85.00", "85.99", "90.50")
    place("85.50", provisional=True)
    assert board_of(firm.campaign).histogram == [(85, 2), (90, 1)]


def test_managers_are_those_in_the_post_now(firm, place):
    (standing,) = place("85.00")
    project = standing.project
    cast.person("m1", "王一", Role.PROJECT_MANAGER, project=project)
    cast.person("m2", "李二", Role.PROJECT_MANAGER, project=project)
    gone = cast.person("m3", "张三", Role.PROJECT_MANAGER, project=project)
    gone.posts.update(until=cast.NOW.date())
    cast.person("d1", "赵四", Role.DEPUTY_PROJECT_MANAGER, project=project)
    assert standings.managers([project.pk]) == {project.pk: "王一、李二"}


# --- for machines --------------------------------------------------------------------------


def test_standings_as_data_show_the_figures_and_nothing_that_is_not_final(firm, place):
    place("90.50", scores={"order": "91.00", "environment": None})
    place("88.31", provisional=True, scores={"order": "89.00"})
    assert standings.standings_as_data(firm.campaign) == [
        {"project": "T0000", "composite": "90.50", "band": "excellent", "rank": 1,
         "provisional": False, "scores": {"order": "91.00"}},
        {"project": "T0001", "composite": "88.31", "band": None, "rank": None,
         "provisional": True, "scores": {"order": "89.00"}},
    ]  # fmt: skip


@pytest.mark.parametrize("count", [PAGE_SIZE + 1, 3 * PAGE_SIZE])
@pytest.mark.parametrize(
    ("ask", "queries"),
    [(Ask(), 5), (Ask(sort="composite"), 5), (Ask(sort="-order"), 6),
     (Ask(sort="-last-change"), 6), (Ask(region="高新", sort="own-change"), 6)],
)  # fmt: skip
def test_a_page_takes_the_same_queries_for_any_number_of_projects(
    firm, place, count, ask, queries, django_assert_num_queries
):
    place(*(f"{60 + n % 40}.25" for n in range(count)))
    banding = Banding(firm.campaign)
    counts = band_counts(firm.campaign, banding, ask)
    with django_assert_num_queries(1 if ask.narrows else 3):
        band_counts(firm.campaign, banding, ask)
    board_of(firm.campaign)
    # the campaign before, three whether anything changed, the rows; which ones, without an index
    with django_assert_num_queries(queries):
        league(firm.campaign, banding, ask, counts)


@pytest.mark.parametrize("count", [5, 60])
def test_a_board_is_made_in_three_queries_once_standings_changed(
    firm, place, count, django_assert_num_queries
):
    place(*["80.00"] * count)
    with django_assert_num_queries(6):
        board_of(firm.campaign)
    with django_assert_num_queries(3):
        board_of(firm.campaign)


# --- leagues of their own, filters, changes ------------------------------------------------


def test_a_kind_is_a_league_with_ranks_of_its_own(firm, place):
    made = place("95.00", "90.00", "90.00", "85.00", "80.00")
    made[0].project.__class__.objects.filter(code="T0000").update(kind="tower")
    rows = page(firm, Ask(kind="estate"))
    assert [(row.rank, row.overall) for row in rows] == [(1, 2), (1, 2), (3, 4), (4, 5)]
    assert [(row.rank, row.overall) for row in page(firm, Ask(kind="tower"))] == [(1, 1)]
    assert band_counts(firm.campaign, Banding(firm.campaign), Ask(kind="estate")).total == 4


def test_a_league_keeps_its_ranks_where_it_is_filtered_further(firm, place):
    place("95.00")
    place("90.00", "85.00", region="城东")
    assert [row.rank for row in page(firm, Ask(kind="estate", region="城东"))] == [2, 3]


def managed(project, name):
    cast.person(f"m-{project.code}", name, Role.PROJECT_MANAGER, project=project)


def test_filters_work_together(firm, place):
    place("95.00", "90.00", region="城东")
    made = place("85.00", "80.00")
    for standing, area in zip(made, ("60000", "160000", "60000", None), strict=True):
        cast.Project.objects.filter(pk=standing.project_id).update(area=area)
        managed(standing.project, f"王{area}" if area == "60000" else "李四")

    def codes(**ask):
        return [row.code for row in page(firm, Ask(**ask))]

    assert codes(person="王") == ["T0000", "T0002"]
    assert codes(person="王", region="城东") == ["T0000"]
    assert codes(size="medium") == ["T0000", "T0002"]
    assert codes(size="large", person="李") == ["T0001"]
    assert codes(size="unknown") == ["T0003"]
    assert codes(size="medium", region="城东", kind="mall") == []


def test_a_manager_who_left_is_not_found(firm, place):
    (standing,) = place("85.00")
    managed(standing.project, "王一")
    cast.Post.objects.update(until=cast.NOW.date())
    assert page(firm, Ask(person="王一")) == []


@pytest.fixture
def last(firm):
    """Put a project into the campaign before, with a composite."""
    earlier = cast.campaign("c10", at=cast.moment(2010, 11, 27))

    def put(standing, composite, provisional=False):
        Standing.objects.create(
            campaign=earlier, project=standing.project, composite=Decimal(composite),
            provisional=provisional, updated_at=cast.NOW,
        )  # fmt: skip

    return put


def test_changes_are_against_the_own_score_and_the_campaign_before(firm, place, last):
    made = place("90.50")
    Standing.objects.update(own=Decimal("95.25"))
    last(made[0], "88.00")
    (row,) = page(firm)
    assert (row.against_own, row.against_last) == (Decimal("-4.75"), Decimal("2.50"))


def test_nothing_is_guessed_where_there_is_nothing_to_compare_with(firm, place, last):
    first = place("90.50", "80.00")[0]
    last(first, "88.00", provisional=True)
    third = place("70.00", provisional=True)[2]
    last(third, "60.00")
    Standing.objects.filter(pk=third.pk).update(own=Decimal("75.00"))
    assert [(row.against_own, row.against_last) for row in page(firm)] == [(None, None)] * 3


def test_a_campaign_that_started_later_is_not_the_one_before(firm, place):
    (standing,) = place("90.50")
    later = cast.campaign("c12", at=cast.moment(2012, 11, 27))
    Standing.objects.create(
        campaign=later, project=standing.project, composite=Decimal(80), provisional=False,
        updated_at=cast.NOW,
    )  # fmt: skip
    assert standings.earlier_campaign(firm.campaign) is None
    assert page(firm)[0].against_last is None


@pytest.mark.parametrize(
    ("sort", "order"),
    [("-own-change", ["80.00", "90.00", "85.00"]), ("own-change", ["90.00", "80.00", "85.00"]),
     ("-last-change", ["85.00", "80.00", "90.00"]), ("last-change", ["80.00", "85.00", "90.00"]),
     ("region", ["85.00", "90.00", "80.00"]), ("-region", ["90.00", "80.00", "85.00"]),
     ("-band", ["90.00", "85.00", "80.00"]), ("band", ["90.00", "85.00", "80.00"])],
)  # fmt: skip
def test_every_column_sorts_with_what_is_unknown_last(firm, place, last, sort, order):
    ninety, eighty = place("90.00", "80.00", region="b")
    middle = place("85.00", region="a")[2]
    Standing.objects.filter(pk=ninety.pk).update(own=Decimal("95.00"))
    Standing.objects.filter(pk=eighty.pk).update(own=Decimal("70.00"))
    last(middle, "80.00")
    last(eighty, "90.00")
    if sort.endswith("band"):
        order = order if sort == "-band" else order[::-1]
    assert [str(row.composite) for row in page(firm, Ask(sort=sort))] == order


def test_a_capped_project_sorts_into_the_band_it_has(firm, place):
    place("95.00", "92.00", "85.00")
    Standing.objects.filter(composite=Decimal("95.00")).update(capped=True)
    by_band = page(firm, Ask(sort="-band"))
    assert [str(row.composite) for row in by_band] == ["92.00", "95.00", "85.00"]


# --- whether anything changed --------------------------------------------------------------


def test_the_mark_changes_with_any_standing_and_only_then(firm, place):
    made = place(*["80.00"] * 60)
    before = mark_of(firm.campaign)
    assert mark_of(firm.campaign) == before
    Standing.objects.filter(pk=made[3].pk).update(
        composite=Decimal("81.00"), updated_at=cast.moment(2011, 11, 28)
    )
    assert mark_of(firm.campaign) != before


def test_the_mark_sees_a_score_that_was_saved_late(firm, place):
    """Two at once: the one with the later moment is there first."""
    made = place(*["80.00"] * 3)
    Standing.objects.filter(pk=made[0].pk).update(updated_at=cast.moment(2011, 11, 27, 10, 2))
    before = mark_of(firm.campaign)
    Standing.objects.filter(pk=made[1].pk).update(updated_at=cast.moment(2011, 11, 27, 10, 1))
    assert mark_of(firm.campaign) != before


def test_the_mark_sees_a_project_that_left(firm, place):
    made = place(*["80.00"] * 60)
    before = mark_of(firm.campaign)
    Standing.objects.filter(pk=made[0].pk).delete()
    assert mark_of(firm.campaign) != before
