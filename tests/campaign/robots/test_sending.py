"""Messages through a real socket: what arrives, and what every kind of answer means."""

import base64
import hashlib
import hmac
import json
import logging
import socket
import time

import pytest
from cryptography.fernet import Fernet

from campaign.models.channels import RobotKind
from campaign.reminders.senders import Outcome
from campaign.robots import webhooks
from campaign.robots.sending import send
from campaign.robots.text import Block, GroupText, Line
from tests.campaign.robots.made import ADDRESSES, DINGTALK_KEY, FEISHU_KEY, KEYS, SIGNING, robot
from tests.webhooks import drop, never, no, ok, say, status

pytestmark = pytest.mark.django_db
WECOM, DINGTALK, FEISHU, OTHER = RobotKind
OURS = [WECOM, DINGTALK, FEISHU]
HOME = "https://pinzhi.example.test/"


def text(lines=2):
    return GroupText(
        "2 项已逾期",
        HOME,
        (
            Block(
                "陈立群：2 项已逾期", tuple(Line(f"整改{n}", f"{HOME}{n}/") for n in range(lines))
            ),
        ),
    )


def other(sink):
    return robot(OTHER, address=f"json://127.0.0.1:{sink.port}/hook")


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """Who waits for an answer that never comes waits shorter here."""
    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 0.5)


# --- what arrives ------------------------------------------------------------------------


def test_wecom_gets_markdown_at_its_own_path_with_its_key(sink):
    assert send(robot(WECOM), text()).outcome == Outcome.SENT
    assert sink.last.path == "/wecom/cgi-bin/webhook/send" and sink.last.query == {"key": KEYS[0]}
    assert sink.last.body["msgtype"] == "markdown"
    assert f"[整改0]({HOME}0/)" in sink.last.body["markdown"]["content"]


def test_dingtalk_gets_markdown_with_a_title(sink):
    assert send(robot(DINGTALK), text()).outcome == Outcome.SENT
    assert sink.last.path == "/dingtalk/robot/send"
    assert sink.last.query == {"access_token": DINGTALK_KEY}
    assert sink.last.body["markdown"]["title"] == "2 项已逾期"


def test_dingtalk_signs_the_moment(sink):
    send(robot(DINGTALK, secret=SIGNING), text())
    asked = sink.last.query
    words = f"{asked['timestamp']}\n{SIGNING}".encode()
    code = hmac.new(SIGNING.encode(), words, hashlib.sha256).digest()
    assert base64.b64decode(asked["sign"]) == code
    assert abs(int(asked["timestamp"]) / 1000 - time.time()) < 60


def test_feishu_gets_a_rich_text(sink):
    assert send(robot(FEISHU), text()).outcome == Outcome.SENT
    assert sink.last.path == f"/feishu/open-apis/bot/v2/hook/{FEISHU_KEY}"
    said = sink.last.body["content"]["post"]["zh_cn"]
    assert said["title"] == "2 项已逾期"
    assert said["content"][:1] == [[{"tag": "text", "text": "陈立群：2 项已逾期"}]]


def test_feishu_signs_in_the_body(sink):
    send(robot(FEISHU, secret=SIGNING), text())
    words = f"{sink.last.body['timestamp']}\n{SIGNING}".encode()
    code = hmac.new(words, b"", hashlib.sha256).digest()
    assert base64.b64decode(sink.last.body["sign"]) == code


@pytest.mark.parametrize(("kind", "limit"), [(WECOM, 4096), (DINGTALK, 20_000), (FEISHU, 20_000)])
def test_a_long_message_is_cut_to_what_the_service_takes(sink, kind, limit):
    send(robot(kind), text(lines=2000))
    assert "项，打开系统查看" in sink.last.text
    size = sink.last.size if kind == FEISHU else len(content(sink.last.body).encode())
    assert limit * 0.9 < size <= limit


def content(body):
    return body["markdown"].get("content") or body["markdown"]["text"]


def test_other_services_are_reached_through_the_library(sink):
    assert send(other(sink), text()).outcome == Outcome.SENT
    assert sink.last.path == "/hook" and sink.last.body["title"] == "2 项已逾期"
    assert f"整改0\n{HOME}0/" in sink.last.body["message"]


# --- what an answer means ----------------------------------------------------------------


def answered(kind, sink, answer):
    sink.answer(answer)
    found = send(robot(kind), text())
    assert len(sink.received) == 1  # whatever is answered, nothing is sent twice
    return found


@pytest.mark.parametrize(
    ("kind", "code"),
    [(WECOM, 93000), (DINGTALK, 300005), (DINGTALK, 400102), (FEISHU, 19001)],
)
def test_a_revoked_key_is_told_from_every_other_no(sink, kind, code):
    found = answered(kind, sink, no(code, "invalid webhook url"))
    assert (found.outcome, found.is_revoked) == (Outcome.REFUSED, True)
    assert str(code) in found.error and "invalid webhook url" in found.error


@pytest.mark.parametrize(
    ("kind", "code"),
    [(WECOM, 40058), (DINGTALK, 310000), (FEISHU, 19021), (FEISHU, 19024), (FEISHU, 9499)],
)
def test_a_wrong_signature_or_word_is_a_no_for_good(sink, kind, code):
    found = answered(kind, sink, no(code, "sign not match"))
    assert (found.outcome, found.is_revoked) == (Outcome.REFUSED, False)


@pytest.mark.parametrize(
    ("kind", "code"), [(WECOM, 45009), (WECOM, -1), (DINGTALK, 130101), (FEISHU, 11232)]
)
def test_too_many_is_a_no_for_now(sink, kind, code):
    assert answered(kind, sink, no(code, "too fast")).outcome == Outcome.LATER


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (status(429), Outcome.LATER),
        (status(503), Outcome.LATER),
        (status(500), Outcome.UNKNOWN),
        (status(502), Outcome.UNKNOWN),
        (status(504), Outcome.UNKNOWN),
        (status(400), Outcome.REFUSED),
        (status(404), Outcome.REFUSED),
        (status(302, Location="http://127.0.0.1:1/"), Outcome.REFUSED),
        (status(200, b"<html>Log in to the network</html>"), Outcome.UNKNOWN),
        (status(200, b"[]"), Outcome.UNKNOWN),
        (status(200, b""), Outcome.UNKNOWN),
        (never, Outcome.UNKNOWN),
        (drop, Outcome.UNKNOWN),
    ],
)
def test_what_came_of_it_follows_from_the_answer(sink, kind, answer, outcome):
    assert answered(kind, sink, answer).outcome == outcome


def test_feishu_says_a_wrong_key_with_a_status_of_its_own(sink):
    found = answered(FEISHU, sink, no(19001, "token invalid", status=400))
    assert found.is_revoked


def test_a_success_that_the_status_denies_is_none(sink):
    found = answered(WECOM, sink, lambda handler: say(handler, 404, {"errcode": 0}))
    assert found.outcome == Outcome.REFUSED


@pytest.mark.parametrize("kind", OURS)
def test_without_a_connection_nothing_left(settings, kind):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.ROBOT_GATEWAY = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert send(robot(kind), text()).outcome == Outcome.LATER


def test_a_host_that_does_not_exist_is_no_connection(settings):
    settings.ROBOT_GATEWAY = "http://robots.invalid"
    assert send(robot(), text()).outcome == Outcome.LATER


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (status(404), Outcome.REFUSED),
        (status(429), Outcome.LATER),
        (status(500), Outcome.UNKNOWN),
        (drop, Outcome.UNKNOWN),
    ],
)
def test_what_the_library_tells_is_understood(sink, answer, outcome):
    sink.answer(answer)
    assert send(other(sink), text()).outcome == outcome
    assert len(sink.received) == 1


def test_an_address_that_leads_inside_by_now_is_not_reached(sink, settings):
    made = other(sink)
    settings.ROBOT_GATEWAY = ""
    assert send(made, text()).outcome == Outcome.REFUSED
    assert not sink.received


def test_what_no_key_opens_is_an_answer_and_no_crash(sink, settings):
    made = robot()
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    found = send(made, text())
    assert found.outcome == Outcome.LATER and "CHANNEL_KEYS" in found.error


# --- nothing to be read ------------------------------------------------------------------


def echo(handler):
    """A gateway that repeats in its error what it was asked."""
    words = f"no such robot: {handler.path} {ADDRESSES[WECOM]} {SIGNING}"
    say(handler, 200, {"errcode": 40001, "errmsg": words, "code": 40001, "msg": words})


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("answer", [echo, drop, never, status(500), ok])
def test_neither_errors_nor_logs_repeat_key_or_secret(sink, caplog, kind, answer):
    caplog.set_level(logging.INFO)
    sink.answer(answer)
    secret = "" if kind == WECOM else SIGNING
    found = send(robot(kind, secret=secret), text())
    key = dict(zip(OURS, KEYS, strict=True))[kind]
    for said in (found.error, repr(found), caplog.text):
        assert key not in said
        assert not secret or secret not in said


@pytest.mark.parametrize("answer", [drop, status(404), ok])
def test_neither_does_the_library(sink, caplog, capfd, answer):
    sink.answer(answer)
    made = robot(OTHER, address=f"json://me:pa55word@127.0.0.1:{sink.port}/very-secret-path")
    found = send(made, text())
    said = f"{found!r} {caplog.text} {json.dumps(capfd.readouterr())}"
    assert "pa55word" not in said and "very-secret-path" not in said
