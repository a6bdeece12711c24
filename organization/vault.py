"""Secrets that we have to read again (a robot's address, a customer's number): encrypted in the
database.

The keys stand in CHANNEL_KEYS, the newest first: the first one seals, all of them open. An
embedded installation that sets none has one that follows from its own SECRET_KEY.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from organization.errors import Refused

PURPOSE = b"pinzhi: addresses and keys of channels"
MARKS = b"pinzhi: marks of sealed texts"

# Each reseals what one part of the system keeps: how many, and the names of what no key opens.
# Filled by the apps; `manage.py reseal` asks them all.
KEEPERS: list[Callable[[], tuple[int, list[str]]]] = []


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


def marks_of(text: str) -> tuple[str, ...]:
    """What a sealed text is known by without opening it: a keyed hash under each key.

    The newest key's comes first and is the one to keep; the others find what was kept before.
    Without a key nobody can try texts against it. Raises Refused like `seal`.
    """
    return tuple(hmac.digest(mark_key(key), text.encode(), "sha256").hex() for key in keys())


@cache
def mark_key(key: str) -> bytes:
    secret = urlsafe_b64decode(key)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=MARKS).derive(secret)


def ring() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys()])


def keys() -> tuple[str, ...]:
    keys = tuple(settings.CHANNEL_KEYS)
    if not keys and settings.EMBEDDED:
        keys = (derived(settings.SECRET_KEY),)
    if not keys:
        # on purpose not from SECRET_KEY: docs/decisions.md
        raise Refused(
            _(
                "这个系统还没有设置保管密钥（CHANNEL_KEYS），不能保存需要保密的内容。请联系运维人员。"
            ),
            code="no_key",
        )
    return keys


@cache
def derived(secret: str) -> str:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(key).decode()


def lost() -> Refused:
    return Refused(
        _("保存的内容打不开了：保管密钥（CHANNEL_KEYS）已经换过。请重新填写。"), code="sealed"
    )
