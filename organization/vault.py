"""Secrets that we have to read again (a robot's address and key): encrypted in the database.

The keys stand in CHANNEL_KEYS, the newest first: the first one seals, all of them open. An
embedded installation that sets none has one that follows from its own SECRET_KEY.
"""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from organization.errors import Refused

PURPOSE = b"pinzhi: addresses and keys of channels"


def seal(text: str) -> str:
    """The text as nobody can read it without a key; never the same twice.

    Raises Refused (code "no_key") where a production installation has no keys.
    """
    return ring().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """What was sealed. Raises Refused (code "sealed") when none of the keys opens it."""
    try:
        return ring().decrypt(token).decode()
    except InvalidToken:
        raise lost() from None


def reseal(token: str) -> str:
    """The same secret under the newest key, so that older ones can be taken away."""
    try:
        return ring().rotate(token).decode()
    except InvalidToken:
        raise lost() from None


def ring() -> MultiFernet:
    keys = tuple(settings.CHANNEL_KEYS)
    if not keys and settings.EMBEDDED:
        keys = (derived(settings.SECRET_KEY),)
    if not keys:
        # on purpose not from SECRET_KEY: docs/decisions.md
        raise Refused(
            _("这个系统还没有设置保管密钥（CHANNEL_KEYS），不能保存机器人地址。请联系运维人员。"),
            code="no_key",
        )
    return MultiFernet([Fernet(key) for key in keys])


@cache
def derived(secret: str) -> str:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(key).decode()


def lost() -> Refused:
    return Refused(
        _("保存的地址打不开了：保管密钥（CHANNEL_KEYS）已经换过。请重新填写地址。"), code="sealed"
    )
