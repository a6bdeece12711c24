"""What people paste as a robot's address: understood, or refused with a sentence that helps."""

from ipaddress import ip_network

import pytest

from campaign.models.channels import RobotKind
from campaign.robots.targets import Target, hint_of, read_target
from organization.errors import Refused
from tests.campaign.robots.made import ADDRESSES, FEISHU_KEY, SIGNING, WECOM_KEY

WECOM, DINGTALK, FEISHU, OTHER = RobotKind
OURS = [WECOM, DINGTALK, FEISHU]


def read(kind, address, secret=""):
    return read_target(kind=kind, address=address, secret=secret)


def refused(kind, address, secret="") -> Refused:
    with pytest.raises(Refused) as refusal:
        read(kind, address, secret)
    return refusal.value


@pytest.mark.parametrize("kind", OURS)
def test_an_address_is_taken_as_the_service_gives_it(kind):
    assert read(kind, f"  {ADDRESSES[kind]}\n").address == ADDRESSES[kind]


def test_what_does_not_belong_to_it_is_left_out():
    pasted = f"{ADDRESSES[WECOM]}&debug=1#top"
    assert read(WECOM, pasted).address == ADDRESSES[WECOM]


def test_the_international_feishu_keeps_its_host():
    pasted = f"https://open.larksuite.com/open-apis/bot/v2/hook/{FEISHU_KEY}"
    assert read(FEISHU, pasted).address == pasted


@pytest.mark.parametrize("kind", [DINGTALK, FEISHU])
def test_a_signing_secret_comes_with_it(kind):
    assert read(kind, ADDRESSES[kind], f" {SIGNING} ").secret == SIGNING


def test_robots_are_told_apart_by_the_end_of_their_key():
    assert hint_of(read(WECOM, ADDRESSES[WECOM])) == WECOM_KEY[-4:]


@pytest.mark.parametrize("kind", RobotKind)
def test_without_an_address_it_is_refused(kind):
    assert refused(kind, "  ").code == "blank"


@pytest.mark.parametrize(
    "address",
    [
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdefgh",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdefgh",
        "https://qyapi.weixin.qq.com.example.test/cgi-bin/webhook/send?key=abcdefgh",
        "https://example.test/?https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdefgh",
        "https://me@example.test/cgi-bin/webhook/send?key=abcdefgh",
        "https://[::1/",
        "机器人",
    ],
)
def test_another_host_is_refused_with_how_it_should_look(address):
    refusal = refused(WECOM, address)
    assert refusal.code == "shape" and "qyapi.weixin.qq.com" in str(refusal)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
        (WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="),
        (WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a/../b-and-more"),
        (WECOM, "https://qyapi.weixin.qq.com/cgi-bin/gettoken?key=abcdefghij"),
        (DINGTALK, "https://oapi.dingtalk.com/robot/send?token=abcdefghij"),
        (FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/"),
        (FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/abcdefgh/../../x"),
    ],
)
def test_an_address_without_a_whole_key_is_refused(kind, address):
    assert refused(kind, address).code == "no_key_in_it"


@pytest.mark.parametrize(
    ("kind", "pasted"),
    [(kind, pasted) for kind in RobotKind for pasted in OURS if kind != pasted],
)
def test_an_address_of_another_kind_says_which_kind_it_is(kind, pasted):
    refusal = refused(kind, ADDRESSES[pasted])
    assert refusal.code == "other_kind" and str(pasted.label) in str(refusal)


@pytest.mark.parametrize("kind", [WECOM, OTHER])
def test_a_secret_where_there_is_none_is_refused(kind):
    address = ADDRESSES.get(kind, "json://hooks.example.test/x")
    assert refused(kind, address, SIGNING).field == "secret"


@pytest.mark.parametrize("secret", ["SEC", "SEC with a gap", "密钥密钥密钥"])
def test_a_secret_that_was_not_copied_whole_is_refused(secret):
    assert refused(DINGTALK, ADDRESSES[DINGTALK], secret).code == "secret"


@pytest.mark.parametrize("kind", OURS)
def test_neither_a_refusal_nor_a_repr_repeats_what_was_pasted(kind):
    pasted = ADDRESSES[kind].replace("https", "ftp")
    assert "c4" not in str(refused(kind, pasted))
    target = Target(kind, ADDRESSES[kind], SIGNING)
    assert ADDRESSES[kind] not in repr(target) and SIGNING not in repr(target)


# --- other services ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "jsons://hooks.example.test/path",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops",
        "mailto://me:secret@example.test",
    ],
)
def test_an_address_of_the_library_is_kept_as_it_is(address):
    assert read(OTHER, address).address == address


@pytest.mark.parametrize("address", ["https://example.test/hook", "what://x", "json://", "机器人"])
def test_what_the_library_does_not_understand_is_refused(address):
    assert refused(OTHER, address).code == "shape"


@pytest.mark.parametrize(
    "address", ["wecombot://abcdefgh", "dingtalk://abcdefgh", "feishu://abcdefgh", "lark://abcdef"]
)
def test_what_we_speak_ourselves_is_not_left_to_the_library(address):
    assert refused(OTHER, address).code == "other_kind"


@pytest.mark.parametrize("address", ["syslog://", "dbus://", "gnome://", "windows://"])
def test_no_message_pops_up_on_the_server(address):
    assert refused(OTHER, address).code == "this_machine"


@pytest.mark.parametrize(
    "address",
    [
        "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz?template=/etc/passwd",
        "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz?TEMPLATE=notes",
        "fcm://project/device/?keyfile=secret_key",
        "json://hooks.example.test/?:extra=file:///etc/passwd",
    ],
)
def test_no_file_of_the_server_is_read(address):
    assert refused(OTHER, address).code == "file"


PRIVATE = [
    "json://127.0.0.1:8000/x",
    "json://localhost/x",
    "json://localhost./x",
    "json://0x7f000001/x",
    "json://0.0.0.0/x",
    "json://[::1]/x",
    "json://[::ffff:127.0.0.1]/x",
    "json://[fe80::1]/x",
    "json://10.0.0.8/x",
    "json://172.16.1.1/x",
    "json://192.168.1.20/x",
    "json://169.254.169.254/latest",
    "json://100.64.0.1/x",
    "ntfy://192.168.1.20/topic",
    "mailto://me:secret@192.168.1.20",
    "mailto://me:secret@example.test?smtp=127.0.0.1",
    "rsyslog://192.168.1.20",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_the_own_network_is_out_of_reach(address):
    assert refused(OTHER, address).code == "private"


def test_the_installation_may_open_a_part_of_it(settings):
    settings.ROBOT_PRIVATE_ADDRESSES = [ip_network("192.168.1.0/24")]
    assert read(OTHER, "json://192.168.1.20/x").kind == OTHER
    assert refused(OTHER, "json://192.168.2.20/x").code == "private"


def test_the_gateway_is_meant_to_be_reached_and_nothing_beside_it(settings):
    settings.ROBOT_GATEWAY = "http://127.0.0.1:8431"
    assert read(OTHER, "json://127.0.0.1:8431/x").kind == OTHER
    assert refused(OTHER, "json://127.0.0.1:6379/x").code == "private"
