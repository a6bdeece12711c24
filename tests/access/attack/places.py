"""Every page with somebody who may open it, and asking so that nothing of it remains."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.test import Client

from tests.access.addresses import KIND_OF, address, every
from tests.access.table import ALLOWED, PAGE, rows_of
from tests.access.world import COUNTERPARTS, World

ROWS = rows_of(PAGE.read_text(encoding="utf-8"))
ADDRESSES = every()
# who may do most comes first
OUT = {"logout"}
READERS = ("center", "manager", "administrator", "president", "lead", "head", "auditor", "employee")
SWAPPED = COUNTERPARTS | {theirs: mine for mine, theirs in COUNTERPARTS.items()}


@dataclass
class Place:
    name: str
    address: str
    person: str
    client: Client


@dataclass
class Answer:
    """What somebody who may do most there is answered at a place."""

    place: Place
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]


def places(world: World, method: str = "GET") -> Iterator[Place]:
    """Each address in each state of its thing that somebody may ask for in this way."""
    clients = {person: client_of(world, person) for person in world.people if person != "nobody"}
    seen = set()
    for row in ROWS:
        person = next((each for each in READERS if row.marks[each] == ALLOWED), None)
        if row.method != method or not person:
            continue
        for name in row.names:
            thing = world.things[KIND_OF.get(name, "campaign")][row.state]
            who = SWAPPED.get(person, person) if thing.swapped else person
            where = address(world, name, ADDRESSES[name], thing)
            if where not in seen:
                seen.add(where)
                yield Place(name, where, who, clients[who])


def asked(place: Place) -> Answer:
    answer = place.client.get(place.address)
    assert not broken(answer), f"{place.address}: {broken(answer)}"
    content = b"" if answer.streaming else answer.content
    return Answer(place, answer.status_code, dict(answer.headers), content)


def client_of(world: World, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.people[person])
    return client


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever is asked within it leaves nothing behind."""
    kept = client.cookies.copy()
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)
    client.cookies = kept


def broken(answer) -> str:
    """Why an answer is one that should never be given; empty where it is well."""
    if answer.status_code < 500 or answer.status_code == 503:
        return ""
    kind, error, trace = answer.exc_info or (None, "", None)
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{answer.status_code} {getattr(kind, '__name__', '')} {str(error)[:200]} {where}"
