"""Passkeys as the second step: WebAuthn, checked by py_webauthn."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from organization.errors import Refused
from organization.factors import checked_name, keep
from organization.models import FactorKind, SecondFactor, User


@dataclass(frozen=True)
class Place:
    """Where passkeys belong: the name of the host, and the origin that browsers sign."""

    host: str
    origin: str


def place_of(request) -> Place | None:
    """None where browsers know no passkeys: at an address in numbers, or without HTTPS."""
    host = urlsplit(f"//{request.get_host()}").hostname
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_safe = request.is_secure() or host == "localhost"
        return Place(host, f"{request.scheme}://{request.get_host()}") if is_safe else None
    return None


def of(user: User):
    return user.factors.filter(kind=FactorKind.PASSKEY)


def known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential)) for each in of(user)
    ]


def to_add(*, user: User, place: Place) -> tuple[str, str]:
    """What a browser is asked for a new passkey (JSON), and the challenge to compare with."""
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=_("品质提升专项工作"),
        user_id=salted_hmac("passkey", str(user.pk), algorithm="sha256").digest(),
        user_name=user.username,
        user_display_name=str(user),
        exclude_credentials=known(user),
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def to_check(*, user: User, place: Place) -> tuple[str, str]:
    """What a browser is asked to sign, and the challenge to compare with."""
    options = generate_authentication_options(rp_id=place.host, allow_credentials=known(user))
    return options_to_json(options), bytes_to_base64url(options.challenge)


@transaction.atomic
def add_passkey(
    *, user: User, name: str, answer: str, challenge: str, place: Place, at: datetime
) -> SecondFactor:
    """What the browser answered becomes a passkey of the person. One record.

    Raises Refused without a name, beyond ten factors, and for an answer that is none of ours.
    """
    name = checked_name(user, name)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
        )
    except (WebAuthnException, ValueError) as why:
        raise not_taken() from why
    credential = bytes_to_base64url(made.credential_id)
    if SecondFactor.objects.filter(credential=credential).exists():
        raise not_taken()
    facts = {"credential": credential, "secret": bytes_to_base64url(made.credential_public_key)}
    kind = FactorKind.PASSKEY
    return keep(user=user, kind=kind, at=at, name=name, count=made.sign_count, **facts)


def not_taken() -> Refused:
    return Refused(_("通行密钥没有添加成功，请再试一次。"), code="passkey", field="passkey")


@transaction.atomic
def check_passkey(*, user: User, answer: str, challenge: str, place: Place, at: datetime) -> bool:
    """Whether one of the person's passkeys signed the challenge.

    Nobody guesses a signature, so it is not counted.
    """
    try:
        sent = parse_authentication_credential_json(answer)
        factor = of(user).select_for_update().get(credential=bytes_to_base64url(sent.raw_id))
        signed = verify_authentication_response(
            credential=sent,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(factor.secret),
            credential_current_sign_count=factor.count,
        )
    except (WebAuthnException, ValueError, SecondFactor.DoesNotExist):
        return False
    factor.count, factor.used_at = signed.new_sign_count, at
    factor.save(update_fields=["count", "used_at"])
    return True
