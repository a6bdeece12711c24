"""On a thing's page: who was told of it, when, by which channel, with what result."""

import pytest

from campaign.models import Robot
from campaign.models.reminders import Delivery
from campaign.told import STATES, Told
from tests import cast
from tests.campaign import ledgers
from tests.queries import queries_of

PANEL = "谁收到过提醒"


@pytest.fixture
def owed(company):
    return cast.obligation(cast.milestone(company.campaign), project=company.one)


@pytest.fixture
def tell(company, owed):
    def tell(person=company.manager, **facts):
        return ledgers.told(company.campaign, person, owed.thing, **facts)

    return tell


@pytest.fixture
def panel(client, company, owed):
    """The panel as somebody sees it."""

    def panel(person=company.manager, query=""):
        client.force_login(person)
        page = client.get(owed.get_absolute_url() + query).content.decode()
        return page.partition(PANEL)[2].partition("</section>")[0]

    return panel


def test_nobody_was_told_yet(panel):
    assert "还没有提醒过谁" in panel()


def test_who_why_when_how_and_with_what_result(tell, panel):
    tell(at=cast.moment(2011, 11, 25, 9))
    shown = panel()
    for words in ("陈立群", "到期前 3 天", "11月25日", "09:00", "邮件", "已发送"):
        assert words in shown


def test_why_it_failed_without_the_address(tell, panel):
    tell(delivery=Delivery.FAILED, error="550 pm01@example.test: no such user")
    shown = panel()
    assert "发送失败" in shown
    assert "550 … no such user" in shown
    assert "example.test" not in shown


def test_a_reason_of_ours_is_in_the_readers_language(client, tell, panel, company):
    tell(delivery=Delivery.CANCELLED, error="已离岗")
    assert "已离岗" in panel()
    company.manager.language = "en"
    company.manager.save()
    client.force_login(company.manager)
    shown = panel()
    assert "已离岗" not in shown


@pytest.mark.parametrize("delivery", Delivery)
def test_every_result_has_a_state(delivery):
    assert STATES[delivery].icon
    assert (STATES[delivery].tone == "warn") == (delivery in {"failed", "unknown"})


def test_a_repeat_says_so(tell, panel):
    lost = tell(delivery=Delivery.UNKNOWN, urgent=True)
    tell(repeat_of=lost, occurrence="again")
    assert panel().count("重发") == 1


def test_a_groups_robot_is_named(tell, panel):
    robot = Robot.objects.create(
        name="锦澜府工作群", kind="wecom", sealed="x", hint="…abc", created_at=cast.NOW
    )
    tell(channel=robot.channel, robot=robot)
    assert "锦澜府工作群" in panel()


def test_the_newest_first_a_page_at_a_time(company, owed, panel):
    for number in range(12):
        at = cast.moment(2011, 11, 1 + number)
        ledgers.told(company.campaign, company.manager, owed.thing, occurrence=str(at), at=at)
    first, second = panel(), panel(query="?told=2")
    assert first.index("11月12日") < first.index("11月11日")
    assert ("11月2日" in first, "11月2日" in second) == (False, True)


def test_other_things_and_other_campaigns_are_not_among_them(company, tell, panel):
    ledgers.told(company.campaign, company.worker, "obligation:999")
    tell()
    assert "马超" not in panel()


@pytest.mark.parametrize("who", ["worker", "center", "president"])
def test_whoever_sees_the_thing_sees_it(company, tell, panel, who):
    tell()
    assert "陈立群" in panel(getattr(company, who))


def test_it_asks_as_often_for_many(company, tell, panel):
    tell()
    few = queries_of(panel)
    for number in range(5):
        tell(company.worker, occurrence=f"{number}")
    assert queries_of(panel) == few


def test_what_is_gone_is_called_by_its_kind(company):
    row = ledgers.told(company.campaign, company.manager, "obligation:999")
    assert Told(row).title == "任务"
    assert Told(ledgers.told(company.campaign, company.manager, "x:1")).title == "事项"
