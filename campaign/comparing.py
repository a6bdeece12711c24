"""What a thing says now beside what was sealed, as sentences. Pure but for the words of kinds."""

import json
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.registry import SEALED_KINDS, Difference
from organization.digests import canonical, fingerprint
from organization.models import Seal
from organization.seals import Fault

CHAIN = {
    "chain_order": gettext_lazy("封存链从第 %(number)s 枚起缺失或顺序不对。"),
    "chain_length": gettext_lazy("封存链的末尾被截断、加长或改过，现有 %(number)s 枚。"),
    "chain_key": gettext_lazy("封存链用的密钥不在 EVIDENCE_KEYS 里，无法核对。"),
    "seal_broken": gettext_lazy("第 %(number)s 枚封存记录被改过。"),
    "seal_unsealed": gettext_lazy("第 %(number)s 枚封存记录的封印被抹掉。"),
    "seal_key": gettext_lazy("第 %(number)s 枚封存记录用的密钥不在 EVIDENCE_KEYS 里，无法核对。"),
}
HISTORY = {
    "history_changed": gettext_lazy("第 %(about)s 条操作记录被改过。"),
    "history_deleted": gettext_lazy("第 %(about)s 条操作记录不见了。"),
    "history_put_in": gettext_lazy("第 %(about)s 条操作记录是封存之后塞进来的。"),
    "history_lost": gettext_lazy("第 %(number)s 批操作记录的封存清单被改过或不见了（%(about)s）。"),
    "history_key": gettext_lazy(
        "第 %(about)s 条操作记录封存用的密钥不在 EVIDENCE_KEYS 里，无法核对。"
    ),
    "head_cut": gettext_lazy("封存链没有打印件上写的第 %(number)s 枚：末尾被截断，或不是这条链。"),
    "head_other": gettext_lazy("封存链的第 %(number)s 枚与打印件上写的不同。"),
}
CHANGED = gettext_lazy("%(place)s封存时是 %(was)s，现在是 %(now)s。")
ADDED = gettext_lazy("%(place)s封存时没有，现在是 %(now)s。")
REMOVED = gettext_lazy("%(place)s封存时是 %(was)s，现在没有了。")
LOST = gettext_lazy("内容与封存的摘要不符，封存的原文也被改过。")
UNSEALED = gettext_lazy("没有封存记录：是绕过系统加进来的。")
GONE = gettext_lazy("有封存记录，数据却不在了。")
NOTHING = object()
LONGEST = 80  # characters of a value that a sentence shows


def of_fault(campaign: Campaign, fault: Fault) -> Difference:
    what = partial(named, fault.kind, fault.about) if fault.kind else str(campaign)
    return Difference(fault.code, what, CHAIN[fault.code], {"number": fault.number})


def of_history(fault: Fault) -> Difference:
    """A fault of the history or of one of its chains."""
    sentence = HISTORY.get(fault.code) or CHAIN[fault.code]
    figures = {"number": fault.number, "about": fault.about}
    return Difference(fault.code, lambda: _("操作记录"), sentence, figures)


def named(kind: str, about: str, content=None) -> str:
    """What a thing is called: its kind, and its own name where its content has one."""
    word = str(SEALED_KINDS[kind].word) if kind in SEALED_KINDS else kind
    own = content.get("name") if isinstance(content, dict) else None
    return " ".join(str(part) for part in (word, own or about) if part)


def of_thing(kind: str, about: str, content, sealed: Seal | None) -> Iterator[Difference]:
    """Where a thing says something else than its newest seal."""
    now = canonical(content)
    what = partial(named, kind, about, content)
    if sealed is None:
        yield Difference("unsealed", what, UNSEALED)
    elif fingerprint(now) != sealed.digest:
        if fingerprint(sealed.content) != sealed.digest:
            yield Difference("changed", what, LOST)
        else:
            for place, *values in unlike(json.loads(sealed.content), json.loads(now)):
                yield told(what, place, *values)
    elif sealed.content and sealed.content != now:
        yield Difference("changed", what, CHAIN["seal_broken"], {"number": sealed.number})


def gone(kind: str, about: str) -> Difference:
    return Difference("gone", partial(named, kind, about), GONE)


def unlike(was, now, place: tuple = ()) -> Iterator[tuple]:
    """Places at which two values of JSON differ, with what stood and what stands there."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            yield from unlike(was.get(key, NOTHING), now.get(key, NOTHING), (*place, key))
    elif was is NOTHING or now is NOTHING or was != now:
        yield place, was, now


def told(what, place: tuple, was, now) -> Difference:
    sentence = ADDED if was is NOTHING else REMOVED if now is NOTHING else CHANGED
    figures = {"place": at(place), "was": short(was), "now": short(now)}
    return Difference("changed", what, sentence, figures)


def at(place: tuple) -> str:
    return " ".join(map(str, place)) + " " if place else ""


def short(value) -> str:
    if value is NOTHING:
        return ""
    text = value if isinstance(value, str) else canonical(value)
    if not text:
        return _("空")
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text
