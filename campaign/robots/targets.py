"""Where a robot's messages go: its address and signing secret, read, sealed and opened again."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.utils.translation import gettext as _

from campaign.models import Robot
from campaign.models.channels import RobotKind
from campaign.robots import other
from organization.errors import Refused
from organization.vault import seal, unseal

LONGEST = 1000
HINT_LENGTH = 4
KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")
SECRET = re.compile(r"[\x21-\x7e]{6,128}")


@dataclass(frozen=True)
class Target:
    """An address with its key, and the signing secret where there is one.

    Both stay out of its repr, so that neither a log nor an error page has them.
    """

    kind: str
    address: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Service:
    """What a robot's address looks like: hosts, path, and where in it the key is."""

    hosts: tuple[str, ...]
    path: str
    key: Callable[[SplitResult, str], str]
    example: str
    signs: bool

    def has(self, parts: SplitResult) -> bool:
        return (parts.hostname or "") in self.hosts

    def key_in(self, parts: SplitResult) -> str:
        """The key, empty where the address has none that could be one."""
        found = self.key(parts, self.path)
        return found if KEY.fullmatch(found) else ""


def key_in_query(name: str) -> Callable[[SplitResult, str], str]:
    def key(parts: SplitResult, path: str) -> str:
        here = parts.path.rstrip("/") == path
        return parse_qs(parts.query).get(name, [""])[0] if here else ""

    return key


def key_in_path(parts: SplitResult, path: str) -> str:
    return parts.path.removeprefix(path).rstrip("/") if parts.path.startswith(path) else ""


SERVICES = {
    RobotKind.WECOM: Service(
        hosts=("qyapi.weixin.qq.com",),
        path="/cgi-bin/webhook/send",
        key=key_in_query("key"),
        example="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
        signs=False,
    ),
    RobotKind.DINGTALK: Service(
        hosts=("oapi.dingtalk.com",),
        path="/robot/send",
        key=key_in_query("access_token"),
        example="https://oapi.dingtalk.com/robot/send?access_token=…",
        signs=True,
    ),
    RobotKind.FEISHU: Service(
        hosts=("open.feishu.cn", "open.larksuite.com"),
        path="/open-apis/bot/v2/hook/",
        key=key_in_path,
        example="https://open.feishu.cn/open-apis/bot/v2/hook/…",
        signs=True,
    ),
}


def read_target(*, kind: str, address: str, secret: str = "") -> Target:
    """What was pasted, understood; raises Refused with the field that is wrong, and why.

    Neither is repeated in a refusal.
    """
    address, secret = address.strip(), secret.strip()
    if not address:
        raise Refused(_("请填写机器人地址。"), code="blank", field="address")
    if len(address) > LONGEST:
        raise Refused(_("地址太长，请检查是否多复制了内容。"), code="long", field="address")
    if kind == RobotKind.OTHER:
        refuse_the_known(address)
        other.check(address)
        if secret:
            raise no_secret()
        return Target(kind, address)
    return Target(kind, checked_address(kind, address), checked_secret(kind, secret))


def checked_address(kind: str, address: str) -> str:
    """The address as the service gives it, without anything that does not belong to it."""
    service, parts = SERVICES[kind], split(address)
    elsewhere = kind_of(parts)
    if elsewhere and elsewhere != kind:
        raise another_kind(elsewhere)
    if parts.scheme != "https" or not service.has(parts):
        words = _("%(kind)s机器人的地址是 %(example)s 这样的，请从群里重新复制。")
        raise Refused(
            words % {"kind": RobotKind(kind).label, "example": service.example},
            code="shape",
            field="address",
        )
    key = service.key_in(parts)
    if not key:
        words = _("地址没有复制完整，应该是 %(example)s")
        raise Refused(words % {"example": service.example}, code="no_key_in_it", field="address")
    return service.example.replace("…", key).replace(service.hosts[0], parts.hostname)


def split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def kind_of(parts: SplitResult) -> str:
    """Whose address it is, empty where it is nobody's of ours."""
    return next((kind for kind, service in SERVICES.items() if service.has(parts)), "")


def refuse_the_known(address: str) -> None:
    """What we speak ourselves is not left to the library, which does not read the answers."""
    parts = split(address)
    known = kind_of(parts) or other.OURS.get(parts.scheme, "")
    if known:
        raise another_kind(known)


def another_kind(kind: str) -> Refused:
    words = _("这是%(kind)s机器人的地址，类型请选“%(kind)s”。")
    return Refused(words % {"kind": RobotKind(kind).label}, code="other_kind", field="address")


def checked_secret(kind: str, secret: str) -> str:
    if secret and not SERVICES[kind].signs:
        raise no_secret()
    if secret and not SECRET.fullmatch(secret):
        words = _("签名密钥没有复制完整，或者多了空格。")
        raise Refused(words, code="secret", field="secret")
    return secret


def no_secret() -> Refused:
    return Refused(_("这种机器人没有签名密钥，请留空。"), code="no_secret", field="secret")


def key_of(target: Target) -> str:
    """Empty for other services: there is no telling where in the address it is."""
    service = SERVICES.get(target.kind)
    return service.key_in(split(target.address)) if service else ""


def hint_of(target: Target) -> str:
    """Enough to tell robots apart: the last characters of the key, or which service it is."""
    if target.kind == RobotKind.OTHER:
        return split(target.address).scheme[: Robot._meta.get_field("hint").max_length]
    return key_of(target)[-HINT_LENGTH:]


def sealed(target: Target) -> str:
    return seal(json.dumps([target.address, target.secret]))


def target_of(robot: Robot) -> Target:
    """Raises Refused when it can't be opened any more."""
    address, secret = json.loads(unseal(robot.sealed))
    return Target(robot.kind, address, secret)
