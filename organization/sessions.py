"""Where somebody is signed in: a row beside each session, ended by its owner."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from organization.addresses import client_address
from organization.confirming import proved
from organization.factors import STAGE, stage_of
from organization.history import record
from organization.models import SignedIn, User
from organization.oidc import ID_TOKEN

VERBS = {
    "end_session": gettext_lazy("退出一处登录"),
    "end_sessions": gettext_lazy("退出其他所有登录"),
}
ROW, SEEN = "signed_in", "seen"  # what the session itself holds
NOTED_EVERY = timedelta(minutes=10)
AGENT = SignedIn._meta.get_field("agent").max_length


def begun(*, request, user: User, at: datetime) -> SignedIn:
    """A sign-in has just given the session its key; rows whose session is gone go too."""
    gone = SignedIn.objects.filter(user=user).exclude(pk__in=live_of(user, at=at).values("pk"))
    gone.delete()
    if not request.session.session_key:
        request.session.cycle_key()  # another person's was thrown away just now
    about = {
        "user": user,
        "agent": request.META.get("HTTP_USER_AGENT", "")[:AGENT],
        "address": client_address(request),
        "begun_at": at,
        "seen_at": at,
    }
    # whoever signs in once more keeps the session, and its row
    key = request.session.session_key
    row, _created = SignedIn.objects.update_or_create(session_key=key, defaults=about)
    request.session[ROW], request.session[SEEN] = row.pk, at.timestamp()
    return row


def seen(*, request, at: datetime) -> None:
    """Somebody signed in asks for something: noted once in ten minutes, with the address."""
    noted = request.session.get(SEEN)
    if noted is None or at.timestamp() - noted < NOTED_EVERY.total_seconds():
        return
    request.session[SEEN] = at.timestamp()
    row = SignedIn.objects.filter(pk=request.session[ROW])
    row.update(seen_at=at, address=client_address(request))


def moved(*, request) -> None:
    """The session has another key (a new password): its row follows."""
    row = SignedIn.objects.filter(pk=request.session.get(ROW))
    row.update(session_key=request.session.session_key)


def live_of(user: User, *, at: datetime):
    return SignedIn.objects.filter(user=user).live(at=at)


@transaction.atomic
def end_session(*, row: SignedIn, by: User, at: datetime) -> None:
    """Sign that device out, at once. Leaves one record."""
    store()(row.session_key).delete()
    record(on=row.user, verb="end_session", by=by, at=at, device=str(row))
    row.delete()


@transaction.atomic
def end_others(*, request, at: datetime) -> int:
    """Sign the person out everywhere but here, also where nobody kept a row; how many rows
    there were. Leaves one record.
    """
    user = request.user
    number = take_away_others(request=request, at=at)
    user.sessions_since = at
    user.save(update_fields=["sessions_since"])
    update_session_auth_hash(request, user)
    moved(request=request)
    record(on=user, verb="end_sessions", by=user, at=at, number=number)
    return number


def take_away_others(*, request, at: datetime) -> int:
    """What a new password leaves of other sessions: nobody gets in with them, and they go now."""
    mine = SignedIn.objects.filter(user=request.user).exclude(pk=request.session.get(ROW))
    others = {row.pk: row.session_key for row in mine.live(at=at)}
    for key in others.values():
        store()(key).delete()
    SignedIn.objects.filter(pk__in=others).delete()
    return len(others)


def forget_sign_ins(*, user: User) -> None:
    """Take all of a person's sessions away, here too; part of erasing the person."""
    mine = SignedIn.objects.filter(user=user)
    for key in mine.values_list("session_key", flat=True):
        store()(key).delete()
    mine.delete()


def forget_ended(*, at: datetime) -> int:
    """Rows whose sessions are over, with the address they came from; how many."""
    ended = SignedIn.objects.exclude(pk__in=SignedIn.objects.live(at=at).values("pk"))
    return ended.delete()[0]


def store():
    return import_module(settings.SESSION_ENGINE).SessionStore


def on_signed_in(sender, request, user, **kwargs) -> None:
    """Django's own word for it: every door signs in through `login()`."""
    # what waiting for a provider, or an earlier sign-in by it, has left
    request.session.set_expiry(None)
    request.session.pop(ID_TOKEN, None)
    begun(request=request, user=user, at=timezone.now())
    proved(request.session, at=timezone.now())
    owed = stage_of(user)
    if owed:
        request.session[STAGE] = owed
    else:
        request.session.pop(STAGE, None)
