"""Signing a sheet through the API: what is signed, and the signatures or a refusal."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import ConfigDict

from inspections.api.sheets import LARGEST, seen_by
from inspections.models import ScoreSheet, SignOff
from inspections.signing.content import content_of, mark_of
from inspections.signing.drawing import Drawing
from inspections.signing.sign_off import (
    Refusal,
    Signature,
    SignedOn,
    Who,
    posts_of,
    sign_off,
)
from inspections.sync.events import Moment, Text, seen_at
from organization.errors import Refused, require
from organization.models import User
from organization.problems import PROBLEMS, Problem

router = Router(tags=["sheets"])


class WhoIn(Schema):
    """Somebody with a post in the project by id, else a name with a position."""

    person: int | None = None
    name: Text = ""
    position: Text = ""


class SignatureIn(Schema):
    """`drawing`, or the own name `typed` and `agreed` to count; `who` is not the auditor's."""

    drawing: Drawing | None = None
    typed: Text = ""
    agreed: bool = False
    who: WhoIn = WhoIn()


class RefusalIn(Schema):
    reason: Text
    who: WhoIn


def one_of(*names: str) -> dict:
    """Says in the description that exactly one of these is given."""
    return {
        "oneOf": [
            {
                "required": [given],
                "properties": {
                    name: {"type": "object" if name == given else "null"} for name in names
                },
            }
            for given in names
        ]
    }


class SignOffIn(Schema):
    """The auditor's signature, and either the project's (`manager`) or its `refusal`.

    `seen` is what `read_to_sign` gave, or of a client that worked it out without a network JSON:
    {kept, possible, stands: {code of an item: ids of what stands, sorted}}. Such a client also says
    by its own clock when it was signed and when it sends that.
    """

    model_config = ConfigDict(json_schema_extra=one_of("manager", "refusal"))

    seen: str
    auditor: SignatureIn
    manager: SignatureIn | None = None
    refusal: RefusalIn | None = None
    signed_at: Moment | None = None
    sent_at: Moment | None = None


class Signer(Schema):
    person: int
    name: str
    role: str


class ToSign(Schema):
    """`content` is what is signed; `seen` goes back with the signatures as it is."""

    seen: str
    content: dict[str, Any]
    signers: list[Signer]


class SignOffOut(Schema):
    sheet: int
    made_at: datetime
    refused: bool
    fingerprint: str
    url: str


@router.get(
    "/sheets/{int:pk}/sign-off", response={200: ToSign} | PROBLEMS, operation_id="read_to_sign"
)
def read_to_sign(request, pk: int):
    """What would be signed now, and who may sign for the project."""
    sheet = sheet_to_sign(request.user, pk)
    content = content_of(sheet)
    posts = posts_of(sheet.project, timezone.now())
    signers = [{"person": p.user_id, "name": str(p.user), "role": p.role} for p in posts]
    return {"seen": mark_of(content), "content": content, "signers": signers}


@router.post(
    "/sheets/{int:pk}/sign-off",
    response={200: SignOffOut, 409: Problem} | PROBLEMS,
    operation_id="sign_off_sheet",
)
def sign_off_sheet(request, pk: int, sent: SignOffIn):
    """Keep both signatures, or a refusal; a sheet that was not submitted is. Once only: the same
    again is answered with what is on record.
    """
    sheet = sheet_to_sign(request.user, pk)
    at = timezone.now()
    made: SignOff = sign_off(
        sheet=sheet,
        auditor=signature(sent.auditor),
        manager=answer_of(sent),
        by=request.user,
        at=at,
        seen=sent.seen,
        on_site=signed_on(sent, sheet, at),
    )
    return {
        "sheet": sheet.pk,
        "made_at": made.made_at,
        "refused": made.refused,
        "fingerprint": made.fingerprint,
        "url": made.get_absolute_url(),
    }


def signed_on(sent: SignOffIn, sheet: ScoreSheet, at: datetime) -> SignedOn | None:
    """When the device says it was signed, moved by what its clock differs from the server's."""
    if sent.signed_at is None:
        return None
    moved = seen_at(sent.signed_at, sent.sent_at or at, at, sheet.opened_at)
    return SignedOn(at=moved, device=sent.signed_at)


def sheet_to_sign(user: User, pk: int) -> ScoreSheet:
    sheet = seen_by(user).filter(pk=pk).first() if pk <= LARGEST else None
    if sheet is None:
        raise Http404
    require(user, "inspections.sign_sheet", sheet)
    return sheet


def answer_of(sent: SignOffIn) -> Signature | Refusal:
    if (sent.manager is None) == (sent.refusal is None):
        sentence = _("项目方的签字和拒签只能给一个。")
        raise Refused(sentence, code="manager_or_refusal", field="manager")
    if sent.refusal:
        return Refusal(sent.refusal.reason, who(sent.refusal.who))
    return signature(sent.manager)


def signature(sent: SignatureIn) -> Signature:
    return Signature(sent.drawing, sent.typed, sent.agreed, who(sent.who))


def who(sent: WhoIn) -> Who:
    if sent.person is None:
        return Who(name=sent.name, position=sent.position)
    person = User.objects.filter(pk=sent.person).first() if 0 < sent.person <= LARGEST else None
    # nobody by this id: refused as somebody without a name
    return Who(person=person)
