"""The pages of robots: for administrators, without ever showing what opens a group."""

import pytest
from django.urls import reverse

from campaign.models import Robot
from campaign.models.channels import RobotKind
from campaign.robots.setting_up import switch_off_robot
from campaign.robots.targets import target_of
from tests import cast
from tests.campaign.robots.made import ADDRESSES, AT, DINGTALK_KEY, KEYS, SIGNING, robot
from tests.queries import queries_of
from tests.webhooks import never, no, status

WECOM, DINGTALK, FEISHU, OTHER = RobotKind
LIST, NEW = "/settings/robots/", "/settings/robots/new/"


@pytest.fixture
def ask(client, company):
    def asked(address, typed=None, person=company.admin, **query):
        client.force_login(person)
        if typed is None:
            return client.get(address, query)
        return client.post(address, typed)

    return asked


def page_of(robot):
    return reverse("robot", args=[robot.pk])


def text(response):
    return response.content.decode()


def typed(**more):
    """A form for a new robot of the company."""
    facts = {
        "name": "物业群",
        "scope": "company",
        "language": "zh-hans",
        "per_minute": "20",
        "address": ADDRESSES[WECOM],
    }
    return facts | more


PEOPLE = ("president", "executive", "center", "lead", "manager", "worker")


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_else_sees_or_touches_them(ask, company, person):
    made, who = robot(), getattr(company, person)
    for address in (LIST, NEW, page_of(made)):
        assert ask(address, person=who).status_code == 403
    for move in ("test", "off", "change"):
        assert ask(page_of(made), {"move": move, "reason": "x"}, person=who).status_code == 403
    assert ask(NEW, typed(), person=who).status_code == 403
    assert Robot.objects.get().revision == 0


# --- the list ----------------------------------------------------------------------------


def test_the_list_says_what_each_speaks_for_and_how_it_stands(ask, company):
    robot(name="锦澜府群", project=company.one)
    switch_off_robot(robot=robot(name="旧群"), reason="群已解散", by="command", at=AT)
    page = text(ask(LIST))
    assert "锦澜府群" in page and "尾号 51d7" in page and "未测试" in page
    assert "群已解散" in page and "已停用" in page
    assert "1 个机器人在用" in page


def test_the_list_is_empty_at_first(ask):
    assert "还没有机器人" in text(ask(LIST))


def test_the_answer_is_what_does_not_work(ask):
    robot()
    Robot.objects.update(last_error="HTTP 500")
    assert "1 个机器人没发出去" in text(ask(LIST))


def test_the_list_is_narrowed_by_scope_kind_and_word(ask, company):
    robot(name="甲群", project=company.one)
    robot(FEISHU, name="乙群", region="高新")
    robot(name="丙群")

    def names(**query):
        page = text(ask(LIST, **query))
        return [name for name in ("甲群", "乙群", "丙群") if name in page]

    assert names(scope="project") == ["甲群"]
    assert names(scope="region") == ["乙群"]
    assert names(scope="company") == ["丙群"]
    assert names(kind="feishu") == ["乙群"]
    assert names(q="锦澜") == ["甲群"]
    assert names(scope="nonsense", kind="nonsense") == ["甲群", "乙群", "丙群"]
    assert "没有符合筛选的机器人" in text(ask(LIST, q="没有这个"))


def test_the_list_asks_as_much_for_many_as_for_few(ask, company):
    for n in range(3):
        robot(name=f"群{n}", project=company.one)
    few = queries_of(lambda: ask(LIST))
    for n in range(30):
        robot(name=f"更多{n}", project=company.two)
    assert queries_of(lambda: ask(LIST)) == few


def test_a_long_list_is_paged(ask):
    for n in range(51):
        robot(name=f"群{n:02}")
    assert "群50" not in text(ask(LIST)) and "群50" in text(ask(LIST, page="2"))


# --- a new one ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RobotKind)
def test_the_form_says_where_each_service_has_its_address(ask, kind):
    page = text(ask(NEW, kind=kind))
    where = {WECOM: "qyapi.weixin", DINGTALK: "加签", FEISHU: "签名校验", OTHER: "jsons://"}
    assert where[kind] in page
    assert ('name="secret"' in page) == (kind in (DINGTALK, FEISHU))


def test_one_is_set_up_for_the_company(ask, company):
    answer = ask(NEW, typed())
    made = Robot.objects.get()
    assert answer.url == page_of(made) and made.created_by == company.admin
    assert target_of(made).address == ADDRESSES[WECOM]


@pytest.mark.parametrize("named", ["P01", "锦澜府"])
def test_one_is_set_up_for_a_project_by_code_or_name(ask, company, named):
    ask(NEW, typed(scope="project", project=named, region="高新"))
    assert (Robot.objects.get().project, Robot.objects.get().region) == (company.one, "")


def test_one_is_set_up_for_a_region(ask):
    ask(NEW, typed(scope="region", region="高新", project="P01"))
    assert (Robot.objects.get().project, Robot.objects.get().region) == (None, "高新")


def test_one_is_set_up_with_its_signing_secret(ask):
    ask(f"{NEW}?kind=dingtalk", typed(address=ADDRESSES[DINGTALK], secret=SIGNING))
    assert target_of(Robot.objects.get()).secret == SIGNING


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "这一项必填"),
        ({"scope": "project", "project": ""}, "请填写项目编码或名称。"),
        ({"scope": "project", "project": "X9"}, "没有找到这个项目"),
        ({"scope": "region", "region": ""}, "请选择区域。"),
        ({"per_minute": "500"}, "每分钟 1 到 20 条。"),
        ({"address": ""}, "请填写机器人地址。"),
        ({"address": ADDRESSES[DINGTALK]}, "类型请选“钉钉”。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays_but_for_secrets(ask, more, words):
    answer = ask(NEW, typed(**{"name": "物业的群"} | more))
    page = text(answer)
    assert answer.status_code == 422 and words in page
    assert more.get("name") == "" or "物业的群" in page
    assert not any(key in page for key in KEYS)
    assert not Robot.objects.exists()


def test_two_projects_of_one_name_are_told_apart_by_code(ask, company):
    cast.project("P09", "锦澜府")
    page = text(ask(NEW, typed(scope="project", project="锦澜府")))
    assert "请填写项目编码" in page and not Robot.objects.exists()


def test_without_a_key_the_page_says_who_can_help(ask, settings):
    settings.EMBEDDED = False
    assert "CHANNEL_KEYS" in text(ask(NEW, typed()))


# --- one robot ---------------------------------------------------------------------------


def test_its_page_shows_nothing_that_opens_the_group(ask):
    made = robot(DINGTALK, secret=SIGNING)
    page = text(ask(page_of(made)))
    assert "已保存，留空不变" in page and f"尾号 {DINGTALK_KEY[-4:]}" in page
    for secret in (DINGTALK_KEY, SIGNING, made.sealed):
        assert secret not in page


def change(made, **more):
    return typed(move="change", revision=made.revision, address="", **more)


def test_saving_without_an_address_keeps_it(ask):
    made = robot()
    ask(page_of(made), change(made, name="新名字"))
    made.refresh_from_db()
    assert made.name == "新名字" and target_of(made).address == ADDRESSES[WECOM]


def test_a_stale_form_keeps_what_was_typed_and_says_so(ask):
    made = robot()
    ask(page_of(made), change(made, name="先保存的"))
    answer = ask(page_of(made), change(made, name="后保存的"))
    assert answer.status_code == 409
    assert "刚才有人改过" in text(answer) and 'value="后保存的"' in text(answer)
    made.refresh_from_db()
    assert made.name == "先保存的"


def test_switching_off_asks_why(ask):
    made = robot()
    answer = ask(page_of(made), {"move": "off", "reason": " "})
    assert answer.status_code == 422 and "请写明停用的原因。" in text(answer)


def test_it_is_switched_off_and_on(ask):
    made = robot()
    ask(page_of(made), {"move": "off", "reason": "换了新群"})
    assert "换了新群" in text(ask(page_of(made)))
    ask(page_of(made), {"move": "on"})
    made.refresh_from_db()
    assert not made.is_off


def test_nonsense_changes_nothing(ask):
    made = robot()
    assert ask(page_of(made), {"move": "explode"}).url == page_of(made)
    assert ask("/settings/robots/999/").status_code == 404


# --- the test button ---------------------------------------------------------------------


def press(ask, made):
    ask(page_of(made), {"move": "test"})
    made.refresh_from_db()
    return text(ask(page_of(made)))


def test_a_test_arrives_and_is_on_record(ask, sink, company):
    made = robot()
    page = press(ask, made)
    assert "测试消息" in sink.last.text and str(company.admin) in sink.last.text
    assert "测试消息已发出" in page and made.tested_at and not made.last_error


def test_a_test_speaks_the_groups_language(ask, sink):
    press(ask, robot(language="en"))
    assert "test message" in sink.last.text


def test_a_second_test_at_once_is_not_sent(ask, sink):
    made = robot()
    press(ask, made)
    assert "刚刚测试过" in press(ask, made)
    assert len(sink.received) == 1


def test_a_test_that_was_not_taken_says_what_was_answered(ask, sink):
    sink.answer(no(310000, "sign not match"))
    made = robot(DINGTALK)
    page = press(ask, made)
    assert "没有发出去：errcode 310000: sign not match" in page
    assert made.last_error and not made.is_off


def test_a_test_without_an_answer_may_have_arrived(ask, sink):
    sink.answer(status(502))
    assert "不知道有没有发到：HTTP 502" in press(ask, robot())


def test_a_test_with_a_revoked_key_switches_the_robot_off(ask, sink):
    sink.answer(no(93000, "invalid webhook url"))
    made = robot()
    press(ask, made)
    assert made.is_off and "93000" in made.switched_off_reason


def test_an_answer_of_ours_is_said_in_the_readers_language(ask, sink, client, monkeypatch):
    monkeypatch.setattr("campaign.robots.webhooks.ANSWER_SECONDS", 0.3)
    sink.answer(never)
    made = robot()
    press(ask, made)
    client.cookies["django_language"] = "en"
    page = text(ask(page_of(made)))
    assert "did not answer" in page and "没有回答" not in page
