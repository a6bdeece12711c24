"""The second step of signing in: authenticator apps and recovery codes; who has to have one.

Passkeys stand in organization.passkeys. A session that still owes the second step says so under
`STAGE`; organization.middleware lets it nowhere.
"""

import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from hmac import compare_digest
from time import monotonic

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization import guard, vault
from organization.errors import Refused
from organization.history import record, record_each
from organization.models import FactorKind, Post, RecoveryCode, SecondFactor, SignInRule, User
from organization.roles import Role

VERBS = {
    "add_factor": gettext_lazy("添加两步验证"),
    "drop_factor": gettext_lazy("停用两步验证"),
    "clear_factors": gettext_lazy("撤掉两步验证"),
    "make_codes": gettext_lazy("生成备用码"),
    "use_code": gettext_lazy("用备用码登录"),
    "hold_factor": gettext_lazy("验证码试错太多，暂停验证"),
    "demand_factor": gettext_lazy("改两步验证的要求"),
}
STAGE = "second_step"  # what a session still owes: ASKED or MISSING; nothing once it is done
ASKED, MISSING = "asked", "missing"
STEP = 30  # seconds that a code of an app is shown
DIGITS = 6
AT_ONCE = 1000  # people whose factors are cleared together
KEY_BYTES = 20  # RFC 4226
CODES = 10
# without what is read wrong: 0 and o, 1, i and l
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
MOST = 10  # of one person
NAME = SecondFactor._meta.get_field("name").max_length


def stage_of(user: User) -> str:
    """What a new session of this person owes besides the password."""
    if user.factors.exists():
        return ASKED
    return MISSING if is_demanded(user) else ""


def is_demanded(user: User) -> bool:
    return bool(user.roles & demanded_roles()) if user.is_active else False


def demanded_roles() -> frozenset[str]:
    rule = SignInRule.objects.first()
    return frozenset(rule.roles if rule else ())


def holders() -> dict[str, tuple[int, int]]:
    """How many people hold each role today, and how many of them have a second factor.

    Of tens of thousands the former may be ten minutes old: to count them takes as long as the rest
    of the page twice.
    """
    number = KEPT_HOLDERS.get() or KEPT_HOLDERS.keep(everybody())
    ready = Post.objects.current().filter(user__in=SecondFactor.objects.values("user"))
    found = dict(counted(ready.filter(user__is_active=True)))
    return {role: (people, found.get(role, 0)) for role, people in number.items()}


def everybody() -> dict[str, int]:
    """By role; counted by an index, and who is gone apart, who are few: not one by one."""
    posts = Post.objects.current()
    gone = dict(counted(posts.filter(user__in=User.objects.filter(is_active=False).values("pk"))))
    return {role: people - gone.get(role, 0) for role, people in counted(posts)}


def counted(posts: QuerySet[Post]) -> QuerySet:
    """Roles and how many people hold them."""
    people = Count("user", distinct=True)
    return posts.order_by().values("role").annotate(people=people).values_list("role", "people")


class Kept:
    """What was counted of many people last, in this process."""

    MANY, SECONDS = 10_000, 600

    def __init__(self):
        self.number, self.until = {}, 0.0

    def get(self) -> dict[str, int]:
        return self.number if monotonic() < self.until else {}

    def keep(self, number: dict[str, int]) -> dict[str, int]:
        if sum(number.values()) > self.MANY:
            self.number, self.until = number, monotonic() + self.SECONDS
        return number


KEPT_HOLDERS = Kept()


@transaction.atomic
def demand_of(*, roles: Iterable[str], by: User, at: datetime) -> None:
    """From the next sign-in on, whoever holds one of these roles has to have a second factor.

    Unknown words are left out. One record, with the roles before and after; none where nothing
    changes.
    """
    rule = SignInRule.objects.select_for_update().first() or SignInRule(pk=1)
    wanted = [role.value for role in Role if role in set(roles)]
    if wanted == rule.roles:
        return
    detail = {"were": rule.roles, "are": wanted}
    rule.roles = wanted
    rule.save()
    record(on=rule, verb="demand_factor", by=by, at=at, **detail)


# --- authenticator apps ------------------------------------------------------------------------


def new_key() -> str:
    """A key that no app has yet, sealed: a session keeps it until its first code was right."""
    return vault.seal(urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())


def totp(sealed: str) -> TOTP:
    key = urlsafe_b64decode(vault.unseal(sealed))
    return TOTP(key, DIGITS, SHA1(), STEP)  # noqa: S303 what every app knows; RFC 6238


def typed_by_hand(sealed: str) -> str:
    """The key in groups of four, for who cannot scan it."""
    key = b32encode(urlsafe_b64decode(vault.unseal(sealed))).decode()
    return " ".join(key[n : n + 4] for n in range(0, len(key), 4))


def address_for_app(sealed: str, *, user: User, issuer: str) -> str:
    return totp(sealed).get_provisioning_uri(user.username, issuer)


def step_of(sealed: str, code: str, *, at: datetime) -> int | None:
    """The time step that a code belongs to: now, the one before or after; None for a wrong one."""
    clock, now = totp(sealed), int(at.timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        if compare_digest(clock.generate(step * STEP), code.encode()):
            return step
    return None


@transaction.atomic
def add_app(*, user: User, name: str, sealed: str, code: str, at: datetime) -> SecondFactor:
    """An authenticator app that has shown a right code. One record.

    Raises Refused with the field: without a name, for a wrong code, beyond ten factors.
    """
    name = checked_name(user, name)
    step = step_of(sealed, bare(code), at=at)
    if step is None:
        sentence = _("验证码不对。请看手机时间是否准确，再输一遍现在显示的 6 位数字。")
        raise Refused(sentence, code="wrong_code", field="code")
    facts = {"name": name, "secret": sealed, "count": step}
    return keep(user=user, kind=FactorKind.APP, at=at, **facts)


def checked_name(user: User, name: str) -> str:
    name = " ".join(name.split())
    User.objects.select_for_update().get(pk=user.pk)
    if not name or len(name) > NAME:
        raise Refused(_("请起个名字，最多 40 个字。"), code="name", field="name")
    if user.factors.count() >= MOST:
        raise Refused(_("最多 10 个，请先停用不用的。"), code="many", field="name")
    return name


def keep(*, user: User, kind: FactorKind, at: datetime, **facts) -> SecondFactor:
    factor = SecondFactor.objects.create(user=user, kind=kind, added_at=at, **facts)
    record(on=user, verb="add_factor", by=user, at=at, factor=str(factor))
    return factor


@transaction.atomic
def drop_factor(*, factor: SecondFactor, at: datetime) -> None:
    """Its owner does without it; the last one takes the recovery codes with it. One record.

    Raises Refused for the last one of who has to have one.
    """
    user = User.objects.select_for_update().get(pk=factor.user_id)
    is_last = user.factors.count() == 1
    if is_last and is_demanded(user):
        raise Refused(_("您的角色必须有两步验证。请先添加另一个，再停用这个。"), code="demanded")
    record(on=user, verb="drop_factor", by=user, at=at, factor=str(factor))
    factor.delete()
    if is_last:
        user.recovery_codes.all().delete()


@transaction.atomic
def clear_factors(*, people: Sequence[User], by: User, at: datetime) -> int:
    """An administrator lets people in without what they have lost; how many had any. One record
    each.
    """
    number = 0
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        theirs = SecondFactor.objects.filter(user__in=some)
        had = Counter(theirs.values_list("user", flat=True))
        theirs.delete()
        RecoveryCode.objects.filter(user__in=some).delete()
        lost = [person for person in some if had[person.pk]]
        details = [{"number": had[person.pk]} for person in lost]
        record_each(on=lost, verb="clear_factors", by=by, at=at, details=details)
        number += len(lost)
    return number


# --- recovery codes ----------------------------------------------------------------------------


@transaction.atomic
def make_codes(*, user: User, at: datetime) -> list[str]:
    """Ten new codes, shown once, in place of all older ones. One record."""
    codes = [code() for _n in range(CODES)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=digest(user, bare(each))) for each in codes
    )
    record(on=user, verb="make_codes", by=user, at=at, number=CODES)
    return codes


def code() -> str:
    text = "".join(secrets.choice(ALPHABET) for _n in range(10))
    return f"{text[:5]}-{text[5:]}"


def codes_left(user: User) -> int:
    return user.recovery_codes.filter(used_at__isnull=True).count()


def digest(user: User, code: str) -> str:
    return salted_hmac("recovery code", f"{user.pk} {code}", algorithm="sha256").hexdigest()


def bare(code: str) -> str:
    return "".join(code.replace("-", "").split()).casefold()


# --- the second step ---------------------------------------------------------------------------


def try_code(*, user: User, code: str, address: str, at: datetime) -> bool:
    """Whether it is a code of one of the person's apps, or a recovery code, not used before.

    Counted like a password (organization.guard): raises Held while a wait runs, and the wait
    goes on record.
    """
    attempt = guard.Attempt(username=guard.second_step(user.username), address=address)
    guard.begin(attempt=attempt, at=at)
    if take_code(user=user, code=bare(code), at=at):
        guard.succeed(attempt=attempt)
        return True
    until = guard.fail(attempt=attempt, at=at)
    if until:
        held = {"after": "held", "until": until.isoformat()}
        record(on=user, verb="hold_factor", by=guard.BY_PAGE, at=at, **held)
    return False


@transaction.atomic
def take_code(*, user: User, code: str, at: datetime) -> bool:
    for factor in user.factors.select_for_update().filter(kind=FactorKind.APP):
        step = step_of(factor.secret, code, at=at)
        if step is not None and step > factor.count:
            factor.count, factor.used_at = step, at
            factor.save(update_fields=["count", "used_at"])
            return True
    unused = user.recovery_codes.filter(digest=digest(user, code), used_at__isnull=True)
    if not unused.update(used_at=at):
        return False
    record(on=user, verb="use_code", by=user, at=at, left=codes_left(user))
    return True


def reseal_apps() -> tuple[int, list[str]]:
    """For `manage.py reseal`: how many keys of apps were sealed anew, whose no key opens."""
    resealed, lost = 0, []
    for factor in SecondFactor.objects.filter(kind=FactorKind.APP).select_related("user"):
        try:
            SecondFactor.objects.filter(pk=factor.pk).update(secret=vault.reseal(factor.secret))
            resealed += 1
        except Refused:
            lost.append(f"{factor.user.username} {factor}")
    return resealed, lost
