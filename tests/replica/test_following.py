"""Lists and reports read from a standby that streams; the primary for all else, and when not."""

from time import monotonic

import pytest
from django.core.cache import cache
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client

from organization import replica
from organization.models import Project
from organization.replica import ALIAS, COOKIE
from portal import figures
from tests import cast
from tests.faults.house import wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.system("postgresql"),
]
LEAGUE = "/c/c11/league/"


@pytest.fixture
def company(on):
    return cast.company()


@pytest.fixture
def center(company):
    client = Client()
    client.force_login(company.center)
    return client


@pytest.fixture
def asked():
    """Opens a page; returns (where it was read, its status, statements that the standby got)."""

    def ask(client, address=LEAGUE):
        count = []

        def counting(execute, *args):
            count.append(args[0])
            return execute(*args)

        with connections[ALIAS].execute_wrapper(counting):
            answer = client.get(address)
        reads = [sql for sql in count if "pg_control_system" not in sql]
        return answer.wsgi_request.read_from, answer.status_code, len(reads)

    return ask


def caught_up(looked):
    """As seconds go by; that it is now as far as the primary."""

    def is_there():
        looked.clock.now += replica.LOOK
        looked.look()
        return looked.lag == 0

    wait_for(is_there, "the standby has everything", seconds=30, every=0.02)


def test_who_wrote_nothing_reads_there_and_who_wrote_reads_that(on, center, company, looked, asked):
    stranger = Client()
    stranger.force_login(company.executive)
    caught_up(looked)
    where, status, reads = asked(center)
    assert (where, status, reads > 5) == ("replica", 200, True)
    with on.standing_still():
        answer = center.post("/accounts/language/", {"language": "en", "next": "/"})
        assert answer.cookies[COOKIE]["httponly"]
        assert asked(center) == ("primary", 200, 0)
        assert asked(stranger)[0] == "replica"
        looked.clock.now += replica.LOOK
        assert asked(stranger)[0] == "replica"
    caught_up(looked)
    assert asked(center)[0] == "replica"


def test_one_that_is_too_far_behind_is_not_asked(on, center, looked, asked, settings):
    caught_up(looked)
    with on.standing_still():
        Project.objects.create(code="new", name="new")
        looked.clock.now += settings.REPLICA_MAX_LAG
        assert asked(center)[0] == "replica"  # it has what was there so many seconds ago
        looked.clock.now += replica.LOOK
        assert asked(center) == ("primary", 200, 0)
        assert looked.lag == settings.REPLICA_MAX_LAG + replica.LOOK
    caught_up(looked)
    assert asked(center)[0] == "replica"


def test_what_is_not_there_yet_is_asked_of_the_primary(on, center, company, looked, asked):
    caught_up(looked)
    with on.standing_still():
        cast.campaign("c12", projects=[company.one])
        assert asked(center)[:2] == ("replica", 200)
        where, status, reads = asked(center, "/c/c12/league/")
        assert (where, status, reads > 0) == ("primary", 200, True)


def test_one_that_goes_away_is_not_missed(on, center, looked, asked, caplog):
    caught_up(looked)
    assert asked(center)[0] == "replica"
    on.stop()
    assert asked(center)[:2] == ("primary", 200)
    assert looked.lag is None
    assert asked(center) == ("primary", 200, 0)
    on.start()
    looked.clock.now += replica.REST
    caught_up(looked)
    assert asked(center)[0] == "replica"


def test_one_that_stands_still_is_not_waited_for(on, center, looked, asked, settings):
    """Its machine keeps the connections open and never answers."""
    caught_up(looked)
    assert asked(center)[0] == "replica"
    settings.REPLICA_MAX_LAG = 3
    with on.frozen():
        began = monotonic()
        assert asked(center)[:2] == ("primary", 200)  # it was near enough a moment ago
        assert 3 <= monotonic() - began < 10
        looked.clock.now += replica.REST
        began = monotonic()
        assert asked(center)[:2] == ("primary", 200)  # it does not say how far it is
        assert replica.AT_ONCE <= monotonic() - began < 3
        began = monotonic()
        assert asked(center) == ("primary", 200, 0)
        assert monotonic() - began < 1
    looked.clock.now += replica.REST
    caught_up(looked)
    assert asked(center)[0] == "replica"


def test_nothing_in_a_transaction_reads_there(on, company, looked):
    caught_up(looked)
    with replica.reading():
        assert Project.objects.all().db == ALIAS
        assert company.center.posts.all().db == "default"
        with transaction.atomic():
            assert Project.objects.all().db == "default"
        with pytest.raises(replica.Writes):
            Project.objects.create(code="no", name="no")
    assert Project.objects.all().db == "default"


def test_a_view_that_writes_is_asked_of_the_primary_alone(on, center, looked, rf):
    """What it read on the standby has decided nothing."""
    seen = []

    @replica.may_lag
    def counted(request):
        seen.append(Project.objects.all().db)
        Project.objects.create(code=f"made{len(seen)}", name="made")
        return HttpResponse()

    caught_up(looked)
    request = rf.get("/")
    counted(request)
    assert (seen, request.read_from) == ([ALIAS, "default"], "primary")
    assert Project.objects.filter(name="made").count() == 1


def test_it_is_told_how_far_it_is(on, center, looked, settings):
    cache.clear()
    caught_up(looked)
    assert center.get("/readyz").json()["parts"]["replica"] == "ok"
    (lag,) = figures.replica()
    assert lag.samples[0][:1] == ("pinzhi_replica_lag_seconds",)
    settings.REPLICA_MAX_LAG = -1
    cache.clear()
    told = center.get("/readyz")
    assert (told.status_code, told.json()["parts"]["replica"]) == (200, "broken")
    cache.clear()


def test_what_is_no_standby_is_never_asked(on, center, looked, asked):
    """As after a failover, when the address is the new primary's."""
    connections[ALIAS].settings_dict["HOST"] = connections["default"].settings_dict["HOST"]
    looked.look()
    assert looked.lag is None
    assert asked(center) == ("primary", 200, 0)
