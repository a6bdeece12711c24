"""A policy's way: drafted by the center, approved by the president, corrected by a next version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.telling import tell
from inspections.edits import differing, put, require_day_inside, require_newest, tidied
from inspections.models import Policy, PolicyVersion, Prevented
from inspections.moves import lock, person
from organization.clock import local_day
from organization.errors import Refused
from organization.history import record
from organization.models import Post, Specialty, StoredFile, User
from organization.roles import Role
from scoring.models import Item, Requirement

VERBS = {
    "draft_policy": gettext_lazy("起草制度"),
    "edit_policy": gettext_lazy("修改制度"),
    "submit_policy": gettext_lazy("提交审批"),
    "approve_policy": gettext_lazy("批准制度"),
    "return_policy": gettext_lazy("退回制度"),
    "revise_policy": gettext_lazy("起草新版本"),
    "hand_in_policies": gettext_lazy("制度清单交为书面资料"),
}
# Where a version has to stand for each move.
MOVES = {
    "edit_policy": {"draft", "returned"},
    "submit_policy": {"draft", "returned"},
    "approve_policy": {"waiting"},
    "return_policy": {"waiting"},
    "revise_policy": {"approved"},
}
STANDS = {
    "draft": gettext_lazy("这一版还是草稿，没有提交。"),
    "returned": gettext_lazy("这一版已经退回，正在修改。"),
    "waiting": gettext_lazy("这一版正在等总经理审批；退回后才能再改。"),
    "approved": gettext_lazy("这一版已经批准，不能再改；要改，请起草新版本。"),
}
FIELDS = ("title", "text", "in_force_from")


@dataclass(frozen=True)
class Kind:
    """A kind of finding: a specialty's, perhaps of one item or requirement, perhaps one cause."""

    specialty: Specialty
    item: Item | None = None
    requirement: Requirement | None = None
    root_cause: str = ""


@transaction.atomic
def draft_policy(
    *,
    campaign: Campaign,
    kind: str,
    title: str,
    by,
    at: datetime,
    specialty: Specialty | None = None,
    is_preventive: bool = False,
    file: StoredFile | None = None,
    prevents: Iterable[Kind] = (),
    **fields: Any,
) -> PolicyVersion:
    """Begin a policy with its first version. Raises Refused without a title or for a wrong day."""
    require_title({"title": title})
    require_day_inside(campaign, fields.get("in_force_from"), "in_force_from")
    policy = Policy.objects.create(
        kind=kind,
        specialty=specialty,
        is_preventive=is_preventive,
        created_at=at,
        created_by=person(by),
    )
    version = PolicyVersion(
        policy=policy,
        campaign=campaign,
        number=1,
        title=tidied(title),
        created_at=at,
        created_by=person(by),
        file=file,
    )
    for name, value in differing(version, fields, FIELDS).items():
        setattr(version, name, value)
    version.save()
    name_kinds(version, prevents)
    record(on=version, verb="draft_policy", by=by, at=at, after="draft")
    return version


@transaction.atomic
def edit_policy(
    *,
    version: PolicyVersion,
    revision: int,
    changes: Mapping[str, Any],
    by,
    at: datetime,
    file: StoredFile | None = None,
    prevents: Iterable[Kind] | None = None,
) -> PolicyVersion:
    """Change a draft as seen at `revision`; a `file` replaces the one before.

    Raises Conflict when somebody changed it meanwhile, Refused once it waits or is approved,
    and for a blank title or a wrong day.
    """
    lock(version)
    check(version, "edit_policy")
    changed = differing(version, changes, FIELDS)
    require_newest(version, revision)
    require_title(changed)
    require_day_inside(version.campaign, changed.get("in_force_from"), "in_force_from")
    put(version, changed, verb="edit_policy", by=by, at=at, **({"file": file} if file else {}))
    if prevents is not None:
        name_kinds(version, prevents)
    return version


@transaction.atomic
def submit_policy(
    *, version: PolicyVersion, by, at: datetime, revision: int | None = None
) -> PolicyVersion:
    """Hand a version to the president, who is told.

    Raises Refused (code "incomplete") without words or file, without a day from which it is in
    force, and for a preventive policy that names no kind of finding; Conflict for a stale page.
    """
    lock(version)
    check(version, "submit_policy")
    require_newest(version, revision)
    lacks = missing(version)
    if lacks:
        raise Refused(_("还缺：%(words)s。") % {"words": _("、").join(lacks)}, code="incomplete")
    before = version.state(at=at).code
    version.submitted_at, version.submitted_by = at, person(by)
    move(version, "submit_policy", by=by, at=at, before=before)
    presidents = Post.objects.current().of(Role.PRESIDENT).values("user")
    announce(
        version,
        people=User.objects.filter(pk__in=presidents),
        at=at,
        title=lambda: _("制度待审批：%(policy)s") % {"policy": version.title},
    )
    return version


@transaction.atomic
def approve_policy(
    *, version: PolicyVersion, by, at: datetime, revision: int | None = None
) -> PolicyVersion:
    """Approve a version: from then on it never changes; who wrote it is told.

    In force from its day, at the earliest from today. Raises Refused when it doesn't wait or is
    the approver's own, Conflict for a stale page.
    """
    lock(version)
    check(version, "approve_policy")
    require_newest(version, revision)
    require_other(version, by)
    version.approved_at, version.approved_by = at, person(by)
    version.in_force_from = max(version.in_force_from, local_day(at))
    move(version, "approve_policy", by=by, at=at, before="waiting_approval")
    title = lambda: _("制度已批准：%(policy)s") % {"policy": version.title}  # noqa: E731
    announce(version, people=writers(version), at=at, title=title)
    return version


@transaction.atomic
def return_policy(
    *, version: PolicyVersion, reason: str, by, at: datetime, revision: int | None = None
) -> PolicyVersion:
    """Send a version back with a reason; who wrote it is told.

    Raises Refused when it doesn't wait, the reason is blank, or it is the own one; Conflict for
    a stale page.
    """
    lock(version)
    check(version, "return_policy")
    require_newest(version, revision)
    require_other(version, by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明退回的原因，起草人才知道改什么。"), code="blank", field="reason")
    people = writers(version)
    version.submitted_at = version.submitted_by = None
    version.returned_at, version.returned_by, version.return_reason = at, person(by), reason
    move(version, "return_policy", by=by, at=at, before="waiting_approval", reason=reason)
    title = lambda: _("制度被退回：%(policy)s") % {"policy": version.title}  # noqa: E731
    announce(version, people=people, at=at, title=title, body=reason, urgent=True)
    return version


@transaction.atomic
def revise_policy(
    *, policy: Policy, campaign: Campaign, reason: str, by, at: datetime
) -> PolicyVersion:
    """Begin the next version of an approved policy, as a copy; the reason says what to correct.

    The approved one stays in force until the next is. Raises Refused while a draft is under way
    or without a reason.
    """
    lock(policy)
    newest = policy.versions.first()
    check(newest, "revise_policy")
    if not reason.strip():
        raise Refused(_("写明为什么要改这份制度。"), code="blank", field="reason")
    version = PolicyVersion.objects.create(
        policy=policy,
        campaign=campaign,
        number=newest.number + 1,
        title=newest.title,
        text=newest.text,
        file=newest.file,
        created_at=at,
        created_by=person(by),
    )
    for kind in newest.prevents.all():
        kind.pk, kind.version = None, version
        kind.save()
    record(on=version, verb="revise_policy", by=by, at=at, after="draft", reason=reason.strip())
    return version


def missing(version: PolicyVersion) -> list[str]:
    """What a version still lacks before the president gets it, in words."""
    lacks = []
    if not version.text.strip() and version.file_id is None:
        lacks.append(_("正文或附件"))
    if version.in_force_from is None:
        lacks.append(_("生效日期"))
    if version.policy.is_preventive and not version.prevents.exists():
        lacks.append(_("要预防哪类问题"))
    return lacks


def may_see_file(user: User, file: StoredFile) -> bool:
    """A version's file is read by whoever reads the version."""
    return PolicyVersion.objects.visible_to(user).filter(file=file).exists()


# --- what the moves are made of ------------------------------------------------------------


def check(version: PolicyVersion, move: str) -> None:
    if version.stage not in MOVES[move]:
        raise Refused(STANDS[version.stage], code=version.stage)


def require_title(changed: Mapping[str, Any]) -> None:
    if "title" in changed and not (changed["title"] or "").strip():
        raise Refused(_("写上制度的名称。"), code="blank", field="title")


def require_other(version: PolicyVersion, by) -> None:
    if person(by) and by.pk in (version.submitted_by_id, version.created_by_id):
        raise Refused(_("自己起草或提交的制度，要由别人审批。"), code="own")


def name_kinds(version: PolicyVersion, kinds: Iterable[Kind]) -> None:
    version.prevents.all().delete()
    seen = set()
    for kind in kinds:
        row = row_of(kind)
        key = tuple(row[name] for name in ("specialty", "item", "number", "root_cause"))
        if key not in seen:
            Prevented.objects.create(version=version, **row)
        seen.add(key)


def row_of(kind: Kind) -> dict[str, Any]:
    item = kind.requirement.item if kind.requirement else kind.item
    words = [item.name] if item else []
    if kind.requirement:
        words.append(kind.requirement.text)
    return {
        "specialty": kind.specialty,
        "item": item.code if item else "",
        "number": kind.requirement.number if kind.requirement else None,
        "words": " · ".join(words),
        "root_cause": kind.root_cause,
    }


def writers(version: PolicyVersion) -> list[User]:
    ids = [pk for pk in (version.created_by_id, version.submitted_by_id) if pk]
    return list(User.objects.filter(pk__in=ids, is_active=True))


def move(version: PolicyVersion, verb: str, *, by, at: datetime, before: str, reason: str = ""):
    version.revision += 1
    version.save()
    after = version.state(at=at, holds=True).code
    record(on=version, verb=verb, by=by, at=at, before=before, after=after, reason=reason)


def announce(
    version: PolicyVersion, *, people, at: datetime, title, body: str = "", urgent: bool = False
) -> None:
    tell(
        people=people,
        campaign=version.campaign,
        thing=f"policy:{version.pk}",
        occurrence=str(version.revision),
        title=title,
        body=body,
        urgent=urgent,
        url=version.get_absolute_url(),
        at=at,
    )
