"""Letters to robots, through the delivery that brings all others."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import translation

from campaign import registry
from campaign.models import Letter, Message, Reminder, Robot
from campaign.models.channels import ChannelChoice, RobotKind
from campaign.models.reminders import Delivery
from campaign.reminders.delivery import deliver_round
from campaign.robots.pace import digest_minute
from campaign.robots.sender import said
from campaign.robots.setting_up import switch_off_robot
from campaign.robots.text import as_plain
from campaign.tasks import play_round
from tests import cast
from tests.campaign.duties import Duties
from tests.campaign.robots.made import AT, notice, robot
from tests.webhooks import drop, never, no, ok, status

WECOM, DINGTALK, FEISHU, OTHER = RobotKind
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def group(company):
    return robot(project=company.one)


@pytest.fixture
def tell(company):
    """What happened, of a person, for a robot's group."""

    def told(robot, n=1, person=company.manager, **facts):
        return notice(robot, person, company.campaign, n, **facts)

    return told


def delivery_of(row):
    row.refresh_from_db()
    return row.delivery


# --- what the group reads ----------------------------------------------------------------


def test_all_that_is_new_is_one_message_by_person(sink, group, tell, company, settings):
    settings.SITE_URL = "https://pinzhi.example"
    tell(group, 1)
    tell(group, 2)
    tell(group, 3, person=company.head)
    deliver_round(at=AT)
    (message,) = sink.received
    assert message.body["markdown"]["content"].split("\n") == [
        "**3 条新消息**",
        "",
        "**陈立群：2 条新消息**",
        "- [问题1已退回（照片不清楚）](https://pinzhi.example/findings/1/)",
        "- [问题2已退回（照片不清楚）](https://pinzhi.example/findings/2/)",
        "",
        "**刘晓燕：1 条新消息**",
        "- [问题3已退回（照片不清楚）](https://pinzhi.example/findings/3/)",
        "",
        "[打开品质提升专项工作](https://pinzhi.example/)",
    ]


def test_it_is_recorded_in_the_ledger_the_letter_and_the_robot(sink, group, tell):
    row = tell(group)
    done = deliver_round(at=AT)
    row.refresh_from_db()
    assert (done.sent, row.delivery, row.sent_at) == ([row.pk], Delivery.SENT, AT)
    assert (row.letter.robot, row.letter.channel) == (group, group.channel)
    group.refresh_from_db()
    assert (group.last_sent_at, group.last_error) == (AT, "")


def test_each_group_has_its_own_message(sink, group, tell):
    other = robot(FEISHU, region="高新")
    tell(group)
    tell(other)
    deliver_round(at=AT)
    assert sorted(each.path.split("/")[1] for each in sink.received) == ["feishu", "wecom"]


def test_the_group_is_spoken_to_in_its_language(sink, tell):
    tell(robot(language="en"))
    deliver_round(at=AT)
    assert "陈立群: 1 message" in sink.last.text and "条新消息" not in sink.last.text


def test_a_repeat_says_that_it_is_one(company, group, tell):
    first = tell(group)
    again = tell(group, 2, repeat_of=first)
    with translation.override("zh-hans"):
        assert "再发一次" in as_plain(said([again]))


def test_two_rounds_say_it_once(sink, group, tell):
    tell(group)
    deliver_round(at=AT)
    deliver_round(at=AT + timedelta(minutes=2))
    assert len(sink.received) == 1


def test_who_does_not_want_robots_is_not_named_in_the_group(sink, group, tell, company):
    ChannelChoice.objects.create(person=company.manager, robots=False)
    row = tell(group)
    deliver_round(at=AT)
    assert not sink.received and delivery_of(row) == Delivery.CANCELLED


# --- what came of it ---------------------------------------------------------------------


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr("campaign.robots.webhooks.ANSWER_SECONDS", 0.3)


@pytest.mark.parametrize(
    ("answer", "delivery"),
    [
        (ok, Delivery.SENT),
        (no(310000, "sign not match"), Delivery.FAILED),
        (no(45009, "freq"), Delivery.WANTED),
        (status(429), Delivery.WANTED),
        (status(500), Delivery.UNKNOWN),
        (never, Delivery.UNKNOWN),
        (drop, Delivery.UNKNOWN),
    ],
)
def test_the_ledger_has_what_came_of_it(sink, group, tell, answer, delivery):
    sink.answer(answer)
    row = tell(group)
    deliver_round(at=AT)
    assert delivery_of(row) == delivery and len(sink.received) == 1


def test_what_was_too_much_for_now_is_said_later(sink, group, tell):
    sink.answer(status(429), ok)
    row = tell(group)
    deliver_round(at=AT)
    deliver_round(at=AT + timedelta(minutes=5))
    assert len(sink.received) == 1
    deliver_round(at=AT + TEN_MINUTES)
    assert delivery_of(row) == Delivery.SENT and len(sink.received) == 2


def test_what_may_have_arrived_is_not_said_again(sink, group, tell):
    sink.answer(status(502), ok)
    tell(group)
    deliver_round(at=AT)
    deliver_round(at=AT + TEN_MINUTES)
    assert len(sink.received) == 1


def test_one_group_that_does_not_work_does_not_keep_the_others(sink, group, tell):
    sink.answer(drop, ok)
    rows = [tell(group), tell(robot(name="另一个群"))]
    deliver_round(at=AT)
    assert [delivery_of(row) for row in rows] == [Delivery.UNKNOWN, Delivery.SENT]


def test_the_robot_shows_its_last_error_until_something_arrives(sink, group, tell):
    sink.answer(status(500), ok)
    tell(group)
    deliver_round(at=AT)
    group.refresh_from_db()
    assert group.last_error == "HTTP 500"
    tell(group, 2)
    deliver_round(at=AT + timedelta(minutes=2))
    group.refresh_from_db()
    assert group.last_error == ""


# --- revoked and switched off ------------------------------------------------------------


def test_a_revoked_key_switches_the_robot_off_and_administrators_learn_it_once(
    sink, group, tell, company
):
    sink.answer(no(93000, "invalid webhook url"))
    row = tell(group)
    deliver_round(at=AT)
    assert delivery_of(row) == Delivery.FAILED and "93000" in row.error
    group.refresh_from_db()
    assert group.is_off and "93000" in group.switched_off_reason
    tell(group, 2)
    deliver_round(at=AT + timedelta(minutes=2))
    deliver_round(at=AT + timedelta(minutes=4))
    assert len(sink.received) == 1
    told = company.admin.messages_received.get()
    assert group.name in told.title and told.url == f"/settings/robots/{group.pk}/"
    assert Message.objects.filter(title=told.title).count() == 1


def test_what_was_for_a_robot_that_is_off_is_cancelled_with_the_reason(sink, group, tell):
    row = tell(group)
    switch_off_robot(robot=group, reason="群已解散", by="command", at=AT)
    deliver_round(at=AT)
    assert delivery_of(row) == Delivery.CANCELLED and row.error == "机器人已停用"
    assert not sink.received and not Letter.objects.filter(robot=group).exists()


# --- not too many ------------------------------------------------------------------------


def test_what_is_over_the_limit_waits_and_is_not_lost(sink, tell):
    group = robot(per_minute=3)
    for n in range(5):
        tell(group, n)
        deliver_round(at=AT)
    assert len(sink.received) == 3
    assert Reminder.objects.wanted().count() == 2
    deliver_round(at=AT + timedelta(minutes=2))
    assert len(sink.received) == 4 and not Reminder.objects.wanted().exists()
    assert Robot.objects.get(pk=group.pk).last_error == ""


# --- digests, from planning on -----------------------------------------------------------

DUE = date(2011, 10, 20)
NINE = cast.moment(2011, 10, 20, 9)


@pytest.fixture
def duties(company, monkeypatch):
    company.campaign.phases.all().delete()
    duties = Duties(company.campaign)
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties])
    return duties


def its_minute(group):
    return NINE + timedelta(minutes=digest_minute(group.pk))


def test_a_digest_names_who_has_what_to_do_and_leaves_in_its_minute(sink, group, duties, company):
    duties.owe("a", DUE, company.manager, company.head, title="动员会")
    duties.owe("b", DUE - timedelta(days=1), company.manager, title="签到表")
    play_round(at=NINE)
    assert not sink.received
    play_round(at=its_minute(group) - timedelta(minutes=1))
    assert not sink.received
    play_round(at=its_minute(group))
    (message,) = sink.received
    lines = message.body["markdown"]["content"].split("\n")
    assert lines[0] == "**1 项已逾期，2 项今天到期**"
    assert [line for line in lines if "：" in line and "**" in line] == [
        "**陈立群：1 项已逾期，1 项今天到期**",
        "**刘晓燕：1 项今天到期**",
    ]
    assert any(line.startswith("- [签到表（期限 ") for line in lines)


def test_rounds_on_the_full_hour_alone_bring_it_too(sink, group, duties, company):
    duties.owe("a", DUE, company.manager)
    play_round(at=NINE)
    play_round(at=NINE + timedelta(hours=1))
    assert len(sink.received) == 1


def test_a_group_has_one_digest_a_day(sink, group, duties, company):
    duties.owe("a", DUE, company.manager)
    play_round(at=its_minute(group))
    duties.owe("b", DUE, company.manager)
    play_round(at=its_minute(group) + timedelta(minutes=2))
    assert len(sink.received) == 1


def test_what_was_done_while_the_digest_waited_is_not_in_it(sink, group, duties, company):
    duties.owe("a", DUE, company.manager, title="做完的")
    duties.owe("b", DUE, company.manager, title="没做的")
    play_round(at=NINE)
    duties.finish("a")
    play_round(at=its_minute(group))
    assert "没做的" in sink.last.text and "做完的" not in sink.last.text


def test_a_digest_in_english_names_things_in_english(sink, duties, company):
    group = robot(project=company.one, language="en")
    duties.owe("a", DUE, company.manager)
    play_round(at=its_minute(group))
    assert "due today" in sink.last.text and "到期" not in sink.last.text


def test_of_two_robots_of_a_project_the_one_that_is_off_gets_nothing(sink, group, duties, company):
    switch_off_robot(robot=robot(project=company.one), reason="旧群", by="command", at=AT)
    duties.owe("a", DUE, company.manager)
    play_round(at=its_minute(group))
    channels = Reminder.objects.filter(robot__isnull=False).values_list("channel", flat=True)
    assert list(channels) == [group.channel]


def test_the_command_says_how_much_the_groups_were_told(sink, group, tell, capsys):
    tell(group)
    call_command("send_reminders", at=AT.isoformat())
    assert "robots: 1" in capsys.readouterr().out
