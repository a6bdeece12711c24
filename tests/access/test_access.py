"""docs/access.md against the product: every address, asked by everybody."""

from itertools import product

import pytest
from django.test import Client

from tests.access.addresses import KIND_OF, address, every, operations
from tests.access.table import ABSENT, MARKS, PAGE, REFUSED, SIGN_IN, Row, rows_of
from tests.access.things import KINDS, Thing
from tests.access.walk import WRONG_METHOD, ask
from tests.access.world import COUNTERPARTS, NOBODY

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("nothing_drawn")]
ROWS = rows_of(PAGE.read_text(encoding="utf-8"))
PEOPLE = list(ROWS[0].marks)
ADDRESSES = every()
WAYS = ("GET", "POST")
SAID = {SIGN_IN: "asked to sign in", REFUSED: "refused", ABSENT: "not there"}


def client_of(world, person: str) -> Client:
    client = Client(raise_request_exception=False)
    if person != NOBODY:
        client.force_login(world.people[person])
    return client


def thing_of(world, name: str, row: Row) -> Thing:
    return world.things[KIND_OF.get(name, "campaign")][row.state]


# --- the table itself --------------------------------------------------------------------------


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for row in ROWS for name in row.names} == ADDRESSES.keys()


def test_every_operation_of_the_api_is_an_address():
    described = {name for name in ADDRESSES if name.startswith("api:")}
    assert described == operations() | {"api:api-root", "api:openapi-json"}


def test_every_state_of_a_thing_is_in_the_table(world):
    said = {(KIND_OF.get(name, "campaign"), row.state) for row in ROWS for name in row.names}
    made = {(kind, state) for kind, things in world.things.items() for state in things}
    asked = set(KIND_OF.values()) | {"campaign"}
    assert said == {(kind, state) for kind, state in made if kind in asked}
    assert KINDS.keys() >= asked


def test_every_row_says_something_of_everybody():
    assert [row.said for row in ROWS if not set(row.marks.values()) <= MARKS] == []
    assert {tuple(row.marks) for row in ROWS} == {tuple(PEOPLE)}


def test_what_has_no_row_of_its_way_is_no_way(world):
    """Such as POST to a page that only reads."""
    client = client_of(world, "center")
    known = {(ADDRESSES[name], row.method) for row in ROWS for name in row.names}
    places = {name: thing_of(world, name, row) for row in ROWS for name in row.names}
    found = [
        (name, method)
        for (name, thing), method in product(places.items(), WAYS)
        if (ADDRESSES[name], method) not in known
        and ask(client, name, address(world, name, ADDRESSES[name], thing), method, {})
        != WRONG_METHOD
    ]
    assert found == []


# --- everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_is_answered_as_the_table_says(world, person, tried):
    clients = {each: client_of(world, each) for each in stand_ins(person)}
    wrong = []
    for row in ROWS:
        for name in row.names:
            thing = thing_of(world, name, row)
            client = clients[SWAPPED.get(person, person) if thing.swapped else person]
            where = address(world, name, ADDRESSES[name], thing)
            mark = ask(client, name, where, row.method, thing.sent(row.sent))
            tried[SAID.get(mark, "allowed")] += 1
            if mark != row.marks[person]:
                wrong.append(f"{row.said}: {name} answers {mark}, not {row.marks[person]}")
    assert not wrong, "\n".join(wrong)


SWAPPED = COUNTERPARTS | {theirs: mine for mine, theirs in COUNTERPARTS.items()}


def stand_ins(person: str) -> set[str]:
    return {person, SWAPPED.get(person, person)}
