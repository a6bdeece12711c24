"""A person is erased: nobody reads any more who it was, and everything that was done still counts.

Records, awards and snapshots name people by the number of their account, so that sums and seals
stay as they are; the account keeps the number and a pseudonym.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.errors import Refused
from organization.history import record
from organization.history_words import rewrite_words
from organization.models import ApiToken, HistoryEntry, PasswordLetter, Post, SavedView, User
from organization.sessions import forget_sign_ins

VERBS = {"erase_person": gettext_lazy("抹去个人资料")}
# What an app keeps of a person beside the account: called once the account has its pseudonym,
# in the same transaction.
ON_ERASED: list[Callable[[User, datetime], None]] = []
# What a record of the account may quote of the person.
QUOTED = {"username", "name", "email", "mobile", "factor"}


@transaction.atomic
def erase_person(*, person: User, by, at: datetime) -> User:
    """Erase a person for good: name, addresses, sign-in, tokens, messages, lists of their own.

    Wherever the name is shown a pseudonym stands from now on. What was signed by hand, and what
    people typed into reasons and notes, stays: docs/privacy.md. Leaves one record. Raises Refused
    for somebody who holds a post, and a second time.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise Refused(_("这个人的资料已经抹去。"), code="erased")
    if Post.objects.current().filter(user=person).exists():
        raise Refused(_("这个人还有岗位，请先结束岗位。"), code="posts")
    pseudonymise(person, at=at)
    ApiToken.objects.filter(user=person).update(name=str(person))
    ApiToken.objects.filter(user=person, revoked_at=None).update(revoked_at=at)
    SavedView.objects.filter(user=person).delete()
    PasswordLetter.objects.filter(user=person).delete()
    forget_sign_ins(user=person)
    person.factors.all().delete()
    person.recovery_codes.all().delete()
    for follow in ON_ERASED:
        follow(person, at)
    rewrite_words(records_of(person), lambda row: unname(row, str(person)), at=at)
    record(on=person, verb="erase_person", by=by, at=at)
    return person


def pseudonymise(person: User, *, at: datetime) -> None:
    person.name = _("人员 %(number)s") % {"number": person.pk}
    person.username, person.email, person.mobile = f"erased-{person.pk}", "", ""
    person.is_active = person.is_staff = False
    person.last_login, person.erased_at = None, at
    person.set_unusable_password()  # ends every session, too
    person.save()


def records_of(person: User) -> list[HistoryEntry]:
    """What is on record about the account and its tokens."""
    tokens = [str(pk) for pk in person.api_tokens.values_list("pk", flat=True)]
    found = []
    for model, ids in ((User, [str(person.pk)]), (ApiToken, tokens)):
        kind = ContentType.objects.get_for_model(model)
        found += HistoryEntry.objects.filter(content_type=kind, object_id__in=ids).order_by("pk")
    return found


def unname(row: HistoryEntry, pseudonym: str) -> None:
    row.subject_label, row.reason = pseudonym, ""
    row.detail = unquoted(row.detail, pseudonym)


def unquoted(said, pseudonym: str):
    """What a record says, without what it quotes of the person."""
    if not isinstance(said, dict):
        return said
    return {
        word: pseudonym if word in QUOTED and value else unquoted(value, pseudonym)
        for word, value in said.items()
    }
