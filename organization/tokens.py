"""Keys to the API: made by a person for a program, shown once, taken back at any time."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.errors import Refused
from organization.history import record
from organization.models import ApiToken, User
from organization.origin import note_origin
from organization.prepared import prepared

VERBS = {
    "make_token": gettext_lazy("生成接口令牌"),
    "revoke_token": gettext_lazy("停用接口令牌"),
}
PREFIX = "pinzhi_"  # so that whoever finds one in a log knows what it is
MOST = 20  # tokens of one person in force
DAYS = (30, 90, 365)  # how long one may be asked to last
NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_token(*, user: User, name: str, days: int | None, at: datetime) -> tuple[ApiToken, str]:
    """A new token for one's own programs, and what they send; it is not kept and shown once.

    `days` is how long it lasts, None for no end. Raises Refused (with the field) without a name
    or with one that another token in force has, for another number of days, and beyond 20 of
    them. Leaves one record.
    """
    User.objects.select_for_update().get(pk=user.pk)
    name = " ".join(name.replace("\0", "").split())
    mine = ApiToken.objects.filter(user=user).in_force(at=at)
    if not name or len(name) > ApiToken._meta.get_field("name").max_length:
        raise Refused(_("请给令牌起个名字，最多 60 个字。"), code="name", field="name")
    if mine.filter(name=name).exists():
        sentence = _("已有一个叫“%(name)s”的令牌。请换个名字，或先停用它。")
        raise Refused(sentence % {"name": name}, code="name_taken", field="name")
    if days is not None and days not in DAYS:
        raise Refused(_("请选择有效期。"), code="days", field="days")
    if mine.count() >= MOST:
        sentence = _("最多 %(most)d 个令牌，请先停用不用的。") % {"most": MOST}
        raise Refused(sentence, code="many", field="name")
    secret = PREFIX + secrets.token_urlsafe(32)
    expires_at = at + timedelta(days=days) if days else None
    about = {"user": user, "name": name, "made_at": at, "expires_at": expires_at}
    token = ApiToken.objects.create(**about, digest=digest_of(secret))
    record(on=token, verb="make_token", by=user, at=at, after="in_force")
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """End a token at once; one that is ended already stays as it is. Leaves one record."""
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    token.refresh_from_db()
    if ended:
        about = {"before": "in_force", "after": "revoked"}
        record(on=token, verb="revoke_token", by=by, at=at, **about)


def in_force(*, at, digest):
    found = ApiToken.objects.in_force(at=at).filter(digest=digest, user__is_active=True)
    return found.select_related("user")


MADE, DIGEST = (ApiToken._meta.get_field(name) for name in ("made_at", "digest"))
tokens_in_force = prepared(in_force, {"at": MADE, "digest": DIGEST})


def person_with(secret: str, *, at: datetime) -> User | None:
    """Whose token this is; None for one that is unknown or over, or of a locked account.

    That it was used is noted at most once an hour. What is put on record from here on comes by it.
    """
    found = tokens_in_force(at=at, digest=digest_of(secret))
    if not found:
        return None
    (token,) = found
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < at - NOTED_EVERY:
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=at)
    note_origin(via=f"token {token.pk}")
    return token.user


def digest_of(secret: str) -> str:
    """A random key of 256 bits needs no slow hash: nobody can try them out."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
