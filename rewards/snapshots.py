"""What an approved settlement stands on, kept as one text with a fingerprint (ruling 13).

The text is canonical JSON of everything that decided about pay: standings, rules, rubrics, sheets,
the posts that counted and the awards. It names people by their ids only, and the fingerprint of
the snapshot before it, so that none can be taken out of the row of approvals. The fingerprint
stands on every document, with a QR code to the page that says whether it is on record.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.comparing import told, unlike
from campaign.models import Campaign
from campaign.registry import SEALED_KINDS, SNAPSHOT_PARTS, Difference
from organization.clock import local_day
from organization.digests import canonical, fingerprint, loaded
from organization.models import Post
from organization.roles import PROJECT_ROLES
from rewards.models import Settlement, Snapshot
from rewards.seals import adjusted, decided, listed
from rewards.settlement_list import list_fingerprint

RULES = ("weights", "bands", "terms", "reward_rules", "team_reward")
# People come and go: posts may be put right later without touching what was approved.
NOT_COMPARED = {"posts"}


def take_snapshot(settlement: Settlement, *, at: datetime) -> Snapshot:
    """Keep what an approved settlement stands on, after the last one that was kept.

    Inside the approval's transaction, once results are frozen.
    """
    last = Snapshot.objects.select_for_update().order_by("-number").first()
    number, previous = (last.number + 1, last.fingerprint) if last else (1, "")
    content = canonical({"number": number, "previous": previous} | parts(settlement))
    return Snapshot.objects.create(
        settlement=settlement,
        number=number,
        previous=previous,
        content=content,
        fingerprint=fingerprint(content),
        made_at=at,
    )


def parts(settlement: Settlement) -> dict:
    campaign = settlement.campaign
    found = {word: part(campaign) for word, part in SNAPSHOT_PARTS.items()}
    return found | {
        "campaign": campaign.code,
        "settlement": settlement.number,
        "approved_at": settlement.approved_at,
        "approved_by": settlement.approved_by_id,
        "corrects": corrected(settlement),
        "posts_as_of": settlement.posts_as_of,
        "left_out": settlement.left_out,
        "rules": {code: content(code, campaign) for code in RULES},
        "posts": posts(settlement),
        "awards": listed(settlement.pk),
        "adjustments": adjusted(settlement.pk),
        "cases": decided(settlement.pk),
    }


def corrected(settlement: Settlement) -> dict:
    """The settlement that this one corrects, by its number and fingerprint."""
    old = settlement.corrects
    return {"number": old.number, "fingerprint": old.fingerprint} if old else {}


def content(code: str, campaign: Campaign):
    """What a kind of which there is one says."""
    ((_about, said),) = SEALED_KINDS[code].contents(campaign, "")
    return said


def posts(settlement: Settlement) -> dict[str, list[str]]:
    """Who held which post in which project on the day that counted: person ids and roles."""
    rows = Post.objects.on(local_day(settlement.posts_as_of)).of(*PROJECT_ROLES)
    rows = rows.filter(project__participations__campaign=settlement.campaign)
    found: dict[str, list[str]] = {}
    for code, person, role in rows.values_list("project__code", "user_id", "role"):
        found.setdefault(code, []).append(f"{person} {role}")
    return {code: sorted(held) for code, held in found.items()}


def address_of(print_: str) -> str:
    """Where the QR code of a fingerprint leads: a whole URL."""
    return settings.SITE_URL + reverse("fingerprint", args=[print_])


def is_intact(snapshot: Snapshot) -> bool:
    return fingerprint(snapshot.content) == snapshot.fingerprint


def says_what_was_approved(settlement: Settlement) -> bool:
    """Whether what is kept still has the settlement's fingerprint."""
    if snapshot := getattr(settlement, "snapshot", None):
        return is_intact(snapshot) and snapshot.fingerprint == settlement.fingerprint
    return settlement.fingerprint == list_fingerprint(settlement)


# --- checking ----------------------------------------------------------------------------


BROKEN = gettext_lazy("快照的内容与指纹不符。")
OTHER = gettext_lazy("结算上的指纹与快照的不同。")
UNLINKED = gettext_lazy("快照没有接在前一份快照后面。")
OLDER = gettext_lazy("名单与批准时的指纹不符。")


def check_settlements(campaign: Campaign) -> Iterator[Difference]:
    """Approved settlements that are not what was approved (campaign.registry)."""
    found = campaign.settlements.filter(approved_at__isnull=False).select_related("snapshot")
    for settlement in found:
        what = partial(_called, settlement)
        if snapshot := getattr(settlement, "snapshot", None):
            yield from check_snapshot(what, settlement, snapshot)
        elif settlement.fingerprint != list_fingerprint(settlement):
            # one that was approved before there were snapshots
            yield Difference("fingerprint", what, OLDER)


def check_snapshot(what, settlement: Settlement, snapshot: Snapshot) -> Iterator[Difference]:
    if not is_intact(snapshot):
        yield Difference("snapshot", what, BROKEN)
        return
    if settlement.fingerprint != snapshot.fingerprint:
        yield Difference("fingerprint", what, OTHER)
    said = loaded(snapshot.content)
    if not is_linked(snapshot, said.pop("number"), said.pop("previous")):
        yield Difference("link", what, UNLINKED)
    now_said = loaded(canonical(parts(settlement)))
    left_alone = NOT_COMPARED | (
        set(SNAPSHOT_PARTS) | {"rules"} if has_moved_on(settlement) else set()
    )
    # a part that came to snapshots later is sealed by itself, and no difference of an older one
    kept = {part: value for part, value in now_said.items() if part in said}
    for place, was, now in unlike(said, kept):
        if place[0] not in left_alone:
            yield told(what, place, was, now)


def has_moved_on(settlement: Settlement) -> bool:
    """Whether a correction was granted since: then results say what the newer one stands on."""
    return settlement.corrections.filter(granted=True).exists()


def is_linked(snapshot: Snapshot, number: int, previous: str) -> bool:
    """Whether row and content name the snapshot before it, and that is there."""
    before = Snapshot.objects.filter(number=number - 1).first()
    named = (snapshot.number, snapshot.previous) == (number, previous)
    return (
        named
        and previous == (before.fingerprint if before else "")
        and (number == 1) != bool(before)
    )


def _called(settlement: Settlement) -> str:
    return _("奖惩结算 %(number)s") % {"number": settlement.number}
