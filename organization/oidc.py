"""Single sign-on by OpenID Connect: what the provider says, and whom that lets in.

Authlib speaks the protocol (code flow with PKCE, state and nonce, signature, issuer, audience
and time of what comes back); here stands which account a claim means. Off while OIDC_ISSUER
is empty.
"""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from joserfc.errors import JoseError
from requests import RequestException

from organization.errors import Refused
from organization.guard import BY_PAGE
from organization.history import record
from organization.models import User

logger = logging.getLogger(__name__)

VERBS = {"create_by_provider": gettext_lazy("首次单点登录时开通账号")}
ID_TOKEN = "oidc_id_token"  # noqa: S105 in the session of who came by the provider
WAIT = 8  # seconds for each answer of the provider
KEPT = 3600  # seconds that its addresses and keys are believed without asking again
# what only the provider's private key can have signed: no "none", nothing with a shared secret
SIGNED_BY = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
)
NAME = User._meta.get_field("name").max_length
LONGEST = 254  # an e-mail address
# what a provider may answer with that is no sign-in and no refusal of its own
BROKEN = (
    AuthlibBaseError, JoseError, RequestException, ValueError, RuntimeError, LookupError, TypeError,
)  # fmt: skip
OVER = {"mismatching_state", "invalid_grant"}


class Provider(DjangoOAuth2App):
    """The provider that the environment names, as it describes itself at its own address."""

    def load_server_metadata(self):
        """Raises ValueError where somebody else describes itself there, or signs by no key."""
        if time.time() - self.server_metadata.get("_loaded_at", 0) > KEPT:
            self.server_metadata = {}
        said = super().load_server_metadata()
        if said.get("issuer") != settings.OIDC_ISSUER:
            self.server_metadata = {}
            raise ValueError(f"the provider calls itself {said.get('issuer')!r}")
        offered = said.get("id_token_signing_alg_values_supported") or ["RS256"]
        taken = sorted(SIGNED_BY.intersection(offered))
        if not taken:
            raise ValueError(f"the provider signs by {offered} only")
        said["id_token_signing_alg_values_supported"] = taken
        return said


class ProviderRegistry(OAuth):
    oauth2_client_cls = Provider


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def provider() -> Provider:
    about = settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
    return registered(*about, settings.OIDC_SCOPES)


@lru_cache(maxsize=1)
def registered(issuer: str, client_id: str, secret: str, scopes: str) -> Provider:
    return ProviderRegistry().register(
        "oidc",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": scopes, "code_challenge_method": "S256", "default_timeout": WAIT},
    )


def send_there(request):
    """The answer that takes a browser to the provider; its session keeps state, nonce, verifier.

    Raises Refused while the provider is away.
    """
    try:
        return provider().authorize_redirect(request, settings.SITE_URL + reverse("sso_answer"))
    except BROKEN as error:
        raise away(error) from None


def claims_of(request) -> tuple[dict, str]:
    """Who the provider says has come back, and the ID token that says so.

    A state is taken once, right or wrong. Raises Refused, with a sentence for whoever wanted in.
    """
    if "error" in request.GET:
        sentence = _("公司登录那边取消了，或者没有放行。可以再试一次，也可以用用户名和密码登录。")
        raise Refused(sentence, code="denied")
    wanted = {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
    }
    try:
        token = provider().authorize_access_token(request, claims_options=wanted)
        claims = dict(token["userinfo"])
        if settings.OIDC_CLAIM not in claims:
            claims |= asked_of(token, subject=claims["sub"])
    except (AuthlibBaseError, JoseError) as error:
        raise not_taken(error) from None
    except BROKEN as error:
        raise away(error) from None
    return claims, token["id_token"]


def asked_of(token: dict, *, subject: str) -> dict:
    """What the provider tells at its userinfo address; some keep it out of the ID token."""
    if not provider().load_server_metadata().get("userinfo_endpoint"):
        return {}
    told = provider().userinfo(token=token)
    return dict(told) if told.get("sub") == subject else {}


def away(error: Exception) -> Refused:
    logger.warning("the OIDC provider did not answer as it should: %s", error)
    sentence = _("公司登录暂时连不上。请稍后再试，或者用用户名和密码登录。")
    return Refused(sentence, code="away")


def not_taken(error: AuthlibBaseError | JoseError) -> Refused:
    if error.error in OVER:
        sentence = _("这次公司登录已经过期，或者已经用过。请再点一次“用公司账号登录”。")
        return Refused(sentence, code="over")
    logger.error("an answer of the OIDC provider was not believed: %s", error)
    sentence = _("公司登录的回答没有通过核对，没有让您登录。请告诉系统管理员。")
    return Refused(sentence, code="not_believed")


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
    back = settings.SITE_URL + reverse("login")
    about = {"post_logout_redirect_uri": back, "client_id": settings.OIDC_CLIENT_ID}
    try:
        address = provider().create_logout_url(id_token_hint=hint, **about)["url"]
    except BROKEN as error:
        logger.warning("the OIDC provider takes no sign-out: %s", error)
        return ""
    # a form may end there and nowhere else (Content-Security-Policy)
    return address if origin_of(address) == origin_of(settings.OIDC_ISSUER) else ""


def origin_of(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
