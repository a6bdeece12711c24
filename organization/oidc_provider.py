"""The company's provider of single sign-on: sending there, what it answers, signing out of it.

Authlib speaks the protocol (code flow with PKCE, state and nonce, signature, issuer, audience
and time of what comes back). It takes a third of a second to import, so that only who signs in
this way, or out again, imports this module.
"""

import logging
import time
from functools import lru_cache
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from joserfc.errors import JoseError
from requests import RequestException

from organization.errors import Refused

logger = logging.getLogger(__name__)

WAIT = 8  # seconds for each answer of the provider
KEPT = 3600  # seconds that its addresses and keys are believed without asking again
# what only the provider's private key can have signed: no "none", nothing with a shared secret
SIGNED_BY = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
)
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


def send_there(request, *, again: bool = False):
    """The answer that takes a browser to the provider; its session keeps state, nonce, verifier.

    `again`: the provider is to ask who it is although it knows, and to say when it did.

    Raises Refused while the provider is away.
    """
    try:
        more = {"prompt": "login", "max_age": 0} if again else {}
        back = settings.SITE_URL + reverse("sso_answer")
        return provider().authorize_redirect(request, back, **more)
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


# --- signing out -------------------------------------------------------------------------------


def sign_out_at(hint: str) -> str:
    """Where the provider signs out whom it gave this ID token; empty where it has no such address
    or is away.
    """
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
