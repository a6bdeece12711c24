"""All other services, through the notification library, with some of what it can do held back.

It also speaks to the machine that it runs on, and reads files of it that an address names.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.plugins import NotifyBase
from apprise.result import AppriseResultStatus
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaign.models.channels import RobotKind
from campaign.reminders.senders import Outcome, Result
from campaign.robots.reach import refuse_own_network
from campaign.robots.text import GroupText, as_plain, fitted
from organization.errors import Refused

# What we speak ourselves, by the library's words.
OURS = {
    "wecombot": RobotKind.WECOM,
    "dingtalk": RobotKind.DINGTALK,
    "feishu": RobotKind.FEISHU,
    "lark": RobotKind.FEISHU,
}
THIS_MACHINE = {
    "blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows",
}  # fmt: skip
FILES = {"attach", "file_url", "keyfile", "subfile", "template"}
LOCAL_PATH = re.compile(r"(/|~|\.|file:)", re.I)
SECONDS = 20
STATUS = re.compile(r"error=(\d{3})")
NOT_TAKEN = gettext_noop("对方没有收下")
TOO_SLOW = gettext_noop("对方太久没有回答")
LATER = {429, 503}


def check(address: str) -> None:
    """Raises Refused for what is no address of the library, and for what it may not do here."""
    service(address)


def service(address: str) -> NotifyBase:
    refuse_this_machine(address)
    # no redirects: they could lead to where the address itself must not
    asset = AppriseAsset(
        async_mode=False, http_redirects=False, service_timeout=SECONDS, storage_mode="memory"
    )
    found = Apprise.instantiate(address, asset=asset)
    if found is None:
        raise Refused(
            _("看不懂这个地址。要用 apprise 的写法，例如 jsons://主机/路径 或 slack://…"),
            code="shape",
            field="address",
        )
    for host, port in hosts_of(found):
        refuse_own_network(host, port)
    found.redirects, found.optional, found.service_retry = False, False, 0
    return found


def refuse_this_machine(address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return  # the library will not understand it either
    if parts.scheme in THIS_MACHINE:
        words = _("这种地址只在服务器本机上弹出消息，到不了工作群。")
        raise Refused(words, code="this_machine", field="address")
    asked = parse_qsl(parts.query)
    if any(name.lower() in FILES or LOCAL_PATH.match(value) for name, value in asked):
        words = _("地址里不能引用服务器上的文件。")
        raise Refused(words, code="file", field="address")


def hosts_of(found: NotifyBase) -> Iterator[tuple[str, int | None]]:
    """Hosts that an address chooses; those of services with one address of their own are known."""
    if "host" in found.template_tokens:
        yield found.host.strip("[]"), found.port
    for value in vars(found).values():
        for text in value if isinstance(value, list | tuple | set) else [value]:
            if isinstance(text, str) and "://" in text:
                yield urlsplit(text).hostname or "", None
    mail_server = getattr(found, "smtp_host", None)
    if mail_server:
        yield mail_server, found.port


def send(address: str, text: GroupText) -> Result:
    """One message; raises Refused like `check`, which the world may have given reason to."""
    found = service(address)
    speaker = Apprise(asset=found.asset)
    speaker.add(found)
    body = fitted(text, as_plain, found.body_maxlen, measure=len)
    done = speaker.notify(body=body, title=text.title, body_format=NotifyFormat.TEXT)
    if done.status == AppriseResultStatus.SUCCESS:
        return Result(Outcome.SENT)
    if done.status == AppriseResultStatus.TIMEOUT:
        return Result(Outcome.UNKNOWN, TOO_SLOW)
    return judged(" ".join(str(line) for each in done.results for line in each.logs()))


def judged(said: str) -> Result:
    """All that the library tells of a failure is what it logs: a status, at best.

    Its words stay here, because they may repeat what the address says.
    """
    status = STATUS.search(said)
    if not status:
        return Result(Outcome.UNKNOWN, NOT_TAKEN)
    code = int(status[1])
    outcome = Outcome.LATER if code in LATER else Outcome.REFUSED
    return Result(Outcome.UNKNOWN if code >= 500 and code not in LATER else outcome, f"HTTP {code}")
