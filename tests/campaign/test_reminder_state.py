"""Whether reminders run: what is said of silence, of what waits, of what failed."""

from datetime import datetime, timedelta

import pytest

from campaign.ledger.state import State
from campaign.models import Robot, Round
from campaign.models.reminders import Delivery
from campaign.models.rounds import RoundKind
from tests import cast
from tests.campaign import ledgers
from tests.queries import queries_of

PAGE = "/reminders/state/"
DATA = "/reminders/state.json"
NOW = cast.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def run(db):
    """`run("plan", ago=3)`: a run that began so many minutes ago."""

    def run(kind, ago=1, **facts):
        began = NOW - ago * MINUTE
        facts = {"ended_at": began + MINUTE / 30, "worker": "host:7"} | facts
        return Round.objects.create(kind=kind, began_at=began, **facts)

    return run


@pytest.fixture
def running(run):
    run(RoundKind.PLAN, figures={"planned": 3})
    run(RoundKind.DELIVER, figures={"sent": 2, "failed": 1})


@pytest.fixture
def look(client, company, time_machine):
    def look(address=PAGE, person=company.admin):
        time_machine.move_to(NOW, tick=False)
        client.force_login(person)
        return client.get(address)

    return look


def codes(at=NOW) -> list[str]:
    return [each.code for each in State(at).warnings]


def text_of(response) -> str:
    return response.content.decode()


def test_all_is_well_while_both_run(running, look):
    assert codes() == []
    page = text_of(look())
    assert "<h1>提醒正常运行</h1>" in page
    for words in ("新排 3 条", "送出 2 条，失败 1 条", "用时 2.0 秒", "host:7"):
        assert words in page


def test_nothing_ever_ran(db, look):
    assert codes() == ["scheduler", "worker"]
    page = text_of(look())
    assert "<h1>还没有排过提醒</h1>" in page
    assert "请在服务器上启动 celery beat" in page


@pytest.mark.parametrize(("ago", "said"), [(9, []), (10, ["scheduler"]), (600, ["scheduler"])])
def test_a_silent_scheduler_is_noticed_after_ten_minutes(run, ago, said):
    run(RoundKind.PLAN, ago)
    run(RoundKind.DELIVER)
    assert codes() == said


def test_a_silent_worker_says_for_how_long_and_what_to_do(run, look):
    run(RoundKind.PLAN)
    run(RoundKind.DELIVER, ago=25)
    page = text_of(look())
    assert "<h1>已有 25 分钟没有发提醒</h1>" in page
    assert "请在服务器上启动 celery worker" in page


def test_a_run_without_an_end_says_so(run, running, look):
    run(RoundKind.DELIVER, ended_at=None)
    assert "还没有结束" in text_of(look())


def test_an_error_of_the_last_delivery_is_shown_without_addresses(run, running, look):
    run(RoundKind.DELIVER, ago=0, error="451 for pm01@example.test")
    assert codes() == ["error"]
    page = text_of(look())
    assert "451 for …" in page
    assert "example.test" not in page


def test_what_waits_is_counted_by_channel_and_hour(company, running, look):
    tell = ledgers.told
    wanted = {"delivery": Delivery.WANTED, "at": NOW - 5 * MINUTE}
    robot = Robot.objects.create(name="群", kind="wecom", sealed="x", created_at=NOW)
    tell(company.campaign, company.manager, channel="mail", **wanted)
    tell(company.campaign, company.worker, channel="mail", not_before=NOW + MINUTE, **wanted)
    tell(company.campaign, company.worker, channel=robot.channel, robot=robot, **wanted)
    tell(company.campaign, company.worker, channel="inbox")
    found = {each.channel: (each.now, each.later) for each in State(NOW).backlog}
    assert found == {"mail": (1, 1), "robot": (1, 0)}
    assert codes() == []
    assert "群机器人" in text_of(look())


@pytest.mark.parametrize(("minutes", "said"), [(30, []), (31, ["jam"])])
def test_what_waits_for_half_an_hour_is_said(company, running, minutes, said):
    at = NOW - minutes * MINUTE
    ledgers.told(company.campaign, company.manager, delivery=Delivery.WANTED, at=at)
    assert codes(NOW - MINUTE / 2 if minutes == 30 else NOW) == said


def test_what_waits_for_its_hour_is_no_jam(company, running):
    ledgers.told(
        company.campaign,
        company.manager,
        delivery=Delivery.WANTED,
        at=NOW - timedelta(days=2),
        not_before=NOW + MINUTE,
    )
    assert codes() == []


def test_what_was_put_off_waits_from_then_on(company, running):
    ledgers.told(
        company.campaign,
        company.manager,
        delivery=Delivery.WANTED,
        at=NOW - timedelta(days=2),
        not_before=NOW - MINUTE,
    )
    assert codes() == []


def test_failures_of_today_lead_to_the_ledger(company, running, look):
    for number, ago in enumerate((MINUTE, 20 * timedelta(hours=1))):
        for delivery in (Delivery.FAILED, Delivery.UNKNOWN):
            ledgers.told(
                company.campaign,
                company.manager,
                delivery=delivery,
                at=NOW - ago,
                occurrence=f"{delivery}{number}",
            )
    assert State(NOW).today == {"failed": 1, "unknown": 1, "sending": 0}
    assert 'href="/reminders/?result=failed' in text_of(look())


def test_robots_that_fail_are_named_and_lead_to_their_page(running, look):
    robot = Robot.objects.create(
        name="锦澜府工作群", kind="wecom", sealed="x", created_at=NOW, last_error="key revoked"
    )
    assert f'href="/settings/robots/{robot.pk}/">锦澜府工作群' in text_of(look())


def test_who_may_not_set_robots_up_gets_their_names_only(running, look, company):
    robot = Robot.objects.create(
        name="锦澜府工作群", kind="wecom", sealed="x", created_at=NOW, last_error="key revoked"
    )
    page = text_of(look(person=company.center))
    assert "锦澜府工作群" in page
    assert f"/settings/robots/{robot.pk}/" not in page


def test_a_broker_that_is_away_is_the_first_thing_said(running, look, settings):
    from config import celery_app

    reachable = celery_app.conf.broker_url
    celery_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        assert codes()[0] == "broker"
        assert "任务队列连接不上" in text_of(look())
    finally:
        celery_app.conf.broker_url = reachable


def test_programs_that_watch_get_the_same(running, look):
    answer = look(DATA)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["ok"], found["warnings"], found["broker"]) == (True, [], "ok")
    assert datetime.fromisoformat(found["last"]["plan"]) == NOW - MINUTE


def test_they_get_another_status_where_something_has_to_be_done(db, look):
    answer = look(DATA)
    assert (answer.status_code, answer.json()["ok"]) == (503, False)


@pytest.mark.parametrize("address", [PAGE, DATA])
def test_nobody_else_sees_it(look, company, address):
    assert look(address, company.lead).status_code == 403


def test_it_asks_as_often_for_much(company, run, running, look):
    few = queries_of(look)
    for number in range(5):
        run(RoundKind.DELIVER)
        ledgers.told(
            company.campaign, company.manager, delivery=Delivery.FAILED, occurrence=str(number)
        )
        Robot.objects.create(
            name=f"群{number}", kind="wecom", sealed="x", created_at=NOW, last_error="x"
        )
    assert queries_of(look) == few
