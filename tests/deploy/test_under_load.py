"""Something breaks or is changed while people work: what they see, and that nothing is lost."""

import random
import resource
import signal
import time

import pytest

from tests.deploy.conftest import SEED
from tests.deploy.notices import Notices
from tests.deploy.people import browser_of
from tests.faults.house import wait_for

pytestmark = pytest.mark.breaks
SOME = 40  # requests
NOTICES, KILLS = 300, 3
HANDS = 4  # threads of a worker, each with a letter in hand


def test_nothing_breaks(crowd, audit):
    with crowd.at_work():
        crowd.wait_for_requests(SOME)
    audit()


def test_processes_start_again_one_by_one(site, crowd, audit):
    """Whoever was sent to one that stops is answered; nobody is sent there any more."""
    with crowd.at_work():
        for web in site.webs:
            crowd.wait_for_requests(SOME)
            web.stop()
            crowd.wait_for_requests(SOME)
            web.start()
            site.wait_for_web(web)
        crowd.wait_for_requests(SOME)
    audit()


def test_a_web_process_is_killed(site, crowd, audit):
    with crowd.at_work():
        for web in site.webs:
            crowd.wait_for_requests(SOME)
            web.kill()
            crowd.wait_for_requests(SOME)
            web.start()
            site.wait_for_web(web)
    audit(errors_allowed=True)


def test_a_worker_is_killed(site, crowd, audit, ask):
    """While it sends: nobody is told twice or never, and pages notice nothing."""
    dice = random.Random(SEED)
    site.worker.stop()
    notices = Notices(site, ask, NOTICES)
    with crowd.at_work():
        for moment in sorted(dice.sample(range(NOTICES * 2 // 3), KILLS)):
            site.worker.start()
            notices.ring()
            notices.wait_for(moment)
            site.worker.kill()
            crowd.wait_for_requests(SOME // 2)
            notices.pass_ten_minutes()
        site.worker.start()
        notices.settle()
    figures = notices.figures()
    assert figures["unknown"] <= KILLS * HANDS
    audit(**figures)


def test_the_database_is_started_again(site, crowd, audit):
    with crowd.at_work():
        for farewell in (signal.SIGINT, signal.SIGQUIT):
            crowd.wait_for_requests(SOME)
            site.postgresql.farewell = farewell
            site.postgresql.stop()
            time.sleep(1)
            site.postgresql.start()
            wait_for(site.database_answers, "PostgreSQL answers")
        crowd.wait_for_requests(SOME)
    audit(errors_allowed=True)


def test_redis_is_gone(site, crowd, audit, ask):
    """Pages go on; once it is back, the worker takes what is rung for."""
    with crowd.at_work():
        site.redis.kill()
        crowd.wait_for_requests(2 * SOME)
        site.redis.start()
        crowd.wait_for_requests(SOME)
    rounds = "SELECT count(*) FROM campaign_round"
    before = ask(rounds)
    site.run("celery", "-A", "config", "call", "campaign.tasks.tick")
    wait_for(lambda: ask(rounds) > before, "a round of reminders", seconds=150)
    audit()


def test_the_disk_is_full(site, crowd, audit, ask):
    """Files can't be written: pictures are refused and come later, the rest goes on."""
    left = alone(site, ask)
    pids = [pid for web in site.webs for pid in web.pids]
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    with crowd.at_work():
        for pid, (_, hard) in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, hard))
        crowd.wait_for_requests(3 * SOME)
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        crowd.wait_for_requests(SOME)
    audit(errors_allowed=True)
    assert alone(site, ask) == left


def alone(site, ask):
    """Files without a row, as whoever is killed may leave one."""
    rows = {name for (name,) in ask("SELECT file FROM organization_storedfile")}
    folder = site.folder / "data" / "files"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - rows


def test_tables_change_while_people_work(site, crowd, audit, ask):
    """A release that only adds: a column, a table, an index and what it fills in."""
    with crowd.at_work():
        crowd.wait_for_requests(SOME)
        more = {"DJANGO_SETTINGS_MODULE": "tests.deploy.next_release.settings"}
        site.manage("migrate", "next_release", "--verbosity", "0", **more)
        crowd.wait_for_requests(SOME)
    assert ask("SELECT count(*) FROM inspections_receivedevent WHERE later IS NULL") != []
    audit()


def test_closed_for_maintenance(site, crowd, audit):
    """Everybody is told so; what they sent meanwhile comes afterwards."""
    with crowd.at_work():
        site.manage("maintenance", "on", "--minutes", "7")
        crowd.wait_for_requests(SOME)
        answer = browser_of(site).get(site.address, timeout=10)
        site.manage("maintenance", "off")
        crowd.wait_for_requests(SOME)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "420")
    assert set(crowd.errors) == {"503"}
    audit(errors_allowed=True)


def test_all_web_processes_are_away(site, crowd, audit):
    """nginx says so itself, in both languages."""
    for web in site.webs:
        web.stop()
    answer = browser_of(site).get(site.address, timeout=10)
    for web in site.webs:
        web.start()
        site.wait_for_web(web)
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "10")
    assert "暂时连不上" in answer.content.decode()
    with crowd.at_work():
        crowd.wait_for_requests(SOME)
    audit()
