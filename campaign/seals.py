"""What a campaign's results are made of, sealed whenever it is set, and compared with its seals.

A campaign has one chain (organization.seals), begun when it is made. Whoever sets something that
is sealed calls `seal` at the end of the same transaction. Before the seals were there a campaign
had none: `seal_older` begins its chain once; until then nothing of it is sealed, and `verify` says
so.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign import comparing
from campaign.models import Campaign, Participation
from campaign.registry import EVIDENCE_CHECKS, SEAL_OLDER, SEALED_KINDS, Difference
from organization import seals
from organization.errors import Refused
from organization.history import record
from organization.models import SealChain

BATCH = 500


def chain_name(campaign: Campaign) -> str:
    return f"campaign:{campaign.pk}"


def is_sealed(campaign: Campaign) -> bool:
    return SealChain.objects.filter(name=chain_name(campaign)).exists()


# --- sealing -----------------------------------------------------------------------------


def begin(campaign: Campaign, *, at: datetime) -> None:
    """Begin a new campaign's chain with everything that it has by now."""
    chain = seals.begin(chain_name(campaign))
    seals.append(chain, everything(campaign), at=at)


def everything(campaign: Campaign) -> Iterator[tuple[str, str, object]]:
    for code, kind in SEALED_KINDS.items():
        for about, content in kind.contents(campaign, ""):
            yield code, about, content


def seal(campaign: Campaign, *kinds: str, about: str = "", at: datetime) -> None:
    """Seal what these kinds of things say now, inside the caller's transaction.

    The campaign's chain is held until it ends, so this comes last. Does nothing for a campaign
    that is older than the seals.
    """
    if chain := seals.hold(chain_name(campaign)):
        said = [
            (code, *each) for code in kinds for each in SEALED_KINDS[code].contents(campaign, about)
        ]
        seals.append(chain, said, at=at)


@transaction.atomic
def seal_older(*, campaign: Campaign, by, at: datetime) -> None:
    """Seal a campaign that was there before the seals, as it stands. Leaves one record.

    Raises Refused for one that has a chain: what lacks its seal there was put in past the
    application.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if is_sealed(campaign):
        raise Refused(_("这次专项工作已经封存。"), code="sealed")
    for older in SEAL_OLDER:
        older(campaign)
    begin(campaign, at=at)
    record(on=campaign, verb="seal_older", by=by, at=at)


def unsealed(campaigns: Iterable[Campaign]) -> list[Campaign]:
    """Those that have no chain yet."""
    names = set(SealChain.objects.values_list("name", flat=True))
    return [campaign for campaign in campaigns if chain_name(campaign) not in names]


def participants(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """Who takes part, and the specialties that each does not have (ruling 5)."""
    codes = dict(campaign.participations.values_list("pk", "project__code"))
    lacks: dict[str, list[str]] = {code: [] for code in codes.values()}
    through = Participation.lacks.through.objects.filter(participation__campaign=campaign)
    for part, specialty in through.values_list("participation_id", "specialty__code"):
        lacks[codes[part]].append(specialty)
    yield "", {code: sorted(each) for code, each in lacks.items()}


# --- comparing ---------------------------------------------------------------------------


def differences(campaign: Campaign) -> Iterator[Difference]:
    """Everything that is not what was sealed or does not follow from it; writes nothing.

    Memory grows neither with projects nor with observations; a thing is read as the database
    has it now.
    """
    chain = SealChain.objects.filter(name=chain_name(campaign)).first()
    if chain is None:
        yield Difference("unsealed", str(campaign), UNSEALED)
    else:
        for fault in seals.faults(chain):
            yield comparing.of_fault(campaign, fault)
        for code in SEALED_KINDS:
            yield from of_kind(campaign, chain, code)
    for check in EVIDENCE_CHECKS:
        yield from check(campaign)


UNSEALED = _("数据早于封存功能，还没有封存，无法核对是否改过。请运行 manage.py seal --existing。")


def of_kind(campaign: Campaign, chain: SealChain, code: str) -> Iterator[Difference]:
    """Things of a kind that say something else than their newest seal, lack one, or are gone."""
    seen: set[str] = set()
    rows = iter(SEALED_KINDS[code].contents(campaign, ""))
    while batch := dict(islice(rows, BATCH)):
        seen |= batch.keys()
        sealed = seals.in_force(chain, code, batch.keys())
        for about, content in batch.items():
            yield from comparing.of_thing(code, about, content, sealed.get(about))
    for about in seals.abouts(chain, code):
        if about not in seen:
            yield comparing.gone(code, about)
