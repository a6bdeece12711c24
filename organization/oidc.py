"""Single sign-on by OpenID Connect: which account is meant by what the provider says.

The protocol is in `oidc_provider`. Off while OIDC_ISSUER is empty.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.errors import Refused
from organization.guard import BY_PAGE
from organization.history import record
from organization.models import User

logger = logging.getLogger(__name__)

VERBS = {"create_by_provider": gettext_lazy("首次单点登录时开通账号")}
ID_TOKEN = "oidc_id_token"  # noqa: S105 in the session of who came by the provider
NAME = User._meta.get_field("name").max_length
LONGEST = 254  # an e-mail address


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


# --- whom it means -----------------------------------------------------------------------------


def person_of(claims: Mapping, *, at: datetime) -> User:
    """The active person whom the claims mean; a new one only where OIDC_CREATE says so (one
    record).

    Raises Refused: nothing to go by, an e-mail that the provider has not verified, nobody,
    more than one, an account that was switched off.
    """
    who = said_in(claims)
    found = accounts_of(who)
    if not found and settings.OIDC_CREATE:
        return open_account(who, claims, at=at)
    if not found:
        sentence = _("公司登录认出您是“%(who)s”，但这里没有这个账号。请找系统管理员开通。")
        raise Refused(sentence % {"who": who}, code="unknown")
    active = [person for person in found if person.is_active]
    if len(active) > 1:
        sentence = _("“%(who)s”在这里对应不止一个账号，不知道该用哪个。请告诉系统管理员。")
        raise Refused(sentence % {"who": who}, code="several")
    if not active:
        sentence = _("您的账号“%(who)s”已停用，不能登录。有疑问请找系统管理员。")
        raise Refused(sentence % {"who": who}, code="inactive")
    return active[0]


def said_in(claims: Mapping) -> str:
    value = claims.get(settings.OIDC_CLAIM)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # an employee number
    who = value.strip() if isinstance(value, str) else ""
    if not who or len(who) > LONGEST or not who.isprintable():
        sentence = _("公司登录没有说明您是谁（缺少“%(claim)s”）。请告诉系统管理员。")
        raise Refused(sentence % {"claim": settings.OIDC_CLAIM}, code="no_claim")
    if settings.OIDC_CLAIM == "email" and claims.get("email_verified") is not True:
        sentence = _("公司登录还没有核实您的邮箱“%(who)s”，不能凭它登录。请先在公司账号里核实。")
        raise Refused(sentence % {"who": who}, code="unverified")
    return who


def accounts_of(who: str) -> list[User]:
    """By e-mail capitals do not matter, and the database's idea of them is not trusted: some
    letters of other alphabets have ours as capitals.
    """
    if settings.OIDC_MATCH == "username":
        return list(User.objects.filter(username=who))
    alike = User.objects.filter(email__iexact=who)
    return [person for person in alike if person.email.casefold() == who.casefold()]


def open_account(who: str, claims: Mapping, *, at: datetime) -> User:
    """A person without a post and without a password, who sees what everybody sees."""
    name = claims.get("name")
    person = User(username=who, name=(name if isinstance(name, str) and name else who)[:NAME])
    if claims.get("email_verified") is True:
        person.email = str(claims.get("email", ""))
    person.set_unusable_password()
    try:
        person.full_clean()
        with transaction.atomic():
            person.save()
            record(on=person, verb="create_by_provider", by=BY_PAGE, at=at)
    except (ValidationError, IntegrityError) as error:
        # its words may hold the name
        logger.warning("no account for who came by the OIDC provider: %s", type(error).__name__)
        sentence = _("“%(who)s”不能用作这里的用户名，没能开通账号。请告诉系统管理员。")
        raise Refused(sentence % {"who": who}, code="not_created") from None
    return person


# --- signing out -------------------------------------------------------------------------------


def sign_out_address(session) -> str:
    """Where a browser goes on to, so that the provider signs it out too; empty where the person
    did not come from there, or where the provider has no such address or is away.
    """
    hint = session.get(ID_TOKEN)
    if not (hint and is_on()):
        return ""
    from organization.oidc_provider import sign_out_at

    return sign_out_at(hint)
