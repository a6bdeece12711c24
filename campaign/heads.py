"""The heads of the history's chains, sent to an address that nobody here can write.

Whoever cuts a chain's tail off, or puts an older copy of the database back, can't take back what
was sent.
"""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.history import chain_name
from campaign.models import Campaign
from organization.clock import local_day
from organization.history_seals import SPINE, seal_history
from organization.models import SealChain
from organization.seals import printed


def send_heads(*, at: datetime) -> bool:
    """Seal what is not sealed yet and send every head, as documents print it, to EVIDENCE_MAIL.

    False where no address is set. Raises what the mail server raises: the task shows as failed.
    """
    if not settings.EVIDENCE_MAIL:
        return False
    seal_history(at=at)
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("操作记录封存链 %(day)s") % {"day": local_day(at).isoformat()}
        return bool(EmailMessage(subject, "\n".join(lines()), to=settings.EVIDENCE_MAIL).send())


def lines() -> list[str]:
    """One for each chain: the campaign's code, and its head; ids and codes, no names."""
    codes = {chain_name(pk): code for pk, code in Campaign.objects.values_list("pk", "code")}
    chains = SealChain.objects.filter(name__startswith=SPINE).order_by("pk")
    return [f"{codes.get(chain.name, chain.name)}\t{printed(chain)}" for chain in chains]
