"""Customers who asked to be erased: a keyed hash of the number stays, so that no later list brings
them back.

The key is one of EVIDENCE_KEYS: those stay at hand, while CHANNEL_KEYS are taken away once what
they sealed was sealed anew, which a hash can't be. Without the key nobody can try numbers.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import ForgottenCustomer
from organization.digests import UnknownKey
from organization.errors import Refused
from organization.history import record
from organization.seals import ring


def remember(phone: str, *, at: datetime) -> None:
    """Keep the hash; once, however often the number is erased."""
    key = ring().newest
    ForgottenCustomer.objects.get_or_create(
        mark=mark(key, phone), defaults={"key": key, "asked_at": at}
    )


def forgotten(phones: Iterable[str]) -> set[str]:
    """Those of the numbers whose owners asked to be erased; one query.

    Raises Refused (code "no_key") where a key is not at hand any more: nobody is brought back
    because it can't be told.
    """
    kept = dict(ForgottenCustomer.objects.values_list("mark", "key"))
    keys = set(kept.values())
    try:
        return {phone for phone in phones if any(mark(key, phone) in kept for key in keys)}
    except UnknownKey:
        raise Refused(
            _("有客户要求删除资料，核对用的密钥不在 EVIDENCE_KEYS 里，不能导入。请联系运维人员。"),
            code="no_key",
        ) from None


@transaction.atomic
def readmit_customer(*, phone: str, by, at: datetime) -> None:
    """Let lists bring this number again: its owner agrees, or it has another owner.

    Leaves one record. Raises Refused for a number that nobody asked to erase.
    """
    for kept in ForgottenCustomer.objects.select_for_update():
        if ring().knows(kept.key) and kept.mark == mark(kept.key, phone):
            record(
                on=kept, verb="readmit_customer", by=by, at=at, before="left_out", after="let_in"
            )
            kept.delete()
            return
    raise Refused(_("这个号码没有要求删除过资料。"), code="not_forgotten")


def mark(key: str, phone: str) -> str:
    return ring().mark(key, "forgotten customer", phone)
