"""Who stands above whom, without a database."""

import pytest

from campaign.reminders.ladder import Place, place_of, steps_above
from organization.roles import Role

ONE, TWO = 1, 2  # projects
ORDER, FACILITIES = 11, 12  # specialties

WORKER = Place(1, Role.EMPLOYEE, ONE, "秩序部")
SQUAD = Place(2, Role.TEAM_LEADER, ONE, "秩序部")
HEAD = Place(3, Role.DEPARTMENT_HEAD, ONE, "秩序部")
OTHER_HEAD = Place(4, Role.DEPARTMENT_HEAD, ONE, "客服部")
DEPUTY = Place(5, Role.DEPUTY_PROJECT_MANAGER, ONE)
MANAGER = Place(6, Role.PROJECT_MANAGER, ONE)
ELSEWHERE = Place(7, Role.PROJECT_MANAGER, TWO)
CENTER = Place(8, Role.MANAGEMENT_CENTER)
EXECUTIVE = Place(9, Role.EXECUTIVE)
LEAD = Place(10, Role.SPECIALTY_LEAD, specialty=ORDER)
EVERYBODY = [WORKER, SQUAD, HEAD, OTHER_HEAD, DEPUTY, MANAGER, ELSEWHERE, CENTER, EXECUTIVE, LEAD]


def steps(place, *without, owing=()):
    there = [each for each in EVERYBODY if each not in without]
    return steps_above(place, there, frozenset({place.person, *(each.person for each in owing)}))


def people(*places):
    return [{place.person} for place in places]


def test_from_the_squad_to_the_executive():
    assert steps(SQUAD) == people(HEAD, DEPUTY, MANAGER, CENTER, EXECUTIVE)
    assert steps(WORKER) == people(SQUAD, HEAD, DEPUTY, MANAGER, CENTER, EXECUTIVE)


@pytest.mark.parametrize(
    ("place", "above"),
    [
        (HEAD, [DEPUTY, MANAGER, CENTER, EXECUTIVE]),
        (DEPUTY, [MANAGER, CENTER, EXECUTIVE]),
        (MANAGER, [CENTER, EXECUTIVE]),
        (LEAD, [CENTER, EXECUTIVE]),
        (CENTER, [EXECUTIVE]),
        (EXECUTIVE, []),
        (Place(20, Role.PRESIDENT), []),
        (Place(21, Role.ADMINISTRATOR), []),
    ],
)
def test_everybody_has_the_posts_above(place, above):
    assert steps(place) == people(*above)


def test_a_vacant_post_is_passed_over():
    assert steps(SQUAD, HEAD, DEPUTY) == people(MANAGER, CENTER, EXECUTIVE)
    assert steps(MANAGER, CENTER, EXECUTIVE) == []


def test_who_has_to_act_too_is_passed_over():
    assert steps(DEPUTY, owing=[MANAGER]) == people(CENTER, EXECUTIVE)


def test_a_head_without_a_department_is_everybodys():
    whole = Place(30, Role.DEPARTMENT_HEAD, ONE)
    found = steps_above(SQUAD, [whole, OTHER_HEAD], frozenset({SQUAD.person}))
    assert found == people(whole)


def test_a_deputy_answers_for_the_specialty_in_charge():
    of_order = Place(31, Role.DEPUTY_PROJECT_MANAGER, ONE, specialty=ORDER)
    of_facilities = Place(32, Role.DEPUTY_PROJECT_MANAGER, ONE, specialty=FACILITIES)
    guard = Place(33, Role.DEPARTMENT_HEAD, ONE, "秩序部", ORDER)
    found = steps_above(guard, [of_order, of_facilities, MANAGER], frozenset())
    assert found == people(of_order, MANAGER)


def test_nobody_stands_on_two_steps():
    both = [Place(40, Role.DEPARTMENT_HEAD, ONE, "秩序部"), Place(40, Role.PROJECT_MANAGER, ONE)]
    assert steps_above(SQUAD, [*both, CENTER], frozenset()) == [{40}, {CENTER.person}]


def test_several_of_one_role_are_told_together():
    two = [CENTER, Place(41, Role.MANAGEMENT_CENTER)]
    assert steps_above(MANAGER, two, frozenset()) == [{CENTER.person, 41}]


def test_somebody_acts_by_the_highest_post_in_the_project():
    posts = [
        Place(50, Role.EMPLOYEE, ONE, "客服部"),
        Place(50, Role.TEAM_LEADER, ONE, "客服部"),
        Place(50, Role.PROJECT_MANAGER, TWO),
        Place(51, Role.MANAGEMENT_CENTER),
    ]
    assert place_of(50, ONE, posts).role == Role.TEAM_LEADER
    assert place_of(50, TWO, posts).role == Role.PROJECT_MANAGER
    assert place_of(51, ONE, posts).role == Role.MANAGEMENT_CENTER  # the company's, anywhere
    assert place_of(52, ONE, posts) is None
