"""Signing a sheet, on the spot and on one screen: the door that pages and API share.

The project has one post or another there, or somebody without an account: who signs for it is
said by name. From then on its time to contest runs (ruling 14).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.seals import seal
from inspections.appeal.appeals import run_window_from
from inspections.models import ScoreSheet, SignOff
from inspections.sheet.ledger import Ledger, locked_ledger
from inspections.sheet.sheets import hand_in
from inspections.signing.content import content_of, require_seen
from inspections.signing.drawing import Drawing, require_signature
from organization.clock import local_day
from organization.digests import canonical, fingerprint, loaded
from organization.errors import Refused
from organization.history import record
from organization.models import Post, Project, User
from organization.prepared import prepared
from organization.roles import Role
from scoring.opening import require_open_results

VERBS = {
    "sheet_signed": gettext_lazy("双方签字"),
    "sheet_sign_refused": gettext_lazy("项目拒签"),
}
NAME_LIMIT = 60
REASON_LIMIT = 1000


@dataclass(frozen=True)
class Who:
    """Who acts for the project: somebody with a post there, or a name with a position."""

    person: User | None = None
    name: str = ""
    position: str = ""


@dataclass(frozen=True)
class Signature:
    """Drawn, or the signer's own name typed and `agreed` to count as signed.

    `who` is left out of the auditor's, who is the one acting.
    """

    drawing: Drawing | None = None
    typed: str = ""
    agreed: bool = False
    who: Who = Who()


@dataclass(frozen=True)
class Refusal:
    """The project does not sign, and says why."""

    reason: str
    who: Who = Who()


@dataclass(frozen=True)
class SignedOn:
    """When it was signed on a device: by the server's clock, and as the device's own said."""

    at: datetime
    device: datetime


@transaction.atomic
def sign_off(
    *,
    sheet: ScoreSheet,
    auditor: Signature,
    manager: Signature | Refusal,
    by: User,
    at: datetime,
    seen: str,
    on_site: SignedOn | None = None,
) -> SignOff:
    """Keep what both sign, or that the project refuses, together with what the sheet says.

    A sheet that was not submitted is (`sheets.hand_in`, with all its refusals). `seen` is the
    `content.mark_of` what the signers had before them. `on_site` says when, where that was without
    a network: kept with what was signed, beside `at`, when it came. The time to contest runs from
    `at` (ruling 14), for before that nobody else can have seen it. Raises Conflict, naming the
    items, when the sheet says something else by now; Refused (with the field) for a signature,
    name or reason that is missing, for a self-check, when it is signed already, and when results
    are frozen or the campaign is closed. The same once more returns what is on record. Leaves one
    record, and one of the submission.
    """
    ledger = locked_ledger(sheet)
    known = SignOff.objects.filter(sheet=sheet).first()
    if not known:
        require_signable(ledger)
        said = content_of(sheet)
        # before the signatures, for who saw something else has not signed this
        require_seen(seen, said)
    marks = {
        "auditor": signed(auditor, who_audits(by), "auditor"),
        "manager": marked(sheet.project, manager, by=by, at=at),
        "refused": isinstance(manager, Refusal),
    }
    if known:
        return the_same(known, marks)
    if not sheet.submitted_at:
        hand_in(ledger, by=by, at=at)
    made = keep(sheet, said | marks | on_device(on_site), by=by, at=at)
    # before the score, for whoever holds a standing waits for no seal
    seal(sheet.campaign, "sign_off", about=str(made.pk), at=at)
    run_window_from(ledger, at=at)
    verb = "sheet_sign_refused" if made.refused else "sheet_signed"
    reason = marks["manager"].get("reason", "")
    words = {"project_by": made.manager_name, "fingerprint": made.fingerprint}
    record(on=sheet, verb=verb, by=by, at=at, reason=reason, **words)
    return made


def keep(sheet: ScoreSheet, said: dict, *, by: User, at: datetime) -> SignOff:
    submitted = {
        "at": sheet.submitted_at,
        "by": {"id": sheet.submitted_by_id, "name": str(sheet.submitted_by or "")},
    }
    content = canonical(said | {"at": at, "submitted": submitted})
    return SignOff.objects.create(
        sheet=sheet,
        made_at=at,
        by=by,
        manager_id=said["manager"]["person"],
        manager_name=said["manager"]["name"],
        refused=said["refused"],
        content=content,
        fingerprint=fingerprint(content),
    )


def on_device(signed: SignedOn | None) -> dict:
    return {"signed": {"at": signed.at, "device": signed.device}} if signed else {}


def the_same(known: SignOff, marks: dict) -> SignOff:
    """What is on record, for one who sends it again; Refused `signed` for anything else."""
    was = loaded(known.content)
    if {name: was[name] for name in marks} == loaded(canonical(marks)):
        return known
    raise Refused(_("这张评分表已经签过字，不能再签。"), code="signed")


def require_signable(ledger: Ledger) -> None:
    sheet = ledger.sheet
    if sheet.is_self_check:
        raise Refused(_("自查不用签字。"), code="self_check")
    if sheet.campaign.closed_at:
        raise Refused(_("专项工作已经结束，不能再签字。"), code="closed")
    if ledger.frozen:
        require_open_results(sheet.campaign)


# --- who, and how ------------------------------------------------------------------------


def posts_of(project: Project, at: datetime) -> QuerySet[Post]:
    """Who may act for a project, from its posts on that day: whoever leads it comes first."""
    return acting(project=project.pk, day=local_day(at))


def acting(*, project, day) -> QuerySet[Post]:
    held = Post.objects.on(day).filter(project__pk=project, user__is_active=True)
    return held.select_related("user").order_by("pk")


acting_on = prepared(acting, {"project": Project._meta.pk, "day": Post._meta.get_field("since")})


def who_audits(by: User) -> dict:
    role = by.main_post.role if by.main_post else ""
    return {"person": by.pk, "name": str(by), "role": role, "position": ""}


def marked(project: Project, manager: Signature | Refusal, *, by: User, at: datetime) -> dict:
    """The project's signature or refusal as it goes on record."""
    who = who_manages(project, manager.who, by=by, at=at)
    if isinstance(manager, Signature):
        return signed(manager, who, "manager")
    reason = manager.reason.strip()
    if not reason:
        raise Refused(_("请写明为什么拒签。"), code="blank", field="reason")
    if len(reason) > REASON_LIMIT:
        sentence = _("最多 %(limit)d 个字，请写短一些。") % {"limit": REASON_LIMIT}
        raise Refused(sentence, code="long", field="reason")
    return who | {"reason": reason}


def who_manages(project: Project, who: Who, *, by: User, at: datetime) -> dict:
    if who.person is None:
        return somebody(who)
    if who.person == by:
        raise Refused(_("检查人不能替项目签字。"), code="same_person", field="who")
    post = highest(posts_of(project, at).filter(user=who.person))
    if post is None:
        sentence = _("%(person)s在这个项目没有岗位。") % {"person": who.person}
        raise Refused(sentence, code="no_post", field="who")
    return {"person": who.person.pk, "name": str(who.person), "role": post.role, "position": ""}


def highest(posts) -> Post | None:
    from_the_top = sorted(posts, key=lambda post: Role(post.role).rank)
    return from_the_top[0] if from_the_top else None


def somebody(who: Who) -> dict:
    """Somebody without an account, by name and position."""
    name, position = who.name.strip(), who.position.strip()
    if not name:
        raise Refused(_("请选择或填写项目方签字人。"), code="nobody", field="who")
    if len(name) > NAME_LIMIT or len(position) > NAME_LIMIT:
        sentence = _("最多 %(limit)d 个字，请写短一些。") % {"limit": NAME_LIMIT}
        raise Refused(sentence, code="long", field="who")
    return {"person": None, "name": name, "role": "", "position": position}


def signed(signature: Signature, who: dict, field: str) -> dict:
    """A signature as it goes on record: what was drawn, else that the own name was typed."""
    if signature.drawing:
        require_signature(signature.drawing, field=field)
        return who | {"drawing": signature.drawing.kept}
    if not signature.typed.strip():
        raise Refused(_("%(person)s还没有签字。") % {"person": who["name"]}, "unsigned", field)
    if plain(signature.typed) != plain(who["name"]):
        sentence = _("输入的姓名要与签字人一致：%(person)s。") % {"person": who["name"]}
        raise Refused(sentence, code="typed_name", field=field)
    if not signature.agreed:
        sentence = _("输入姓名签字时，请勾选“与手写签字同样有效”。")
        raise Refused(sentence, code="agreed", field=field)
    return who | {"typed": signature.typed.strip()}


def plain(name: str) -> str:
    return "".join(name.split()).casefold()
