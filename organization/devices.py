"""What somebody signed in with, in words: from what browsers say of themselves."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# The first that is found counts: most browsers name the others as well.
BROWSERS = (
    ("wxwork/", _("企业微信")),
    ("MicroMessenger/", _("微信")),
    ("DingTalk/", _("钉钉")),
    ("Lark/", _("飞书")),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC"),
    ("QQBrowser/", _("QQ 浏览器")),
    ("HuaweiBrowser/", _("华为浏览器")),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("OpenHarmony", _("鸿蒙")),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    browser: object
    system: object

    def __str__(self):
        known = [str(each) for each in (self.browser, self.system) if each]
        return " · ".join(known) or str(_("不认识的设备"))


def device_of(agent: str) -> Device:
    return Device(first_in(BROWSERS, agent), first_in(SYSTEMS, agent))


def first_in(table, agent: str):
    return next((word for mark, word in table if mark in agent), "")
